// An analysis as bytes for the shared store, and back. Read by the same library only: the block does not
// outlive it.
#pragma once
#include "pg_ext/advice/analysis.h"

namespace advisor::pg {

std::string encode_analysis(const Analysis &analysis);
Analysis decode_analysis(const std::string &bytes);

} // namespace advisor::pg
