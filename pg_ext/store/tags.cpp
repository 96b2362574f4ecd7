// The known tags are read, added to and stored again; most executions bring none that is new.
#include "pg_ext/store/tags.h"

#include "pg_ext/store/gifts.h"
#include "pg_ext/store/pool.h"

namespace advisor::pg::store {
namespace {

// All tags of a statement, in memory of this process.
struct TagList {
    std::size_t bytes;
    char text[most_tag_bytes];
};

void append(TagList &list, const Tag &tag) {
    const std::size_t name = std::strlen(tag.name) + 1, value = std::strlen(tag.value) + 1;
    if (list.bytes + name + value > sizeof list.text)
        return;
    std::memcpy(list.text + list.bytes, tag.name, name);
    std::memcpy(list.text + list.bytes + name, tag.value, value);
    list.bytes += name + value;
}

// True when the list changed.
bool add(TagList &list, const Tag &tag) {
    std::size_t values = 0;
    for (char *at = list.text; at < list.text + list.bytes;) {
        char *value = at + std::strlen(at) + 1;
        char *next = value + std::strlen(value) + 1;
        if (std::strcmp(at, tag.name) == 0) {
            if (std::strcmp(value, tag.value) == 0)
                return false;
            ++values;
            if (tag.latest_only) {
                std::memmove(at, next, static_cast<std::size_t>(list.text + list.bytes - next));
                list.bytes -= static_cast<std::size_t>(next - at);
                append(list, tag);
                return true;
            }
        }
        at = next;
    }
    const std::size_t before = list.bytes;
    if (values < most_tag_values)
        append(list, tag);
    return list.bytes != before;
}

} // namespace

void supply_tags(const StatementKey &key, const Tag *tags, std::size_t count) {
    static TagList list;
    if (count == 0)
        return;
    const LockedStatement statement(key, chunks_for(most_tag_bytes));
    if (!statement)
        return;
    Blob &known = statement->blobs[tags_blob];
    list.bytes = known.bytes;
    copy_blob(known, list.text);
    bool changed = false;
    for (std::size_t i = 0; i < count; ++i)
        changed = add(list, tags[i]) || changed;
    if (changed)
        replace_blob(known, list.text, list.bytes);
}

} // namespace advisor::pg::store
