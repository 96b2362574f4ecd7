// The border between the server's longjmp world and ours.
//
//   server -> C++   cpp_entry(f)    no C++ exception leaves
//   server -> C++   cpp_observe(f)  the same, and our own failure is only counted
//   C++ -> server   pg_call(f)      no longjmp passes a C++ frame
//   C++ -> server   pg_try(f)       the same in a subtransaction; gives the error back as a value
#pragma once
#include "pg_ext/pg.h"

#include <concepts>
#include <csignal>
#include <optional>
#include <string>
#include <type_traits>

namespace advisor::pg {

// Thrown while a server error waits on the server's own error stack. It carries nothing: SQLSTATE, detail,
// hint and context stay where the server put them. Not a std::exception, so that a handler for ordinary
// failures cannot swallow it.
struct ServerErrorPending {};

struct ServerError {
    int sqlstate;
    std::string message;
    std::string detail;
    std::string hint;
};

namespace detail {

using Thunk = void (*)(void *);

// A C++ failure after its exception object is gone. Plain data: a longjmp may leave it behind.
struct Failure {
    enum class Kind { none, server_error, cpp_error } kind;
    int sqlstate;
    char message[1024];
    char hint[512];
};

void run_protected(Thunk thunk, void *body);                            // longjmp -> throw
void run_contained(Thunk thunk, void *body, Failure &failure) noexcept; // throw -> Failure
enum class Keep { yes, no }; // what becomes of the subtransaction when the body succeeds
std::optional<ServerError> run_in_subtransaction(Thunk thunk, void *body, Keep keep);
[[noreturn]] void raise(const Failure &failure); // Failure -> longjmp

template <class Body>
void invoke(void *body) {
    (*static_cast<Body *>(body))();
}

// Gives a body with a result the shape of one without.
template <class Body, class Run>
auto collect(Body &body, Run run) -> std::invoke_result_t<Body &> {
    using Result = std::invoke_result_t<Body &>;
    static_assert(std::is_trivially_destructible_v<Body>, "capture references and plain values only");
    if constexpr (std::is_void_v<Result>) {
        run(invoke<Body>, &body);
    } else {
        static_assert(std::is_trivially_copyable_v<Result>, "return plain data only");
        Result result{};
        auto store = [&] { result = body(); };
        run(invoke<decltype(store)>, &store);
        return result;
    }
}

} // namespace detail

// The body may hold plain data only: an error in it jumps over its frame.
template <std::invocable Body>
auto pg_call(Body body) {
    return detail::collect(body, detail::run_protected);
}

// While true, a cancel under way is our own (see time_limit.h): pg_try catches it. The user's goes on.
extern volatile std::sig_atomic_t cancel_is_ours;

template <std::invocable Body>
std::optional<ServerError> pg_try(Body body) {
    static_assert(std::is_trivially_destructible_v<Body>);
    return detail::run_in_subtransaction(detail::invoke<Body>, &body, detail::Keep::yes);
}

// The same, and rolled back on success too: locks, settings and role changes of the body end with it. Memory
// that it took in the caller's context stays.
template <std::invocable Body>
std::optional<ServerError> pg_try_and_roll_back(Body body) {
    static_assert(std::is_trivially_destructible_v<Body>);
    return detail::run_in_subtransaction(detail::invoke<Body>, &body, detail::Keep::no);
}

// For plain frames inside pg_call: raises a server error. The message may hold one "%s" for the name.
[[noreturn]] void refuse(int sqlstate, const char *message, const char *hint = "");
[[noreturn]] void refuse_named(int sqlstate, const char *message, const char *name, const char *hint = "");

// Raises a caught server error again, as an error of the same SQLSTATE.
[[noreturn]] void rethrow(const ServerError &error);

template <std::invocable Body>
auto cpp_entry(Body body) {
    return detail::collect(body, [](detail::Thunk thunk, void *argument) {
        detail::Failure failure;
        detail::run_contained(thunk, argument, failure);
        if (failure.kind != detail::Failure::Kind::none)
            detail::raise(failure);
    });
}

template <std::invocable Body>
void cpp_observe(Body body, unsigned &failures) {
    detail::Failure failure;
    detail::run_contained(detail::invoke<Body>, &body, failure);
    if (failure.kind == detail::Failure::Kind::server_error)
        detail::raise(failure); // a cancel must not be lost
    if (failure.kind == detail::Failure::Kind::cpp_error)
        ++failures;
}

// SQLSTATE of the error that the server is dealing with at the moment, for callbacks at abort; 0 when there
// is none.
int pending_error_code() noexcept;

// Handed to the core as its way of being stopped.
inline void poll_interrupts() {
    if (INTERRUPTS_PENDING_CONDITION()) [[unlikely]]
        pg_call([] { ProcessInterrupts(); });
}

} // namespace advisor::pg

#define ADVISOR_EXPORT __attribute__((visibility("default")))

#define ADVISOR_SQL_FUNCTION(name)                                                                           \
    static Datum name##_body(FunctionCallInfo fcinfo);                                                       \
    extern "C" {                                                                                             \
    ADVISOR_EXPORT Datum name(PG_FUNCTION_ARGS);                                                             \
    ADVISOR_EXPORT const Pg_finfo_record *pg_finfo_##name(void);                                             \
    PG_FUNCTION_INFO_V1(name);                                                                               \
    Datum name(PG_FUNCTION_ARGS) {                                                                           \
        return advisor::pg::cpp_entry([=] { return name##_body(fcinfo); });                                  \
    }                                                                                                        \
    }                                                                                                        \
    static Datum name##_body([[maybe_unused]] FunctionCallInfo fcinfo)
