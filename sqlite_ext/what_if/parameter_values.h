// Values for parameters that nobody recorded: taken from the sample, by the column that each is compared
// with.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/clone.h"

#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

// A few sets of values as SQL literals by parameter; one empty set when the text has no parameters.
std::vector<std::vector<std::string>> sampled_values(std::string_view sql, Clone &sample);

} // namespace advisor::sqlite
