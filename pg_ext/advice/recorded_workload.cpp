// The recorded workload of this database as statements to advise on.
#include "pg_ext/advice/recorded_workload.h"

#include "pg_ext/advice/literals.h"
#include "pg_ext/role_settings.h"
#include "pg_ext/store/recorded.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double min_calls = 5;
constexpr double min_total_ms = 1000;

bool may_read(const RecordedStatement &statement, Oid reader, bool reads_all) {
    const Oid owner = statement.role;
    return reads_all || owner == reader || pg_call([=] { return has_privs_of_role(reader, owner); });
}

void add_session_settings(const RecordedExample &example, Surroundings &surroundings) {
    auto &settings = surroundings.settings;
    settings.emplace_back("search_path", example.search_path);
    settings.emplace_back("row_security", example.row_security ? "on" : "off");
    settings.emplace_back("DateStyle", example.date_style);
    settings.emplace_back("IntervalStyle", example.interval_style);
    settings.emplace_back("TimeZone", example.time_zone);
    settings.emplace_back("standard_conforming_strings", example.standard_conforming_strings ? "on" : "off");
}

bool was_sampled(const RecordedPlan &plan) {
    return std::any_of(plan.nodes.begin(), plan.nodes.end(),
                       [](const store::NodeRecord &node) { return node.samples > 0; });
}

// Takes the plans out of the statement.
StatementInput input_of(RecordedStatement &statement, RoleSettings &roles) {
    const RecordedExample &example = *statement.example;
    StatementInput input;
    input.id = statement.queryid;
    input.text = example.text;
    input.mode = static_cast<RawParseMode>(example.parse_mode);
    input.parameter_types = example.parameter_types;
    input.parameter_values = example.parameter_values;
    input.bound = example.has_parameter_values;
    input.literals = recorded_literals(statement, input.text);
    input.calls = static_cast<double>(statement.counters.calls);
    input.total_ms = statement.counters.self_ms;
    input.rows = static_cast<double>(statement.counters.rows);
    input.relations = statement.relations;
    input.surroundings = Surroundings{statement.role, roles.planner_settings(statement.role)};
    add_session_settings(example, *input.surroundings);
    for (RecordedPlan &plan : statement.plans)
        if (was_sampled(plan)) {
            plan.slices.clear();
            input.plans.push_back(std::move(plan));
        }
    return input;
}

} // namespace

bool has_evidence(double calls, double total_ms) {
    return calls >= min_calls || total_ms >= min_total_ms;
}

RecordedWorkload recorded_workload(Evidence evidence, Reader reader) {
    const Oid user = pg_call([] { return GetUserId(); });
    const bool reads_all = reader == Reader::analysis ||
                           pg_call([=] { return has_privs_of_role(user, ROLE_PG_READ_ALL_STATS); });
    RoleSettings roles;
    RecordedWorkload workload;
    for (RecordedStatement &statement : read_statements(MyDatabaseId)) {
        if (statement.utility)
            continue;
        workload.recorded_ms += statement.counters.self_ms;
        if (!statement.example)
            workload.not_plannable.push_back({statement.relations, statement.counters.calls <= 1});
        if (!statement.example || !may_read(statement, user, reads_all) ||
            (evidence == Evidence::enough &&
             !has_evidence(static_cast<double>(statement.counters.calls), statement.counters.total_ms)))
            continue;
        const TimestampTz seen = statement.counters.first_seen;
        if (workload.first_seen == 0 || seen < workload.first_seen)
            workload.first_seen = seen;
        workload.statements.push_back(input_of(statement, roles));
    }
    // What the time budget does not reach matters least.
    std::sort(workload.statements.begin(), workload.statements.end(),
              [](const StatementInput &left, const StatementInput &right) {
                  return left.total_ms != right.total_ms ? left.total_ms > right.total_ms
                                                         : left.id < right.id;
              });
    return workload;
}

double recorded_milliseconds() {
    double total = 0;
    for (const RecordedStatement &statement : read_statements(MyDatabaseId))
        total += statement.utility ? 0 : statement.counters.self_ms;
    return total;
}

} // namespace advisor::pg
