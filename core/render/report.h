// Recommendations as a text report.
#pragma once
#include "core/rules/recommendation.h"

#include <span>
#include <string>

namespace advisor::core {

// At most 100 columns wide, top ten: severity · title · saves · size · fix.
std::string report_text(std::span<const Recommendation> recommendations);
std::string report_markdown(std::span<const Recommendation> recommendations);

std::string severity_name(Severity severity);
std::string human_bytes(std::int64_t bytes);   // "8.0 MB"
std::string human_share(double share);         // "42 %"

}  // namespace advisor::core
