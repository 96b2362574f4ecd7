// The server module's entry point: magic block and _PG_init, the table of contents of what is installed.
#include "pg_ext/boundary.h"

extern "C" {
ADVISOR_EXPORT const Pg_magic_struct *PG_MAGIC_FUNCTION_NAME(void);
PG_MODULE_MAGIC;
ADVISOR_EXPORT void _PG_init(void);
}

void _PG_init(void) {}
