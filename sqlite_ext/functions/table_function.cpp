#include "sqlite_ext/functions/table_function.h"

#include "sqlite_ext/boundary.h"

#include <memory>

namespace advisor::sqlite {

namespace {

// What a module's pAux points to; lives as long as the module is registered.
struct Binding {
    const TableFunction *definition;
    Host *host;
};

struct Table : sqlite3_vtab {
    Binding binding{};
    Table() : sqlite3_vtab{} {}
};

struct Cursor : sqlite3_vtab_cursor {
    std::vector<Row> rows;
    std::size_t position = 0;
    Cursor() : sqlite3_vtab_cursor{} {}
};

int on_connect(sqlite3 *connection, void *context, int, const char *const *, sqlite3_vtab **result,
               char **message) noexcept {
    return contained(
        [&] {
            const auto &binding = *static_cast<Binding *>(context);
            const std::string declaration =
                std::string("CREATE TABLE x(") + binding.definition->columns + ")";
            if (const int code = sqlite3_declare_vtab(connection, declaration.c_str()); code != SQLITE_OK)
                throw Failure(code, sqlite3_errmsg(connection));
            sqlite3_vtab_config(connection, SQLITE_VTAB_DIRECTONLY);
            auto table = std::make_unique<Table>();
            table->binding = binding;
            *result = table.release();
        },
        [&](const char *text) { *message = sqlite3_mprintf("%s", text); });
}

int on_disconnect(sqlite3_vtab *table) noexcept {
    const std::unique_ptr<Table> owner(static_cast<Table *>(table));
    return SQLITE_OK;
}

int prepare_rows(sqlite3_vtab *table) noexcept {
    return contained_method(table, [&] {
        const Binding &binding = static_cast<Table *>(table)->binding;
        const Host::OwnWork own_work(*binding.host);
        binding.host->catch_up();
        binding.definition->prepare(*binding.host);
    });
}

// Each argument that is given becomes an argument of on_filter, in order; the bits of idxNum say which.
int on_best_index(sqlite3_vtab *table, sqlite3_index_info *info) noexcept {
    const TableFunction &definition = *static_cast<Table *>(table)->binding.definition;
    int given = 0;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto &constraint = info->aConstraint[i];
        const int argument = constraint.iColumn - definition.visible;
        if (argument < 0 || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ || ((given >> argument) & 1) != 0)
            continue;
        if (constraint.usable == 0)
            return SQLITE_CONSTRAINT;
        given |= 1 << argument;
        info->aConstraintUsage[i].argvIndex = argument + 1;
        info->aConstraintUsage[i].omit = 1;
    }
    for (int argument = 0; argument < definition.required; ++argument)
        if ((given & (1 << argument)) == 0) {
            sqlite3_free(table->zErrMsg);
            table->zErrMsg = sqlite3_mprintf("%s needs %d argument(s)", definition.name, definition.required);
            return SQLITE_ERROR;
        }
    // SQLite wants argvIndex without gaps: count them again in the order of the arguments.
    for (int i = 0; i < info->nConstraint; ++i) {
        int &position = info->aConstraintUsage[i].argvIndex;
        if (position == 0)
            continue;
        int before = 0;
        for (int argument = 0; argument + 1 < position; ++argument)
            before += (given >> argument) & 1;
        position = before + 1;
    }
    info->idxNum = given;
    info->estimatedCost = 1000;
    info->estimatedRows = 100;
    return definition.prepare == nullptr ? SQLITE_OK : prepare_rows(table);
}

int on_open(sqlite3_vtab *table, sqlite3_vtab_cursor **result) noexcept {
    return contained_method(table, [&] { *result = std::make_unique<Cursor>().release(); });
}

int on_close(sqlite3_vtab_cursor *cursor) noexcept {
    const std::unique_ptr<Cursor> owner(static_cast<Cursor *>(cursor));
    return SQLITE_OK;
}

int on_filter(sqlite3_vtab_cursor *base, int given, const char *, int count,
              sqlite3_value **values) noexcept {
    return contained_method(base->pVtab, [&] {
        auto &cursor = *static_cast<Cursor *>(base);
        const Binding &binding = static_cast<Table *>(base->pVtab)->binding;
        std::vector<Cell> arguments(8);
        int next = 0;
        for (std::size_t argument = 0; argument < arguments.size() && next < count; ++argument)
            if ((given >> argument) & 1)
                arguments[argument] = cell_of(values[next++]);
        binding.host->check_trace();
        const Host::OwnWork own_work(*binding.host);
        cursor.position = 0;
        cursor.rows.clear();
        cursor.rows = binding.definition->rows(*binding.host, arguments);
    });
}

int on_next(sqlite3_vtab_cursor *cursor) noexcept {
    ++static_cast<Cursor *>(cursor)->position;
    return SQLITE_OK;
}

int on_eof(sqlite3_vtab_cursor *base) noexcept {
    const auto &cursor = *static_cast<Cursor *>(base);
    return cursor.position >= cursor.rows.size() ? 1 : 0;
}

struct CellWriter {
    sqlite3_context *context;
    void operator()(std::monostate) const { sqlite3_result_null(context); }
    void operator()(std::int64_t value) const { sqlite3_result_int64(context, value); }
    void operator()(double value) const { sqlite3_result_double(context, value); }
    void operator()(const std::string &value) const {
        sqlite3_result_text64(context, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
};

int on_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) noexcept {
    const auto &cursor = *static_cast<Cursor *>(base);
    const Row &row = cursor.rows[cursor.position];
    if (static_cast<std::size_t>(column) < row.size())
        std::visit(CellWriter{context}, row[static_cast<std::size_t>(column)]);
    return SQLITE_OK;
}

int on_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) noexcept {
    *rowid = static_cast<sqlite3_int64>(static_cast<Cursor *>(cursor)->position) + 1;
    return SQLITE_OK;
}

constexpr sqlite3_module make_module() {
    sqlite3_module module{};
    module.xConnect = on_connect;
    module.xBestIndex = on_best_index;
    module.xDisconnect = on_disconnect;
    module.xDestroy = on_disconnect;
    module.xOpen = on_open;
    module.xClose = on_close;
    module.xFilter = on_filter;
    module.xNext = on_next;
    module.xEof = on_eof;
    module.xColumn = on_column;
    module.xRowid = on_rowid;
    return module;
}

constexpr sqlite3_module table_function_module = make_module();

} // namespace

