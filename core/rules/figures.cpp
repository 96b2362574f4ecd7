// Numbers, sizes, shares and durations as text, by std::to_chars.
#include "core/rules/figures.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace advisor::core {

namespace {

std::string fixed(double number, int decimals) {
    std::array<char, 64> buffer; // 1e18 with its decimals fits
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                   std::chars_format::fixed, decimals);
    return std::string(buffer.data(), end.ptr);
}

std::string grouped(const std::string &digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const bool after_digit = i > 0 && digits[i - 1] != '-';
        if (after_digit && (digits.size() - i) % 3 == 0)
            text += ',';
        text += digits[i];
    }
    return text;
}

} // namespace

std::string severity_name(Severity severity) {
    switch (severity) {
    case Severity::critical: return "critical";
    case Severity::high: return "high";
    case Severity::medium: return "medium";
    case Severity::low: return "low";
    case Severity::info: return "info";
    }
    return "info";
}

std::optional<Severity> severity_of(const std::string &name) {
    for (const Severity severity :
         {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info})
        if (severity_name(severity) == name)
            return severity;
    return std::nullopt;
}

std::string human_bytes(std::int64_t bytes) {
    constexpr std::array<std::string_view, 5> units = {"kB", "MB", "GB", "TB", "PB"};
    double amount = static_cast<double>(bytes);
    if (std::abs(amount) < 1024)
        return std::to_string(bytes) + " bytes";
    std::size_t unit = 0;
    amount /= 1024;
    while (std::abs(amount) >= 1023.5 && unit + 1 < units.size()) {
        amount /= 1024;
        ++unit;
    }
    return fixed(amount, std::abs(amount) < 9.95 ? 1 : 0) + " " + std::string(units[unit]);
}

std::string human_share(double share) {
    const double percent = share * 100;
    if (percent > 0 && percent < 0.1)
        return "< 0.1 %";
    return fixed(percent, std::abs(percent) < 9.95 && percent != 0 ? 1 : 0) + " %";
}

std::string human_number(double number) {
    const double size = std::abs(number);
    if (!std::isfinite(number) || size >= 1e18)
        return size >= 1e18 ? "more than 1e18" : "unknown";
    if (size >= 99.95 || number == std::floor(number))
        return grouped(fixed(number, 0));
    return fixed(number, size >= 9.995 ? 1 : 2);
}

std::string human_milliseconds(double amount) {
    if (amount < 1000)
        return human_number(amount) + " ms";
    const double seconds = amount / 1000;
    if (seconds < 120)
        return fixed(seconds, 1) + " s";
    if (seconds < 7200)
        return fixed(seconds / 60, 1) + " min";
    return grouped(fixed(seconds / 3600, 0)) + " h";
}

} // namespace advisor::core
