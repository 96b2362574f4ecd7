// The border to SQLite: one try per callback, because no exception of ours may reach SQLite's C frames.
#pragma once
#include "sqlite_ext/api.h"
#include "sqlite_ext/handles.h"

#include "core/error.h"

#include <exception>
#include <new>
#include <string>

namespace advisor::sqlite {

// Runs the body and gives SQLite a result code; report(code, message) tells what went wrong.
template <class Body, class Report>
int contained(Body &&body, Report &&report) noexcept {
    try {
        body();
        return SQLITE_OK;
    } catch (const std::bad_alloc &) {
        return SQLITE_NOMEM;
    } catch (const Failure &failure) {
        report(failure.what());
        return failure.code() == SQLITE_OK ? SQLITE_ERROR : failure.code();
    } catch (const core::Error &error) {
        try {
            const std::string message(error.what());
            report((error.hint().empty() ? message : message + "\nHINT: " + error.hint()).c_str());
        } catch (...) {
            report(error.what());
        }
        return SQLITE_ERROR;
    } catch (const std::exception &error) {
        report(error.what());
        return SQLITE_ERROR;
    } catch (...) {
        report("an exception of unknown type was thrown");
        return SQLITE_ERROR;
    }
}

// An SQL function: Body(context, count, values).
template <void (*Body)(sqlite3_context *, int, sqlite3_value **)>
void contained_function(sqlite3_context *context, int count, sqlite3_value **values) noexcept {
    const int code = contained([&] { Body(context, count, values); },
                               [&](const char *message) { sqlite3_result_error(context, message, -1); });
    if (code == SQLITE_NOMEM)
        sqlite3_result_error_nomem(context);
    else if (code != SQLITE_OK)
        sqlite3_result_error_code(context, code);
}

// A method of a virtual table: the message goes where SQLite looks for it.
template <class Body>
int contained_method(sqlite3_vtab *table, Body &&body) noexcept {
    return contained(body, [&](const char *message) {
        sqlite3_free(table->zErrMsg);
        table->zErrMsg = sqlite3_mprintf("%s", message);
    });
}

} // namespace advisor::sqlite
