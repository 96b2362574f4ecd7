// The arithmetic follows the build of PostgreSQL 15 to 18 (src/backend/access/hash/hash.c, hashpage.c and
// hashutil.c): an item is a hash code of 4 bytes, so that the width of the key does not matter. Buckets
// double in one step up to 512, from there on in four steps.
#include "core/costing/hash_size.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace advisor::core {
namespace {

constexpr double page_header = 24, page_special = 16, item_bytes = 16, line_pointer = 4;
constexpr double least_items_per_bucket = 10;
constexpr double whole_doublings_to = 512;
constexpr double pages_per_bitmap_byte = 8, bitmap_share_of_page = 0.5;
constexpr double most_simulated_buckets = 1024;

double items_per_page(const HashContents &contents) {
    return std::floor((contents.page_bytes - page_header - page_special) / (item_bytes + line_pointer));
}

double wanted_items_per_bucket(const HashContents &contents) {
    const double bytes = std::floor(contents.page_bytes * contents.fillfactor / 100.0);
    return std::max(least_items_per_bucket, std::floor(bytes / (item_bytes + line_pointer)));
}

double power_of_two_below(double number) {
    return std::exp2(std::floor(std::log2(number)));
}

// The number of bucket pages that exist as soon as so many buckets are wanted.
double reserved_buckets(double wanted) {
    if (wanted <= 2)
        return 2;
    const double below = power_of_two_below(wanted);
    if (below == wanted)
        return wanted;
    if (below < whole_doublings_to)
        return below * 2;
    return below + std::ceil((wanted - below) / (below / 4)) * (below / 4);
}

// A sequence of well-spread numbers in 0 … 1.
class Sequence {
public:
    double next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<double>((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53;
    }

private:
    std::uint64_t state_ = 0;
};

// Tuples per bucket, for a part of the buckets when there are many. Those that the last doubling has not
// split yet get twice as many keys.
std::vector<double> filled_buckets(double buckets, double tuples, double groups, double &part) {
    const double split_from = power_of_two_below(buckets);
    part = std::min(1.0, most_simulated_buckets / split_from);
    const double base = split_from * part;
    const double count = std::round(buckets * part);
    std::vector<double> filled(static_cast<std::size_t>(count), 0.0);
    Sequence sequence;
    const auto keys = static_cast<std::int64_t>(std::round(groups * part));
    const double per_key = keys > 0 ? tuples * part / static_cast<double>(keys) : 0;
    for (std::int64_t key = 0; key < keys; ++key) {
        double place = std::floor(sequence.next() * base * 2);
        if (place >= count)
            place -= base;
        filled[static_cast<std::size_t>(place)] += per_key;
    }
    return filled;
}

} // namespace

HashSize hash_size(const HashContents &contents) {
    const double per_bucket = wanted_items_per_bucket(contents), per_page = items_per_page(contents);
    const double at_first = reserved_buckets(std::floor(contents.table_rows / per_bucket));
    const double used = std::max(at_first, std::ceil(contents.tuples / per_bucket));
    HashSize size;
    size.buckets = std::max(at_first, reserved_buckets(used));

    double heavy_tuples = 0;
    for (const double tuples : contents.heavy_groups)
        heavy_tuples += tuples;
    const double light = std::max(0.0, contents.tuples - heavy_tuples);
    const double light_groups = std::clamp(
        contents.groups - static_cast<double>(contents.heavy_groups.size()), std::min(light, 1.0), light);
    double part = 1;
    for (const double tuples : filled_buckets(used, light, light_groups, part))
        size.overflow_pages += std::max(0.0, std::ceil(tuples / per_page) - 1) / part;
    for (const double tuples : contents.heavy_groups)
        size.overflow_pages += std::max(0.0, std::ceil((tuples + light / used) / per_page) - 1);
    size.overflow_pages = std::round(size.overflow_pages);

    const double per_bitmap = contents.page_bytes * bitmap_share_of_page * pages_per_bitmap_byte;
    const double bitmaps = 1 + std::floor(size.overflow_pages / per_bitmap);
    size.total_pages = 1 + size.buckets + size.overflow_pages + bitmaps;
    size.bytes = size.total_pages * contents.page_bytes;
    return size;
}

} // namespace advisor::core
