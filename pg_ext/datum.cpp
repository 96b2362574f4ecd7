// Between SQL values and C or core values.
#include "pg_ext/datum.h"

namespace advisor::pg {

TextArray text_array_of(Datum array) {
    TextArray result;
    Datum *elements;
    bool *nulls;
    deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls,
                      &result.count);
    result.items = static_cast<char **>(palloc0(sizeof(char *) * static_cast<Size>(result.count + 1)));
    for (int i = 0; i < result.count; ++i)
        if (!nulls[i])
            result.items[i] = TextDatumGetCString(elements[i]);
    return result;
}

Datum jsonb_of(const char *json) {
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

void append_json_string(StringInfo json, const char *text) {
    escape_json(json, text);
}

} // namespace advisor::pg
