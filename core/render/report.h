// Recommendations as a text report.
#pragma once
#include "core/rules/figures.h"
#include "core/rules/recommendation.h"

#include <span>
#include <string>

namespace advisor::core {

// A line per finding: severity, id, rule, title.
std::string finding_lines(std::span<const Recommendation> recommendations);

// At most 100 columns wide, top ten: severity · title · saves · size · fix.
std::string report_text(std::span<const Recommendation> recommendations);
std::string report_markdown(std::span<const Recommendation> recommendations);

} // namespace advisor::core
