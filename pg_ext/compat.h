// The one place with PG_VERSION_NUM: gives the newer server's names on the older ones (15 to 18).
#pragma once
#include "pg_ext/pg.h"

#if PG_VERSION_NUM < 150000
#error "db_advisor needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM < 180000
// 18 keeps a short copy of each attribute that must be refreshed after a change; before there is none.
inline void populate_compact_attribute(TupleDesc, int) {}
#endif
