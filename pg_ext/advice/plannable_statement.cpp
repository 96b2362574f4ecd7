// A statement that the advisor plans again and again.
#include "pg_ext/advice/plannable_statement.h"

#include "pg_ext/advice/planning_memory.h"
#include "pg_ext/compat.h"
#include "pg_ext/plan_reader.h"
#include "pg_ext/what_if/costed_plan.h"
#include "pg_ext/what_if/trust.h"

namespace advisor::pg {
namespace {

constexpr int max_relations = 64;
constexpr int max_partitions = 900; // of all its tables: planning locks each

std::uint64_t generation = 1;

void on_relation_change(Datum, Oid) {
    ++generation;
}

void on_catalog_change(Datum, int, uint32) {
    ++generation;
}

void watch_catalog() {
    static bool watching = false;
    if (watching)
        return;
    CacheRegisterRelcacheCallback(on_relation_change, Datum{0});
    CacheRegisterSyscacheCallback(PROCOID, on_catalog_change, Datum{0});
    CacheRegisterSyscacheCallback(TYPEOID, on_catalog_change, Datum{0});
    watching = true;
}

std::vector<const char *> pointers_to(const std::vector<std::optional<std::string>> &values) {
    std::vector<const char *> pointers;
    for (const auto &value : values)
        pointers.push_back(value ? value->c_str() : nullptr);
    return pointers;
}

// Planning a foreign table may ask the remote server; a statement of very many tables would hold very many
// locks.
void refuse_costly_relations(const AnalysedStatement *tree) {
    if (list_length(tree->relations) > max_relations)
        refuse(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "the statement reads more than 64 relations");
    int partitions = 0;
    ListCell *cell;
    foreach (cell, tree->relations) {
        const Oid relation = lfirst_oid(cell);
        if (get_rel_relkind(relation) == RELKIND_FOREIGN_TABLE)
            refuse(ERRCODE_FEATURE_NOT_SUPPORTED, "the statement reads a foreign table");
        if (has_subclass(relation))
            partitions += list_length(find_all_inheritors(relation, NoLock, nullptr));
    }
    if (partitions > max_partitions)
        refuse(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "the statement reads tables with more than 900 partitions");
}

} // namespace

std::uint64_t catalog_generation() {
    return generation;
}

void PlannableStatement::lock() {
    const AnalysedStatement *tree = tree_;
    if (!pg_call([=] { return lock_without_waiting(tree); }))
        pg_call([] {
            refuse(ERRCODE_LOCK_NOT_AVAILABLE, "a relation of the statement is locked",
                   "The next analysis tries again.");
        });
}

void PlannableStatement::analyse() {
    const char *source = input_->text.c_str();
    const RawParseMode mode = input_->mode;
    const Oid *types = input_->parameter_types.data();
    const int type_count = static_cast<int>(input_->parameter_types.size());
    const bool recorded = input_->surroundings.has_value();
    generation_ = generation;
    forget();
    MemoryContext home = home_;
    const PlanningMemory scratch("db_advisor parse analysis"); // which leaves more behind than it gives
    const AnalysedStatement *analysed = pg_call([=] {
        watch_catalog();
        if (recorded && !lock_names_without_waiting(source, mode))
            refuse(ERRCODE_LOCK_NOT_AVAILABLE, "a relation of the statement is locked",
                   "The next analysis tries again.");
        const char *offender = recorded ? untrusted_literals(source, mode, GetUserId()) : nullptr;
        const AnalysedStatement *tree =
            offender ? nullptr : analyse_statement(source, mode, types, type_count);
        if (tree) {
            require_privileges(tree);
            if (recorded)
                refuse_costly_relations(tree);
            offender = recorded ? untrusted_code(tree, GetUserId()) : nullptr;
        }
        if (offender)
            refuse_named(ERRCODE_INSUFFICIENT_PRIVILEGE, "planning would run %s, which the role does not own",
                         offender);
        return tree;
    });
    memory_ = pg_call(
        [=] { return AllocSetContextCreateInternal(home, "db_advisor statement", ALLOCSET_SMALL_SIZES); });
    keep(analysed);
}

void PlannableStatement::keep(const AnalysedStatement *tree) {
    MemoryContext memory = memory_;
    const auto values = pointers_to(input_->parameter_values);
    const char *const *items = values.data();
    const int count = static_cast<int>(values.size());
    const bool bound = input_->bound;
    ParamListInfo *parameters = &parameters_;
    tree_ = pg_call([=] {
        MemoryContext before = MemoryContextSwitchTo(memory);
        const AnalysedStatement *copy = copy_statement(tree);
        if (bound)
            *parameters = bind_parameters(copy, items, count);
        MemoryContextSwitchTo(before);
        return copy;
    });
}

void PlannableStatement::forget() {
    if (memory_)
        MemoryContextDelete(memory_); // does not raise
    memory_ = nullptr;
    tree_ = nullptr;
    parameters_ = nullptr;
}

void PlannableStatement::keep_no_trees() {
    keeps_trees_ = false;
    forget();
}

PlannedCost PlannableStatement::plan_once(const IndexSet &set, AccessCapture *capture) {
    const PlanningMemory scratch("db_advisor planning"); // one analysis plans thousands of times
    return plan_statement(tree_, parameters_, set, ExplainText::no, capture);
}

PlanOutcome PlannableStatement::prepare(AccessCapture &capture) {
    PlanOutcome outcome;
    if (!home_)
        home_ = CurrentMemoryContext;
    outcome.failure = in_surroundings(*input_, [&] {
        analyse();
        lock();
        outcome.planned = plan_once(IndexSet{}, &capture);
        note_kind_and_write();
    });
    return outcome;
}

PlanOutcome PlannableStatement::prepare(std::vector<Oid> &relations,
                                        std::vector<core::TableAccess> &accesses) {
    home_ = CurrentMemoryContext;
    const PlanningMemory scratch("db_advisor accesses");
    AccessCapture capture{CurrentMemoryContext};
    PlanOutcome outcome = prepare(capture);
    if (!outcome.failure)
        accesses = read_accesses(capture, relations, input_->literals);
    return outcome;
}

PlanOutcome PlannableStatement::plan(const IndexSet &set) {
    PlanOutcome outcome;
    outcome.failure = in_surroundings(*input_, [&] {
        if (!tree_)
            analyse();
        lock(); // accepts invalidations too
        if (generation_ != generation)
            analyse();
        outcome.planned = plan_once(set, nullptr);
    });
    if (!keeps_trees_)
        forget();
    return outcome;
}

std::vector<core::CostedPlan> PlannableStatement::costed(const IndexSet &set) {
    std::vector<core::CostedPlan> plans;
    const auto failure = in_surroundings(*input_, [&] {
        if (!tree_)
            analyse();
        lock();
        if (generation_ != generation)
            analyse();
        const PlanningMemory scratch("db_advisor planning");
        plans = costed_plans(tree_, parameters_, set);
    });
    if (failure)
        plans.clear();
    if (!keeps_trees_)
        forget();
    return plans;
}

void PlannableStatement::note_kind_and_write() {
    kind_ = kind_of(tree_->command);
    ListCell *cell;
    foreach (cell, tree_->queries) {
        const auto *query = static_cast<const Query *>(lfirst(cell));
        if (query->resultRelation == 0)
            continue;
        write_.emplace();
        write_->relation = rt_fetch(query->resultRelation, query->rtable)->relid;
        ListCell *target_cell;
        foreach (target_cell, query->targetList) {
            const auto *target = static_cast<const TargetEntry *>(lfirst(target_cell));
            if (query->commandType == CMD_UPDATE && target->resname && !target->resjunk)
                write_->columns.emplace_back(pg_call([=] { return quote_identifier(target->resname); }));
        }
        return;
    }
}

} // namespace advisor::pg
