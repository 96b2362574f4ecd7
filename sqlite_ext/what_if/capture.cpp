#include "sqlite_ext/what_if/capture.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/boundary.h"
#include "sqlite_ext/text/tokens.h"

#include <algorithm>

namespace advisor::sqlite {

using core::Comparison;
using core::Predicate;

struct Capture::Module {
    struct Table : sqlite3_vtab {
        Capture *capture = nullptr;
        std::size_t position = 0;
        Table() : sqlite3_vtab{} {}
    };

    static int on_connect(sqlite3 *connection, void *context, int count, const char *const *arguments,
                          sqlite3_vtab **result, char **message) noexcept;
    static int on_disconnect(sqlite3_vtab *table) noexcept {
        const std::unique_ptr<Table> owner(static_cast<Table *>(table));
        return SQLITE_OK;
    }
    static int on_best_index(sqlite3_vtab *base, sqlite3_index_info *info) noexcept;
    static int on_open(sqlite3_vtab *, sqlite3_vtab_cursor **) noexcept { return SQLITE_ERROR; }

    static constexpr sqlite3_module methods() {
        sqlite3_module module{};
        module.xCreate = on_connect;
        module.xConnect = on_connect;
        module.xBestIndex = on_best_index;
        module.xDisconnect = on_disconnect;
        module.xDestroy = on_disconnect;
        module.xOpen = on_open; // statements are only prepared
        return module;
    }
};

namespace {

// The value as a literal; what has no short one is no constant worth an index of its own.
std::string literal_of(sqlite3_value *value) {
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return std::to_string(sqlite3_value_int64(value));
    case SQLITE_TEXT: {
        const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
        return text == nullptr || sqlite3_value_bytes(value) > 200 ? std::string() : string_literal(text);
    }
    default: return {};
    }
}

bool is_range(int operation) {
    return operation == SQLITE_INDEX_CONSTRAINT_GT || operation == SQLITE_INDEX_CONSTRAINT_GE ||
           operation == SQLITE_INDEX_CONSTRAINT_LT || operation == SQLITE_INDEX_CONSTRAINT_LE;
}

bool is_equality(int operation) {
    return operation == SQLITE_INDEX_CONSTRAINT_EQ || operation == SQLITE_INDEX_CONSTRAINT_IS ||
           operation == SQLITE_INDEX_CONSTRAINT_ISNULL;
}

const char *operator_text(int operation) {
    switch (operation) {
    case SQLITE_INDEX_CONSTRAINT_EQ: return " = ";
    case SQLITE_INDEX_CONSTRAINT_NE: return " <> ";
    case SQLITE_INDEX_CONSTRAINT_IS: return " IS ";
    default: return nullptr;
    }
}

// Where a pattern starts with a wildcard no index can be searched.
bool has_prefix(const std::string &literal, bool glob) {
    if (literal.size() < 3)
        return literal.empty(); // a parameter: its value is not known here
    const char first = literal[1];
    return glob ? first != '*' && first != '?' && first != '[' : first != '%' && first != '_';
}

// INDEXED BY and NOT INDEXED say how to search, not what for, and a virtual table has no such index.
std::string without_hints(const std::string &sql) {
    const std::vector<Token> tokens = tokenize(sql);
    std::string result = sql;
    for (std::size_t i = tokens.size(); i-- > 0;) {
        if (!tokens[i].is("indexed"))
            continue;
        const bool by = i + 2 < tokens.size() && tokens[i + 1].is("by");
        const bool no = i > 0 && tokens[i - 1].is("not");
        if (!by && !no)
            continue;
        const Token &first = no ? tokens[i - 1] : tokens[i];
        const Token &last = by ? tokens[i + 2] : tokens[i];
        const auto start = static_cast<std::size_t>(first.text.data() - sql.data());
        const auto end = static_cast<std::size_t>(last.text.data() - sql.data()) + last.text.size();
        result.erase(start, end - start);
    }
    return result;
}

} // namespace

