// Welch's test on binned logarithms and on means.
#include "core/verification/comparison.h"

#include "core/verification/student.h"

#include <algorithm>
#include <cmath>

namespace advisor::core {

namespace {

constexpr double least_spread = 0.03;
constexpr double assumed_spread = 0.1;
constexpr std::size_t least_controls = 3;

struct Moments {
    double mean = 0, variance = 0, count = 0;
};

double geometric_center(BucketBounds bounds, std::size_t bucket) {
    return (std::log(bounds[bucket]) + std::log(bounds[bucket + 1])) / 2;
}

// Within a bucket values are taken as uniform on the logarithmic scale.
Moments log_moments(const Executions &executions, BucketBounds bounds) {
    Moments result;
    double sum = 0, squares = 0, within = 0;
    for (std::size_t i = 0; i < executions.histogram.size() && i + 1 < bounds.size(); ++i) {
        const auto count = static_cast<double>(executions.histogram[i]);
        const double center = geometric_center(bounds, i);
        const double width = std::log(bounds[i + 1] / bounds[i]);
        result.count += count;
        sum += count * center;
        squares += count * center * center;
        within += count * width * width / 12;
    }
    if (result.count <= 0)
        return result;
    result.mean = sum / result.count;
    const double between = std::max(squares - sum * result.mean, 0.0);
    result.variance = (between + within) / std::max(result.count - 1, 1.0);
    return result;
}

Moments moments(const Executions &executions) {
    const double mean = executions.total_ms / executions.calls;
    const double squares = std::max(executions.sum_squares_ms - executions.total_ms * mean, 0.0);
    return {mean, squares / std::max(executions.calls - 1, 1.0), executions.calls};
}

struct Test {
    double difference = 0, error = 0, freedom = 1;

    double probability() const {
        if (error <= 0)
            return difference == 0 ? 1 : 0;
        return student_two_sided(std::abs(difference) / error, freedom);
    }
};

// extra: variance that is no sampling error.
Test welch(const Moments &before, const Moments &after, double difference, double extra) {
    const double left = before.variance / before.count, right = after.variance / after.count;
    const double denominator =
        left * left / std::max(before.count - 1, 1.0) + right * right / std::max(after.count - 1, 1.0);
    Test test;
    test.difference = difference;
    test.error = std::sqrt(left + right + extra);
    test.freedom = denominator > 0 ? (left + right + extra) * (left + right + extra) / denominator : 1e6;
    return test;
}

// What the rows explain: more rows explain that it is slower, fewer that it is faster, and not more than all
// of it.
double less_explained(double log_ratio, double rows_ratio) {
    if (!(rows_ratio > 0) || !std::isfinite(rows_ratio))
        return log_ratio;
    const double explained = std::log(rows_ratio);
    if (log_ratio > 0)
        return std::max(log_ratio - std::max(explained, 0.0), 0.0);
    return std::min(log_ratio - std::min(explained, 0.0), 0.0);
}

double median(std::vector<double> values) {
    const std::size_t half = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
    const double upper = values[half];
    if (values.size() % 2 == 1)
        return upper;
    return (upper + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half))) /
           2;
}

// A change counts where the time won or lost is large enough and either test is sure of its direction. Where
// typical executions went the other way, the means have to be sure themselves.
Effect judge(const Comparison &result, double typical_probability, double mean_probability,
             const ComparisonLimits &limits) {
    const bool typical_sure = typical_probability < limits.significance;
    const bool mean_sure = mean_probability < limits.significance;
    const auto agrees = [&](bool faster) {
        const bool same_way = faster ? result.typical_ratio < 1 : result.typical_ratio > 1;
        return (typical_sure && same_way) || (mean_sure && (same_way || !typical_sure)) ||
               (mean_sure && typical_sure);
    };
    if (result.mean_ratio <= 1 - limits.least_change && agrees(true))
        return Effect::faster;
    if (result.mean_ratio >= 1 + limits.least_change && agrees(false))
        return Effect::slower;
    const bool within = result.typical_ratio_low > 1 - limits.least_change &&
                        result.typical_ratio_high < 1 + limits.least_change;
    return within ? Effect::alike : Effect::unclear;
}

} // namespace

Comparison compare(const Executions &before, const Executions &after, BucketBounds bounds, const Drift &drift,
                   double rows_ratio, const ComparisonLimits &limits) {
    Comparison result;
    if (before.calls < limits.least_calls || after.calls < limits.least_calls || before.total_ms <= 0 ||
        after.total_ms <= 0)
        return result;
    const double variance = drift.spread * drift.spread;
    const Moments log_before = log_moments(before, bounds), log_after = log_moments(after, bounds);
    if (log_before.count <= 0 || log_after.count <= 0)
        return result;
    const Test typical =
        welch(log_before, log_after,
              less_explained(log_after.mean - log_before.mean - drift.center, rows_ratio), variance);
    const Moments mean_before = moments(before), mean_after = moments(after);
    const double log_means =
        less_explained(std::log(mean_after.mean / mean_before.mean) - drift.center, rows_ratio);
    const Test mean = welch(mean_before, mean_after, mean_before.mean * std::expm1(log_means),
                            variance * mean_before.mean * mean_before.mean);
    const double reach = student_quantile(limits.significance, typical.freedom) * typical.error;
    result.mean_ratio = std::exp(log_means);
    result.typical_ratio = std::exp(typical.difference);
    result.typical_ratio_low = std::exp(typical.difference - reach);
    result.typical_ratio_high = std::exp(typical.difference + reach);
    const double typical_probability = typical.probability(), mean_probability = mean.probability();
    result.probability = std::min(typical_probability, mean_probability);
    result.effect = judge(result, typical_probability, mean_probability, limits);
    return result;
}

Drift drift_of(std::vector<double> log_ratios) {
    if (log_ratios.size() < least_controls)
        return {0, assumed_spread};
    Drift drift;
    drift.center = median(log_ratios);
    for (double &ratio : log_ratios)
        ratio = std::abs(ratio - drift.center);
    drift.spread = std::max(1.4826 * median(log_ratios), least_spread);
    return drift;
}

double log_mean(const Executions &executions, BucketBounds bounds) {
    return log_moments(executions, bounds).mean;
}

} // namespace advisor::core
