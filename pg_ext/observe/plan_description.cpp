// Names of relations and the lines of plan_details.h, node by node.
#include "pg_ext/observe/plan_description.h"

#include "pg_ext/compat.h"
#include "pg_ext/observe/plan_details.h"
#include "pg_ext/observe/text_buffer.h"
#include "pg_ext/plan_walker.h"
#include "pg_ext/settings.h"

namespace advisor::pg::observe {
namespace {

template <class Node>
const Node *as(const Plan *plan) {
    return reinterpret_cast<const Node *>(plan);
}

struct Description {
    StringInfo text;
    ConditionWriter writer;
    std::size_t limit; // what is left for this node and those after it: each needs a byte
    Oid schema;        // the latest, with its name
    const char *schema_name;

    void put_line(char letter, std::string_view label, std::string_view value);
    void put_line(char letter, const char *value) { put_line(letter, "", value); }
    void put_schema(Oid id);
};

void append_escaped(StringInfo text, std::string_view value) {
    std::size_t done = 0;
    for (std::size_t i = 0; i < value.size(); ++i)
        if (value[i] == '\\' || value[i] == '\n') {
            put(text, value.substr(done, i - done));
            put(text, value[i] == '\n' ? "\\n" : "\\\\");
            done = i + 1;
        }
    put(text, value.substr(done));
}

// A line that finds no room is left out.
void Description::put_line(char letter, std::string_view label, std::string_view value) {
    const int before = text->len;
    put(text, {&letter, 1});
    put(text, label);
    append_escaped(text, value);
    put(text, "\n");
    if (static_cast<std::size_t>(text->len) > limit)
        cut(text, before);
}

void Description::put_schema(Oid id) {
    if (id != schema || !schema_name) {
        const char *name = get_namespace_name(id);
        schema = id;
        schema_name = name ? quote_identifier(name) : "";
    }
    put_line('s', schema_name);
}

constexpr int most_detail_bytes = 1024;

void add_detail(void *context, const char *label) {
    auto *description = static_cast<Description *>(context);
    StringInfo value = description->writer.text;
    if (value->len > most_detail_bytes) {
        cut(value, pg_mbcliplen(value->data, value->len, most_detail_bytes));
        put(value, "…");
    }
    description->put_line('d', label, {value->data, static_cast<std::size_t>(value->len)});
    cut(value, 0);
}

// The range table's entry that a node names, 0 for none.
Index named_relation(const Plan *plan) {
    switch (nodeTag(plan)) {
    case T_SeqScan:
    case T_SampleScan:
    case T_IndexScan:
    case T_IndexOnlyScan:
    case T_BitmapHeapScan:
    case T_TidScan:
    case T_TidRangeScan:
    case T_SubqueryScan:
    case T_FunctionScan:
    case T_TableFuncScan:
    case T_ValuesScan:
    case T_CteScan:
    case T_NamedTuplestoreScan:
    case T_WorkTableScan:
    case T_ForeignScan:
    case T_CustomScan: return as<Scan>(plan)->scanrelid;
    case T_ModifyTable: return as<ModifyTable>(plan)->nominalRelation;
    default: return 0;
    }
}

void mark(const char **names, const PlannedStmt *statement, Index relation) {
    if (relation > 0 && relation <= static_cast<Index>(list_length(statement->rtable)))
        names[relation - 1] = "";
}
void mark(const char **names, const PlannedStmt *statement, const Bitmapset *relations) {
    for (int i = -1; (i = bms_next_member(relations, i)) >= 0;)
        mark(names, statement, static_cast<Index>(i));
}

void mark_used(const char **names, const PlanTree &tree, const Plan *plan) {
    mark(names, tree.statement, named_relation(plan));
    switch (nodeTag(plan)) {
    case T_Append: mark(names, tree.statement, as<Append>(plan)->apprelids); break;
    case T_MergeAppend: mark(names, tree.statement, as<MergeAppend>(plan)->apprelids); break;
    case T_ModifyTable: mark(names, tree.statement, as<ModifyTable>(plan)->exclRelRTI); break;
    case T_ForeignScan: mark(names, tree.statement, as<ForeignScan>(plan)->fs_relids); break;
    case T_CustomScan: mark(names, tree.statement, as<CustomScan>(plan)->custom_relids); break;
    default: break;
    }
}

// The executor has most relations open: no look into the catalog.
const char *relation_name(const PlanTree &tree, int entry) {
    if (tree.relations && tree.relations[entry])
        return RelationGetRelationName(tree.relations[entry]);
    return get_rel_name(static_cast<const RangeTblEntry *>(list_nth(tree.statement->rtable, entry))->relid);
}

Oid relation_schema(const PlanTree &tree, int entry) {
    if (tree.relations && tree.relations[entry])
        return RelationGetNamespace(tree.relations[entry]);
    return get_rel_namespace(
        static_cast<const RangeTblEntry *>(list_nth(tree.statement->rtable, entry))->relid);
}

const char *plain_name(const PlanTree &tree, int position) {
    const auto *entry = static_cast<const RangeTblEntry *>(list_nth(tree.statement->rtable, position));
    if (entry->alias)
        return entry->alias->aliasname;
    if (entry->rtekind == RTE_RELATION) {
        const char *name = relation_name(tree, position);
        return name ? name : entry->eref->aliasname;
    }
    return entry->rtekind == RTE_JOIN ? nullptr : entry->eref->aliasname;
}

// The names given so far, with hashes that spare most comparisons.
struct GivenNames {
    const char **names;
    std::uint32_t *hashes;
    int count;