int register_table_function(sqlite3 *connection, const TableFunction &definition, Host &host) {
    auto binding = std::make_unique<Binding>(Binding{&definition, &host});
    return sqlite3_create_module_v2(
        connection, definition.name, &table_function_module, binding.release(),
        [](void *context) { const std::unique_ptr<Binding> owner(static_cast<Binding *>(context)); });
}

Cell cell_of(sqlite3_value *value) {
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_value_int64(value)};
    case SQLITE_FLOAT: return sqlite3_value_double(value);
    case SQLITE_NULL: return {};
    default: break;
    }
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    if (text == nullptr)
        throw std::bad_alloc();
    return std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

Cell text_or_null(const std::string &text) {
    if (text.empty())
        return {};
    return text;
}

std::optional<std::int64_t> integer_argument(const Cell &cell, const char *name) {
    if (std::holds_alternative<std::monostate>(cell))
        return std::nullopt;
    if (const auto *value = std::get_if<std::int64_t>(&cell))
        return *value;
    throw core::Error(core::ErrorCode::invalid_input,
                      std::string("argument \"") + name + "\" must be an integer");
}

std::string text_argument(const Cell &cell, const char *name) {
    if (const auto *value = std::get_if<std::string>(&cell))
        return *value;
    throw core::Error(core::ErrorCode::invalid_input,
                      std::string("argument \"") + name + "\" must be a text");
}

} // namespace advisor::sqlite
