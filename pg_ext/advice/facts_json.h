// Evidence as a JSON object; strings are escaped by the server.
#pragma once
#include "core/rules/recommendation.h"

#include <string>
#include <vector>

namespace advisor::pg {

std::string facts_json(const std::vector<core::Fact> &facts);

} // namespace advisor::pg
