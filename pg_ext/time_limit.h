// Ends what runs too long: by a cancel of our own, which pg_try gives back as an error like any other.
#pragma once

namespace advisor::pg {

// For the length of a scope; not to be nested. A cancel by the user still ends the user's statement; one that
// arrives between the end of our limit and the next check for interrupts counts as ours.
class TimeLimit {
public:
    explicit TimeLimit(int milliseconds); // 0: none
    TimeLimit(const TimeLimit &) = delete;
    TimeLimit &operator=(const TimeLimit &) = delete;
    ~TimeLimit();

private:
    bool armed_ = false;
};

} // namespace advisor::pg
