// The frame of a window as SQL.
#pragma once
#include "pg_ext/observe/condition_text.h"

namespace advisor::pg::observe {

// Appends ROWS …, RANGE … or GROUPS …; nothing for the frame that stands for none written. May raise.
void write_frame(ConditionWriter &writer, std::uint32_t node, const WindowAgg *window, bool after_space);

} // namespace advisor::pg::observe
