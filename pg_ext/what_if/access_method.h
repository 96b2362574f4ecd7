// What the access method of a hypothetical index can do, refused with the server's own SQLSTATEs where it
// cannot. Plain frames.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// Raises 42704 for a method that is not there, 0A000 for one outside the core. null: b-tree.
Oid supported_method(const char *name);

// UNIQUE, INCLUDE and the number of key columns.
void require_capabilities(const IndexStmt *stmt, Oid method);

// DESC and NULLS where the method keeps no order, and operator class parameters.
void require_key_options(const IndexElem *element, Oid method);

// 0A000 for operator classes whose size and cost are not known: BRIN other than minmax and inclusion.
void require_known_opclass(Oid opclass, Oid method);

// Names and values of WITH (…), by the method's own rules.
void require_storage_parameters(List *options, Oid method);

int default_fillfactor(Oid method); // 0: it has none

// The support function of a key's operator class; invalid if there is none.
Oid support_function(Oid opclass, int number);

// Whether an index-only scan can have this column from the index.
bool can_return_column(Oid method, Oid opclass, bool is_key);

} // namespace advisor::pg
