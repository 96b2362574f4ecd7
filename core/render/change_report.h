// The section of the report that tells what changes of indexes did.
#pragma once
#include <span>
#include <string>

namespace advisor::core {

struct ChangeOutcome {
    std::string status;   // "verified", "regressed", "measuring", "undone"
    std::string date;     // of the change
    std::string change;   // "created public.orders_customer_idx on public.orders"
    std::string told;     // what was measured; empty: nothing yet
    std::string way_back; // of what regressed
};

// Empty when there are none. At most 100 columns wide, but for names without a space.
std::string changes_text(std::span<const ChangeOutcome> changes);
std::string changes_markdown(std::span<const ChangeOutcome> changes);

} // namespace advisor::core
