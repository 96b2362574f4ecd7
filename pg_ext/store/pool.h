// Free chunks, and variable-length values as chains of chunks.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Takes chunks linked by next; 0 when there are too few or others are taking for too long.
Ref take_chunks(std::uint32_t count);
void give_chain(Ref first);
void give_chunk(Ref ref);

std::uint32_t chunks_for(std::size_t bytes);

// An empty blob when there was no room. The bytes are never longer than most_text_bytes.
Blob store_blob(const char *bytes, std::size_t length);
void free_blob(Blob &blob);
// Keeps the old one when there is no room or nothing to store.
void replace_blob(Blob &blob, const char *bytes, std::size_t length);
// The target has room for blob.bytes.
void copy_blob(const Blob &blob, char *target);

} // namespace advisor::pg::store
