// A recommendation as a value: the row of advisor.recommendations, before an engine adds state and times.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace advisor::core {

enum class Severity { critical, high, medium, low, info };

// One named value of the evidence; the engine turns the list into a JSON object.
struct Fact {
    std::string name;
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>,
                 std::vector<std::int64_t>>
        value;
};

struct Recommendation {
    std::string id; // fingerprint(rule, object, subject)
    std::string rule;
    std::string category;
    Severity severity = Severity::medium;
    std::string object; // schema-qualified, quoted
    std::string title;
    std::string detail;
    std::vector<Fact> evidence;
    std::optional<double> benefit;             // share of the workload's cost, 0–1
    std::optional<std::int64_t> storage_bytes; // growth (+) or saving (−)
    double confidence = 1;
    std::vector<std::string> fix_steps; // single statements in order, with the final semicolon
    std::string fix;                    // the steps and the checks around them, as comments
    std::string rollback;
};

// 16 hexadecimal digits, the same in both engines and after dump and restore (FNV-1a, 64 bit, over
// the three parts with a zero byte between them). The subject tells apart findings of one rule on one object.
std::string fingerprint(const std::string &rule, const std::string &object, const std::string &subject);

} // namespace advisor::core
