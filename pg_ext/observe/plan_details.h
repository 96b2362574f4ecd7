// The condition, key and column lines of one plan node.
#pragma once
#include "pg_ext/observe/condition_text.h"

namespace advisor::pg::observe {

// Takes a finished line: its label ("Filter: ") is a literal, its value lies in the writer's text.
struct DetailTarget {
    void (*add)(void *context, const char *label);
    void *context;
};

// May raise.
void write_details(ConditionWriter &writer, std::uint32_t node, DetailTarget target);

} // namespace advisor::pg::observe
