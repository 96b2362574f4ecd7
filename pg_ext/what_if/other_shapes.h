// Shapes of indexes that hold something else than a key per row.
#pragma once
#include "pg_ext/what_if/index_shape.h"

namespace advisor::pg {

IndexShape brin_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options);
IndexShape gin_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options);
// GiST and SP-GiST.
IndexShape tree_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options);

} // namespace advisor::pg
