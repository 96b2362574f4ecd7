// A small direct-mapped table.
#include "pg_ext/observe/parse_notes.h"

#include <cstdlib>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t note_places = 1024;
ParseNote *notes[note_places];

ParseNote *&place_of(std::uint64_t key) { return notes[(key ^ (key >> 32)) % note_places]; }

}  // namespace

std::uint64_t note_key(std::uint64_t server_queryid, const char *source, int location, int length) {
    return server_queryid ? server_queryid : text_fingerprint(cut_statement(source, location, length));
}

const ParseNote *find_note(std::uint64_t key) {
    const ParseNote *note = place_of(key);
    return note && note->key == key ? note : nullptr;
}

void keep_note(ParseNote *note) {
    ParseNote *&place = place_of(note->key);
    std::free(place);
    place = note;
}

}  // namespace advisor::pg::observe
