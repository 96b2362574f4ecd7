// JSON out of values and back. Reading goes through SQLite's own JSON functions on a connection of ours.
#pragma once
#include "core/rules/recommendation.h"
#include "sqlite_ext/handles.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

std::string json_string(std::string_view text);
std::string json_number(double value);
std::string json_array(const std::vector<std::string> &texts);
std::string json_array(const std::vector<std::int64_t> &numbers);
std::string json_object(const std::vector<core::Fact> &facts);

// Reads many documents one after the other.
class JsonReader {
public:
    JsonReader();
    std::vector<core::Fact> facts(const std::string &object);
    std::vector<std::string> strings(const std::string &array);
    std::vector<double> numbers(const std::string &array);

private:
    template <class Visit>
    void each_member(const std::string &json, Visit visit);

    Connection connection_;
    Query members_;
};

std::vector<core::Fact> facts_of_json(const std::string &object);
std::vector<std::string> strings_of_json(const std::string &array);
std::vector<double> numbers_of_json(const std::string &array);

} // namespace advisor::sqlite
