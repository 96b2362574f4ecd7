// Faster, slower or alike: against textbook values, and on thousands of drawn samples in which nothing
// changed.
#include "core/verification/comparison.h"
#include "core/verification/student.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace advisor::core {
namespace {

std::vector<double> bounds() {
    std::vector<double> result;
    for (int i = 0; i <= 64; ++i)
        result.push_back(0.001 * std::pow(2.0, i * 13 / 32.0));
    return result;
}

Executions recorded(const std::vector<double> &latencies) {
    static const std::vector<double> edges = bounds();
    Executions result;
    result.histogram.resize(64);
    for (const double latency : latencies) {
        ++result.calls;
        result.total_ms += latency;
        result.sum_squares_ms += latency * latency;
        std::size_t bucket = 0;
        while (bucket + 1 < 64 && latency >= edges[bucket + 1])
            ++bucket;
        ++result.histogram[bucket];
    }
    return result;
}

class Latencies {
public:
    explicit Latencies(unsigned seed) : random_(seed) {}

    Executions drawn(int count, double typical, double sigma) {
        std::lognormal_distribution<double> latency(std::log(typical), sigma);
        std::vector<double> values;
        for (int i = 0; i < count; ++i)
            values.push_back(latency(random_));
        return recorded(values);
    }

private:
    std::mt19937_64 random_;
};

Comparison compared(const Executions &before, const Executions &after, Drift drift = {0, 0.03},
                    double rows_ratio = 1) {
    return compare(before, after, bounds(), drift, rows_ratio);
}

// Tables of any textbook.
TEST(Student, has_the_known_quantiles) {
    EXPECT_NEAR(student_quantile(0.05, 10), 2.2281, 1e-4);
    EXPECT_NEAR(student_quantile(0.001, 5), 6.8688, 1e-4);
    EXPECT_NEAR(student_quantile(0.001, 30), 3.6460, 1e-4);
    EXPECT_NEAR(student_quantile(0.001, 1e6), 3.2905, 1e-4);
    EXPECT_NEAR(student_two_sided(2.2281, 10), 0.05, 1e-5);
    EXPECT_NEAR(student_two_sided(0, 7), 1, 1e-12);
    EXPECT_LT(student_two_sided(50, 100), 1e-60);
}

TEST(Comparison, tells_a_thousand_times_faster_from_five_executions) {
    const Comparison result =
        compared(recorded({20, 21, 25, 19, 22}), recorded({0.02, 0.021, 0.03, 0.02, 0.019}));
    EXPECT_EQ(result.effect, Effect::faster);
    EXPECT_LT(result.mean_ratio, 0.002);
}

TEST(Comparison, needs_executions) {
    EXPECT_EQ(compared(recorded({20, 21, 25, 19}), recorded({0.02, 0.021, 0.03, 0.02, 0.019})).effect,
              Effect::unclear);
    EXPECT_EQ(compared(Executions{}, recorded({1, 1, 1, 1, 1, 1})).effect, Effect::unclear);
}

TEST(Comparison, is_symmetric) {
    Latencies latencies(1);
    const Executions fast = latencies.drawn(200, 1, 0.3), slow = latencies.drawn(200, 1.5, 0.3);
    EXPECT_EQ(compared(fast, slow).effect, Effect::slower);
    EXPECT_EQ(compared(slow, fast).effect, Effect::faster);
    EXPECT_NEAR(compared(fast, slow).mean_ratio * compared(slow, fast).mean_ratio, 1, 1e-9);
}

TEST(Comparison, hardly_ever_sees_what_is_not_there) {
    Latencies latencies(2);
    int wrong = 0;
    for (int i = 0; i < 3000; ++i) {
        const int count = 5 + i % 200;
        const double sigma = 0.1 + i % 10 * 0.15;
        const Effect effect =
            compared(latencies.drawn(count, 2, sigma), latencies.drawn(count, 2, sigma)).effect;
        wrong += effect == Effect::faster || effect == Effect::slower;
    }
    EXPECT_LE(wrong, 9); // two tests with a probability of one in a thousand each, and half of it to spare
}

TEST(Comparison, sees_a_fifth_in_many_executions) {
    Latencies latencies(3);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(compared(latencies.drawn(2000, 0.05, 0.4), latencies.drawn(2000, 0.0625, 0.4)).effect,
                  Effect::slower);
        EXPECT_EQ(compared(latencies.drawn(2000, 0.05, 0.4), latencies.drawn(2000, 0.05, 0.4)).effect,
                  Effect::unclear);
    }
}

