// Two small fixed arrays; when one is full, statements beyond run unrecorded.
#include "pg_ext/observe/activity.h"

#include "pg_ext/observe/statement_text.h"
#include "pg_ext/store/clock.h"

namespace advisor::pg {

bool observer_paused = false;
unsigned advice_requests = 0;
unsigned observer_failures = 0;

namespace observe {

Activity *newest_activity = nullptr;
int open_activities = 0;

namespace {

constexpr int most_activities = 64;
constexpr int most_frames = 100;

struct Frame {
    const char *address;
    std::uint64_t start;
    std::uint64_t below;
    Activity *activity;
    bool transparent;
};

Activity activities[most_activities];
Frame frames[most_frames];
int depth = 0;
std::uint64_t last_left = 0; // ticks when a frame was left

// The server's counts of blocks stand in one row, in the order of BlockCount.
static_assert(offsetof(BufferUsage, shared_blks_hit) == 0 &&
              offsetof(BufferUsage, temp_blks_written) == temp_written * sizeof(std::int64_t));

const CountPair *server_counts() {
    return reinterpret_cast<const CountPair *>(&pgBufferUsage);
}

// Taken off when a statement is entered and added when it is left, what it used remains.
void take_off_usage(Usage &usage) {
    combine_pairs(pairs_of(usage.blocks), server_counts(),
                  [](CountPair &left, const CountPair &now) { left -= now; });
    usage.wal_bytes -= static_cast<std::int64_t>(pgWalUsage.wal_bytes);
}

void add_server_usage(Usage &usage) {
    combine_pairs(pairs_of(usage.blocks), server_counts(),
                  [](CountPair &sum, const CountPair &now) { sum += now; });
    usage.wal_bytes += static_cast<std::int64_t>(pgWalUsage.wal_bytes);
}

// The stack grows downwards: a live caller lies above whoever asks.
inline void drop_dead(const void *address) {
    while (depth > 0 && frames[depth - 1].address <= static_cast<const char *>(address))
        [[unlikely]]-- depth;
}

// All that counts. Clearing the whole costs more than everything else about opening one.
void clear(Activity &activity) {
    activity.query = nullptr;
    activity.utility = T_Invalid;
    activity.below = 0;
    store::Execution &execution = activity.execution;
    execution.nested_in = 0;
    execution.plan = nullptr;
    execution.utility = execution.integrity = execution.failed = execution.cancelled = false;
    execution.generic = execution.custom = execution.complete = execution.sampled = false;
    execution.total = execution.self = execution.planning = 0;
    execution.planid = 0;
    execution.rows = 0;
    execution.rare = false;
    execution.usage = Usage{};
}

bool on_stack(const Activity &activity) {
    for (int i = 0; i < depth; ++i)
        if (frames[i].activity == &activity)
            return true;
    return false;
}

void record_failure(Activity &activity, bool text_is_valid, int sqlstate) {
    activity.execution.failed = true;
    activity.execution.plan = nullptr; // it may be gone
    activity.execution.cancelled = sqlstate == ERRCODE_QUERY_CANCELED;
    const store::Wanted wanted = record(activity);
    if (wanted.text) {
        if (!text_is_valid)
            activity.text = nullptr;
        give_display_text(activity);
    }
    close_activity(activity);
}

} // namespace

Activity *open_activity() {
    for (Activity &activity : activities)
        if (!activity.used) {
            clear(activity);
            activity.used = true;
            activity.advice_requests = advice_requests;
            ++open_activities;
            activity.subtransaction = GetCurrentSubTransactionId();
            newest_activity = &activity;
            return &activity;
        }
    return nullptr;
}

void close_activity(Activity &activity) {
    activity.used = false;
    --open_activities;
}

Activity *search_activity(const QueryDesc *query) {
    for (Activity &activity : activities)
        if (activity.used && activity.query == query)
            return newest_activity = &activity;
    return nullptr;
}

int enter_frame(Activity *activity, bool transparent, const void *address) {
    drop_dead(address);
    if (depth == most_frames)
        return -1;
    Frame &frame = frames[depth];
    frame = {static_cast<const char *>(address), 0, 0, activity, transparent};
    if (activity)
        take_off_usage(activity->execution.usage);
    frame.start = store::ticks();
    return depth++;
}

std::uint64_t leave_frame(int index) {
    if (index < 0)
        return 0;
    const Frame &frame = frames[index];
    const std::uint64_t now = last_left = store::ticks();
    const std::uint64_t elapsed = now > frame.start ? now - frame.start : 0;
    if (Activity *activity = frame.activity) {
        activity->execution.total += elapsed;
        activity->below += frame.below;
        add_server_usage(activity->execution.usage);
    }
    depth = index;
    if (depth > 0)
        frames[depth - 1].below += elapsed;
    return elapsed;
}

Enclosing look_around(const void *address) {
    drop_dead(address);
    Enclosing enclosing{false, nullptr};
    for (int i = depth - 1; i >= 0 && !(enclosing.nested && enclosing.activity); --i) {
        enclosing.nested |= !frames[i].transparent;
        if (!enclosing.activity)
            enclosing.activity = frames[i].activity;
    }
    return enclosing;
}

bool has_dead(const void *address) {
    return depth > 0 && frames[depth - 1].address <= static_cast<const char *>(address);
}

void fail_dead(const void *address, bool whole, SubTransactionId subtransaction, int sqlstate) {
    while (has_dead(address)) {
        Activity *activity = frames[depth - 1].activity;
        leave_frame(depth - 1);
        if (activity && activity->used)
            record_failure(*activity, whole && !activity->execution.key.nested, sqlstate);
    }
    if (open_activities == 0)
        return;
    for (Activity &activity : activities)
        if (activity.used && activity.subtransaction >= subtransaction && !on_stack(activity))
            close_activity(activity);
}

void forget_closed() {
    if (open_activities == 0)
        return;
    for (Activity &activity : activities)
        if (activity.used && !on_stack(activity))
            close_activity(activity);
}

store::Wanted record(Activity &activity) {
    store::Execution &execution = activity.execution;
    execution.self = execution.total > activity.below ? execution.total - activity.below : 0;
    return store::add_execution(execution, last_left);
}

} // namespace observe
} // namespace advisor::pg
