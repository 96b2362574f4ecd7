// The arithmetic follows the sorted build of PostgreSQL 15 to 18 (src/backend/access/nbtree/nbtsort.c and
// nbtdedup.c): a page ends when its free space falls under the fill factor's rest, its last item moves on to
// the next page, and a cut-down copy of that item becomes the separator.
#include "core/costing/btree_size.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace advisor::core {
namespace {

constexpr double page_header = 24, page_special = 16, line_pointer = 4, row_position = 6;
constexpr double bare_tuple = 8; // header only: what is left of the first tuple of an upper page
constexpr double upper_free_share = 0.30;
constexpr double simulated_page_ends = 32;
constexpr int least_simulated_keys = 100;

double aligned(double bytes) {
    return std::ceil(bytes / 8) * 8;
}

// Free bytes of a page whose separator's line pointer is set apart, before the first item and its line
// pointer.
double usable(int page_bytes) {
    return page_bytes - page_special - page_header - 2 * line_pointer;
}

struct LeafItem {
    double bytes;
    double position_list; // part of it that a separator would not carry
};

// Packs items in key order and counts the pages that are finished.
class LeafPacker {
public:
    LeafPacker(int page_bytes, int fillfactor)
        : usable_(usable(page_bytes)), wanted_free_(std::floor(page_bytes * (100 - fillfactor) / 100.0)) {}

    // `continues`: the item has the same key as the one before it.
    void add(const LeafItem &item, bool continues) {
        const double free = usable_ - used_;
        const bool full = free < item.bytes + aligned(row_position);
        if (items_ > 0 && (full || (free + last_.position_list < wanted_free_ && items_ > 1)))
            finish_page();
        used_ += item.bytes + line_pointer;
        last_ = item;
        last_continues_ = continues;
        ++items_;
    }

    // A run of one key. Pages inside it are all alike, so only the first few are packed item by item.
    void add_run(const LeafItem &item, double count) {
        double added = 0, added_at_end = 0;
        int ends = 0;
        while (added < count) {
            const double pages_before = pages_;
            add(item, added > 0);
            ++added;
            if (pages_ == pages_before)
                continue;
            if (++ends == 3) {
                const double per_page = added - added_at_end;
                const double alike = std::floor((count - added) / per_page);
                pages_ += alike;
                split_groups_ += alike;
                added += alike * per_page;
            }
            added_at_end = added;
        }
    }

    double finished_pages() const { return pages_; }
    double split_groups() const { return split_groups_; }
    double started() const { return items_ > 0 ? std::min(1.0, used_ / (usable_ - wanted_free_)) : 0; }

private:
    void finish_page() {
        ++pages_;
        split_groups_ += last_continues_;
        used_ = last_.bytes + line_pointer;
        items_ = 1;
    }

    double usable_, wanted_free_;
    double used_ = 0, items_ = 0;
    double pages_ = 0, split_groups_ = 0;
    LeafItem last_{};
    bool last_continues_ = false;
};

// Evenly spread points of the unit square (an additive recurrence): small error without a random generator.
class SpreadPoints {
public:
    void advance() {
        first_ = std::fmod(first_ + 0.7548776662466927, 1.0);
        second_ = std::fmod(second_ + 0.5698402909980532, 1.0);
    }
    double first() const { return first_; }
    double second() const { return second_; }

private:
    double first_ = 0.5, second_ = 0.5;
};

// Values with cumulated shares, looked up by a number from 0 to 1.
class Quantiles {
public:
    void append(double value, double share) {
        total_ += share;
        values_.push_back(value);
        upto_.push_back(total_);
    }
    double at(double share) const {
        const auto found = std::upper_bound(upto_.begin(), upto_.end(), share * total_);
        const auto position = std::min<std::ptrdiff_t>(found - upto_.begin(), std::ssize(upto_) - 1);
        return values_[static_cast<std::size_t>(position)];
    }
    std::size_t count() const { return values_.size(); }
    double mean() const {
        double sum = 0, before = 0;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            sum += values_[i] * (upto_[i] - before);
            before = upto_[i];
        }
        return sum / total_;
    }

private:
    std::vector<double> values_, upto_;
    double total_ = 0;
};

// Sizes of groups with the given mean: Poisson, and at least one.
Quantiles group_sizes(double mean) {
    Quantiles sizes;
    if (mean <= 1.0001) {
        sizes.append(1, 1);
        return sizes;
    }
    if (mean > 2000) { // so narrow by then that the spread does not matter
        sizes.append(std::round(mean), 1);
        return sizes;
    }
    double low = 0, high = mean; // rate / (1 - exp(-rate)) = mean
    for (int i = 0; i < 50; ++i) {
        const double middle = (low + high) / 2;
        (-middle / std::expm1(-middle) < mean ? low : high) = middle;
    }
    const double rate = (low + high) / 2;
    const double spread = 6 * std::sqrt(rate) + 6;
    const int first = std::max(1, static_cast<int>(rate - spread)), last = static_cast<int>(rate + spread);
    for (int size = first; size <= last; ++size)
        sizes.append(size, std::exp(size * std::log(rate) - rate - std::lgamma(size + 1)));
    return sizes;
}

Quantiles tuple_sizes(const BtreeContents &contents) {
    Quantiles sizes;
    for (const auto &[bytes, share] : contents.tuple_sizes)
        if (bytes > 0 && share > 0)
            sizes.append(aligned(bytes), share);
    if (sizes.count() == 0)
        sizes.append(2 * bare_tuple, 1);
    return sizes;
}

