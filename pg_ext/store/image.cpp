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
    sink.put(statement.text);
    sink.put(statement.example);
    for (const Plan *plan = plan_at(statement.plans); plan; plan = plan_at(plan->next)) {
        sink.put(plan, sizeof *plan);
        sink.put(plan->text);
        sink.put(plan->nodes);
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

std::uint32_t put_slots(Sink &sink, std::uint32_t partition) {
    std::uint32_t count = 0;
    const Slot *slots = slots_of(0);
    for (std::size_t i = 0; i < std::size_t{block->backend_count} * block->slots_per_backend; ++i) {
        Slot copy;
        if (!slots[i].used || partition_of(slots[i].hash) != partition || !read_slot(slots[i], copy))
            continue;
        if (copy.counters.calls + copy.counters.failed == 0 || partition_of(copy.hash) != partition ||
            slot_is_void(copy))
            continue;
        sink.put(&copy, sizeof copy);
        ++count;
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

bool next_statement(ImageCursor &cursor, Statement &statement, const char *&text, const char *&example) {
    const auto left = [&] { return static_cast<std::size_t>(cursor.end - cursor.at); };
    if (left() < sizeof statement)
        return false;
    std::memcpy(&statement, cursor.at, sizeof statement);
    cursor.at += sizeof statement;
    if (left() < std::size_t{statement.text.bytes} + statement.example.bytes)
        return false;
    text = cursor.at;
    example = text + statement.text.bytes;
    cursor.at = example + statement.example.bytes;
    return true;
}

bool next_plan(ImageCursor &cursor, Plan &plan, const char *&text, const char *&nodes) {
    const auto left = [&] { return static_cast<std::size_t>(cursor.end - cursor.at); };
    if (left() < sizeof plan)
        return false;
    std::memcpy(&plan, cursor.at, sizeof plan);
    cursor.at += sizeof plan;
    if (left() < std::size_t{plan.text.bytes} + plan.nodes.bytes)
        return false;
    text = cursor.at;
    nodes = text + plan.text.bytes;
    cursor.at = nodes + plan.nodes.bytes;
    return true;
}

} // namespace advisor::pg::store
