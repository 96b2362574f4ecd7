// SQL functions that fail in every way there is, to show that the border translates each and leaks nothing.
#include "core/error.h"
#include "pg_ext/boundary.h"

#include <new>
#include <stdexcept>

extern "C" {
ADVISOR_EXPORT const Pg_magic_struct *PG_MAGIC_FUNCTION_NAME(void);
PG_MODULE_MAGIC;
}

namespace {

using advisor::pg::cpp_entry;
using advisor::pg::cpp_observe;
using advisor::pg::pg_call;
using advisor::pg::pg_try;

int live_objects = 0;
int made_objects = 0;

class Counted {
public:
    Counted() noexcept {
        ++live_objects;
        ++made_objects;
    }
    Counted(const Counted &) = delete;
    Counted &operator=(const Counted &) = delete;
    ~Counted() { --live_objects; }

private:
    std::string ballast_ = std::string(100, 'x');
};

std::string text_argument(FunctionCallInfo call, int number) {
    return pg_call([=] { return text_to_cstring(DatumGetTextPP(call->args[number].value)); });
}

Datum text_result(const std::string &value) {
    const char *bytes = value.c_str();
    return pg_call([=] { return CStringGetTextDatum(bytes); });
}

void throw_kind(const std::string &kind) {
    const Counted object;
    if (kind == "core")
        throw advisor::core::Error(advisor::core::ErrorCode::invalid_input, "width \"0\" is out of range",
                                   "Use a width of at least 1.");
    if (kind == "limit")
        throw advisor::core::Error(advisor::core::ErrorCode::limit_exceeded, "too many candidates");
    if (kind == "bad_alloc")
        throw std::bad_alloc();
    if (kind == "length_error")
        std::string().resize(std::string::npos);
    if (kind == "foreign")
        throw 42;
    if (kind == "long")
        throw std::runtime_error(std::string(1021, 'x') + "\xC3\xA4\xC3\xA4\xC3\xA4");
}

void raise_server_error() {
    ereport(ERROR, errcode(ERRCODE_CHECK_VIOLATION), errmsg("value is refused"),
            errdetail("The value is %d.", 7), errhint("Use another value."));
}

void run_sql(const char *sql) {
    SPI_connect();
    SPI_execute(sql, false, 0);
    SPI_finish();
}

LWLock *test_lock() {
    static LWLock lock;
    static bool ready = false;
    if (!ready)
        LWLockInitialize(&lock, LWTRANCHE_FIRST_USER_DEFINED);
    ready = true;
    return &lock;
}

class LockGuard {
public:
    LockGuard() {
        pg_call([] { LWLockAcquire(test_lock(), LW_EXCLUSIVE); });
    }
    LockGuard(const LockGuard &) = delete;
    LockGuard &operator=(const LockGuard &) = delete;
    ~LockGuard() { LWLockRelease(test_lock()); }
};

bool throwing_walker(Node *node, void *context) {
    return cpp_entry([=] {
        const Counted object;
        if (IsA(node, Integer))
            throw_kind(static_cast<const char *>(context));
        return false;
    });
}

// The same trip a plan walker takes: ours -> server -> ours, which fails.
void walk() {
    List *nodes = list_make1(makeInteger(1));
    ListCell *cell;
    foreach (cell, nodes)
        throwing_walker(static_cast<Node *>(lfirst(cell)), const_cast<char *>("core"));
}

Size server_memory() {
    return MemoryContextMemAllocated(TopMemoryContext, true);
}

std::string described(const std::optional<advisor::pg::ServerError> &error) {
    if (!error)
        return "no error";
    const int state = error->sqlstate;
    return std::string(pg_call([=] { return unpack_sql_state(state); })) + ": " + error->message;
}

} // namespace

