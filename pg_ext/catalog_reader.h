// Tables, columns and indexes of the catalog as core values.
#pragma once
#include "core/catalog/table.h"
#include "pg_ext/pg.h"

#include <vector>

namespace advisor::pg {

// One table per OID, in the same order; a table that is gone since comes back with an empty name. Expressions
// and names are those of search_path pg_catalog, so that they mean the same in every session. Rows and bytes
// of a partitioned table are its leaves' together.
std::vector<core::Table> read_tables(const std::vector<Oid> &relations);

// Nothing for a method outside the core.
std::optional<core::IndexMethod> method_of(Oid access_method);

// Runs the body with search_path = pg_catalog, pg_temp. A plain frame.
template <class Body>
void with_catalog_path(Body body) {
    const int level = NewGUCNestLevel();
    set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
                      0, false);
    body();
    AtEOXact_GUC(true, level);
}

} // namespace advisor::pg