    bool has(const char *name, std::uint32_t hash) const {
        for (int i = 0; i < count; ++i)
            if (hashes[i] == hash && names[i] && std::strcmp(names[i], name) == 0)
                return true;
        return false;
    }
};

std::uint32_t hash_of(const char *name) {
    return hash_bytes(reinterpret_cast<const unsigned char *>(name), static_cast<int>(std::strlen(name)));
}

// Names of the relations in the plan, made different by a number as EXPLAIN does. Partitions, of which there
// may be many, come one after the other: the number goes on from the one before.
const char **name_relations(const PlanTree &tree) {
    const int count = list_length(tree.statement->rtable);
    const auto room = static_cast<std::size_t>(count + 1);
    GivenNames given{static_cast<const char **>(palloc0(sizeof(char *) * room)),
                     static_cast<std::uint32_t *>(palloc(sizeof(std::uint32_t) * room)), 0};
    for (std::uint32_t i = 0; i < tree.count; ++i)
        mark_used(given.names, tree, tree.nodes[i].plan);
    const char *before = "";
    int number = 0;
    for (int i = 0; i < count; ++i, ++given.count) {
        given.hashes[i] = 0;
        const char *plain = given.names[i] ? plain_name(tree, i) : nullptr;
        given.names[i] = plain;
        if (!plain)
            continue;
        if (std::strcmp(plain, before) != 0)
            number = 0;
        before = plain;
        const char *name = number == 0 ? plain : psprintf("%s_%d", plain, number);
        while (given.has(name, given.hashes[i] = hash_of(name)))
            name = psprintf("%s_%d", plain, ++number);
        given.names[i] = name;
        number = number == 0 ? 1 : number + 1;
    }
    return given.names;
}

const char *function_name(const FunctionScan *scan) {
    if (list_length(scan->functions) != 1)
        return nullptr;
    const Node *call = static_cast<const RangeTblFunction *>(linitial(scan->functions))->funcexpr;
    return call && IsA(call, FuncExpr) ? get_func_name(reinterpret_cast<const FuncExpr *>(call)->funcid)
                                       : nullptr;
}

const char *object_name(const Plan *plan, const RangeTblEntry *entry) {
    switch (entry->rtekind) {
    case RTE_FUNCTION: return IsA(plan, FunctionScan) ? function_name(as<FunctionScan>(plan)) : nullptr;
    case RTE_TABLEFUNC: return "xmltable";
    case RTE_CTE: return entry->ctename;
    case RTE_NAMEDTUPLESTORE: return entry->enrname;
    default: return nullptr;
    }
}

Relation opened_index(const PlanState *state) {
    switch (state ? nodeTag(state) : T_Invalid) {
    case T_IndexScanState: return reinterpret_cast<const IndexScanState *>(state)->iss_RelationDesc;
    case T_IndexOnlyScanState: return reinterpret_cast<const IndexOnlyScanState *>(state)->ioss_RelationDesc;
    case T_BitmapIndexScanState:
        return reinterpret_cast<const BitmapIndexScanState *>(state)->biss_RelationDesc;
    default: return nullptr;
    }
}

void put_names(Description &description, const PlanNode &node) {
    const Plan *plan = node.plan;
    const Index relation = named_relation(plan);
    const PlanTree &tree = *description.writer.tree;
    if (relation > 0) {
        const RangeTblEntry *entry = rt_fetch(relation, tree.statement->rtable);
        const auto position = static_cast<int>(relation) - 1;
        const bool is_table = entry->rtekind == RTE_RELATION;
        const char *name = is_table ? relation_name(tree, position) : object_name(plan, entry);
        if (is_table)
            description.put_schema(relation_schema(tree, position));
        if (name)
            description.put_line(is_table ? 'r' : 'o', quote_identifier(name));
        const char *alias = description.writer.names[relation - 1];
        if (alias && (!name || std::strcmp(name, alias) != 0))
            description.put_line('a', quoted_relation(description.writer, relation));
    }
    if (IsA(plan, CustomScan))
        description.put_line('o', as<CustomScan>(plan)->methods->CustomName);
    if (const Oid index = scanned_index(plan)) {
        const Relation opened = opened_index(node.state);
        const char *name = opened ? RelationGetRelationName(opened) : get_rel_name(index);
        description.put_line('i', name ? quote_identifier(name) : "");
    }
}

void describe_node(Description &description, std::uint32_t position) {
    const PlanNode &node = description.writer.tree->nodes[position];
    description.limit = most_description_bytes - (description.writer.tree->count - position);
    if (node.place == store::NodePlace::init_plan)
        description.put_line('h', node.subplan->plan_name);
    put_names(description, node);
    write_details(description.writer, position, {add_detail, &description});
    put(description.text, "\n");
}

} // namespace

StringInfo describe_plan(QueryDesc *query) {
    StringInfo text = makeStringInfo();
    auto *tree = static_cast<PlanTree *>(palloc(sizeof(PlanTree)));
    if (!query->estate || !list_nodes(query, *tree)) {
        put(text, "\n");
        return text;
    }
    Description description{};
    description.text = text;
    description.writer.tree = tree;
    description.writer.names = name_relations(*tree);
    description.writer.quoted_names = static_cast<const char **>(
        palloc0(sizeof(char *) * static_cast<std::size_t>(list_length(tree->statement->rtable) + 1)));
    description.writer.several_relations = compat::prints_several_relations(tree->statement->rtable);
    description.writer.shows_constants = settings::capture_parameters == settings::capture_on;
    description.writer.next_parameter = query->params ? query->params->numParams + 1 : 1;
    description.writer.text = makeStringInfo();
    for (std::uint32_t i = 0; i < tree->count; ++i)
        describe_node(description, i);
    return text;
}

} // namespace advisor::pg::observe
