// One text for all spellings of a statement: literals, comments, case and list lengths folded.
#pragma once
#include "core/workload/workload.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace advisor::sqlite {

struct NormalizedStatement {
    std::string text;
    std::int64_t queryid = 0;
    core::StatementKind kind = core::StatementKind::other;
    bool own = false;       // reads or calls the advisor itself
    bool advisable = false; // SELECT, VALUES, INSERT, REPLACE, UPDATE or DELETE, possibly behind WITH
};

NormalizedStatement normalize(std::string_view sql);

std::string_view kind_name(core::StatementKind kind);

} // namespace advisor::sqlite
