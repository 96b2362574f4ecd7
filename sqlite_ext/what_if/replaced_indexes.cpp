#include "sqlite_ext/what_if/replaced_indexes.h"

#include "core/catalog/ddl.h"
#include "core/selection/replaced.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

// The index's own text, to make it again in the clones.
std::string text_of(const Schema &schema, const TableInfo &table, const std::string &name) {
    for (const SchemaObject &object : schema.objects)
        if (object.type == "index" && object.schema == table.schema && object.name == name)
            return with_schema(object.sql, object.schema);
    return {};
}

std::vector<double> costs(Laboratory &laboratory, std::size_t table, const std::vector<std::size_t> &chosen) {
    std::vector<double> result;
    const std::vector<core::Statement> &statements = laboratory.workload().statements;
    for (std::size_t statement = 0; statement < statements.size(); ++statement)
        if (core::reads_table(statements[statement], table))
            for (const StatisticsState state : {StatisticsState::present, StatisticsState::fresh})
                result.push_back(laboratory.model().planned(statement, chosen, state).cost);
    return result;
}

bool is_replaced(Laboratory &laboratory, std::size_t table, const core::ExistingIndex &existing,
                 const std::vector<std::size_t> &chosen) {
    const TableInfo &info = laboratory.schema().tables[table];
    const std::string name = core::unquoted_name(existing.name);
    const std::string again = text_of(laboratory.schema(), info, name);
    if (again.empty() || TimeBudget::spent())
        return false;
    const std::vector<double> with = costs(laboratory, table, chosen);
    laboratory.change_indexes("DROP INDEX " + quoted(info.schema) + "." + quoted(name));
    const std::vector<double> without = costs(laboratory, table, chosen);
    laboratory.change_indexes(again);
    return std::equal(with.begin(), with.end(), without.begin(),
                      [](double before, double after) { return !core::is_dearer(after, before); });
}

} // namespace

void note_replaced(Laboratory &laboratory, core::Selection &selection) {
    const auto can_go = [&](std::size_t table, std::size_t index, const std::vector<std::size_t> &chosen) {
        return is_replaced(laboratory, table, laboratory.tables()[table].indexes[index], chosen);
    };
    core::note_replaced(laboratory.candidates(), laboratory.tables(), can_go, selection);
}

} // namespace advisor::sqlite
