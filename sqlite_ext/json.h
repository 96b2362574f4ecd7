// JSON out of values and back. Reading goes through SQLite's own JSON functions on a connection of ours.
#pragma once
#include "core/rules/recommendation.h"

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

std::vector<core::Fact> facts_of_json(const std::string &object);
std::vector<std::string> strings_of_json(const std::string &array);
std::vector<double> numbers_of_json(const std::string &array);

} // namespace advisor::sqlite
