#include "sqlite_ext/what_if/replaced_indexes.h"

#include "core/candidates/merge.h"
#include "core/catalog/ddl.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

bool reads(const core::Statement &statement, std::size_t table) {
    return std::any_of(statement.accesses.begin(), statement.accesses.end(),
                       [&](const core::TableAccess &access) { return access.table == table; });
}

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
        if (reads(statements[statement], table))
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
    std::vector<std::size_t> chosen;
    for (const core::ChosenIndex &index : selection.chosen)
        chosen.push_back(index.candidate);
    std::sort(chosen.begin(), chosen.end());
    for (core::ChosenIndex &index : selection.chosen) {
        const core::Candidate &candidate = laboratory.candidates()[index.candidate];
        const std::vector<core::ExistingIndex> &present = laboratory.tables()[candidate.table].indexes;
        for (std::size_t position = 0; position < present.size(); ++position)
            if (!present[position].constraint && !present[position].definition.unique &&
                core::makes_unnecessary(candidate.definition, present[position].definition) &&
                is_replaced(laboratory, candidate.table, present[position], chosen))
                index.replaces.push_back(position);
    }
}

} // namespace advisor::sqlite
