// Values for measurements on the sample: for parameters that nobody recorded, and instead of a key that was
// looked up but is not among the sampled rows. They come from the column that each is compared with.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/clone.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

// A few sets of values as SQL literals by parameter; one empty set when the text has no parameters.
std::vector<std::vector<std::string>> sampled_values(std::string_view sql, Clone &sample);

// Replaces, in the text and in the examples, keys that no row of the sample has by keys that one has: a
// search that finds nothing would hide what it costs to go on from there. Columns with few values keep
// theirs, and literals that stand in `kept` too: the condition of a partial index must go on to match.
void use_sampled_values(std::string &sql, std::vector<std::vector<std::string>> &examples,
                        const std::set<std::string> &kept, Clone &sample);

} // namespace advisor::sqlite
