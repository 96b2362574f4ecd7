// The arithmetic follows the build of PostgreSQL 15 to 18 (src/backend/access/gin/ginpostinglist.c,
// ginentrypage.c and gindatapage.c): row positions are kept as differences of 7 bits per byte, keys arrive in
// order and leave their pages half full, lists over a third of a page move to pages of their own, which are
// packed.
#include "core/costing/gin_size.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace advisor::core {
namespace {

constexpr double page_header = 24, page_special = 8, line_pointer = 4;
constexpr double list_header = 8;
constexpr double bits_of_row_number = 11;
constexpr double segment_bytes = 256; // of a list in a tree of its own; each has a header
constexpr double fill_of_entry_page = 0.52;
constexpr double upper_pages = 0.01;
constexpr double rows_on_a_page = 30; // of the table, between positions that share one
constexpr int classes = 24;

// Bytes that one more position takes, for a key with so many of them over the table: the difference to the
// one before, with exponentially spread distances.
double bytes_per_posting(double postings, double table_pages) {
    const double distance = std::max(1 / rows_on_a_page, table_pages / std::max(postings, 1.0));
    double bytes = 0, upto = 0;
    for (int count = 1; count <= 6; ++count) {
        const double blocks = std::exp2(7.0 * count - bits_of_row_number);
        const double share = count == 6 ? 1.0 : -std::expm1(-blocks / distance);
        bytes += count * (share - upto);
        upto = share;
    }
    return bytes;
}

// What the entries of one kind of key take.
class Packing {
public:
    explicit Packing(const GinContents &contents)
        : contents_(contents), usable_(contents.page_bytes - page_header - page_special),
          longest_(std::floor((contents.page_bytes - 48) / 3.0 / 8) * 8) {}

    void add(double keys, double postings_each) {
        const double list = (postings_each - 1) * bytes_per_posting(postings_each, contents_.table_pages);
        const double inside = std::ceil((contents_.entry_bytes + list_header + list) / 8) * 8;
        if (inside <= longest_) {
            entry_bytes_ += keys * (inside + line_pointer);
            return;
        }
        entry_bytes_ += keys * (contents_.entry_bytes + line_pointer);
        const double packed = (list + list_header) * (1 + list_header / segment_bytes);
        const double leaves = std::ceil(packed / (usable_ - line_pointer * 2));
        data_pages_ += keys * (leaves + (leaves > 1 ? 1 : 0));
    }

    double entry_pages() const {
        const double leaves = entry_bytes_ / usable_;
        if (leaves <= 1)
            return 1;
        const double spread = leaves / fill_of_entry_page;
        return std::ceil(spread * (1 + upper_pages)) + 1;
    }
    double data_pages() const { return std::round(data_pages_); }

private:
    const GinContents &contents_;
    double usable_, longest_;
    double entry_bytes_ = 0, data_pages_ = 0;
};

// Keys that are not frequent: as many as there are, with a mean, and a tail as in natural texts: the number
// of postings falls with the key's rank to a power that meets the mean.
void add_rare_keys(Packing &packing, double keys, double postings, double most) {
    const double mean = std::max(1.0, postings / keys);
    const double highest = std::max(most, mean);
    double low = 0, high = 4; // exponent: 0 gives `highest` to all
    const auto class_postings = [&](int i, double exponent) {
        const double rank = (i + 0.5) / classes;
        return std::max(1.0, highest * std::exp(-exponent * std::log(std::max(keys, 2.0)) * rank));
    };
    // Ranks grow geometrically: class i stands for keys^(i/n) … keys^((i+1)/n).
    std::array<double, classes> share{};
    const double step = std::log(std::max(keys, 2.0)) / classes;
    for (int i = 0; i < classes; ++i)
        share[static_cast<std::size_t>(i)] =
            (std::exp(step * (i + 1)) - (i == 0 ? 0 : std::exp(step * i))) / std::max(keys, 2.0);
    for (int step_count = 0; step_count < 40; ++step_count) {
        const double exponent = (low + high) / 2;
        double sum = 0;
        for (int i = 0; i < classes; ++i)
            sum += share[static_cast<std::size_t>(i)] * class_postings(i, exponent);
        (sum > mean ? low : high) = exponent;
    }
    for (int i = 0; i < classes; ++i)
        packing.add(keys * share[static_cast<std::size_t>(i)], class_postings(i, (low + high) / 2));
}

} // namespace

GinSize gin_size(const GinContents &contents) {
    GinSize size;
    size.entries = std::max(0.0, std::round(contents.keys));
    Packing packing(contents);
    double frequent = 0, least = contents.postings;
    for (const double postings : contents.frequent_keys) {
        packing.add(1, std::max(1.0, postings));
        frequent += postings;
        least = std::min(least, postings);
    }
    const double rare = contents.keys - static_cast<double>(contents.frequent_keys.size());
    const double left = std::max(rare, contents.postings - frequent);
    if (rare >= 1)
        add_rare_keys(packing, rare, left,
                      contents.frequent_keys.empty() ? std::max(1.0, left / rare) : least);
    size.entry_pages = packing.entry_pages();
    size.data_pages = packing.data_pages();
    size.total_pages = 1 + size.entry_pages + size.data_pages;
    size.bytes = size.total_pages * contents.page_bytes;
    return size;
}

} // namespace advisor::core
