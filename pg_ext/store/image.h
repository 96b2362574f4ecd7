// A partition of the store copied out of shared memory: what readers decode and the save file holds.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Statements with their texts and plans, then the pending slots that belong to the partition. Memory from
// malloc: the postmaster fills one at shutdown, where nothing may raise.
struct PartitionCopy {
    char *bytes;
    std::size_t capacity;
    std::size_t image_bytes;
    std::uint32_t slot_count; // Slot structs behind the image
};

// False when memory ran out. Locking waits for writers (who hold the lock for a moment only); the postmaster
// at shutdown is alone and must not lock.
bool copy_partition(std::uint32_t partition, bool locking, PartitionCopy &copy);
void free_copy(PartitionCopy &copy);

// Walks an image. Pointers point into the image and are not aligned: copy structs out.
struct ImageCursor {
    const char *at;
    const char *end;
};
// False at the end, and when the rest is too short for what it announces.
bool next_statement(ImageCursor &cursor, Statement &statement, const char *(&blobs)[statement_blobs]);
bool next_plan(ImageCursor &cursor, Plan &plan, const char *(&blobs)[plan_blobs]);
// Behind a plan: as many as it has, the newest first. Ends with the last.
bool next_slice(ImageCursor &cursor, Slice &slice);

} // namespace advisor::pg::store
