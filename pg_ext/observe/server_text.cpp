// Expressions by the server's own deparser. Plain frames.
#include "pg_ext/observe/server_text.h"

#include "pg_ext/compat.h"
#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/statement_text.h"
#include "pg_ext/observe/text_buffer.h"

namespace advisor::pg::observe {
namespace {

template <class NodeType>
const NodeType *as(const Node *node) {
    return reinterpret_cast<const NodeType *>(node);
}

struct SafetyCheck {
    const PlanTree *tree;
    Scope scope;
};

// True when the server's deparser would call an output function that is not its own.
bool is_unsafe(Node *node, void *context) {
    if (!node)
        return false;
    check_stack_depth();
    auto *check = static_cast<SafetyCheck *>(context);
    if (IsA(node, Const))
        return !as<Const>(node)->constisnull && !has_safe_output(as<Const>(node)->consttype);
    Scope there;
    bool found;
    if (const Node *what = referent(*check->tree, check->scope, node, there, found)) {
        SafetyCheck below{check->tree, there};
        return is_unsafe(const_cast<Node *>(what), &below);
    }
    return compat::walk_expression(node, is_unsafe, context);
}

List *server_context(ConditionWriter &writer) {
    if (writer.server_context)
        return writer.server_context;
    auto *statement = const_cast<PlannedStmt *>(writer.tree->statement);
    List *names = NIL;
    for (int i = 0; i < list_length(statement->rtable); ++i)
        names = lappend(names, const_cast<char *>(writer.names[i]));
    return writer.server_context = deparse_context_for_plan_tree(statement, names);
}

} // namespace

void write_by_server(ConditionWriter &writer, std::uint32_t node, const Node *expression,
                     WriteOptions options) {
    SafetyCheck check{writer.tree, {node, nullptr}};
    if (is_unsafe(const_cast<Node *>(expression), &check)) {
        put(writer.text, "…");
        return;
    }
    List *context =
        set_deparse_context_plan(server_context(writer), const_cast<Plan *>(writer.tree->nodes[node].plan),
                                 ancestors_of(*writer.tree, node));
    const char *text =
        deparse_expression(const_cast<Node *>(expression), context, options.prefix, options.implicit_casts);
    if (writer.shows_constants) {
        put(writer.text, text);
        return;
    }
    const std::size_t length = std::strlen(text);
    auto *hidden = static_cast<char *>(palloc(length * 2 + 1));
    appendBinaryStringInfo(writer.text, hidden,
                           static_cast<int>(without_constants({text, length}, hidden, length * 2)));
}

} // namespace advisor::pg::observe
