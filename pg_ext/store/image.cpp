// Copying a partition under its lock: counted first, so that the buffer never grows while the lock is held.
#include "pg_ext/store/image.h"

#include "pg_ext/store/pending.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/table.h"

#include <cstdlib>

namespace advisor::pg::store {
namespace {

constexpr int slot_attempts = 1000;

// Appends while there is room and goes on counting when there is none.
class Sink {
public:
    Sink(char *bytes, std::size_t capacity) noexcept : bytes_(bytes), capacity_(capacity) {}

    char *room(std::size_t size) noexcept {
        char *at = used_ + size <= capacity_ ? bytes_ + used_ : nullptr;
        used_ += size;
        return at;
    }
    void put(const void *data, std::size_t size) noexcept {
        if (char *at = room(size))
            std::memcpy(at, data, size);
    }
    void put(const Blob &blob) noexcept {
        if (char *at = room(blob.bytes))
            copy_blob(blob, at);
    }
    std::size_t used() const noexcept { return used_; }

private:
    char *bytes_;
    std::size_t capacity_;
    std::size_t used_ = 0;
};

void put_statement(Sink &sink, const Statement &statement) {
    sink.put(&statement, sizeof statement);
    for (const Blob &blob : statement.blobs)
        sink.put(blob);
    for (const Plan *plan = plan_at(statement.plans); plan; plan = plan_at(plan->next)) {
        sink.put(plan, sizeof *plan);
        for (const Blob &blob : plan->blobs)
            sink.put(blob);
        for (const Slice *slice = slice_at(plan->slices); slice; slice = slice_at(slice->next))
            sink.put(slice, sizeof *slice);
    }
}

// A consistent copy of a slot that its owner may be writing.
bool read_slot(const Slot &slot, Slot &copy) {
    for (int attempt = 0; attempt < slot_attempts; ++attempt) {
        const std::uint32_t before = *static_cast<const volatile std::uint32_t *>(&slot.sequence);
        pg_read_barrier();
        std::memcpy(&copy, &slot, sizeof copy);
        pg_read_barrier();
        if (before == *static_cast<const volatile std::uint32_t *>(&slot.sequence) && before % 2 == 0)
            return true;
    }
    return false;
}

// A backend opens its slots in order and never gives one up.
std::uint32_t put_slots(Sink &sink, std::uint32_t partition) {
    std::uint32_t count = 0;
    for (std::uint32_t backend = 0; backend < block->backend_count; ++backend) {
        const Slot *slots = slots_of(backend);
        for (std::uint32_t i = 0; i < block->slots_per_backend && slots[i].used; ++i) {
            Slot copy;
            if (partition_of(slots[i].hash) != partition || !read_slot(slots[i], copy) ||
                copy.pending.calls + copy.pending.failed == 0 || partition_of(copy.hash) != partition ||
                slot_is_void(copy))
                continue;
            sink.put(&copy, sizeof copy);
            ++count;
        }
    }
    return count;
}

std::size_t fill(std::uint32_t partition, PartitionCopy &copy) {
    Sink sink(copy.bytes, copy.capacity);
    for (std::uint32_t bucket = partition; bucket < block->bucket_count; bucket += partitions)
        for (const Statement *statement = statement_at(buckets()[bucket]); statement;
             statement = statement_at(statement->next))
            put_statement(sink, *statement);
    copy.image_bytes = sink.used();
    copy.slot_count = put_slots(sink, partition);
    return sink.used();
}

} // namespace

bool copy_partition(std::uint32_t partition, bool locking, PartitionCopy &copy) {
    for (;;) {
        if (locking)
            LWLockAcquire(lock_of(partition), LW_SHARED);
        const std::size_t needed = fill(partition, copy);
        if (locking)
            LWLockRelease(lock_of(partition));
        if (needed <= copy.capacity)
            return true;
        free_copy(copy);
        copy.bytes = static_cast<char *>(std::malloc(needed * 2));
        if (!copy.bytes)
            return false;
        copy.capacity = needed * 2;
    }
}

void free_copy(PartitionCopy &copy) {
    std::free(copy.bytes);
    copy = {};
}

// Takes a struct off the front; false when too little is left.
template <class Struct>
static bool take(ImageCursor &cursor, Struct &value) {
    if (static_cast<std::size_t>(cursor.end - cursor.at) < sizeof value)
        return false;
    std::memcpy(&value, cursor.at, sizeof value);
    cursor.at += sizeof value;
    return true;
}

static bool take_blobs(ImageCursor &cursor, std::span<const Blob> blobs, const char **bytes) {
    for (const Blob &blob : blobs) {
        if (static_cast<std::size_t>(cursor.end - cursor.at) < blob.bytes)
            return false;
        *bytes++ = cursor.at;
        cursor.at += blob.bytes;
    }
    return true;
}

bool next_statement(ImageCursor &cursor, Statement &statement, const char *(&blobs)[statement_blobs]) {
    return take(cursor, statement) && take_blobs(cursor, statement.blobs, blobs);
}

bool next_plan(ImageCursor &cursor, Plan &plan, const char *(&blobs)[plan_blobs]) {
    return take(cursor, plan) && take_blobs(cursor, plan.blobs, blobs);
}

bool next_slice(ImageCursor &cursor, Slice &slice) {
    return take(cursor, slice);
}

} // namespace advisor::pg::store
