// All that the advisor has to say about a database right now, in the order of the view.
#pragma once
#include "sqlite_ext/advice/analysis.h"

#include <memory>
#include <vector>

namespace advisor::sqlite {

struct Advice {
    Analysis analysis;
    std::vector<core::Recommendation> recommendations; // index advice, rules, what stops the advisor
    std::vector<Coverage> coverage;
};

// Also notes in the store which findings are there and which are gone; dismissed ones are left out.
Advice current_advice(Host &host);

// The same ahead of a query's execution, and what it finds then: that, where it was just made.
void prepare_advice(Host &host);
std::shared_ptr<const Advice> prepared_advice(Host &host);

} // namespace advisor::sqlite
