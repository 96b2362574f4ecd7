// A constant of a plan as SQL, without a call of any function of a user's.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::observe {

void append_type(StringInfo text, Oid type, int32 type_modifier);

// With its type where that is not plain from the value.
enum class TypeLabel { where_needed, never };
void append_constant(StringInfo text, const Const *constant, TypeLabel label);

// $number in its place.
void append_hidden_constant(StringInfo text, const Const *constant, TypeLabel label, int number);

} // namespace advisor::pg::observe