// One execution that waited for a lock is no loss, though it doubles the mean.
TEST(Comparison, is_not_misled_by_one_that_waited) {
    Latencies latencies(4);
    Executions after = latencies.drawn(999, 1, 0.2);
    std::vector<double> waited{1000};
    const Executions one = recorded(waited);
    after.calls += one.calls;
    after.total_ms += one.total_ms;
    after.sum_squares_ms += one.sum_squares_ms;
    for (std::size_t i = 0; i < 64; ++i)
        after.histogram[i] += one.histogram[i];
    const Comparison result = compared(latencies.drawn(1000, 1, 0.2), after);
    EXPECT_GT(result.mean_ratio, 1.8);
    EXPECT_NE(result.effect, Effect::slower);
}

// Most values got faster, a few so much slower that the time as a whole grew.
TEST(Comparison, goes_by_the_time_where_typical_and_mean_disagree) {
    std::vector<double> before, after;
    for (int i = 0; i < 1000; ++i) {
        before.push_back(5 + i % 10 * 0.1);
        after.push_back(i % 10 == 0 ? 200 + i % 7 : 0.1 + i % 7 * 0.01);
    }
    const Comparison result = compared(recorded(before), recorded(after));
    EXPECT_LT(result.typical_ratio, 1);
    EXPECT_EQ(result.effect, Effect::slower);
}

TEST(Comparison, takes_off_what_happened_to_all) {
    Latencies latencies(5);
    const Executions before = latencies.drawn(1000, 1, 0.2), after = latencies.drawn(1000, 1.5, 0.2);
    EXPECT_EQ(compared(before, after).effect, Effect::slower);
    EXPECT_EQ(compared(before, after, {std::log(1.5), 0.03}).effect, Effect::unclear);
    EXPECT_EQ(compared(before, after, {0, 0.3}).effect, Effect::unclear);
    EXPECT_EQ(compared(before, after, {std::log(3.0), 0.03}).effect, Effect::faster);
}

TEST(Comparison, takes_off_what_more_rows_explain) {
    Latencies latencies(6);
    const Executions before = latencies.drawn(1000, 1, 0.2), after = latencies.drawn(1000, 3, 0.2);
    EXPECT_NE(compared(before, after, {0, 0.03}, 3.5).effect, Effect::slower);
    EXPECT_EQ(compared(before, after, {0, 0.03}, 1.5).effect, Effect::slower);
    EXPECT_EQ(compared(before, after, {0, 0.03}, 0.1).effect,
              Effect::slower); // fewer rows explain nothing of it
    EXPECT_NEAR(compared(before, after, {0, 0.03}, 1.5).mean_ratio, 2, 0.15);
    EXPECT_EQ(compared(after, before, {0, 0.03}, 0.9).effect, Effect::faster);
    EXPECT_NE(compared(after, before, {0, 0.03}, 0.2).effect, Effect::faster);
}

TEST(Comparison, knows_that_nothing_changed) {
    Latencies latencies(7);
    const Comparison result =
        compared(latencies.drawn(100000, 1, 0.1), latencies.drawn(100000, 1, 0.1), {0, 0.02});
    EXPECT_EQ(result.effect, Effect::alike);
}

TEST(Drift, is_the_median_of_the_others_and_their_spread) {
    const Drift drift = drift_of({0.2, 0.25, 0.3, 0.22, 5});
    EXPECT_NEAR(drift.center, 0.25, 1e-12);
    EXPECT_NEAR(drift.spread, 1.4826 * 0.05, 1e-12);
    EXPECT_EQ(drift_of({0.2, 0.3}).center, 0);
    EXPECT_NEAR(drift_of({0.2, 0.3}).spread, 0.1, 1e-12);
    EXPECT_NEAR(drift_of({0.1, 0.1, 0.1, 0.1}).spread, 0.03, 1e-12);
}

} // namespace
} // namespace advisor::core
