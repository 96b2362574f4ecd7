// Puts estimates, counts and descriptions together as PostgreSQL prints plans.
#include "pg_ext/plan_text.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"

#include <charconv>

namespace advisor::pg {
namespace {

using store::NodeKind;
using store::NodePlace;
using store::NodeRecord;

// Independent of any locale.
std::string fixed(double value, int decimals) {
    char digits[340];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals);
    return {digits, end.ptr};
}

const char *kind_name(NodeKind kind) {
    switch (kind) {
    case NodeKind::result: return "Result";
    case NodeKind::project_set: return "ProjectSet";
    case NodeKind::modify_table: return "ModifyTable";
    case NodeKind::append: return "Append";
    case NodeKind::merge_append: return "Merge Append";
    case NodeKind::recursive_union: return "Recursive Union";
    case NodeKind::bitmap_and: return "BitmapAnd";
    case NodeKind::bitmap_or: return "BitmapOr";
    case NodeKind::nested_loop: return "Nested Loop";
    case NodeKind::merge_join: return "Merge";
    case NodeKind::hash_join: return "Hash";
    case NodeKind::seq_scan: return "Seq Scan";
    case NodeKind::sample_scan: return "Sample Scan";
    case NodeKind::gather: return "Gather";
    case NodeKind::gather_merge: return "Gather Merge";
    case NodeKind::index_scan: return "Index Scan";
    case NodeKind::index_only_scan: return "Index Only Scan";
    case NodeKind::bitmap_index_scan: return "Bitmap Index Scan";
    case NodeKind::bitmap_heap_scan: return "Bitmap Heap Scan";
    case NodeKind::tid_scan: return "Tid Scan";
    case NodeKind::tid_range_scan: return "Tid Range Scan";
    case NodeKind::subquery_scan: return "Subquery Scan";
    case NodeKind::function_scan: return "Function Scan";
    case NodeKind::table_function_scan: return "Table Function Scan";
    case NodeKind::values_scan: return "Values Scan";
    case NodeKind::cte_scan: return "CTE Scan";
    case NodeKind::named_tuplestore_scan: return "Named Tuplestore Scan";
    case NodeKind::work_table_scan: return "WorkTable Scan";
    case NodeKind::foreign_scan: return "Foreign Scan";
    case NodeKind::custom_scan: return "Custom Scan";
    case NodeKind::materialize: return "Materialize";
    case NodeKind::memoize: return "Memoize";
    case NodeKind::sort: return "Sort";
    case NodeKind::incremental_sort: return "Incremental Sort";
    case NodeKind::group: return "Group";
    case NodeKind::aggregate: return "Aggregate";
    case NodeKind::window_aggregate: return "WindowAgg";
    case NodeKind::unique: return "Unique";
    case NodeKind::hash: return "Hash";
    case NodeKind::set_op: return "SetOp";
    case NodeKind::lock_rows: return "LockRows";
    case NodeKind::limit: return "Limit";
    case NodeKind::other: break;
    }
    return "Other";
}

const char *join_name(store::JoinVariant variant) {
    switch (variant) {
    case store::JoinVariant::inner: return "";
    case store::JoinVariant::left: return " Left";
    case store::JoinVariant::full: return " Full";
    case store::JoinVariant::right: return " Right";
    case store::JoinVariant::semi: return " Semi";
    case store::JoinVariant::anti: return " Anti";
    case store::JoinVariant::right_semi: return " Right Semi";
    case store::JoinVariant::right_anti: return " Right Anti";
    }
    return "";
}

const char *modification_name(store::Modification modification) {
    switch (modification) {
    case store::Modification::insert: return "Insert";
    case store::Modification::update: return "Update";
    case store::Modification::remove: return "Delete";
    case store::Modification::merge: return "Merge";
    case store::Modification::none: break;
    }
    return "";
}

const char *set_operation_name(store::SetOperation operation) {
    switch (operation) {
    case store::SetOperation::intersect: return " Intersect";
    case store::SetOperation::intersect_all: return " Intersect All";
    case store::SetOperation::except: return " Except";
    case store::SetOperation::except_all: return " Except All";
    }
    return "";
}

std::string aggregate_name(std::uint8_t variant) {
    std::string name;
    switch (static_cast<store::AggregateSplit>(variant >> 4)) {
    case store::AggregateSplit::simple: break;
    case store::AggregateSplit::partial: name = "Partial "; break;
    case store::AggregateSplit::finalize: name = "Finalize "; break;
    }
    switch (static_cast<store::AggregateStrategy>(variant & 15)) {
    case store::AggregateStrategy::plain: return name + "Aggregate";
    case store::AggregateStrategy::sorted: return name + "GroupAggregate";
    case store::AggregateStrategy::hashed: return name + "HashAggregate";
    case store::AggregateStrategy::mixed: return name + "MixedAggregate";
    }
    return name + "Aggregate";
}

bool is_join(NodeKind kind) {
    return kind == NodeKind::nested_loop || kind == NodeKind::merge_join || kind == NodeKind::hash_join;
}

std::string base_type(const NodeRecord &record) {
    const std::string name = kind_name(record.kind);
    switch (record.kind) {
    case NodeKind::nested_loop:
    case NodeKind::merge_join:
    case NodeKind::hash_join: {
        const auto variant = static_cast<store::JoinVariant>(record.variant);
        const bool bare = record.kind == NodeKind::nested_loop && variant == store::JoinVariant::inner;
        return name + join_name(variant) + (bare ? "" : " Join");
    }
    case NodeKind::aggregate: return aggregate_name(record.variant);
    case NodeKind::set_op:
        return (record.flags & store::node_hashed ? "HashSetOp" : "SetOp") +
               std::string(set_operation_name(static_cast<store::SetOperation>(record.variant)));
    case NodeKind::modify_table: return modification_name(static_cast<store::Modification>(record.variant));
    case NodeKind::foreign_scan:
        if (record.variant != 0)
            return std::string("Foreign ") +
                   modification_name(static_cast<store::Modification>(record.variant));
        return name;
    default: return name;
    }
}

// The value of an escaped line of the description.
std::string unescaped(std::string_view value) {
    std::string result;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size())
            result += value[i];
        else
            result += value[++i] == 'n' ? '\n' : value[i];
    }
    return result;
}

