// A blob is read, added to and written anew in one short critical section: plain copies, no allocation.
#include "pg_ext/store/parameters.h"

#include "pg_ext/store/gifts.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/random.h"

namespace advisor::pg::store {
namespace {

constexpr std::uint16_t null_length = 0xFFFF;
constexpr std::size_t likely_bytes = 1024;

// In the blob, before the hashes and the values with their lengths.
struct Head {
    Oid type;
    std::uint32_t compared, with_value;
    std::uint8_t constant, incomparable, distinct, values;
};

std::uint32_t hashes_of(std::uint8_t distinct) {
    return distinct <= most_distinct ? distinct : 0;
}

class Reader {
public:
    Reader(const char *bytes, std::size_t length) : at_(bytes), end_(bytes + length) {}

    template <class Value>
    bool take(Value *values, std::size_t count) {
        const char *bytes = take(count * sizeof *values);
        if (bytes && count > 0)
            std::memcpy(values, bytes, count * sizeof *values);
        return bytes != nullptr;
    }
    bool take(Piece &piece) {
        std::uint16_t length;
        if (!take(&length, 1))
            return false;
        piece = {nullptr, 0};
        if (length != null_length)
            piece = {take(length), length};
        return length == null_length || piece.bytes;
    }

private:
    const char *take(std::size_t bytes) {
        if (static_cast<std::size_t>(end_ - at_) < bytes)
            return nullptr;
        at_ += bytes;
        return at_ - bytes;
    }

    const char *at_;
    const char *end_;
};

bool read_position(Reader &reader, Position &position) {
    Head head;
    if (!reader.take(&head, 1) || head.values > most_kept_values)
        return false;
    position = {head.type,
                head.compared,
                head.with_value,
                head.constant,
                head.incomparable,
                head.distinct,
                head.values,
                {},
                {}};
    if (!reader.take(position.hashes, hashes_of(head.distinct)))
        return false;
    for (std::uint32_t i = 0; i < head.values; ++i)
        if (!reader.take(position.kept[i]))
            return false;
    return true;
}

// Values that do not fit any more are left out; there is room for all else.
std::size_t encode_positions(const Position *positions, std::uint32_t count, char *target,
                             std::size_t capacity) {
    std::size_t left = capacity;
    for (std::uint32_t i = 0; i < count; ++i)
        left -= sizeof(Head) + hashes_of(positions[i].distinct) * sizeof positions[i].hashes[0];
    char *at = target;
    const auto put = [&at](const void *bytes, std::size_t length) {
        if (length > 0)
            std::memcpy(at, bytes, length);
        at += length;
    };
    for (std::uint32_t i = 0; i < count; ++i) {
        const Position &position = positions[i];
        Head head{position.type,
                  position.compared,
                  position.with_value,
                  position.constant,
                  position.incomparable,
                  position.distinct,
                  0};
        for (; head.values < position.values; ++head.values) {
            const std::size_t needed = sizeof null_length + position.kept[head.values].length;
            if (needed > left)
                break;
            left -= needed;
        }
        put(&head, sizeof head);
        put(position.hashes, hashes_of(position.distinct) * sizeof position.hashes[0]);
        for (std::uint32_t value = 0; value < head.values; ++value) {
            const Piece &kept = position.kept[value];
            const std::uint16_t length = kept.bytes ? static_cast<std::uint16_t>(kept.length) : null_length;
            put(&length, sizeof length);
            put(kept.bytes, kept.length);
        }
    }
    return static_cast<std::size_t>(at - target);
}

void add_hash(Position &position, std::uint32_t hash) {
    if (position.distinct > most_distinct)
        return;
    for (std::uint32_t i = 0; i < position.distinct; ++i)
        if (position.hashes[i] == hash)
            return;
    if (position.distinct < most_distinct)
        position.hashes[position.distinct] = hash;
    ++position.distinct;
}

// Algorithm R (Waterman, in Knuth's volume 2).
void add_value(Position &position, const Piece &value) {
    ++position.with_value;
    if (position.values < most_kept_values && position.values + 1U >= position.with_value) {
        position.kept[position.values++] = value;
        return;
    }
    const auto place = static_cast<std::uint32_t>(random_bits() % position.with_value);
    if (place < position.values)
        position.kept[place] = value;
}

void add(Position &position, const ParameterSample &sample) {
    position.type = sample.type;
    position.constant = sample.constant;
    ++position.compared;
    if (sample.comparable)
        add_hash(position, sample.hash);
    else
        position.incomparable = 1;
    if (sample.kept)
        add_value(position, sample.value);
}

} // namespace

std::uint32_t decode_positions(const char *bytes, std::size_t length, Position *positions) {
    Reader reader(bytes, length);
    std::uint32_t count = 0;
    while (count < most_positions && read_position(reader, positions[count]))
        ++count;
    return count;
}

void supply_parameters(const StatementKey &key, const ParameterSample *samples, std::uint32_t count) {
    static char before[most_text_bytes], after[most_text_bytes];
    static Position positions[most_positions];
    const LockedStatement statement(key, chunks_for(likely_bytes));
    if (!statement)
        return;
    Blob &blob = statement->blobs[parameters_blob];
    copy_blob(blob, before);
    std::uint32_t known = decode_positions(before, blob.bytes, positions);
    for (; known < count; ++known)
        positions[known] = Position{};
    for (std::uint32_t i = 0; i < count; ++i)
        add(positions[i], samples[i]);
    replace_blob(blob, after, encode_positions(positions, known, after, sizeof after));
}

} // namespace advisor::pg::store
