// From the bits of the frame's options, as the server's deparser writes them (ruleutils, 18).
#include "pg_ext/observe/window_frame.h"

#include "pg_ext/observe/text_buffer.h"

namespace advisor::pg::observe {
namespace {

struct Bound {
    int unbounded, current_row, offset, preceding;
    const char *open_end; // what the bound without an end is called
    Node *distance;
};

void write_bound(ConditionWriter &writer, std::uint32_t node, int options, const Bound &bound) {
    if (options & bound.unbounded)
        put(writer.text, bound.open_end);
    else if (options & bound.current_row)
        put(writer.text, "CURRENT ROW");
    else if (options & bound.offset) {
        write_expression(writer, node, bound.distance, {writer.several_relations, false});
        put(writer.text, options & bound.preceding ? " PRECEDING" : " FOLLOWING");
    }
}

} // namespace

void write_frame(ConditionWriter &writer, std::uint32_t node, const WindowAgg *window, bool after_space) {
    const int options = window->frameOptions;
    if (!(options & FRAMEOPTION_NONDEFAULT))
        return;
    StringInfo text = writer.text;
    if (after_space)
        put(text, " ");
    put(text, options & FRAMEOPTION_RANGE ? "RANGE " : options & FRAMEOPTION_ROWS ? "ROWS " : "GROUPS ");
    if (options & FRAMEOPTION_BETWEEN)
        put(text, "BETWEEN ");
    write_bound(writer, node, options,
                {FRAMEOPTION_START_UNBOUNDED_PRECEDING, FRAMEOPTION_START_CURRENT_ROW,
                 FRAMEOPTION_START_OFFSET, FRAMEOPTION_START_OFFSET_PRECEDING, "UNBOUNDED PRECEDING",
                 window->startOffset});
    if (options & FRAMEOPTION_BETWEEN) {
        put(text, " AND ");
        write_bound(writer, node, options,
                    {FRAMEOPTION_END_UNBOUNDED_FOLLOWING, FRAMEOPTION_END_CURRENT_ROW, FRAMEOPTION_END_OFFSET,
                     FRAMEOPTION_END_OFFSET_PRECEDING, "UNBOUNDED FOLLOWING", window->endOffset});
    }
    put(text, options & FRAMEOPTION_EXCLUDE_CURRENT_ROW ? " EXCLUDE CURRENT ROW"
              : options & FRAMEOPTION_EXCLUDE_GROUP     ? " EXCLUDE GROUP"
              : options & FRAMEOPTION_EXCLUDE_TIES      ? " EXCLUDE TIES"
                                                        : "");
}

} // namespace advisor::pg::observe
