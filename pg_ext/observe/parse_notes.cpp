// A small direct-mapped table.
#include "pg_ext/observe/parse_notes.h"

#include "pg_ext/plan_fingerprint.h"
#include "pg_ext/store/layout.h"

#include <cstdlib>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t note_places = 1024;
ParseNote *notes[note_places];

ParseNote *&place_of(std::uint64_t key) {
    return notes[(key ^ (key >> 32)) % note_places];
}

} // namespace

std::uint64_t note_key(std::uint64_t server_queryid, const char *source, int location, int length) {
    return server_queryid ? server_queryid : text_fingerprint(cut_statement(source, location, length));
}

// The plan's shape and what it gives: the statements of a body with the same of both are taken for one.
std::uint64_t textless_key(const PlannedStmt *statement) {
    auto key = static_cast<std::uint64_t>(plan_fingerprint(statement));
    const auto mix = [&key](std::uint64_t value) { key = (key ^ value) * 0x100000001B3ULL; };
    ListCell *cell;
    foreach (cell, statement->planTree->targetlist) {
        const auto *entry = static_cast<const TargetEntry *>(lfirst(cell));
        mix(nodeTag(entry->expr));
        if (IsA(entry->expr, Var))
            mix(static_cast<std::uint64_t>(reinterpret_cast<const Var *>(entry->expr)->varattno));
        for (const char *at = entry->resname; at && *at; ++at)
            mix(static_cast<unsigned char>(*at));
    }
    return key;
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

void note_text(const char *text, std::uint64_t key) {
    const TextCut cut = cut_statement(text, -1, 0);
    if (cut.length > store::most_text_bytes)
        return;
    auto *note = static_cast<ParseNote *>(std::malloc(sizeof(ParseNote) + cut.length));
    if (!note)
        return;
    *note = ParseNote{};
    note->key = key;
    note->bytes = cut.length;
    std::memcpy(note->text(), cut.at, cut.length);
    keep_note(note);
}

} // namespace advisor::pg::observe
