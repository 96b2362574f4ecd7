// Written by one process at a time (postmaster, then the save worker), read under a sequence counter.
#include "pg_ext/store/server_settings.h"

#include "pg_ext/boundary.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/layout.h"

namespace advisor::pg {
namespace {

// A name that this server version does not have is skipped.
const char *const planner_settings[] = {"constraint_exclusion",
                                        "cpu_index_tuple_cost",
                                        "cpu_operator_cost",
                                        "cpu_tuple_cost",
                                        "cursor_tuple_fraction",
                                        "default_statistics_target",
                                        "effective_cache_size",
                                        "effective_io_concurrency",
                                        "enable_async_append",
                                        "enable_bitmapscan",
                                        "enable_distinct_reordering",
                                        "enable_gathermerge",
                                        "enable_group_by_reordering",
                                        "enable_hashagg",
                                        "enable_hashjoin",
                                        "enable_incremental_sort",
                                        "enable_indexonlyscan",
                                        "enable_indexscan",
                                        "enable_material",
                                        "enable_memoize",
                                        "enable_mergejoin",
                                        "enable_nestloop",
                                        "enable_parallel_append",
                                        "enable_parallel_hash",
                                        "enable_partition_pruning",
                                        "enable_partitionwise_aggregate",
                                        "enable_partitionwise_join",
                                        "enable_presorted_aggregate",
                                        "enable_self_join_elimination",
                                        "enable_seqscan",
                                        "enable_sort",
                                        "enable_tidscan",
                                        "from_collapse_limit",
                                        "geqo",
                                        "geqo_effort",
                                        "geqo_generations",
                                        "geqo_pool_size",
                                        "geqo_seed",
                                        "geqo_selection_bias",
                                        "geqo_threshold",
                                        "hash_mem_multiplier",
                                        "jit",
                                        "jit_above_cost",
                                        "jit_inline_above_cost",
                                        "jit_optimize_above_cost",
                                        "join_collapse_limit",
                                        "max_parallel_workers_per_gather",
                                        "min_parallel_index_scan_size",
                                        "min_parallel_table_scan_size",
                                        "parallel_leader_participation",
                                        "parallel_setup_cost",
                                        "parallel_tuple_cost",
                                        "plan_cache_mode",
                                        "random_page_cost",
                                        "recursive_worktable_factor",
                                        "seq_page_cost",
                                        "work_mem"};

} // namespace

namespace store {

void publish_server_settings() {
    pg_atomic_fetch_add_u32(&block->settings_sequence, 1);
    pg_write_barrier();
    std::size_t used = 0;
    for (const char *name : planner_settings) {
        const char *value = GetConfigOption(name, true, false);
        const std::size_t name_bytes = std::strlen(name) + 1;
        const std::size_t value_bytes = value ? std::strlen(value) + 1 : 0;
        if (!value || used + name_bytes + value_bytes > settings_bytes)
            continue;
        std::memcpy(block->settings + used, name, name_bytes);
        std::memcpy(block->settings + used + name_bytes, value, value_bytes);
        used += name_bytes + value_bytes;
    }
    block->settings_length = static_cast<std::uint32_t>(used);
    pg_write_barrier();
    pg_atomic_fetch_add_u32(&block->settings_sequence, 1);
}

} // namespace store

namespace {

// Not what the session has set since, but with what ALTER ROLE and ALTER DATABASE say for the reader.
std::vector<std::pair<std::string, std::string>> settings_at_session_start() {
    std::vector<std::pair<std::string, std::string>> result;
    for (const char *name : planner_settings) {
        const char *value = pg_call(
            [=] { return GetConfigOption(name, true, false) ? GetConfigOptionResetString(name) : nullptr; });
        if (value)
            result.emplace_back(name, value);
    }
    return result;
}

} // namespace

std::vector<std::pair<std::string, std::string>> server_planner_settings() {
    std::vector<std::pair<std::string, std::string>> result;
    if (!store::block || store::block_is_private())
        return settings_at_session_start();
    std::string copy;
    for (std::uint32_t before = 1, after = 0; before != after || before % 2 != 0;) {
        before = pg_atomic_read_u32(&store::block->settings_sequence);
        pg_read_barrier();
        copy.assign(store::block->settings, store::block->settings_length);
        pg_read_barrier();
        after = pg_atomic_read_u32(&store::block->settings_sequence);
    }
    for (const char *at = copy.data(), *end = at + copy.size(); at < end;) {
        const char *value = at + std::strlen(at) + 1;
        result.emplace_back(at, value);
        at = value + std::strlen(value) + 1;
    }
    return result;
}

} // namespace advisor::pg
