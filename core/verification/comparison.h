// Did executions get faster or slower? Two periods of one statement are compared by Welch's test (B. L.
// Welch, "The generalization of Student's problem when several different population variances are involved",
// Biometrika 34, 1947, with Satterthwaite's degrees of freedom) on the logarithm of the latency, which a
// histogram on a logarithmic scale gives nearly exactly, and on the latency itself. What made all other
// statements faster or slower in the meantime, and how unlike each other they were, is taken into account.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace advisor::core {

// Executions within a period.
struct Executions {
    double calls = 0;
    double total_ms = 0;
    double sum_squares_ms = 0;
    std::vector<std::uint64_t> histogram; // of latencies
};

// Where the buckets of the histogram begin, in milliseconds; one more than buckets.
using BucketBounds = std::span<const double>;

// What statements that nothing was done to went through between the same periods; natural logarithms.
struct Drift {
    double center = 0;
    double spread = 0.1; // standard deviation between statements
};

enum class Effect { faster, slower, alike, unclear };

struct Comparison {
    Effect effect = Effect::unclear;
    // Latency after ÷ before, less drift and what more or fewer rows explain.
    double mean_ratio = 1;         // of arithmetic means: time that is won or lost
    double typical_ratio = 1;      // of geometric means …
    double typical_ratio_low = 0;  // … within these bounds
    double typical_ratio_high = 0; // 0: unbounded
    double probability = 1;        // of such a difference where there is none
};

struct ComparisonLimits {
    double least_calls = 5;      // in each period
    double least_change = 0.1;   // share of the time that counts as a change
    double significance = 0.001; // two-sided
};

// rows_ratio: rows that an execution had to do with, after ÷ before; what it explains does not count.
Comparison compare(const Executions &before, const Executions &after, BucketBounds bounds, const Drift &drift,
                   double rows_ratio = 1, const ComparisonLimits &limits = {});

// Of the logarithms of after ÷ before (geometric means) of statements that nothing was done to: their median,
// and their spread by the median absolute deviation. Of fewer than three it is assumed.
Drift drift_of(std::vector<double> log_ratios);

// Logarithm of the geometric mean; the histogram is not empty.
double log_mean(const Executions &executions, BucketBounds bounds);

} // namespace advisor::core
