// The only file with sigsetjmp, catch (...) and ereport(ERROR).
#include "pg_ext/boundary.h"

#include "core/error.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

namespace advisor::pg::detail {
namespace {

class HandlerScope {
public:
    HandlerScope() noexcept = default;
    HandlerScope(const HandlerScope &) = delete;
    HandlerScope &operator=(const HandlerScope &) = delete;
    ~HandlerScope() {
        PG_exception_stack = handler_;
        error_context_stack = context_;
    }

    // Raising an error zeroes the hold-off counters and switches to ErrorContext. Put both back, so that
    // the destructors that run next find the world they were built in.
    void after_error() const noexcept {
        CurrentMemoryContext = memory_;
        InterruptHoldoffCount = holdoff_;
        QueryCancelHoldoffCount = cancel_holdoff_;
    }

private:
    sigjmp_buf *handler_ = PG_exception_stack;
    ErrorContextCallback *context_ = error_context_stack;
    MemoryContext memory_ = CurrentMemoryContext;
    uint32 holdoff_ = InterruptHoldoffCount;
    uint32 cancel_holdoff_ = QueryCancelHoldoffCount;
};

// Cuts at a character border; allocates nothing, so it cannot raise.
void copy_clipped(char *target, std::size_t size, const char *source) noexcept {
    const auto length = static_cast<int>(std::min(std::strlen(source), size * MAX_MULTIBYTE_CHAR_LEN));
    const auto kept = static_cast<std::size_t>(pg_mbcliplen(source, length, static_cast<int>(size) - 1));
    std::memcpy(target, source, kept);
    target[kept] = '\0';
}

void fill(Failure &failure, int sqlstate, const char *message, const char *hint = "") noexcept {
    failure.kind = Failure::Kind::cpp_error;
    failure.sqlstate = sqlstate;
    copy_clipped(failure.message, sizeof failure.message, message);
    copy_clipped(failure.hint, sizeof failure.hint, hint);
}

int sqlstate_of(core::ErrorCode code) noexcept {
    switch (code) {
    case core::ErrorCode::invalid_input: return ERRCODE_INVALID_PARAMETER_VALUE;
    case core::ErrorCode::limit_exceeded: return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
    case core::ErrorCode::internal: break;
    }
    return ERRCODE_INTERNAL_ERROR;
}

} // namespace

void run_protected(Thunk thunk, void *body) {
    const HandlerScope scope;
    sigjmp_buf here;
    if (sigsetjmp(here, 0) == 0) {
        PG_exception_stack = &here;
        thunk(body);
        return;
    }
    scope.after_error();
    throw ServerErrorPending{};
}

void run_contained(Thunk thunk, void *body, Failure &failure) noexcept {
    const HandlerScope scope;
    failure.kind = Failure::Kind::none;
    try {
        thunk(body);
        return;
    } catch (const ServerErrorPending &) {
        failure.kind = Failure::Kind::server_error;
    } catch (const core::Error &error) {
        fill(failure, sqlstate_of(error.code()), error.what(), error.hint().c_str());
    } catch (const std::bad_alloc &) {
        fill(failure, ERRCODE_OUT_OF_MEMORY, "out of memory");
    } catch (const std::length_error &) {
        fill(failure, ERRCODE_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception &error) {
        fill(failure, ERRCODE_INTERNAL_ERROR, error.what());
    } catch (...) {
        fill(failure, ERRCODE_INTERNAL_ERROR, "an exception of unknown type was thrown");
    }
    scope.after_error();
}

// Called with every exception object destroyed and no C++ object alive in the caller.
void raise(const Failure &failure) {
    if (failure.kind == Failure::Kind::server_error) {
        InterruptHoldoffCount = 0; // what errfinish() had done before we borrowed the error
        QueryCancelHoldoffCount = 0;
        PG_RE_THROW();
    }
    ereport(ERROR, errcode(failure.sqlstate), errmsg_internal("%s", failure.message),
            failure.hint[0] ? errhint("%s", failure.hint) : 0);
    pg_unreachable();
}

std::optional<ServerError> run_in_subtransaction(Thunk thunk, void *body, Keep keep) {
    MemoryContext memory = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    const auto leave = [&](void (*finish)()) {
        finish();
        MemoryContextSwitchTo(memory);
        CurrentResourceOwner = owner;
    };

    pg_call([&] {
        BeginInternalSubTransaction(nullptr);
        MemoryContextSwitchTo(memory);
    });
    try {
        run_protected(thunk, body);
        pg_call([&] {
            leave(keep == Keep::yes ? ReleaseCurrentSubTransaction : RollbackAndReleaseCurrentSubTransaction);
        });
        return std::nullopt;
    } catch (const ServerErrorPending &) {
    } catch (...) {
        pg_call([&] { leave(RollbackAndReleaseCurrentSubTransaction); });
        throw;
    }

    // In a context of its own: FreeErrorData() leaves parts of a copy behind (seen on 15.20).
    ErrorData *error = pg_call([&] {
        MemoryContextSwitchTo(AllocSetContextCreate(memory, "db_advisor caught error", ALLOCSET_SMALL_SIZES));
        ErrorData *copy = CopyErrorData();
        FlushErrorState();
        leave(RollbackAndReleaseCurrentSubTransaction);
        return copy;
    });
    if (error->sqlerrcode == ERRCODE_QUERY_CANCELED && !cancel_is_ours)
        pg_call([&] { ReThrowError(error); });
    ServerError result{error->sqlerrcode, error->message ? error->message : "",
                       error->detail ? error->detail : "", error->hint ? error->hint : ""};
    pg_call([&] { MemoryContextDelete(error->assoc_context); });
    return result;
}

} // namespace advisor::pg::detail

namespace advisor::pg {

volatile std::sig_atomic_t cancel_is_ours = false;

int pending_error_code() noexcept {
    try {
        return pg_call([] { return geterrcode(); });
    } catch (const ServerErrorPending &) { // it complains where there is no error: drop the complaint
        FlushErrorState();
        return 0;
    }
}

void refuse(int sqlstate, const char *message, const char *hint) {
    ereport(ERROR, errcode(sqlstate), errmsg_internal("%s", message), hint[0] ? errhint("%s", hint) : 0);
    pg_unreachable();
}

void refuse_named(int sqlstate, const char *message, const char *name, const char *hint) {
    ereport(ERROR, errcode(sqlstate), errmsg_internal(message, name), hint[0] ? errhint("%s", hint) : 0);
    pg_unreachable();
}

void rethrow(const ServerError &error) {
    const char *message = error.message.c_str();
    const char *detail = error.detail.c_str();
    const char *hint = error.hint.c_str();
    const int sqlstate = error.sqlstate;
    pg_call([=] {
        ereport(ERROR, errcode(sqlstate), errmsg_internal("%s", message),
                detail[0] ? errdetail_internal("%s", detail) : 0, hint[0] ? errhint("%s", hint) : 0);
    });
    pg_unreachable();
}

} // namespace advisor::pg
