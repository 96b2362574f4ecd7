// Stable identities of recommendations.
#include "core/rules/recommendation.h"

#include <string_view>

namespace advisor::core {

std::string fingerprint(const std::string &rule, const std::string &object, const std::string &subject) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](unsigned char byte) {
        hash ^= byte;
        hash *= 0x100000001b3;
    };
    const auto add_text = [&](const std::string &text) {
        for (const char c : text)
            add(static_cast<unsigned char>(c));
    };
    add_text(rule);
    add(0);
    add_text(object);
    add(0);
    add_text(subject);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += digits[(hash >> shift) & 0xF];
    return text;
}

} // namespace advisor::core
