// Conversion that cannot fail: character by character where the server's conversion stops.
#include "pg_ext/store/text_encoding.h"

#include "pg_ext/boundary.h"

#include <algorithm>

namespace advisor::pg::store {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
}

// Length of the valid character at the front; 0 when there is none.
std::size_t valid_character(std::string_view text, int encoding) {
    const int length = pg_encoding_mblen(encoding, text.data());
    if (length <= 0 || static_cast<std::size_t>(length) > text.size() || text[0] == '\0')
        return 0;
    return pg_encoding_verifymbchar(encoding, text.data(), length) == length
               ? static_cast<std::size_t>(length)
               : 0;
}

std::string valid_only(std::string_view text, int encoding) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = valid_character(text, encoding);
        if (length == 0)
            result += '?';
        else
            result.append(text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

std::string converted(std::string_view text, int from, int to, Oid procedure) {
    std::string result;
    std::vector<char> target(text.size() * MAX_CONVERSION_GROWTH + 1);
    while (!text.empty()) {
        const int used = pg_call([&] {
            std::memset(target.data(), 0, 1);
            return pg_do_encoding_conversion_buf(
                procedure, from, to, reinterpret_cast<unsigned char *>(const_cast<char *>(text.data())),
                static_cast<int>(text.size()), reinterpret_cast<unsigned char *>(target.data()),
                static_cast<int>(target.size()), true);
        });
        result += target.data();
        text.remove_prefix(std::min<std::size_t>(static_cast<std::size_t>(std::max(used, 0)), text.size()));
        if (text.empty())
            break;
        result += '?';
        text.remove_prefix(std::max<std::size_t>(valid_character(text, from), 1));
    }
    return result;
}

} // namespace

std::string in_database_encoding(const char *text, std::size_t bytes, int encoding) {
    const std::string_view source(text, bytes);
    const int target = GetDatabaseEncoding();
    if (is_ascii(source))
        return std::string(source);
    if (encoding == target || encoding == PG_SQL_ASCII || target == PG_SQL_ASCII)
        return valid_only(source, target);
    const Oid procedure = pg_call([&] { return FindDefaultConversionProc(encoding, target); });
    if (procedure == InvalidOid)
        return valid_only(source, target);
    return converted(source, encoding, target, procedure);
}

} // namespace advisor::pg::store
