// One statement to advise on, and the surroundings in which it is planned.
#pragma once
#include "pg_ext/plan_reader.h"
#include "pg_ext/store/recorded.h"
#include "pg_ext/what_if/environment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace advisor::pg {

// Of a recorded statement; a given one is planned in the caller's.
struct Surroundings {
    Oid role = InvalidOid;
    std::vector<std::pair<std::string, std::string>> settings;
};

struct StatementInput {
    std::int64_t id = 0; // queryid of a recorded statement, 1-based position of a given one
    std::string text;
    RawParseMode mode = RAW_PARSE_DEFAULT;
    std::vector<Oid> parameter_types;
    std::vector<std::optional<std::string>> parameter_values;
    bool bound = false; // parameter_values stand for the statement's parameters; otherwise a generic plan
    double calls = 1;
    double total_ms = 0;
    double rows = 1;                 // returned or written by all calls together
    std::vector<RecordedPlan> plans; // with counts of sampled executions; their slices are left out
    std::vector<Oid> relations;      // that it read or wrote; empty: unknown
    std::optional<Surroundings> surroundings;
    std::vector<WrittenLiteral> literals; // ascending; those of which nothing is known are left out
};

struct SkippedStatement {
    std::int64_t id = 0;
    std::string reason;
};

// Runs the body in a subtransaction that is always rolled back, for a recorded statement in its surroundings.
// The body may throw; a server error comes back as a value.
template <class Body>
std::optional<ServerError> in_surroundings(const StatementInput &input, Body body) {
    std::vector<Setting> settings;
    PlanningEnvironment environment;
    if (input.surroundings) {
        for (const auto &[name, value] : input.surroundings->settings)
            settings.push_back({name.c_str(), value.c_str()});
        environment = {input.surroundings->role, settings.data(), static_cast<int>(settings.size())};
    }
    const PlanningEnvironment *entered = input.surroundings ? &environment : nullptr;
    Body *run = &body;
    return pg_try_and_roll_back([=] {
        if (entered)
            pg_call([=] { enter_environment(*entered); });
        (*run)();
    });
}

} // namespace advisor::pg
