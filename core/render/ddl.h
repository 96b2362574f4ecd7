// Kept for includes written before the text of index definitions moved to the catalog.
#pragma once
#include "core/catalog/ddl.h"