ADVISOR_SQL_FUNCTION(border_throw) {
    const Counted object;
    throw_kind(text_argument(fcinfo, 0));
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(border_server_error) {
    const Counted first;
    const Counted second;
    pg_call([] { raise_server_error(); });
    return Datum{0};
}

// SQL -> C++ -> SPI -> C++ -> SPI … down to a server error.
ADVISOR_SQL_FUNCTION(border_nested) {
    const Counted object;
    const int depth = DatumGetInt32(fcinfo->args[0].value);
    const std::string sql = depth > 0 ? "SELECT border_nested(" + std::to_string(depth - 1) + ")"
                                      : "SELECT border_server_error()";
    const char *statement = sql.c_str();
    pg_call([=] { run_sql(statement); });
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(border_walk) {
    const Counted object;
    pg_call([] { walk(); });
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(border_try) {
    const Counted object;
    const std::string sql = text_argument(fcinfo, 0);
    const char *statement = sql.c_str();
    return text_result(described(pg_try([=] { run_sql(statement); })));
}

ADVISOR_SQL_FUNCTION(border_try_throw) {
    const std::string kind = text_argument(fcinfo, 0);
    const std::string *borrowed = &kind;
    pg_try([=] { throw_kind(*borrowed); });
    return Datum{0};
}

// What the core does in each long loop.
ADVISOR_SQL_FUNCTION(border_loop) {
    const Counted object;
    for (;;)
        advisor::pg::poll_interrupts();
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(border_lock) {
    const std::string kind = text_argument(fcinfo, 0);
    const LockGuard guard;
    if (kind == "server")
        pg_call([] { raise_server_error(); });
    throw_kind(kind);
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(border_lock_state) {
    const bool is_free = LWLockConditionalAcquire(test_lock(), LW_EXCLUSIVE);
    if (is_free)
        LWLockRelease(test_lock());
    return text_result(std::string(is_free ? "free" : "held") + ", hold-off " +
                       std::to_string(InterruptHoldoffCount));
}

ADVISOR_SQL_FUNCTION(border_observe) {
    unsigned failures = 0;
    const std::string kind = text_argument(fcinfo, 0);
    const std::string *borrowed = &kind;
    cpp_observe([=] { throw_kind(*borrowed); }, failures);
    return Int32GetDatum(static_cast<int32>(failures));
}

ADVISOR_SQL_FUNCTION(border_observe_server) {
    unsigned failures = 0;
    cpp_observe([] { pg_call([] { raise_server_error(); }); }, failures);
    return Int32GetDatum(static_cast<int32>(failures));
}

ADVISOR_SQL_FUNCTION(border_live) {
    return Int32GetDatum(live_objects);
}
ADVISOR_SQL_FUNCTION(border_made) {
    return Int32GetDatum(made_objects);
}

// Bytes by which the server's memory contexts grew over that many caught errors, the first thousand left out.
ADVISOR_SQL_FUNCTION(border_many) {
    const int count = DatumGetInt32(fcinfo->args[0].value);
    Size before = 0;
    for (int i = 0; i < count; ++i) {
        const Counted object;
        if (i == 1000)
            before = server_memory();
        if (!pg_try([] { raise_server_error(); }))
            throw std::logic_error("the error was lost");
        advisor::pg::poll_interrupts();
    }
    return Int64GetDatum(static_cast<int64>(server_memory() - before));
}

// Whether a structure of main shared memory, of that many bytes, holds the text anywhere.
ADVISOR_SQL_FUNCTION(border_shared_memory_holds) {
    const FunctionCallInfo call = fcinfo;
    return BoolGetDatum(pg_call([call] {
        const char *name = text_to_cstring(DatumGetTextPP(call->args[0].value));
        const char *wanted = text_to_cstring(DatumGetTextPP(call->args[2].value));
        const auto bytes = static_cast<Size>(DatumGetInt64(call->args[1].value));
        bool found = false;
        LWLockAcquire(AddinShmemInitLock, LW_SHARED);
        const void *memory = ShmemInitStruct(name, bytes, &found);
        LWLockRelease(AddinShmemInitLock);
        return found && memmem(memory, bytes, wanted, std::strlen(wanted)) != nullptr;
    }));
}
