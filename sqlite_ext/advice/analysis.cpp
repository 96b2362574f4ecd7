#include "sqlite_ext/advice/analysis.h"

#include "core/rules/missing_index.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/what_if/laboratory.h"
#include "sqlite_ext/what_if/replaced_indexes.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace advisor::sqlite {

namespace {

constexpr double time_budget_seconds = 5;
constexpr double usage_budget_seconds = 2;
constexpr std::int64_t max_age_ms = 5 * 60 * 1000;
constexpr double grown_by = 1.2;
constexpr std::size_t max_analyzed = 300; // statements, the dearest first
constexpr double stand_in_confidence = 0.5;
constexpr const char *rules[] = {"missing-index-filter", "missing-index-join", "missing-index-sort"};

struct Totals {
    double ms = 0;
    std::int64_t calls = 0;
};

Totals totals(const std::vector<RecordedStatement> &statements) {
    Totals sum;
    for (const RecordedStatement &statement : statements) {
        sum.ms += statement.counters.total_ms;
        sum.calls += statement.counters.calls;
    }
    return sum;
}

bool still_holds(const Analysis &analysis, const std::string &stamp, const Totals &now,
                 std::int64_t changes) {
    return !stamp.empty() && analysis.stamp == stamp && analysis.changes == changes &&
           now_ms() - analysis.made_at < max_age_ms && now.ms <= grown_by * analysis.recorded_ms &&
           static_cast<double>(now.calls) <= grown_by * static_cast<double>(analysis.recorded_calls);
}

core::IndexAdviceContext advice_context(const ObservedWindow &observed) {
    core::IndexAdviceContext context;
    context.dialect = core::Dialect::sqlite;
    context.cost_unit = "steps";
    if (observed.from > 0) {
        context.window_from = iso_time(observed.from);
        context.window_to = iso_time(observed.to);
    }
    return context;
}

// The plan lines that differ, as "before => after".
std::string changed_lines(const std::vector<std::string> &before, const std::vector<std::string> &after) {
    const auto only = [](const std::vector<std::string> &lines, const std::vector<std::string> &others) {
        std::string text;
        for (const std::string &line : lines)
            if (std::find(others.begin(), others.end(), line) == others.end())
                text += (text.empty() ? "" : "; ") + line.substr(line.find_first_not_of(' '));
        return text;
    };
    return only(before, after) + " => " + only(after, before);
}

// In plans the candidate goes by a working name; the reader knows the one in the fix.
void rename_candidates(std::string &text, const std::map<std::string, std::string> &names) {
    for (const auto &[working, final_name] : names)
        for (std::size_t at = text.find(working); at != std::string::npos; at = text.find(working, at))
            text.replace(at, working.size(), final_name);
}

std::string name_in_fix(const core::Recommendation &finding) {
    // DROP INDEX main.name;
    const std::string &rollback = finding.rollback;
    const std::size_t start = rollback.rfind('.') + 1;
    return rollback.substr(start, rollback.size() - start - 1);
}

// Two indexes of a table may share the leading key and with it the id; the definition tells them apart.
bool defines(const core::Recommendation &finding, const core::IndexDefinition &definition) {
    const std::string text = core::create_index_sql(definition, core::Dialect::sqlite);
    return std::any_of(finding.evidence.begin(), finding.evidence.end(), [&](const core::Fact &fact) {
        const auto *value = std::get_if<std::string>(&fact.value);
        return fact.name == "definition" && value != nullptr && *value == text;
    });
}

// Table and leading column make the id. Where two indexes share them, the later one is told apart by its
// definition.
void make_ids_distinct(std::vector<core::Recommendation> &findings) {
    std::set<std::string> ids;
    for (core::Recommendation &finding : findings)
        if (!ids.insert(finding.id).second)
            finding.id = core::fingerprint(finding.rule, finding.object, finding.fix_steps.front());
}

class Analyst {
public:
    Analyst(Host &host, std::vector<RecordedStatement> statements)
        : host_(host), statements_(std::move(statements)), laboratory_(host) {}

    void run(Analysis &analysis);

private:
    void explain(Analysis &analysis, const core::Selection &selection);
    void cover(Analysis &analysis, double milliseconds) const;

