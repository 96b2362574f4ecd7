// Sizes of hash, BRIN, GIN, GiST and SP-GiST indexes against those that PostgreSQL 15 has built.
#include "core/costing/brin_size.h"
#include "core/costing/gin_size.h"
#include "core/costing/hash_size.h"
#include "core/costing/tree_size.h"

#include <gtest/gtest.h>
#include <vector>

namespace advisor::core {
namespace {

HashContents hashed(double tuples, double groups) {
    HashContents contents;
    contents.table_rows = contents.tuples = tuples;
    contents.groups = groups;
    return contents;
}

TEST(HashSize, BucketsComeInDoublingsAndQuarters) {
    EXPECT_EQ(hash_size(hashed(0, 0)).total_pages, 4);
    EXPECT_EQ(hash_size(hashed(100, 100)).buckets, 2);
    EXPECT_EQ(hash_size(hashed(1e5, 1e5)).buckets, 512); // 325 wanted
    EXPECT_EQ(hash_size(hashed(1.6e5, 1.6e5)).buckets, 640);
    EXPECT_EQ(hash_size(hashed(1e6, 1e6)).buckets, 3584); // 3257 wanted
    EXPECT_EQ(hash_size(hashed(1e5, 1e5)).total_pages, 514);
}

TEST(HashSize, BucketsAreForTheWholeTable) {
    HashContents partial = hashed(1e5, 1e5);
    partial.tuples = partial.groups = 5000;
    EXPECT_EQ(hash_size(partial).buckets, 512);
}

TEST(HashSize, FrequentKeysOverflow) {
    HashContents few = hashed(1e5, 21);
    few.heavy_groups.assign(21, 1e5 / 21);
    EXPECT_NEAR(hash_size(few).total_pages, 753, 753 * 0.03);
    EXPECT_GT(hash_size(hashed(1e5, 100)).overflow_pages, 100);
    EXPECT_EQ(hash_size(hashed(1e5, 5000)).overflow_pages, 0);
}

TEST(HashSize, IsTheSameEachTime) {
    EXPECT_EQ(hash_size(hashed(123456, 3000)).bytes, hash_size(hashed(123456, 3000)).bytes);
}

TEST(BrinSize, CountsRangesAndPages) {
    BrinContents contents;
    contents.table_pages = 8334;
    contents.values = {{8, 8}, {8, 8}};
    EXPECT_EQ(brin_size(contents).ranges, 66);
    EXPECT_EQ(brin_size(contents).total_pages, 3);
    contents.pages_per_range = 8;
    contents.values = {{4, 4}, {4, 4}, {8, 8}, {8, 8}};
    EXPECT_EQ(brin_size(contents).total_pages, 7);
    contents.pages_per_range = 2;
    contents.values = {{33, 1}, {33, 1}};
    EXPECT_EQ(brin_size(contents).map_pages, 4);
    EXPECT_NEAR(brin_size(contents).total_pages, 48, 2);
    contents.table_pages = 0;
    EXPECT_EQ(brin_size(contents).total_pages, 3);
}

struct BuiltGin {
    const char *what;
    double table_pages, postings, keys, entry_bytes;
    std::vector<double> frequent;
    double pages;
};

// Within a factor of 1.5: half of what is promised.
TEST(GinSize, IsNearWhatWasBuilt) {
    const std::vector<BuiltGin> built = {
        {"md5 trigrams", 8334, 3.2e6, 4400, 16, {}, 1559},
        {"json of distinct values",
         8334,
         8e5,
         86000,
         24,
         {25000, 25000, 25000, 25000, 1e5, 1e5, 1e5, 1e5},
         931},
    };
    for (const BuiltGin &one : built) {
        GinContents contents;
        contents.table_pages = one.table_pages;
        contents.postings = one.postings;
        contents.keys = one.keys;
        contents.entry_bytes = one.entry_bytes;
        contents.frequent_keys = one.frequent;
        const GinSize size = gin_size(contents);
        EXPECT_GT(size.total_pages, one.pages / 1.5) << one.what;
        EXPECT_LT(size.total_pages, one.pages * 1.5) << one.what;
        EXPECT_EQ(size.total_pages, 1 + size.entry_pages + size.data_pages) << one.what;
    }
}

TEST(GinSize, GrowsWithPostingsAndKeys) {
    GinContents contents;
    contents.table_pages = 1000;
    contents.postings = 1e5;
    contents.keys = 1000;
    const double few = gin_size(contents).bytes;
    contents.keys = 50000;
    const double many = gin_size(contents).bytes;
    contents.postings = 1e6;
    EXPECT_LT(few, many);
    EXPECT_LT(many, gin_size(contents).bytes);
    EXPECT_EQ(gin_size(GinContents{}).total_pages, 2);
}

TEST(TreeSize, IsWithinAFactorOfTwo) {
    const auto pages = [](TreeKind kind, double tuples, double bytes) {
        return tree_size({kind, tuples, bytes, 90, 8192}).total_pages;
    };
    const auto near = [](double estimate, double built) {
        return estimate > built / 2 && estimate < built * 2;
    };
    EXPECT_TRUE(near(pages(TreeKind::gist, 1e5, 24), 766)) << "int4range";
    EXPECT_TRUE(near(pages(TreeKind::gist, 1e5, 40), 813)) << "point";
    EXPECT_TRUE(near(pages(TreeKind::spgist, 1e5, 32), 574)) << "int4range";
    EXPECT_TRUE(near(pages(TreeKind::spgist, 1e5, 40), 887)) << "tstzrange";
    EXPECT_EQ(pages(TreeKind::gist, 0, 24), 1);
    EXPECT_EQ(pages(TreeKind::spgist, 0, 24), 4);
}

} // namespace
} // namespace advisor::core
