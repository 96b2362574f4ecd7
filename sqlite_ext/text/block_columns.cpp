#include "sqlite_ext/text/block_columns.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

// Words that stand in expressions and are no names.
bool is_language(const Token &token) {
    return token.kind == TokenKind::word &&
           is_any(token, {"and",     "or",           "not",          "is",
                          "in",      "like",         "glob",         "match",
                          "regexp",  "between",      "null",         "isnull",
                          "notnull", "case",         "when",         "then",
                          "else",    "end",          "as",           "collate",
                          "escape",  "distinct",     "asc",          "desc",
                          "cast",    "exists",       "select",       "from",
                          "where",   "current_date", "current_time", "current_timestamp",
                          "over",    "filter",       "nulls",        "by",
                          "true",    "false",        "all"});
}

std::string plain_key(const core::IndexKey &key) {
    return lower_case(unquoted(key.text));
}

} // namespace

BlockColumns::BlockColumns(const std::vector<Token> &tokens, const Schema &schema, const QueryBlock &block)
    : tokens_(tokens), schema_(schema), block_(block) {
    add_terms(block.where, std::nullopt);
    for (std::size_t source = 0; source < block.sources.size(); ++source)
        add_terms(block.sources[source].on, source);
    add_shared();
}

const TableInfo *BlockColumns::table(std::size_t source) const {
    const auto position =
        source < block_.sources.size() ? block_.sources[source].table : std::optional<std::size_t>();
    return position ? &schema_.tables[*position] : nullptr;
}

const ColumnInfo *BlockColumns::info(const SourceColumn &column) const {
    const TableInfo *owner = table(column.source);
    if (owner == nullptr)
        return nullptr;
    if (column.column == "rowid" && owner->find_column("rowid") == nullptr && !owner->rowid_column.empty())
        return owner->find_column(owner->rowid_column);
    return owner->find_column(column.column);
}

std::optional<NameUse> BlockColumns::name_at(std::size_t i, std::size_t end) const {
    const auto is = [&](std::size_t at, std::string_view word) { return at < end && tokens_[at].is(word); };
    if (i >= end || !tokens_[i].name() || is_language(tokens_[i]) || is(i + 1, "("))
        return std::nullopt;
    if (i > 0 && is_any(tokens_[i - 1], {"collate", "as"}))
        return std::nullopt;
    const bool qualified = is(i + 1, ".") && i + 2 < end;
    NameUse use{std::nullopt, qualified ? i + 3 : i + 1};
    if (qualified && is(i + 3, ".")) // schema.table.column
        use.end = std::min(i + 5, end);
    const std::string qualifier = qualified ? unquoted(tokens_[use.end - 3].text) : "";
    const std::string name = lower_case(unquoted(tokens_[use.end - 1].text));
    std::size_t meant = 0;
    for (std::size_t source = 0; source < block_.sources.size(); ++source) {
        if (qualified && !equal_ignoring_case(block_.sources[source].name, qualifier))
            continue;
        const TableInfo *owner = table(source);
        if (owner == nullptr && !qualified)
            return use; // it may be a column of what we don't know
        const bool rowid = owner != nullptr && name == "rowid" && owner->has_rowids();
        if (owner != nullptr && owner->find_column(name) == nullptr && !rowid)
            continue;
        ++meant;
        use.column = SourceColumn{
            source, rowid && !owner->rowid_column.empty() ? lower_case(owner->rowid_column) : name};
    }
    if (meant != 1) // of USING, of an outer query, or an alias
        use.column.reset();
    return use;
}

std::optional<SourceColumn> BlockColumns::column(TokenRange range) const {
    range = without_brackets(tokens_, range);
    const auto use = name_at(range.begin, range.end);
    return use && use->end == range.end ? use->column : std::nullopt;
}

bool BlockColumns::constant(TokenRange range) const {
    range = without_brackets(tokens_, range);
    if (!range.empty() && is_any(tokens_[range.begin], {"-", "+"}))
        ++range.begin;
    return range.begin + 1 == range.end &&
           (tokens_[range.begin].literal() || tokens_[range.begin].kind == TokenKind::variable);
}

