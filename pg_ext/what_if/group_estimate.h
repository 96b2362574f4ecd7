// How many distinct keys a table has, from those met in sampled blocks. Plain C++ without the server.
#pragma once
namespace advisor::pg {

// Distinct keys estimated for all blocks of the table.
struct SampledGroups {
    double groups = 0;
    double repeated = 0;    // keys met in more than one sampled block: what the estimate rests on
    double skew = 1;        // how many times too low ANALYZE's estimator is on these rows
    bool clustered = false; // equal keys lie together, and the changes from row to row gave the number
};

constexpr double most_rare_blocks = 15;
constexpr double least_heavy_rows = 20, least_heavy_blocks = 10; // to trust the number of a key's rows

// How many keys were seen in so many blocks each; a pair is one (key, block).
struct BlockCounts {
    double keys = 0, pairs = 0;
    double one_block = 0;
    double frequent_keys = 0, frequent_pairs = 0; // seen in more than most_rare_blocks
    double spread = 0;                            // sum of i × (i - 1) over the blocks i of each rare key
    double null_pairs = 0;                        // of the key that is null

    void add(double blocks, bool is_null) {
        keys += 1;
        null_pairs += is_null ? blocks : 0;
        pairs += blocks;
        one_block += blocks == 1;
        if (blocks > most_rare_blocks) {
            frequent_keys += 1;
            frequent_pairs += blocks;
        } else {
            spread += blocks * (blocks - 1);
        }
    }
};

// share: of the table's blocks, that were sampled.
SampledGroups estimate_groups(const BlockCounts &count, double share);

} // namespace advisor::pg
