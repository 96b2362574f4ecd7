// Values of a statement's parameters as text, as far as that is cheap and safe.
#pragma once
#include "pg_ext/observe/activity.h"
#include "pg_ext/store/example_codec.h"

namespace advisor::pg::observe {

// True for types whose output function is the server's own, down to their elements.
bool has_safe_output(Oid type);

// Large values are neither fetched nor unpacked. The length is that of the type: -1 and -2 vary.
bool is_large(Datum value, int16 length);

// Fills types and values of the parameters with these numbers (from 1). Types that are given already stay.
// has_values is set only if every value could be kept.
void read_parameters(ParamListInfo parameters, const int *numbers, std::size_t count,
                     store::ExampleParts &parts);

} // namespace advisor::pg::observe