void put_line(ReadNode &node, char letter, std::string value) {
    switch (letter) {
    case 's': node.schema = std::move(value); break;
    case 'r': node.relation = std::move(value); break;
    case 'a': node.alias = std::move(value); break;
    case 'o': node.object = std::move(value); break;
    case 'i': node.index = std::move(value); break;
    case 'h': node.heading = std::move(value); break;
    case 'd': node.details.push_back(std::move(value)); break;
    default: break;
    }
}

void put_description(std::string_view description, std::vector<ReadNode> &nodes) {
    std::size_t node = 0;
    while (!description.empty() && node < nodes.size()) {
        const std::size_t end = std::min(description.find('\n'), description.size());
        if (end == 0)
            ++node;
        else
            put_line(nodes[node], description[0], unescaped(description.substr(1, end - 1)));
        description.remove_prefix(std::min(end + 1, description.size()));
    }
}

std::string quoted_name(Oid relation, bool of_schema) {
    const char *name = pg_call([=]() -> const char * {
        const char *found =
            of_schema ? get_namespace_name(get_rel_namespace(relation)) : get_rel_name(relation);
        return found ? quote_identifier(found) : nullptr;
    });
    return name ? name : "";
}

void put_catalog_names(ReadNode &node) {
    if (node.record.relation != 0) {
        node.relation = quoted_name(node.record.relation, false);
        if (!node.relation.empty())
            node.schema = quoted_name(node.record.relation, true);
    }
    if (node.record.index != 0)
        node.index = quoted_name(node.record.index, false);
}

class PlanPrinter {
public:
    explicit PlanPrinter(const std::vector<ReadNode> &nodes) : nodes_(nodes), children_(nodes.size()) {
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (const std::size_t parent = nodes[i].record.parent; parent < nodes.size() && parent != i)
                children_[parent].push_back(i);
    }

    std::string print() {
        node(0, 0, 0);
        if (!text_.empty())
            text_.pop_back();
        return std::move(text_);
    }

private:
    void line(std::size_t indent, const std::string &text) {
        text_.append(indent * 2, ' ').append(text).append("\n");
    }
    void node(std::size_t position, std::size_t indent, int depth);
    void children(std::size_t position, std::size_t indent, int depth, bool (*wanted)(NodePlace));
    void details(const ReadNode &node, std::size_t indent);
    void removed(const NodeRecord &record, const std::string &detail, std::size_t indent);
    void removed(const char *label, double count, const NodeRecord &record, std::size_t indent) {
        if (count > 0 && record.loops > 0)
            line(indent, std::string(label) + ": " + fixed(count / record.loops, 0));
    }

    const std::vector<ReadNode> &nodes_;
    std::vector<std::vector<std::size_t>> children_;
    std::string text_;
};

std::string figures(const NodeRecord &record) {
    std::string text = "  (cost=" + fixed(record.startup_cost, 2) + ".." + fixed(record.total_cost, 2) +
                       " rows=" + fixed(record.estimated_rows, 0) + " width=" + std::to_string(record.width) +
                       ")";
    if (record.samples > 0)
        text += " (actual rows=" +
                fixed(record.loops > 0 ? record.rows / record.loops : 0, compat::decimals_of_actual_rows) +
                " loops=" + fixed(record.loops / record.samples, 0) + ")";
    else if (record.stopped > 0)
        text += record.flags & store::node_ran ? " (stopped early)" : " (never executed)";
    return text;
}

