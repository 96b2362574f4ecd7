// Appends to the server's string buffers without a call where there is room.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::observe {

inline void put(StringInfo text, std::string_view piece) {
    if (text->len + piece.size() >= static_cast<std::size_t>(text->maxlen)) [[unlikely]] {
        appendBinaryStringInfo(text, piece.data(), static_cast<int>(piece.size()));
        return;
    }
    std::memcpy(text->data + text->len, piece.data(), piece.size());
    text->len += static_cast<int>(piece.size());
    text->data[text->len] = '\0';
}

inline void cut(StringInfo text, int length) {
    text->len = length;
    text->data[length] = '\0';
}

} // namespace advisor::pg::observe