void BlockColumns::add_terms(TokenRange range, std::optional<std::size_t> on) {
    range = without_brackets(tokens_, range);
    if (range.empty())
        return;
    const auto parts = split_range(tokens_, range, "and");
    if (parts.size() > 1 && split_range(tokens_, range, "or").size() == 1) {
        for (const TokenRange part : parts)
            add_terms(part, on);
        return;
    }
    terms_.push_back({range, on});
    add_equality(terms_.back());
}

void BlockColumns::add_equality(const Term &term) {
    const std::string_view sign = range_has(tokens_, term.range, "==") ? "==" : "=";
    const auto sides = split_range(tokens_, term.range, sign);
    if (sides.size() != 2)
        return;
    const auto left = column(sides[0]);
    const auto right = column(sides[1]);
    Equality equality;
    if (term.on && block_.sources[*term.on].join == JoinKind::left)
        equality.left_joined = term.on;
    if (left && (right || constant(sides[1])))
        equality = {*left, right, equality.left_joined};
    else if (right && constant(sides[0]))
        equality = {*right, std::nullopt, equality.left_joined};
    else
        return;
    equalities_.push_back(std::move(equality));
}

// USING, and NATURAL for the columns of the same names.
void BlockColumns::add_shared() {
    for (std::size_t source = 1; source < block_.sources.size(); ++source) {
        const BlockSource &joined = block_.sources[source];
        std::vector<std::string> names = joined.shared;
        if (joined.natural && table(source) != nullptr)
            for (const ColumnInfo &column : table(source)->columns)
                names.push_back(column.name);
        for (const std::string &name : names)
            for (std::size_t other = 0; other < source; ++other) {
                if (table(other) != nullptr && table(other)->find_column(name) == nullptr)
                    continue;
                Equality equality{
                    {other, lower_case(name)}, SourceColumn{source, lower_case(name)}, std::nullopt};
                if (joined.join == JoinKind::left)
                    equality.left_joined = source;
                equalities_.push_back(std::move(equality));
            }
    }
}

std::vector<std::set<std::string>> BlockColumns::keys(std::size_t source, bool nullable) const {
    std::vector<std::set<std::string>> result;
    const TableInfo *owner = table(source);
    if (owner == nullptr)
        return result;
    if (owner->has_rowids())
        result.push_back({owner->rowid_column.empty() ? "rowid" : lower_case(owner->rowid_column)});
    if (nullable || owner->kind == TableKind::without_rowid) {
        std::set<std::string> primary;
        for (const ColumnInfo &column : owner->columns)
            if (column.primary_key > 0)
                primary.insert(lower_case(column.name));
        if (!primary.empty())
            result.push_back(std::move(primary));
    }
    if (nullable)
        for (const core::ExistingIndex &index : owner->indexes) {
            if (!index.definition.unique || !index.definition.predicate.empty())
                continue;
            std::set<std::string> columns;
            for (const core::IndexKey &key : index.definition.keys)
                columns.insert(plain_key(key));
            result.push_back(std::move(columns));
        }
    return result;
}

std::set<std::size_t> BlockColumns::determined(std::set<SourceColumn> &columns, bool nullable) const {
    std::set<std::size_t> sources;
    const auto known = [&](const SourceColumn &column) {
        return columns.contains(column) || sources.contains(column.source);
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (const Equality &equality : equalities_) {
            const auto learn = [&](const SourceColumn &column) {
                if (equality.left_joined && *equality.left_joined != column.source)
                    return;
                changed = columns.insert(column).second || changed;
            };
            if (!equality.right || known(*equality.right))
                learn(equality.left);
            if (equality.right && known(equality.left))
                learn(*equality.right);
        }
        for (std::size_t source = 0; source < block_.sources.size(); ++source) {
            if (sources.contains(source))
                continue;
            const auto all_keys = keys(source, nullable);
            if (std::any_of(all_keys.begin(), all_keys.end(), [&](const std::set<std::string> &key) {
                    return std::all_of(key.begin(), key.end(), [&](const std::string &column) {
                        return columns.contains({source, column});
                    });
                }))
                changed = sources.insert(source).second || changed;
        }
    }
    return sources;
}

// The order of the tests is SQLite's.
Affinity affinity_of(const ColumnInfo &column) {
    const std::string type = lower_case(column.declared_type);
    const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
    if (has("int"))
        return Affinity::number;
    if (has("char") || has("clob") || has("text"))
        return Affinity::text;
    return type.empty() || has("blob") || type == "any" ? Affinity::none : Affinity::number;
}

} // namespace advisor::sqlite
