// Changes in the text of a CREATE TABLE, for what SQLite's ALTER TABLE can't do.
#pragma once
#include <string>
#include <string_view>

namespace advisor::sqlite {

// The same table under another name. All give an empty text for one that they can't read.
std::string with_table_name(std::string_view sql, const std::string &schema, const std::string &name);

// A definition in front of the first column, or behind the last one.
std::string with_first_definition(std::string_view sql, const std::string &definition);
std::string with_last_definition(std::string_view sql, const std::string &definition);

// Another type and collation for one column; "" and "BINARY": none.
std::string with_column_type(std::string_view sql, std::string_view column, const std::string &type,
                             const std::string &collation);

} // namespace advisor::sqlite
