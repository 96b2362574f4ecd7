// The last index analysis of each database, as bytes in the block. One lock guards all of them; it is taken
// by readers of advice only, never by who records.
#include "pg_ext/store/analyses.h"

#include "pg_ext/boundary.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/table.h"

#include <algorithm>

namespace advisor::pg::store {
namespace {

LWLock *analysis_lock() {
    return &block->analysis_lock.lock;
}

StoredAnalysis *find(Oid database) {
    for (StoredAnalysis &stored : block->analyses)
        if (stored.id != 0 && stored.database == database)
            return &stored;
    return nullptr;
}

void release(StoredAnalysis &stored) {
    for (std::uint32_t part = 0; part < stored.parts; ++part)
        free_blob(stored.blobs[part]);
    stored = StoredAnalysis{};
}

// Takes the memory before the lock: make_room wants no lock held.
bool store_parts(const std::string &bytes, StoredAnalysis &stored) {
    for (std::size_t at = 0; at < bytes.size(); at += most_text_bytes) {
        const std::size_t length = std::min(most_text_bytes, bytes.size() - at);
        if (stored.parts == most_analysis_parts)
            return false;
        make_room(chunks_for(length));
        stored.blobs[stored.parts] = store_blob(bytes.data() + at, length);
        if (stored.blobs[stored.parts].first == 0)
            return false;
        ++stored.parts;
    }
    return true;
}

void copy_parts(const StoredAnalysis &stored, char *target) {
    for (std::uint32_t part = 0; part < stored.parts; ++part) {
        copy_blob(stored.blobs[part], target);
        target += stored.blobs[part].bytes;
    }
}

std::size_t size_of(const StoredAnalysis &stored) {
    std::size_t bytes = 0;
    for (std::uint32_t part = 0; part < stored.parts; ++part)
        bytes += stored.blobs[part].bytes;
    return bytes;
}

} // namespace

std::optional<PublishedAnalysis> last_analysis(Oid database) {
    if (!block)
        return std::nullopt;
    PublishedAnalysis result;
    for (;;) { // until no other analysis comes between measuring and copying
        pg_call([] { LWLockAcquire(analysis_lock(), LW_SHARED); });
        const StoredAnalysis *stored = find(database);
        const std::int64_t id = stored ? stored->id : 0;
        const std::size_t bytes = stored ? size_of(*stored) : 0;
        if (id != 0 && id == result.id && bytes == result.bytes.size()) {
            copy_parts(*stored, result.bytes.data());
            result.finished = stored->finished;
            LWLockRelease(analysis_lock());
            return result;
        }
        LWLockRelease(analysis_lock());
        if (id == 0)
            return std::nullopt;
        result.id = id;
        result.bytes.resize(bytes);
    }
}

std::int64_t publish_analysis(Oid database, TimestampTz finished, const std::string &bytes) {
    if (!block)
        return 0;
    StoredAnalysis fresh{};
    const bool complete = store_parts(bytes, fresh);
    pg_call([] { LWLockAcquire(analysis_lock(), LW_EXCLUSIVE); });
    if (!complete) {
        release(fresh);
        LWLockRelease(analysis_lock());
        return 0;
    }
    fresh.database = database;
    fresh.finished = finished;
    fresh.id = ++block->last_analysis_id;
    StoredAnalysis *place = find(database);
    if (!place)
        place = std::min_element(std::begin(block->analyses), std::end(block->analyses),
                                 [](const auto &left, const auto &right) { return left.id < right.id; });
    release(*place);
    *place = fresh;
    LWLockRelease(analysis_lock());
    return fresh.id;
}

void forget_analyses() {
    if (!block)
        return;
    pg_call([] { LWLockAcquire(analysis_lock(), LW_EXCLUSIVE); });
    for (StoredAnalysis &stored : block->analyses)
        release(stored);
    LWLockRelease(analysis_lock());
}

} // namespace advisor::pg::store