Capture::Capture(const Schema &schema) : schema_(schema), module_{} {
    static constexpr sqlite3_module methods = Module::methods();
    module_ = {"advisor_capture", &methods, this};
    clone_ = std::make_unique<Clone>(schema, &module_);
}

std::vector<core::TableAccess> Capture::accesses(const std::string &sql,
                                                 const std::vector<std::string> &varying) {
    scans_.clear();
    clone_->prepare(without_hints(sql));
    std::vector<core::TableAccess> result;
    for (const Scan &scan : scans_)
        result.push_back(access_of(scan, varying));
    return result;
}

int Capture::Module::on_connect(sqlite3 *connection, void *context, int, const char *const *arguments,
                                sqlite3_vtab **result, char **message) noexcept {
    return contained(
        [&] {
            auto &capture = *static_cast<Capture *>(context);
            auto table = std::make_unique<Table>();
            table->capture = &capture;
            std::string columns;
            for (const TableInfo &candidate : capture.schema_.tables) {
                if (candidate.schema != arguments[1] || candidate.name != arguments[2])
                    continue;
                table->position = static_cast<std::size_t>(&candidate - capture.schema_.tables.data());
                for (const ColumnInfo &column : candidate.columns)
                    columns += (columns.empty() ? "" : ", ") + quoted(column.name) + " " +
                               (column.declared_type.empty() ? "" : quoted(column.declared_type)) +
                               " COLLATE " + quoted(column.collation);
            }
            const std::string declaration = "CREATE TABLE x(" + columns + ")";
            if (const int code = sqlite3_declare_vtab(connection, declaration.c_str()); code != SQLITE_OK)
                throw Failure(code, sqlite3_errmsg(connection));
            *result = table.release();
        },
        [&](const char *text) { *message = sqlite3_mprintf("%s", text); });
}

// Uses every condition that it is offered, so that SQLite comes back without those that depend on other
// tables: that is how joins are told from filters.
int Capture::Module::on_best_index(sqlite3_vtab *base, sqlite3_index_info *info) noexcept {
    return contained_method(base, [&] {
        const auto &table = *static_cast<Table *>(base);
        Scan scan;
        scan.table = table.position;
        scan.columns_used = info->colUsed;
        int argument = 0;
        for (int i = 0; i < info->nConstraint; ++i) {
            const auto &constraint = info->aConstraint[i];
            if (constraint.op == SQLITE_INDEX_CONSTRAINT_LIMIT ||
                constraint.op == SQLITE_INDEX_CONSTRAINT_OFFSET) {
                scan.limit = true;
                continue;
            }
            Term term{constraint.iColumn,    constraint.op, constraint.iTermOffset, {}, {}, false,
                      constraint.usable == 0};
            if (const char *collation = sqlite3_vtab_collation(info, i))
                term.collation = collation;
            sqlite3_value *value = nullptr;
            if (sqlite3_vtab_rhs_value(info, i, &value) == SQLITE_OK && value != nullptr)
                term.literal = literal_of(value);
            if (constraint.usable != 0) {
                term.in_list = sqlite3_vtab_in(info, i, -1) != 0;
                info->aConstraintUsage[i].argvIndex = ++argument;
            }
            scan.terms.push_back(std::move(term));
        }
        for (int i = 0; i < info->nOrderBy; ++i)
            scan.order.emplace_back(info->aOrderBy[i].iColumn, info->aOrderBy[i].desc != 0);
        const int distinct = sqlite3_vtab_distinct(info);
        scan.grouped = distinct == 1 || distinct == 2;
        info->estimatedCost = argument > 0 ? 1000.0 / argument : 1e6;
        info->estimatedRows = argument > 0 ? 100 : 1000000;
        table.capture->add(std::move(scan));
    });
}

