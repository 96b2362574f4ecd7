#include "sqlite_ext/rules/rebuild_script.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/catalog/table_text.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/rules/rule_functions.h"

#include <string>
#include <vector>

namespace advisor::sqlite {

namespace {

void give_text(sqlite3_context *context, const std::string &text) {
    if (!text.empty())
        sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

bool taken(sqlite3 *catalog, const std::string &schema, const std::string &name) {
    Query query(catalog, "SELECT 1 FROM objects WHERE schema = ?1 AND name = ?2");
    query.bind(1, schema);
    query.bind(2, name);
    return query.step();
}

// Indexes and triggers go with the table that is dropped.
std::vector<std::string> dependents(sqlite3 *catalog, const std::string &schema, const std::string &table) {
    std::vector<std::string> texts;
    Query query(catalog, "SELECT coalesce(create_sql(schema, sql), sql || ';') FROM objects WHERE schema = "
                         "?1 AND table_name = ?2 "
                         "AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name");
    query.bind(1, schema);
    query.bind(2, table);
    while (query.step())
        texts.push_back(query.text(0));
    return texts;
}

std::string commented(const std::string &statement) {
    std::string text = "-- ";
    for (const char c : statement)
        text += c == '\n' ? std::string("\n-- ") : std::string(1, c);
    return text + "\n";
}

} // namespace

void rebuild_script(sqlite3_context *context, int, sqlite3_value **values) {
    auto *catalog = static_cast<sqlite3 *>(sqlite3_user_data(context));
    const std::string schema = text_of(values[0]);
    const std::string table = text_of(values[1]);
    std::string copy = table + "_new";
    for (int number = 2; taken(catalog, schema, copy); ++number)
        copy = table + "_new" + std::to_string(number);
    const std::string create = with_table_name(text_of(values[2]), schema, copy);
    if (create.empty())
        return;
    const std::string qualified = core::quote_identifier(schema) + "." + core::quote_identifier(table);
    std::vector<std::string> steps = {
        "PRAGMA foreign_keys = OFF;",
        "PRAGMA legacy_alter_table = ON; -- views that name the table are left as they are",
        "BEGIN IMMEDIATE;",
        create + ";",
        "INSERT INTO " + core::quote_identifier(schema) + "." + core::quote_identifier(copy) + " (" +
            text_of(values[3]) + ") SELECT " + text_of(values[4]) + " FROM " + qualified + ";",
        "DROP TABLE " + qualified + ";",
        "ALTER TABLE " + core::quote_identifier(schema) + "." + core::quote_identifier(copy) + " RENAME TO " +
            core::quote_identifier(table) + ";"};
    for (const std::string &text : dependents(catalog, schema, table))
        steps.push_back(text);
    steps.insert(steps.end(),
                 {"PRAGMA foreign_key_check; -- ROLLBACK if this gives rows that it did not give before",
                  "COMMIT;", "PRAGMA legacy_alter_table = OFF;",
                  "PRAGMA foreign_keys = ON; -- if it was on: see the value of PRAGMA foreign_keys before"});
    std::string script =
        "-- SQLite can't change this in place: the table is built anew. Try it on a copy of the file first; "
        "then take away the\n-- leading \"-- \" of what follows.\n";
    for (const std::string &step : steps)
        script += commented(step);
    script.pop_back();
    give_text(context, script);
}

} // namespace advisor::sqlite
