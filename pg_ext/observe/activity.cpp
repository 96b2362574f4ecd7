// Two small fixed arrays; when one is full, statements beyond run unrecorded.
#include "pg_ext/observe/activity.h"

#include "pg_ext/observe/statement_text.h"

namespace advisor::pg {

bool observer_paused = false;
unsigned advice_requests = 0;
unsigned observer_failures = 0;

namespace observe {
namespace {

constexpr int most_activities = 64;
constexpr int most_frames = 100;

struct Frame {
    const char *address;
    std::uint64_t start;
    std::uint64_t below;
    Activity *activity;
    bool transparent;
    store::Usage usage;
};

Activity activities[most_activities];
Frame frames[most_frames];
int depth = 0;
Activity *newest = nullptr;
int open_activities = 0;

store::Usage current_usage() {
    return {pgBufferUsage.shared_blks_hit,
            pgBufferUsage.shared_blks_read,
            pgBufferUsage.shared_blks_dirtied,
            pgBufferUsage.shared_blks_written,
            pgBufferUsage.local_blks_hit,
            pgBufferUsage.local_blks_read,
            pgBufferUsage.temp_blks_read,
            pgBufferUsage.temp_blks_written,
            static_cast<std::int64_t>(pgWalUsage.wal_bytes)};
}

void add_difference(store::Usage &to, const store::Usage &before) {
    const store::Usage now = current_usage();
    to.shared_hit += now.shared_hit - before.shared_hit;
    to.shared_read += now.shared_read - before.shared_read;
    to.shared_dirtied += now.shared_dirtied - before.shared_dirtied;
    to.shared_written += now.shared_written - before.shared_written;
    to.local_hit += now.local_hit - before.local_hit;
    to.local_read += now.local_read - before.local_read;
    to.temp_read += now.temp_read - before.temp_read;
    to.temp_written += now.temp_written - before.temp_written;
    to.wal_bytes += now.wal_bytes - before.wal_bytes;
}

// The stack grows downwards: a live caller lies above whoever asks.
void drop_dead(const void *address) {
    while (depth > 0 && frames[depth - 1].address <= static_cast<const char *>(address))
        --depth;
}

bool on_stack(const Activity &activity) {
    for (int i = 0; i < depth; ++i)
        if (frames[i].activity == &activity)
            return true;
    return false;
}

void record_failure(Activity &activity, bool text_is_valid, int sqlstate) {
    activity.execution.failed = true;
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
            activity = Activity{};
            activity.used = true;
            activity.advice_requests = advice_requests;
            ++open_activities;
            activity.subtransaction = GetCurrentSubTransactionId();
            newest = &activity;
            return &activity;
        }
    return nullptr;
}

void close_activity(Activity &activity) {
    activity.used = false;
    --open_activities;
}

Activity *find_activity(const QueryDesc *query) {
    if (open_activities == 0)
        return nullptr;
    if (newest && newest->used && newest->query == query)
        return newest;
    for (Activity &activity : activities)
        if (activity.used && activity.query == query)
            return newest = &activity;
    return nullptr;
}

int enter_frame(Activity *activity, bool transparent, const void *address) {
    drop_dead(address);
    if (depth == most_frames)
        return -1;
    Frame &frame = frames[depth];
    frame = {static_cast<const char *>(address), now_ns(), 0, activity, transparent, {}};
    if (activity)
        frame.usage = current_usage();
    return depth++;
}

std::uint64_t leave_frame(int index) {
    if (index < 0)
        return 0;
    Frame &frame = frames[index];
    const std::uint64_t elapsed = now_ns() - frame.start;
    if (frame.activity) {
        frame.activity->total += elapsed;
        frame.activity->below += frame.below;
        add_difference(frame.activity->execution.usage, frame.usage);
    }
    depth = index;
    if (depth > 0)
        frames[depth - 1].below += elapsed;
    return elapsed;
}

bool is_nested(const void *address) {
    drop_dead(address);
    for (int i = 0; i < depth; ++i)
        if (!frames[i].transparent)
            return true;
    return false;
}

std::int64_t enclosing_queryid() {
    for (int i = depth - 1; i >= 0; --i)
        if (frames[i].activity)
            return frames[i].activity->execution.key.queryid;
    return 0;
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
    execution.elapsed = milliseconds(activity.total);
    execution.self = milliseconds(activity.total > activity.below ? activity.total - activity.below : 0);
    return store::add_execution(execution, now_ns());
}

} // namespace observe
} // namespace advisor::pg