void PlanPrinter::removed(const NodeRecord &record, const std::string &detail, std::size_t indent) {
    if (detail.starts_with("Join Filter: "))
        removed("Rows Removed by Join Filter", record.removed, record, indent);
    else if (detail.starts_with("Filter: "))
        removed("Rows Removed by Filter", is_join(record.kind) ? record.removed_by_more : record.removed,
                record, indent);
    else if (!is_join(record.kind) &&
             (detail.starts_with("Index Cond: ") || detail.starts_with("Recheck Cond: ")))
        removed("Rows Removed by Index Recheck", record.removed_by_more, record, indent);
}

void PlanPrinter::details(const ReadNode &node, std::size_t indent) {
    const NodeRecord &record = node.record;
    for (const std::string &detail : node.details) {
        line(indent, detail);
        removed(record, detail, indent);
    }
    if (node.details.empty())
        removed("Rows Removed by Filter", record.removed, record, indent);
    if (record.samples == 0)
        return;
    const double amount = record.heap_fetches_or_spilled_bytes / record.samples;
    if (record.kind == NodeKind::index_only_scan)
        line(indent, "Heap Fetches: " + fixed(amount, 0));
    else if (amount > 0)
        line(indent, "Disk: " + fixed(amount / 1024, 0) + "kB");
}

bool is_init(NodePlace place) {
    return place == NodePlace::init_plan;
}
bool is_sub(NodePlace place) {
    return place == NodePlace::sub_plan;
}
bool is_input(NodePlace place) {
    return place < NodePlace::init_plan;
}

void PlanPrinter::children(std::size_t position, std::size_t indent, int depth, bool (*wanted)(NodePlace)) {
    for (const std::size_t child : children_[position])
        if (wanted(nodes_[child].record.place))
            node(child, indent, depth + 1);
}

// Indents as the server does: an arrow takes two steps, a heading one.
void PlanPrinter::node(std::size_t position, std::size_t indent, int depth) {
    constexpr int most_levels = 400; // a file could hold a circle
    if (depth > most_levels || position >= nodes_.size())
        return;
    const ReadNode &node = nodes_[position];
    if (node.record.place == NodePlace::init_plan || node.record.place == NodePlace::sub_plan) {
        const std::string kind = node.record.place == NodePlace::init_plan ? "InitPlan " : "SubPlan ";
        line(indent++, node.heading.empty() ? kind + std::to_string(node.record.subplan) : node.heading);
    }
    line(indent, (indent > 0 ? "->  " : "") + node_title(node) + figures(node.record));
    indent += indent > 0 ? 3 : 1;
    details(node, indent);
    children(position, indent, depth, is_init);
    children(position, indent, depth, is_input);
    children(position, indent, depth, is_sub);
}

} // namespace

std::vector<ReadNode> read_nodes(const RecordedPlan &plan, Oid database) {
    std::vector<ReadNode> nodes;
    for (const NodeRecord &record : plan.nodes)
        nodes.push_back({record, {}, {}, {}, {}, {}, {}, {}});
    put_description(plan.description, nodes);
    if (database == MyDatabaseId)
        for (ReadNode &node : nodes)
            if (node.relation.empty() && node.index.empty())
                put_catalog_names(node);
    return nodes;
}

std::string node_type(const NodeRecord &record) {
    std::string type = record.flags & store::node_parallel_aware ? "Parallel " : "";
    if (record.flags & store::node_async)
        type += "Async ";
    type += base_type(record);
    if (record.flags & store::node_backward)
        type += " Backward";
    return type;
}

std::string node_title(const ReadNode &node) {
    std::string title = node_type(node.record);
    const bool custom = node.record.kind == NodeKind::custom_scan;
    if (custom && !node.object.empty())
        title += " (" + node.object + ")";
    if (node.record.kind == NodeKind::bitmap_index_scan)
        return node.index.empty() ? title : title + " on " + node.index;
    if (!node.index.empty())
        title += " using " + node.index;
    const std::string &name = node.relation.empty() && !custom ? node.object : node.relation;
    if (name.empty() && node.alias.empty())
        return title;
    title += " on";
    if (!name.empty())
        title += " " + name;
    return node.alias.empty() ? title : title + " " + node.alias;
}

std::optional<double> rows_per_loop(const NodeRecord &record) {
    if (record.samples == 0 || record.loops <= 0 || record.kind == NodeKind::bitmap_and ||
        record.kind == NodeKind::bitmap_or)
        return std::nullopt;
    return record.rows / record.loops;
}

std::string plan_text(const RecordedPlan &plan, const std::vector<ReadNode> &nodes) {
    if (nodes.empty() && !plan.description.empty())
        return "(a plan of more than " + std::to_string(store::most_plan_nodes) + " nodes)";
    return PlanPrinter(nodes).print();
}

} // namespace advisor::pg