    Host &host_;
    std::vector<RecordedStatement> statements_;
    Laboratory laboratory_;
};

void Analyst::run(Analysis &analysis) {
    const auto start = std::chrono::steady_clock::now();
    if (host_.store().window_has_passed())
        analysis.usage = index_usage(laboratory_.schema(), statements_, usage_budget_seconds);
    if (statements_.size() > max_analyzed)
        statements_.resize(max_analyzed);
    // Copies of a large schema take seconds: not for a workload that asks for none.
    const bool any = std::any_of(statements_.begin(), statements_.end(),
                                 [](const RecordedStatement &statement) { return statement.advisable; });
    if (any) {
        laboratory_.take_workload(statements_);
        analysis.facts = statement_facts(statements_, laboratory_.workload(), laboratory_.planner());
        laboratory_.generate(sqlite_candidates());
    }
    if (!laboratory_.candidates().empty()) {
        core::SelectionLimits limits;
        limits.out_of_time = TimeBudget::spent;
        core::Selection selection = laboratory_.select(limits, time_budget_seconds);
        note_replaced(laboratory_, selection);
        core::IndexAdviceContext context = advice_context(host_.store().observed());
        const std::vector<double> caps(laboratory_.candidates().size(),
                                       laboratory_.stand_ins() ? stand_in_confidence : 1);
        context.confidence_caps = caps;
        std::vector<std::string> taken;
        for (const SchemaObject &object : laboratory_.schema().objects)
            taken.push_back(object.name);
        context.taken_names = taken;
        analysis.findings =
            core::missing_index_findings(selection, laboratory_.candidates(),
                                         laboratory_.workload().statements, laboratory_.tables(), context);
        make_ids_distinct(analysis.findings);
        analysis.planner_calls = selection.planner_calls;
        explain(analysis, selection);
    }
    analysis.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    cover(analysis, analysis.seconds * 1000);
}

void Analyst::explain(Analysis &analysis, const core::Selection &selection) {
    std::vector<std::size_t> chosen;
    std::map<std::string, std::string> names;
    std::map<std::size_t, std::string> ids;
    for (const core::ChosenIndex &index : selection.chosen) {
        chosen.push_back(index.candidate);
        const core::Candidate &candidate = laboratory_.candidates()[index.candidate];
        for (core::Recommendation &finding : analysis.findings)
            if (defines(finding, candidate.definition)) {
                const SampledTable &sample = laboratory_.sampled(candidate.table);
                finding.evidence.push_back({"sample_rows", sample.copied});
                finding.evidence.push_back({"sample_taken", std::string(sample.taken)});
                ids[index.candidate] = finding.id;
                names["advisor_candidate_" + std::to_string(index.candidate) + "_"] = name_in_fix(finding);
            }
    }
    std::sort(chosen.begin(), chosen.end());
    for (const core::ChosenIndex &index : selection.chosen)
        for (const core::StatementEffect &effect : index.effects) {
            const core::Statement &statement = laboratory_.workload().statements[effect.statement];
            HelpedStatement helped{ids[index.candidate], statement.id,       statement.text,
                                   statement.calls,      statement.total_ms, 0,
                                   effect.cost_before,   effect.cost_after,  {}};
            if (selection.workload_cost_before > 0)
                helped.share = statement.calls * effect.cost_before / selection.workload_cost_before;
            MeasuredCost &model = laboratory_.model();
            helped.changed_nodes =
                changed_lines(model.planned(effect.statement, {}, StatisticsState::present).plan,
                              model.planned(effect.statement, chosen, StatisticsState::present).plan);
            rename_candidates(helped.changed_nodes, names);
            analysis.facts.advised.push_back(helped.queryid);
            analysis.helped.push_back(std::move(helped));
        }
}

void Analyst::cover(Analysis &analysis, double milliseconds) const {
    const RunnableWorkload &workload = laboratory_.workload();
    const auto examined = static_cast<std::int64_t>(workload.statements.size());
    const auto skipped = static_cast<std::int64_t>(workload.skipped.size());
    for (const char *rule : rules)
        analysis.coverage.push_back({rule, "ran", examined, skipped, "", milliseconds});
    for (const SkippedStatement &statement : workload.skipped)
        analysis.coverage.push_back(
            {"missing-index", "skipped", 0, 1,
             "statement " + std::to_string(statement.queryid) + ": " + statement.reason, 0});
    std::int64_t small = 0;
    for (const core::Table &table : laboratory_.tables())
        small += table.rows > 0 && table.rows < sqlite_candidates().min_table_rows ? 1 : 0;
    if (small > 0)
        analysis.coverage.push_back({"missing-index", "waiting", 0, small,
                                     "tables with less than 1,000 rows get no index advice", 0});
}

std::optional<Analysis> kept_analysis(Store &store) {
    const std::lock_guard lock(store.result_mutex());
    const Analysis *kept = store.analysis().get();
    return kept == nullptr ? std::nullopt : std::optional(*kept);
}

void keep_analysis(Store &store, const Analysis &analysis) {
    AnalysisHolder holder(std::make_unique<Analysis>(analysis).release(),
                          [](Analysis *kept) { const std::unique_ptr<Analysis> owner(kept); });
    const std::lock_guard lock(store.result_mutex());
    store.analysis().swap(holder);
}

// A locked or refused database is told by the analysis itself, as a row of advisor_coverage.
std::string stamp_or_nothing(sqlite3 *connection) {
    try {
        return schema_stamp(connection);
    } catch (const Failure &) {
        return {};
    }
}

void note_failure(Analysis &analysis, const std::exception &failure) {
    for (const char *rule : rules)
        analysis.coverage.push_back({rule, "failed", 0, 0, failure.what(), 0});
}

} // namespace

// One analysis at a time: who comes meanwhile gets the one before.
Analysis current_analysis(Host &host) {
    Store &store = host.store();
    const std::string stamp = stamp_or_nothing(host.connection());
    const std::int64_t changes = store.changes();
    std::vector<RecordedStatement> statements = store.statements();
    const Totals now = totals(statements);
    std::optional<Analysis> last = kept_analysis(store);
    if (last && still_holds(*last, stamp, now, changes))
        return *last;
    std::unique_lock running(store.analysis_mutex(), std::try_to_lock);
    if (!running.owns_lock()) {
        if (last)
            return *last;
        running.lock();
        last = kept_analysis(store);
        if (last && still_holds(*last, stamp, now, changes))
            return *last;
    }
    Analysis analysis;
    analysis.id = last ? last->id + 1 : 1;
    analysis.stamp = stamp;
    analysis.made_at = now_ms();
    analysis.recorded_ms = now.ms;
    analysis.recorded_calls = now.calls;
    analysis.changes = changes;
    try {
        Analyst(host, std::move(statements)).run(analysis);
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const Failure &failure) {
        if ((failure.code() & 0xff) == SQLITE_INTERRUPT)
            throw; // the host's wish, not a result to keep
        note_failure(analysis, failure);
    } catch (const std::exception &failure) {
        note_failure(analysis, failure);
    }
    keep_analysis(store, analysis);
    return analysis;
}

} // namespace advisor::sqlite
