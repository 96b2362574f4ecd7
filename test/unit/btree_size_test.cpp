// Sizes and heights against indexes that PostgreSQL 15 has built (pg_relation_size, bt_metap).
#include "core/costing/btree_size.h"

#include <cmath>
#include <gtest/gtest.h>

namespace advisor::core {
namespace {

BtreeContents plain(double tuples, double groups, double tuple_bytes) {
    BtreeContents contents;
    contents.tuples = tuples;
    contents.groups = groups;
    contents.tuple_sizes = {{tuple_bytes, 1}};
    contents.prefixes = {{groups, tuple_bytes}};
    return contents;
}

BtreeContents merged(double tuples, double groups, double tuple_bytes) {
    BtreeContents contents = plain(tuples, groups, tuple_bytes);
    contents.merges_duplicates = true;
    return contents;
}

struct Built {
    const char *what;
    BtreeContents contents;
    double pages;
    int height;
    double tolerance;
};

void expect_as_built(const Built &built) {
    const BtreeSize size = btree_size(built.contents);
    EXPECT_NEAR(size.total_pages, built.pages, built.pages * built.tolerance) << built.what;
    EXPECT_EQ(size.height, built.height) << built.what;
    EXPECT_EQ(size.bytes, size.total_pages * built.contents.page_bytes) << built.what;
    EXPECT_EQ(size.total_pages, 1 + size.leaf_pages + size.internal_pages) << built.what;
}

TEST(BtreeSize, one_size_without_merging_is_exact) {
    const Built cases[] = {
        {"empty table", plain(0, 0, 16), 1, 0, 0},
        {"one row", plain(1, 1, 16), 2, 0, 0},
        {"last row that one page holds", plain(367, 367, 16), 2, 0, 0},
        {"first row of a second page", plain(368, 368, 16), 4, 1, 0},
        {"1e5 integers", plain(1e5, 1e5, 16), 276, 1, 0},
        {"3e6 integers", plain(3e6, 3e6, 16), 8228, 2, 0},
        {"1e6 uuids", plain(1e6, 1e6, 24), 3853, 2, 0},
        {"1e6 texts of 199 bytes", plain(1e6, 1e6, 208), 30547, 4, 0},
        {"3e6 numerics, 1,000 values: separators carry row positions", plain(3e6, 1000, 16), 8240, 2, 0},
    };
    for (const Built &built : cases)
        expect_as_built(built);
}

TEST(BtreeSize, merged_duplicates_are_within_two_percent) {
    const double rows = 3e6;
    const auto met = [&](double values) { return values * -std::expm1(-rows / values); };
    const Built cases[] = {
        {"10 values", merged(rows, 10, 16), 2541, 2, 0.001},
        {"1,000 values", merged(rows, 1e3, 16), 2593, 2, 0.02},
        {"10,000 values", merged(rows, 1e4, 16), 2534, 2, 0.02},
        {"30,000 values", merged(rows, 3e4, 16), 2604, 2, 0.01},
        {"100,000 values", merged(rows, 1e5, 16), 2752, 2, 0.01},
        {"300,000 values", merged(rows, met(3e5), 16), 3402, 2, 0.01},
        {"1,000,000 values", merged(rows, met(1e6), 16), 5328, 2, 0.01},
    };
    for (const Built &built : cases)
        expect_as_built(built);
}

TEST(BtreeSize, heavy_groups_are_packed_as_they_are) {
    // 900,000 rows of one value, the rest all different: the sum of both parts.
    BtreeContents mixed = merged(1e6, 100'001, 16);
    mixed.heavy_groups = {900'000};
    const double heavy = btree_size(merged(900'000, 1, 16)).leaf_pages;
    const double rest = btree_size(plain(100'000, 100'000, 16)).leaf_pages;
    EXPECT_NEAR(btree_size(mixed).leaf_pages, heavy + rest, 2);
    EXPECT_LT(btree_size(mixed).leaf_pages, btree_size(merged(1e6, 100'001, 16)).leaf_pages);
}

TEST(BtreeSize, fillfactor_and_sizes_scale_the_leaves) {
    BtreeContents half = plain(1e6, 1e6, 16);
    half.fillfactor = 45;
    const double usual = btree_size(plain(1e6, 1e6, 16)).leaf_pages;
    EXPECT_NEAR(btree_size(half).leaf_pages / usual, 2, 0.03);

    BtreeContents two_sizes = plain(1e6, 1e6, 16);
    two_sizes.tuple_sizes = {{16, 1}, {56, 1}};
    EXPECT_NEAR(btree_size(two_sizes).leaf_pages / usual, 2, 0.03);
}

TEST(BtreeSize, short_separators_make_flat_trees) {
    // The first of two columns nearly always tells neighbours apart: separators keep only that column.
    BtreeContents wide = plain(1e6, 1e6, 208);
    wide.prefixes = {{999'000, 16}, {1e6, 208}};
    const BtreeSize flat = btree_size(wide), tall = btree_size(plain(1e6, 1e6, 208));
    EXPECT_EQ(flat.leaf_pages, tall.leaf_pages);
    EXPECT_LT(flat.height, tall.height);
}

TEST(BtreeSize, odd_numbers_stay_finite) {
    BtreeContents odd = merged(10, 1000, 16); // more groups than rows: statistics can be stale
    odd.heavy_groups = {400, 400};
    odd.tuple_sizes = {{0, 1}, {-8, 1}};
    odd.prefixes = {};
    EXPECT_TRUE(std::isfinite(btree_size(odd).total_pages));
    EXPECT_GE(btree_size(odd).total_pages, 2);
    EXPECT_TRUE(std::isfinite(btree_size(merged(1e12, 7, 2704)).total_pages));
}

} // namespace
} // namespace advisor::core
