// A trigger's text as the statements that it runs: what an index on the tables they read could make cheaper.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

struct TriggerText {
    std::string event;                // insert, update, delete; empty: the text is no trigger
    std::string table;                // unquoted
    std::vector<std::string> columns; // of UPDATE OF, unquoted; empty: any
    std::vector<std::string> steps;   // NEW.x and OLD.x as ?1, ?2, …, one number for each of them
};

TriggerText trigger_text(std::string_view sql);

} // namespace advisor::sqlite
