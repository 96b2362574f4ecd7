// Between SQL values and C or core values.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// Plain data in the current memory context; a null element is a null pointer.
struct TextArray {
    char **items = nullptr;
    int count = 0;
};

// Plain frames.
TextArray text_array_of(Datum array);
Datum jsonb_of(const char *json);
void append_json_string(StringInfo json, const char *text);

} // namespace advisor::pg
