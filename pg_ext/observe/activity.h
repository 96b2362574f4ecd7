// Statements in execution: what each has used so far (Activity) and which of them are on the call stack
// (frames).
//
// An error jumps over our frames. A frame remembers where on the C stack it lies: whoever finds a frame at or
// below its own address knows that it is dead. So nothing has to be undone at each error, and CALL with
// transaction control, which commits below a live frame, needs no exception.
#pragma once
#include "pg_ext/observe/hooks.h"
#include "pg_ext/store/pending.h"

namespace advisor::pg::observe {

struct Activity {
    const QueryDesc *query; // null: a utility statement or free
    std::uint64_t note_key; // parse_notes.h
    const char *text;       // whole source text, valid while it runs
    int location, length;   // of the statement in it
    NodeTag utility;        // type of a utility statement
    SubTransactionId subtransaction;
    bool used;
    unsigned advice_requests;   // when it began
    std::uint64_t below;        // ticks in statements nested in it
    store::Execution execution; // filled up as it goes
};

// Null when too many are open at once: not recorded. The execution is zeroed.
Activity *open_activity();
Activity *search_activity(const QueryDesc *query);
void close_activity(Activity &activity);

extern Activity *newest_activity;
extern int open_activities;

inline Activity *find_activity(const QueryDesc *query) {
    if (open_activities == 0)
        return nullptr;
    if (newest_activity->query == query && newest_activity->used)
        return newest_activity;
    return search_activity(query);
}

// Enters the running of a statement; activity may be null (not recorded, but others are nested in it). A
// transparent one, such as EXECUTE, does not make the statements in it nested. The address is the caller's
// frame.
int enter_frame(Activity *activity, bool transparent, const void *address);
// Gives the ticks since; adds time and buffers to the activity.
std::uint64_t leave_frame(int frame);

struct Enclosing {
    bool nested;              // inside of a recorded or recordable statement
    const Activity *activity; // the innermost recorded one; null: none
};

// What runs at the moment, dead frames set aside.
Enclosing look_around(const void *address);

// True when an error has jumped over a frame and nobody has noticed yet.
bool has_dead(const void *address);

// After an abort: what ran and was jumped over failed. A whole transaction or one subtransaction and its
// children.
void fail_dead(const void *address, bool whole, SubTransactionId subtransaction, int sqlstate);
// At the end of a transaction nothing is open any more but what lies on the stack.
void forget_closed();

// Completes times and hands the execution to the store.
store::Wanted record(Activity &activity);

} // namespace advisor::pg::observe