// One key's tuples as the build merges them: full lists first, the rest in a last one.
void add_merged_group(LeafPacker &packer, double tuples, double key_bytes, int page_bytes) {
    const double limit = std::floor(page_bytes / 80.0) * 8 - line_pointer;
    const double full_list_bytes = std::floor(limit / 8) * 8;
    const double capacity = std::max(1.0, std::floor((full_list_bytes - key_bytes) / row_position));
    const auto item = [&](double positions) {
        const double bytes = positions > 1 ? aligned(key_bytes + positions * row_position) : key_bytes;
        return LeafItem{bytes, bytes - key_bytes};
    };
    const double full_lists = std::floor(tuples / capacity);
    const double rest = tuples - full_lists * capacity;
    packer.add_run(item(capacity), full_lists);
    if (rest > 0)
        packer.add(item(rest), full_lists > 0);
}

struct Leaves {
    double pages = 0;
    double split_share = 0; // of the page borders: both neighbours have the same key
};

// Packs until the items run out or enough pages are seen; the remaining ones at the rate between page ends.
template <class AddNext>
double pages_of_stream(LeafPacker &packer, double total, AddNext add_next) {
    const double before = packer.finished_pages(), started = packer.started();
    double added = 0, added_first = 0, pages_first = before, added_last = 0;
    for (int i = 0; added < total; ++i) {
        const double pages = packer.finished_pages();
        if (i >= least_simulated_keys && pages - before > simulated_page_ends)
            return std::ceil(before + started + total * (pages - pages_first) / (added_last - added_first));
        added += add_next();
        if (packer.finished_pages() > pages) {
            added_last = added;
            if (pages == before) {
                added_first = added;
                pages_first = packer.finished_pages();
            }
        }
    }
    return packer.finished_pages() + 1;
}

Leaves merged_leaves(const BtreeContents &contents) {
    LeafPacker packer(contents.page_bytes, contents.fillfactor);
    const Quantiles sizes = tuple_sizes(contents);
    SpreadPoints points;
    double heavy_tuples = 0;
    for (double tuples : contents.heavy_groups) {
        points.advance();
        add_merged_group(packer, std::round(tuples), sizes.at(points.second()), contents.page_bytes);
        heavy_tuples += tuples;
    }
    const double tuples = std::max(0.0, contents.tuples - heavy_tuples);
    const double heavy_count = static_cast<double>(contents.heavy_groups.size());
    const double groups =
        std::clamp(contents.groups - heavy_count, std::min(tuples, 1.0), std::max(tuples, 1.0));
    const Quantiles per_group = group_sizes(groups > 0 ? tuples / groups : 1);
    const double pages = pages_of_stream(packer, tuples, [&] {
        points.advance();
        const double size = per_group.at(points.first());
        add_merged_group(packer, size, sizes.at(points.second()), contents.page_bytes);
        return size;
    });
    return {pages, packer.finished_pages() > 0 ? packer.split_groups() / packer.finished_pages() : 0};
}

Leaves plain_leaves(const BtreeContents &contents) {
    LeafPacker packer(contents.page_bytes, contents.fillfactor);
    const Quantiles sizes = tuple_sizes(contents);
    const double split_share = 1 - std::min(1.0, contents.groups / contents.tuples);
    if (sizes.count() == 1) {
        packer.add_run({sizes.at(0), 0}, std::round(contents.tuples));
        return {packer.finished_pages() + 1, split_share};
    }
    SpreadPoints points;
    const double pages = pages_of_stream(packer, std::round(contents.tuples), [&] {
        points.advance();
        packer.add({sizes.at(points.first()), 0}, false);
        return 1.0;
    });
    return {pages, split_share};
}

// Mean size of a separator: the columns up to the first in which its neighbours differ; neighbours with the
// same key are told apart by the row position behind all columns.
double separator_bytes(const BtreeContents &contents, double split_share) {
    const double fallback = tuple_sizes(contents).mean();
    const double whole = contents.prefixes.empty() ? fallback : contents.prefixes.back().bytes;
    double sum = 0, weight = 0, before = 1;
    for (const auto &[groups, bytes] : contents.prefixes) {
        const double transitions = std::max(0.0, groups - before);
        sum += transitions * bytes;
        weight += transitions;
        before = std::max(before, groups);
    }
    const double differing = weight > 0 ? sum / weight : whole;
    return split_share * (whole + aligned(row_position)) + (1 - split_share) * differing;
}

} // namespace

BtreeSize btree_size(const BtreeContents &contents) {
    BtreeSize size;
    size.total_pages = 1;
    const double tuples = std::round(contents.tuples);
    if (tuples >= 1) {
        const bool merges = contents.merges_duplicates && contents.groups < tuples;
        const Leaves leaves = merges ? merged_leaves(contents) : plain_leaves(contents);
        size.leaf_pages = std::clamp(leaves.pages, 1.0, tuples);
        const double separator = separator_bytes(contents, leaves.split_share);
        const double wanted =
            usable(contents.page_bytes) - std::floor(contents.page_bytes * upper_free_share);
        const double room = (wanted - bare_tuple - line_pointer) / (separator + line_pointer);
        const bool uniform = std::fmod(separator, 8) == 0;
        const double children = std::max(2.0, (uniform ? std::floor(room) : room - 0.5) + 1);
        for (double below = size.leaf_pages; below > 1; ++size.height) {
            below = std::max(1.0, std::ceil((below - 1) / children));
            size.internal_pages += below;
        }
        size.total_pages += size.leaf_pages + size.internal_pages;
    }
    size.bytes = size.total_pages * contents.page_bytes;
    return size;
}

} // namespace advisor::core
