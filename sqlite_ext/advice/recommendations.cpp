#include "sqlite_ext/advice/recommendations.h"

#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/rules/rule_runner.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <tuple>

namespace advisor::sqlite {

namespace {

constexpr std::int64_t max_wait_ms = 2000; // between a query's preparation and its execution

core::Recommendation not_ready(const std::string &subject, const std::string &title,
                               const std::string &detail, const std::string &fix) {
    core::Recommendation finding;
    finding.rule = "advisor-not-ready";
    finding.category = "configuration";
    finding.severity = core::Severity::info;
    finding.object = "db_advisor";
    finding.id = core::fingerprint(finding.rule, finding.object, subject);
    finding.title = title;
    finding.detail = detail;
    finding.evidence = {{"unit", std::string("rows")}, {"reason", subject}};
    finding.confidence = 1;
    finding.fix_steps = {fix};
    finding.fix = fix;
    return finding;
}

// The file that this code was loaded from.
std::string module_path() {
    Dl_info info{};
    static const char anchor = 0;
    if (dladdr(&anchor, &info) == 0 || info.dli_fname == nullptr)
        return "db_advisor";
    const std::unique_ptr<char, void (*)(void *)> path(realpath(info.dli_fname, nullptr), std::free);
    return path == nullptr ? info.dli_fname : path.get();
}

void add_obstacles(Host &host, std::vector<core::Recommendation> &findings) {
    constexpr const char *record_on = "SELECT advisor_record('on');";
    Store &store = host.store();
    if (store.mode() == RecordMode::off)
        findings.push_back(not_ready("recording off", "recording is switched off",
                                     "Statements that run now are not seen. Schema rules work as usual.",
                                     record_on));
    else if (host.trace_lost())
        findings.push_back(
            not_ready("trace lost", "another tool took the trace of this connection",
                      "SQLite has one trace slot per connection. A trace callback that was set after "
                      "the module was loaded replaced the recorder.",
                      record_on));
    else if (!host.tracing())
        findings.push_back(not_ready("connection not traced", "this connection is not recorded",
                                     "Recording was off when the module was loaded on this connection.",
                                     record_on));
    const std::vector<RecordedStatement> statements = store.statements();
    const bool any = std::any_of(statements.begin(), statements.end(),
                                 [](const RecordedStatement &statement) { return statement.advisable; });
    if (!any)
        findings.push_back(not_ready("nothing recorded", "no statement was recorded yet",
                                     "Load the module on the connections of the application, let it run its "
                                     "statements there, then read advisor_recommendations again.",
                                     "SELECT load_extension(" + string_literal(module_path()) + ");"));
}

std::string text_fact(const core::Recommendation &finding, const std::string &name) {
    for (const core::Fact &fact : finding.evidence)
        if (const auto *value = std::get_if<std::string>(&fact.value); fact.name == name && value != nullptr)
            return *value;
    return {};
}

// An advised index that begins with the columns of a foreign key serves it too: one fix is enough.
bool serves_foreign_key(const core::Recommendation &index, const core::Recommendation &key) {
    const std::string definition = text_fact(index, "definition");
    const std::string start = "(" + text_fact(key, "columns");
    const std::size_t at = definition.find(start);
    return index.object == key.object && definition.find(" WHERE ") == std::string::npos &&
           at != std::string::npos &&
           (definition[at + start.size()] == ',' || definition[at + start.size()] == ')');
}

bool advises_index(const core::Recommendation &finding) {
    return finding.rule.starts_with("missing-index");
}

void drop_served_foreign_keys(std::vector<core::Recommendation> &findings) {
    std::vector<core::Recommendation> indexes;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(indexes), advises_index);
    std::erase_if(findings, [&](const core::Recommendation &finding) {
        return finding.rule == "unindexed-foreign-key" &&
               std::any_of(indexes.begin(), indexes.end(), [&](const core::Recommendation &index) {
                   return serves_foreign_key(index, finding);
               });
    });
}

// What users set: rules that are off, other severities.
void apply_settings(const FindingBook &book, Advice &advice) {
    const std::map<std::string, RuleSetting> settings = book.settings();
    const auto off = [&](const std::string &rule) {
        const auto setting = settings.find(rule);
        return setting != settings.end() && !setting->second.enabled;
    };
    std::erase_if(advice.recommendations,
                  [&](const core::Recommendation &finding) { return off(finding.rule); });
    for (core::Recommendation &finding : advice.recommendations)
        if (const auto setting = settings.find(finding.rule); setting != settings.end())
            finding.severity = setting->second.severity.value_or(finding.severity);
    for (Coverage &line : advice.coverage)
        if (off(line.rule))
            line = {line.rule, "skipped", 0, 0, "switched off by advisor_set_rule", 0};
}

// Rules whose silence means that a finding is gone. Index advice is silent too when there is no workload.
std::set<std::string> rules_that_looked(const std::vector<Coverage> &coverage) {
    std::set<std::string> rules = {"advisor-not-ready"};
    for (const Coverage &line : coverage)
        if (line.state == "ran" && (line.examined > 0 || !line.rule.starts_with("missing-index")))
            rules.insert(line.rule);
    return rules;
}

void leave_out_dismissed(const FindingBook &book, std::vector<core::Recommendation> &findings,
                         std::int64_t now) {
    std::set<std::string> hidden;
    for (const FindingState &state : book.states())
        if (state.hidden(now))
            hidden.insert(state.finding.id);
    std::erase_if(findings, [&](const core::Recommendation &finding) { return hidden.contains(finding.id); });
}

} // namespace

Advice current_advice(Host &host) {
    FindingBook &book = host.store().findings();
    const std::int64_t now = now_ms();
    Advice advice;
    advice.analysis = current_analysis(host);
    advice.coverage = advice.analysis.coverage;
    advice.recommendations = advice.analysis.findings;
    RuleResults rules = run_catalog_rules(host, advice.analysis.usage, advice.analysis.facts);
    advice.recommendations.insert(advice.recommendations.end(), rules.findings.begin(), rules.findings.end());
    advice.coverage.insert(advice.coverage.end(), rules.coverage.begin(), rules.coverage.end());
    add_obstacles(host, advice.recommendations);
    apply_settings(book, advice);
    book.note(advice.recommendations, rules_that_looked(advice.coverage), now);
    leave_out_dismissed(book, advice.recommendations, now);
    drop_served_foreign_keys(advice.recommendations);
    std::stable_sort(advice.recommendations.begin(), advice.recommendations.end(),
                     [](const core::Recommendation &a, const core::Recommendation &b) {
                         return std::tuple(a.severity, !a.benefit, -a.benefit.value_or(0), -a.confidence,
                                           a.id) < std::tuple(b.severity, !b.benefit, -b.benefit.value_or(0),
                                                              -b.confidence, b.id);
                     });
    return advice;
}

void prepare_advice(Host &host) {
    host.keep_advice(std::make_shared<const Advice>(current_advice(host)), now_ms());
}

std::shared_ptr<const Advice> prepared_advice(Host &host) {
    if (std::shared_ptr<const Advice> kept = host.take_advice(now_ms() - max_wait_ms))
        return kept;
    return std::make_shared<const Advice>(current_advice(host));
}

} // namespace advisor::sqlite
