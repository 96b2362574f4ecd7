// The list of free chunks: push without lock, pop by one process at a time.
#include "pg_ext/store/pool.h"

namespace advisor::pg::store {
namespace {

constexpr int pop_attempts = 2000;

// The right to pop; given up by whoever does not get it after a bounded number of tries.
class PopRight {
public:
    PopRight() noexcept {
        for (int attempt = 0; attempt < pop_attempts && !held_; ++attempt) {
            std::uint32_t expected = 0;
            held_ = pg_atomic_compare_exchange_u32(&block->popping, &expected, 1);
        }
    }
    PopRight(const PopRight &) = delete;
    PopRight &operator=(const PopRight &) = delete;
    ~PopRight() {
        if (held_) {
            pg_write_barrier();
            pg_atomic_write_u32(&block->popping, 0);
        }
    }
    bool held() const noexcept { return held_; }

private:
    bool held_ = false;
};

Ref pop() {
    std::uint32_t head = pg_atomic_read_u32(&block->free_list);
    while (head != 0) {
        pg_read_barrier();
        if (pg_atomic_compare_exchange_u32(&block->free_list, &head, chunk_at(head)->next))
            return head;
    }
    const std::uint32_t fresh = pg_atomic_read_u32(&block->never_used);
    if (fresh >= block->chunk_count)
        return 0;
    pg_atomic_write_u32(&block->never_used, fresh + 1);
    return fresh;
}

void push(Ref first, Ref last, std::uint32_t count) {
    std::uint32_t head = pg_atomic_read_u32(&block->free_list);
    do {
        chunk_at(last)->next = head;
        pg_write_barrier();
    } while (!pg_atomic_compare_exchange_u32(&block->free_list, &head, first));
    pg_atomic_fetch_add_u32(&block->free_count, static_cast<std::int32_t>(count));
}

} // namespace

Ref take_chunks(std::uint32_t count) {
    const PopRight right;
    if (!right.held() || pg_atomic_read_u32(&block->free_count) < count)
        return 0;
    Ref first = 0;
    for (std::uint32_t taken = 0; taken < count; ++taken) {
        const Ref ref = pop();
        if (ref == 0) { // pushed chunks are counted a moment later: not a shortage that happens in practice
            if (first)
                give_chain(first);
            return 0;
        }
        pg_atomic_fetch_sub_u32(&block->free_count, 1);
        chunk_at(ref)->next = first;
        first = ref;
    }
    return first;
}

void give_chain(Ref first) {
    if (first == 0)
        return;
    Ref last = first;
    std::uint32_t count = 1;
    for (; chunk_at(last)->next != 0; ++count)
        last = chunk_at(last)->next;
    push(first, last, count);
}

void give_chunk(Ref ref) {
    push(ref, ref, 1);
}

std::uint32_t chunks_for(std::size_t bytes) {
    constexpr std::size_t room = sizeof(Chunk::data);
    return static_cast<std::uint32_t>((bytes + room - 1) / room);
}

Blob store_blob(const char *bytes, std::size_t length) {
    if (length == 0 || length > most_text_bytes * 2)
        return {};
    const Ref first = take_chunks(chunks_for(length));
    if (first == 0)
        return {};
    std::size_t left = length;
    for (Ref ref = first; ref != 0; ref = chunk_at(ref)->next) {
        const std::size_t part = left < sizeof(Chunk::data) ? left : sizeof(Chunk::data);
        std::memcpy(chunk_at(ref)->data, bytes, part);
        bytes += part;
        left -= part;
    }
    return {first, static_cast<std::uint32_t>(length)};
}

// What was forgotten is not to be found in memory either.
void free_blob(Blob &blob) {
    for (Ref ref = blob.first; ref != 0; ref = chunk_at(ref)->next)
        std::memset(chunk_at(ref)->data, 0, sizeof(Chunk::data));
    give_chain(blob.first);
    blob = {};
}

void replace_blob(Blob &blob, const char *bytes, std::size_t length) {
    const Blob fresh = store_blob(bytes, length);
    if (fresh.bytes == 0)
        return;
    free_blob(blob);
    blob = fresh;
}

void copy_blob(const Blob &blob, char *target) {
    std::size_t left = blob.bytes;
    for (Ref ref = blob.first; ref != 0 && left > 0; ref = chunk_at(ref)->next) {
        const std::size_t part = left < sizeof(Chunk::data) ? left : sizeof(Chunk::data);
        std::memcpy(target, chunk_at(ref)->data, part);
        target += part;
        left -= part;
    }
}

} // namespace advisor::pg::store
