// Server headers that only sampling and index sizes need; the same treatment as in pg.h, the main door.
#pragma once
#include "pg_ext/pg.h"

#pragma GCC system_header
extern "C" {
#include "access/detoast.h"
#include "access/heapam.h"
#include "access/itup.h"
#include "access/nbtree.h"
#include "access/tableam.h"
#include "access/tsmapi.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_statistic_ext_data.h"
#include "commands/vacuum.h"
#include "common/hashfn.h"
#include "optimizer/plancat.h"
#include "statistics/statistics.h"
#include "storage/bufmgr.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/sampling.h"
#include "utils/selfuncs.h"
}
#undef printf
#undef snprintf
#undef strerror
#undef Min
#undef Max
