// A small table of sets, the oldest note of a set replaced first.
#include "pg_ext/observe/parse_notes.h"

#include "pg_ext/plan_fingerprint.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/layout.h"

#include <cstdlib>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t note_sets = 256;
constexpr std::size_t ways = 4;

struct NoteSet {
    ParseNote *notes[ways];
    unsigned next; // to be replaced
};
NoteSet note_table[note_sets];

NoteSet &set_of(std::uint64_t key) {
    return note_table[(key ^ (key >> 32)) % note_sets];
}

} // namespace

namespace {

// No constant stays in memory. Parameters in their place make the text longer by no more than its length and
// some.
ParseNote *without_constants_in(ParseNote *note) {
    const std::size_t capacity = note->bytes * 3 + 64;
    auto *bare = static_cast<ParseNote *>(std::malloc(sizeof(ParseNote) + capacity));
    if (bare) {
        *bare = *note;
        bare->bytes = without_constants({note->text(), note->bytes}, bare->text(), capacity);
    }
    std::free(note);
    return bare;
}

} // namespace

std::uint64_t note_key(std::uint64_t source, const char *text, int location, int length) {
    return source ? source : text_fingerprint(cut_statement(text, location, length));
}

// The plan's shape and what it gives: the statements of a body with the same of both are taken for one.
std::uint64_t textless_key(const PlannedStmt *statement) {
    auto key = static_cast<std::uint64_t>(plan_fingerprint(statement));
    const auto mix = [&key](std::uint64_t value) { key = (key ^ value) * 0x100000001B3ULL; };
    ListCell *cell;
    foreach (cell, statement->planTree->targetlist) {
        const auto *entry = static_cast<const TargetEntry *>(lfirst(cell));
        if (IsA(entry->expr, Var)) // no other node's type: their numbers change with the server's version
            mix(static_cast<std::uint64_t>(reinterpret_cast<const Var *>(entry->expr)->varattno));
        else
            mix(IsA(entry->expr, Const) ? 0x10000 : IsA(entry->expr, Param) ? 0x20000 : 0x30000);
        for (const char *at = entry->resname; at && *at; ++at)
            mix(static_cast<unsigned char>(*at));
    }
    return key;
}

const ParseNote *find_note(std::uint64_t key) {
    for (const ParseNote *note : set_of(key).notes)
        if (note && note->key == key)
            return note;
    return nullptr;
}

void keep_note(ParseNote *note) {
    if (settings::capture_parameters != settings::capture_on)
        note = without_constants_in(note);
    if (!note)
        return;
    NoteSet &set = set_of(note->key);
    ParseNote *&place = set.notes[set.next++ % ways];
    std::free(place);
    place = note;
}

void note_text(const char *text, std::uint64_t key) {
    const TextCut cut = cut_statement(text, -1, 0);
    if (cut.length > store::most_text_bytes)
        return;
    auto *note = static_cast<ParseNote *>(std::malloc(sizeof(ParseNote) + cut.length));
    if (!note)
        return;
    *note = ParseNote{};
    note->key = key;
    note->as_given = true;
    note->bytes = cut.length;
    std::memcpy(note->text(), cut.at, cut.length);
    keep_note(note);
}

} // namespace advisor::pg::observe
