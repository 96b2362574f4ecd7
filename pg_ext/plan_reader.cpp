// What the planner was asked of tables, as core values.
#include "pg_ext/plan_reader.h"

#include "pg_ext/catalog_reader.h"

#include <algorithm>

namespace advisor::pg {
namespace {

core::Comparison comparison_of(CapturedComparison captured) {
    switch (captured) {
    case CapturedComparison::equality: return core::Comparison::equality;
    case CapturedComparison::any_of: return core::Comparison::any_of;
    case CapturedComparison::range: return core::Comparison::range;
    case CapturedComparison::prefix: return core::Comparison::prefix;
    case CapturedComparison::constant_only: break;
    }
    return core::Comparison::other;
}

core::Predicate read_predicate(const CapturedPredicate &captured,
                               const std::vector<WrittenLiteral> &literals) {
    core::Predicate predicate;
    predicate.key = captured.key ? captured.key : "";
    predicate.expression = captured.expression;
    predicate.comparison = comparison_of(captured.comparison);
    predicate.join = captured.join;
    predicate.constant_text = captured.constant_text ? captured.constant_text : "";
    if (captured.pattern_operator_needed)
        predicate.opclass = "text_pattern_ops";
    if (captured.literal_text) {
        predicate.literal_text = captured.literal_text;
        for (const WrittenLiteral &literal : literals)
            if (literal.offset == captured.literal_offset)
                predicate.literal_executions = literal.executions;
    }
    return predicate;
}

std::vector<core::SortKey> read_keys(const List *captured) {
    std::vector<core::SortKey> keys;
    const ListCell *cell;
    foreach (cell, captured) {
        const auto *key = static_cast<const CapturedSortKey *>(lfirst(cell));
        keys.push_back({key->key, key->expression, key->descending, key->nulls_first, ""});
    }
    return keys;
}

void read_methods(const CapturedAccess &captured, core::TableAccess &access) {
    const ListCell *cell;
    foreach (cell, captured.methods) {
        const auto *use = static_cast<const CapturedMethodUse *>(lfirst(cell));
        if (const auto method = method_of(use->method))
            access.methods.push_back({use->key, use->expression, *method, use->opclass ? use->opclass : ""});
    }
    foreach (cell, captured.substring_keys)
        access.substring_keys.emplace_back(static_cast<const char *>(lfirst(cell)));
}

core::TableAccess read_access(const CapturedAccess &captured, std::size_t table,
                              const std::vector<WrittenLiteral> &literals) {
    core::TableAccess access;
    access.table = table;
    const ListCell *cell;
    foreach (cell, captured.predicates)
        access.predicates.push_back(
            read_predicate(*static_cast<const CapturedPredicate *>(lfirst(cell)), literals));
    foreach (cell, captured.columns_read)
        access.columns_read.emplace_back(static_cast<const char *>(lfirst(cell)));
    access.order = read_keys(captured.order);
    access.group = read_keys(captured.group);
    access.limit = captured.limit;
    read_methods(captured, access);
    return access;
}

} // namespace

std::size_t position_of(std::vector<Oid> &relations, Oid relation) {
    const auto found = std::find(relations.begin(), relations.end(), relation);
    const auto position = static_cast<std::size_t>(found - relations.begin());
    if (found == relations.end())
        relations.push_back(relation);
    return position;
}

std::vector<core::TableAccess> read_accesses(const AccessCapture &capture, std::vector<Oid> &relations,
                                             const std::vector<WrittenLiteral> &literals) {
    std::vector<core::TableAccess> accesses;
    const ListCell *cell;
    foreach (cell, capture.accesses) {
        const auto *captured = static_cast<const CapturedAccess *>(lfirst(cell));
        accesses.push_back(read_access(*captured, position_of(relations, captured->relation), literals));
    }
    return accesses;
}

core::StatementKind kind_of(CmdType command) {
    switch (command) {
    case CMD_SELECT: return core::StatementKind::select;
    case CMD_INSERT: return core::StatementKind::insert;
    case CMD_UPDATE: return core::StatementKind::update;
    case CMD_DELETE: return core::StatementKind::remove;
    case CMD_MERGE: return core::StatementKind::merge;
    default: return core::StatementKind::other;
    }
}

} // namespace advisor::pg
