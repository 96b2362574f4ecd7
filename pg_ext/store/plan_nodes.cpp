// Counters of plan nodes are added in place, in the chain of chunks that the first ones were stored in.
#include "pg_ext/store/plan_nodes.h"

#include "pg_ext/store/gifts.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/table.h"

namespace advisor::pg::store {
namespace {

constexpr std::size_t chunk_room = sizeof(Chunk::data);

// A place in a chain; the bytes between are copied chunk by chunk.
struct ChainCursor {
    Ref ref;
    std::size_t at;

    template <bool to_chain>
    void copy(char *bytes, std::size_t length) {
        while (length > 0 && ref != 0) {
            if (at == chunk_room) {
                ref = chunk_at(ref)->next;
                at = 0;
                continue;
            }
            const std::size_t part = length < chunk_room - at ? length : chunk_room - at;
            char *inside = chunk_at(ref)->data + at;
            std::memcpy(to_chain ? inside : bytes, to_chain ? bytes : inside, part);
            bytes += part;
            at += part;
            length -= part;
        }
    }
};

void add(NodeRecord &to, const NodeRecord &from) {
    NodeRecord sum = from; // the newest estimates
    sum.flags |= to.flags;
    sum.samples += to.samples;
    sum.stopped += to.stopped;
    sum.rows += to.rows;
    sum.loops += to.loops;
    sum.removed += to.removed;
    sum.removed_by_more += to.removed_by_more;
    sum.heap_fetches_or_spilled_bytes += to.heap_fetches_or_spilled_bytes;
    to = sum;
}

void add_in_place(const Blob &blob, const NodeRecord *nodes, std::uint32_t count) {
    ChainCursor cursor{blob.first, 0};
    for (std::uint32_t i = 0; i < count; ++i) {
        ChainCursor start = cursor;
        NodeRecord known;
        cursor.copy<false>(reinterpret_cast<char *>(&known), sizeof known);
        if (known.kind != nodes[i].kind)
            return;
        add(known, nodes[i]);
        start.copy<true>(reinterpret_cast<char *>(&known), sizeof known);
    }
}

} // namespace

void supply_nodes(const StatementKey &key, std::int64_t planid, const NodeRecord *nodes,
                  std::uint32_t count) {
    if (count == 0)
        return;
    const std::size_t bytes = count * sizeof *nodes;
    const LockedStatement statement(key, chunks_for(bytes));
    Plan *plan = statement ? find_plan(*statement, planid) : nullptr;
    if (!plan)
        return;
    Blob &known = plan->blobs[nodes_blob];
    if (known.bytes == 0)
        known = store_blob(reinterpret_cast<const char *>(nodes), bytes);
    else if (known.bytes == bytes)
        add_in_place(known, nodes, count);
}

} // namespace advisor::pg::store
