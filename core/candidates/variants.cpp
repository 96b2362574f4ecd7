// Builds the indexes that could serve one table access: equality keys first, then one range, the sort keys or
// the group keys; each also covering, and each also partial where a condition never varies.
#include "core/candidates/variants.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace advisor::core {

namespace {

using Uses = std::vector<KeyUse>;

constexpr std::size_t most_combined = 2; // conditions that never vary

Uses select_uses(const Uses &uses, bool (*wanted)(const KeyUse &)) {
    Uses selected;
    std::copy_if(uses.begin(), uses.end(), std::back_inserter(selected), wanted);
    return selected;
}

Uses joined(Uses first, const Uses &second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

// The variants under one predicate (or none).
class VariantBuilder {
public:
    VariantBuilder(const AccessKeys &keys, const Table &table, const CandidateOptions &options,
                   std::vector<std::string> conditions)
        : keys_(keys), table_(table), options_(options), conditions_(std::move(conditions)),
          filters_(select_uses(keys.equal, [](const KeyUse &use) { return !use.join; })),
          joins_(select_uses(keys.equal, [](const KeyUse &use) { return use.join; })),
          without_conditions_(keys.covering) {
        for (const KeyUse &condition : keys.conditions)
            if (std::find(conditions_.begin(), conditions_.end(), condition.constant_text) !=
                conditions_.end())
                std::erase(without_conditions_, condition.key.text);
    }

    std::vector<Draft> build() {
        add_singles();
        add_equality_sets();
        add_ranges();
        add_order();
        add_group();
        return std::move(drafts_);
    }

private:
    static Purpose purpose_of(const Uses &uses) {
        const bool join = std::any_of(uses.begin(), uses.end(), [](const KeyUse &use) { return use.join; });
        return join ? Purpose::join : Purpose::filter;
    }

    void add_singles() {
        for (const KeyUse &use : keys_.equal)
            add({use}, {}, use.join ? Purpose::join : Purpose::filter);
        for (const KeyUse &use : keys_.ranges)
            add({}, {use.key}, use.join ? Purpose::join : Purpose::filter);
    }

    // The sets of equality keys that a plan may bind at once: all filters in two orders, each join column
    // with and without them, all together.
    std::vector<Uses> equality_sets() const {
        std::vector<Uses> sets;
        if (!filters_.empty()) {
            sets.push_back(filters_);
            Uses in_demand = filters_;
            std::stable_sort(in_demand.begin(), in_demand.end(), [](const KeyUse &left, const KeyUse &right) {
                return std::pair(left.any_of, -left.demand) < std::pair(right.any_of, -right.demand);
            });
            sets.push_back(std::move(in_demand));
        }
        for (const KeyUse &join : joins_) {
            sets.push_back({join});
            if (!filters_.empty()) {
                sets.push_back(joined({join}, filters_));
                sets.push_back(joined(filters_, {join}));
            }
        }
        if (joins_.size() > 1) {
            sets.push_back(joins_);
            if (!filters_.empty())
                sets.push_back(joined(joins_, filters_));
        }
        return sets;
    }

    void add_equality_sets() {
        for (const Uses &set : equality_sets())
            add(set, {}, purpose_of(set));
        if (keys_.equal.size() > 2 && keys_.equal.size() <= 6)
            for (std::size_t i = 0; i < keys_.equal.size(); ++i)
                for (std::size_t j = i + 1; j < keys_.equal.size(); ++j)
                    add({keys_.equal[i], keys_.equal[j]}, {}, purpose_of({keys_.equal[i], keys_.equal[j]}));
    }

    void add_ranges() {
        for (const KeyUse &range : keys_.ranges) {
            for (const Uses &set : equality_sets())
                add(set, {range.key}, purpose_of(set));
            for (const KeyUse &use : keys_.equal)
                add({use}, {range.key}, use.join ? Purpose::join : Purpose::filter);
        }
    }

    void add_order() {
        if (keys_.order.empty())
            return;
        const auto single_value = [](const KeyUse &use) { return !use.any_of; };
        const auto single_filter = [](const KeyUse &use) { return !use.any_of && !use.join; };
        const Uses bound = select_uses(keys_.equal, single_value);
        const Uses filters = select_uses(keys_.equal, single_filter);
        add_ordered(bound);
        add_ordered(filters);
        for (const KeyUse &use : bound)
            add_ordered({use});
        if (keys_.limit)
            add_ordered({});
    }

    // Under a LIMIT the conditions left are checked in the index when their keys stand behind the sort keys.
    void add_ordered(const Uses &bound) {
        if (bound.empty() && !keys_.limit)
            return;
        add(bound, keys_.order, Purpose::sort);
        std::vector<IndexKey> tail = keys_.order;
        for (const KeyUse &use : keys_.equal)
            tail.push_back(use.key);
        for (const KeyUse &use : keys_.ranges)
            tail.push_back(use.key);
        if (keys_.limit && tail.size() > keys_.order.size())
            add(bound, tail, Purpose::sort);
    }

    void add_group() {
        if (keys_.group.empty())
            return;
        for (const Uses &set : equality_sets())
            add(set, keys_.group, Purpose::sort);
        add({}, keys_.group, Purpose::sort, keys_.limit);
    }

    // plain: also worth having when it does not cover the statement.
    void add(const Uses &equal, const std::vector<IndexKey> &after, Purpose purpose, bool plain = true) {
        Draft draft;
        draft.definition.table = table_.qualified;
        draft.purpose = purpose;
        draft.conditions = conditions_;
        for (const std::string &condition : conditions_) {
            const bool several = conditions_.size() > 1;
            draft.definition.predicate += draft.definition.predicate.empty() ? "" : " AND ";
            draft.definition.predicate += several ? "(" + condition + ")" : condition;
        }
        if (after.size() > options_.max_columns || (equal.empty() && after.empty()))
            return;
        std::vector<IndexKey> &index_keys = draft.definition.keys;
        const auto append = [&](const IndexKey &key) {
            const auto same = [&](const IndexKey &present) {
                return present.text == key.text && present.collation == key.collation;
            };
            if (std::none_of(index_keys.begin(), index_keys.end(), same))
                index_keys.push_back(key);
        };
        for (const KeyUse &use : equal)
            if (index_keys.size() + after.size() < options_.max_columns)
                append(use.key);
        draft.equality_keys = index_keys.size();
        for (const IndexKey &key : after)
            append(key);
        if (plain)
            drafts_.push_back(draft);
        add_covering(draft, keys_.covering);
        // A column that only the index's predicate mentions need not be in the index.
        if (!conditions_.empty())
            add_covering(draft, without_conditions_);
    }

    void add_covering(Draft draft, const std::vector<std::string> &columns) {
        const auto included = included_columns(columns, draft.definition.keys, table_, options_);
        if (!included || included->empty())
            return;
        if (options_.include_columns)
            draft.definition.include = *included;
        else
            for (const std::string &column : *included) {
                IndexKey key;
                key.text = column;
                draft.definition.keys.push_back(std::move(key));
            }
        drafts_.push_back(std::move(draft));
    }

    const AccessKeys &keys_;
    const Table &table_;
    const CandidateOptions &options_;
    std::vector<std::string> conditions_;
    Uses filters_, joins_;
    std::vector<std::string> without_conditions_; // columns to cover, less those of the predicate
    std::vector<Draft> drafts_;
};

// The access as it looks inside a partial index: its conditions are true of every row.
AccessKeys without_conditions(AccessKeys keys, const std::vector<std::string> &conditions) {
    const auto holds = [&](const KeyUse &use) {
        return std::find(conditions.begin(), conditions.end(), use.constant_text) != conditions.end();
    };
    // With nothing else to search by, the condition's own key makes the index.
    std::optional<KeyUse> own;
    for (const KeyUse &condition : keys.conditions)
        if (!own && holds(condition) && condition.sargable)
            own = condition;
    // Of many conditions each would be a key in the index of each other one.
    const bool many = keys.conditions.size() > most_combined;
    const auto constant = [&](const KeyUse &use) {
        return holds(use) || (many && !use.constant_text.empty());
    };
    std::erase_if(keys.equal, constant);
    std::erase_if(keys.ranges, constant);
    if (keys.equal.empty() && keys.ranges.empty() && keys.order.empty() && keys.group.empty() && own)
        keys.equal.push_back(*own);
    return keys;
}

std::vector<std::vector<std::string>> condition_sets(const AccessKeys &keys) {
    std::vector<std::string> all;
    for (const KeyUse &condition : keys.conditions)
        all.push_back(condition.constant_text);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::vector<std::vector<std::string>> sets;
    for (const std::string &condition : all)
        sets.push_back({condition});
    if (all.size() > 1)
        sets.push_back(std::move(all));
    return sets;
}

} // namespace

std::vector<Draft> access_variants(const AccessKeys &keys, const Table &table,
                                   const CandidateOptions &options) {
    std::vector<Draft> drafts = VariantBuilder(keys, table, options, {}).build();
    if (!options.partial)
        return drafts;
    for (const std::vector<std::string> &conditions : condition_sets(keys)) {
        const AccessKeys inside = without_conditions(keys, conditions);
        for (Draft &draft : VariantBuilder(inside, table, options, conditions).build())
            drafts.push_back(std::move(draft));
    }
    return drafts;
}

std::optional<std::vector<std::string>> included_columns(const std::vector<std::string> &wanted,
                                                         const std::vector<IndexKey> &keys,
                                                         const Table &table,
                                                         const CandidateOptions &options) {
    std::vector<std::string> included;
    double width = 0;
    for (const std::string &name : wanted) {
        const auto is_key = [&](const IndexKey &key) { return !key.expression && key.text == name; };
        if (std::any_of(keys.begin(), keys.end(), is_key))
            continue;
        const Column *column = find_column(table, name);
        if (column == nullptr)
            return std::nullopt;
        width += column->average_width;
        included.push_back(name);
    }
    if (included.size() > options.max_included || width > options.max_included_width)
        return std::nullopt;
    return included;
}

} // namespace advisor::core
