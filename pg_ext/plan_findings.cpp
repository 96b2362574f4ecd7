// Estimates against counts, and one plan against the one before.
#include "pg_ext/plan_findings.h"

#include "core/rules/figures.h"

#include <algorithm>
#include <map>

namespace advisor::pg {
namespace {

using store::NodeKind;

constexpr double least_factor = 2;
constexpr std::size_t most_named_changes = 8;

double misestimate(const store::NodeRecord &record) {
    const std::optional<double> actual = rows_per_loop(record);
    if (!actual || record.kind == NodeKind::modify_table)
        return 1;
    const double more = std::max(record.estimated_rows, 1.0), less = std::max(*actual, 1.0);
    return more > less ? more / less : less / more;
}

bool reads_relation(const ReadNode &node) {
    return !node.relation.empty() && node.record.kind != NodeKind::modify_table;
}

// The indexes below a bitmap scan; they follow it.
std::string bitmap_indexes(const std::vector<ReadNode> &nodes, std::size_t scan) {
    std::string names;
    for (std::size_t i = scan + 1; i < nodes.size(); ++i) {
        const NodeKind kind = nodes[i].record.kind;
        if (kind == NodeKind::bitmap_index_scan)
            names += (names.empty() ? "" : ", ") + nodes[i].index;
        else if (kind != NodeKind::bitmap_and && kind != NodeKind::bitmap_or)
            break;
    }
    return names;
}

std::string access_path(const std::vector<ReadNode> &nodes, std::size_t position) {
    const ReadNode &node = nodes[position];
    const std::string type = node_type(node.record);
    if (node.record.kind == NodeKind::bitmap_heap_scan)
        return type + " using " + bitmap_indexes(nodes, position);
    return node.index.empty() ? type : type + " using " + node.index;
}

// How each relation is read; one that is read more than once has its ways in the order of their names.
std::map<std::string, std::string> access_paths(const std::vector<ReadNode> &nodes) {
    std::map<std::string, std::vector<std::string>> ways;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (reads_relation(nodes[i]))
            ways[nodes[i].relation].push_back(access_path(nodes, i));
    std::map<std::string, std::string> result;
    for (auto &[relation, list] : ways) {
        std::sort(list.begin(), list.end());
        for (const std::string &way : list)
            result[relation] += (result[relation].empty() ? "" : " and ") + way;
    }
    return result;
}

std::string join_tree(const std::vector<ReadNode> &nodes) {
    std::string tree;
    for (const ReadNode &node : nodes) {
        const NodeKind kind = node.record.kind;
        if (kind == NodeKind::nested_loop || kind == NodeKind::merge_join || kind == NodeKind::hash_join)
            tree += node_type(node.record) + ";";
        else if (reads_relation(node) && kind != NodeKind::bitmap_index_scan)
            tree += node.relation + " " + node.alias + ";";
    }
    return tree;
}

std::string or_unread(const std::map<std::string, std::string> &paths, const std::string &relation) {
    const auto found = paths.find(relation);
    return found == paths.end() ? "not read" : found->second;
}

} // namespace

std::string worst_node(const std::vector<ReadNode> &nodes) {
    const ReadNode *worst = nullptr;
    double factor = least_factor;
    for (const ReadNode &node : nodes)
        if (const double own = misestimate(node.record); own >= factor) { // the lowest of equals began it
            worst = &node;
            factor = own;
        }
    if (!worst)
        return "";
    return node_title(*worst) + " (estimated " +
           core::human_number(std::round(worst->record.estimated_rows)) + ", actual " +
           core::human_number(std::round(*rows_per_loop(worst->record))) + " rows)";
}

std::string plan_change(const std::vector<ReadNode> &before, const std::vector<ReadNode> &after) {
    if (before.empty() || after.empty())
        return "";
    const auto old_paths = access_paths(before), new_paths = access_paths(after);
    auto relations = old_paths;
    relations.insert(new_paths.begin(), new_paths.end());
    std::string text;
    std::size_t changes = 0;
    for (const auto &[relation, path] : relations) {
        const std::string was = or_unread(old_paths, relation), is = or_unread(new_paths, relation);
        if (was == is || ++changes > most_named_changes)
            continue;
        text += (text.empty() ? "" : "; ") + relation + ": " + was + " → " + is;
    }
    if (changes > most_named_changes)
        text += "; and " + std::to_string(changes - most_named_changes) + " relations more";
    if (join_tree(before) != join_tree(after))
        text += text.empty() ? "join order or method changed" : "; join order or method changed";
    return text.empty() ? "relations are read as before, other nodes changed" : text;
}

} // namespace advisor::pg
