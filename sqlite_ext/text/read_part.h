// The part of a statement that looks for rows, as a SELECT: what an index can make cheaper.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

struct ReadPart {
    std::string
        sql; // parameters as ?1, ?2, … with the numbers of the whole statement; empty: nothing is read
    std::string written_table; // what the statement writes to, unquoted; empty: nothing
    std::string written_schema;
    std::vector<std::string> assigned_columns; // of an UPDATE
    std::vector<std::string> conflict_columns; // of ON CONFLICT DO UPDATE
};

ReadPart read_part(std::string_view sql);

// A SELECT that counts the rows which a SELECT of one part sorts or groups; empty when it can't be told, or
// when a LIMIT lets the sorter keep few.
std::string count_of_input(std::string_view sql);

} // namespace advisor::sqlite