// SQLite asks several times about one scan, with fewer usable conditions each time.
void Capture::add(Scan scan) {
    for (Scan &known : scans_) {
        if (known.table != scan.table || known.order != scan.order ||
            known.columns_used != scan.columns_used || known.terms.size() != scan.terms.size())
            continue;
        const bool same = std::equal(
            known.terms.begin(), known.terms.end(), scan.terms.begin(), [](const Term &a, const Term &b) {
                return a.column == b.column && a.operation == b.operation && a.offset == b.offset;
            });
        if (!same)
            continue;
        for (std::size_t i = 0; i < known.terms.size(); ++i) {
            known.terms[i].join = known.terms[i].join || scan.terms[i].join;
            known.terms[i].in_list = known.terms[i].in_list || scan.terms[i].in_list;
        }
        return;
    }
    scans_.push_back(std::move(scan));
}

core::TableAccess Capture::access_of(const Scan &scan, const std::vector<std::string> &varying) const {
    const TableInfo &table = schema_.tables[scan.table];
    core::TableAccess access;
    access.table = scan.table;
    access.limit = scan.limit;
    for (const Term &term : scan.terms)
        if (auto predicate = predicate_of(term, table, varying))
            access.predicates.push_back(std::move(*predicate));
    for (const auto &[column, descending] : scan.order) {
        if (column < 0 || table.columns[static_cast<std::size_t>(column)].name == table.rowid_column)
            break; // every index ends with the rowid
        core::SortKey key;
        key.key = core::quote_identifier(table.columns[static_cast<std::size_t>(column)].name);
        key.descending = descending;
        key.nulls_first = descending;
        (scan.grouped ? access.group : access.order).push_back(std::move(key));
    }
    const bool exact = table.columns.size() < 64 || (scan.columns_used >> 63) == 0;
    for (std::size_t i = 0; exact && i < table.columns.size() && i < 63; ++i)
        if (((scan.columns_used >> i) & 1) != 0 && table.columns[i].name != table.rowid_column)
            access.columns_read.push_back(core::quote_identifier(table.columns[i].name));
    return access;
}

std::optional<Predicate> Capture::predicate_of(const Term &term, const TableInfo &table,
                                               const std::vector<std::string> &varying) const {
    if (term.column < 0 || static_cast<std::size_t>(term.column) >= table.columns.size())
        return std::nullopt;
    const ColumnInfo &column = table.columns[static_cast<std::size_t>(term.column)];
    if (column.name == table.rowid_column)
        return std::nullopt; // the table itself is that index
    Predicate predicate;
    predicate.key = core::quote_identifier(column.name);
    predicate.join = term.join;
    const bool differs = !term.collation.empty() && !equal_ignoring_case(term.collation, column.collation);
    if (differs)
        predicate.collation = core::quote_identifier(term.collation);
    const bool constant = !term.literal.empty() && !differs &&
                          std::find(varying.begin(), varying.end(), term.literal) == varying.end();
    if (const char *text = operator_text(term.operation); text != nullptr && constant && !term.in_list)
        predicate.constant_text = predicate.key + text + term.literal;
    const bool glob = term.operation == SQLITE_INDEX_CONSTRAINT_GLOB;
    if (term.operation == SQLITE_INDEX_CONSTRAINT_ISNULL) {
        predicate.constant_text = predicate.key + " IS NULL";
    } else if (term.operation == SQLITE_INDEX_CONSTRAINT_ISNOTNULL) {
        predicate.constant_text = predicate.key + " IS NOT NULL";
        predicate.comparison = Comparison::other;
    } else if (term.operation == SQLITE_INDEX_CONSTRAINT_NE) {
        predicate.comparison = Comparison::other;
    } else if (is_range(term.operation)) {
        predicate.comparison = Comparison::range;
    } else if (glob || term.operation == SQLITE_INDEX_CONSTRAINT_LIKE) {
        if (!has_prefix(term.literal, glob))
            return std::nullopt;
        // LIKE ignores case and needs an index that does, GLOB the opposite.
        const std::string needed = glob ? "BINARY" : "NOCASE";
        predicate.collation = equal_ignoring_case(column.collation, needed) ? "" : needed;
        predicate.comparison = Comparison::prefix;
    } else if (!is_equality(term.operation)) {
        return std::nullopt;
    }
    if (term.in_list)
        predicate.comparison = Comparison::any_of;
    return predicate;
}

} // namespace advisor::sqlite
