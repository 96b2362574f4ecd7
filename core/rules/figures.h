// Figures as people read them; independent of any locale.
#pragma once
#include "core/rules/recommendation.h"

#include <cstdint>
#include <optional>
#include <string>

namespace advisor::core {

std::string severity_name(Severity severity);
std::optional<Severity> severity_of(const std::string &name); // none: there is no such severity
std::string human_bytes(std::int64_t bytes);                  // "8.0 MB"
std::string human_share(double share);                        // "42 %", "0.4 %", "< 0.1 %"
std::string human_number(double number);                      // "1,234,567", "12.5", "0.04"
std::string human_milliseconds(double amount);                // "350 ms", "12.5 s", "3.2 h"

} // namespace advisor::core
