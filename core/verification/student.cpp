// Student's t by the regularised incomplete beta function, which is a continued fraction evaluated by Lentz's
// method (NIST Digital Library of Mathematical Functions, 8.17.22 and 3.10(iii)).
#include "core/verification/student.h"

#include <cmath>

namespace advisor::core {

namespace {

constexpr int most_terms = 500;
constexpr double tiny = 1e-300;
constexpr double precise = 1e-13;

double away_from_zero(double value) {
    return std::abs(value) < tiny ? tiny : value;
}

double beta_fraction(double a, double b, double x) {
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), fraction = d;
    for (int m = 1; m <= most_terms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        fraction *= d * c;
        if (std::abs(d * c - 1) < precise)
            break;
    }
    return fraction;
}

// I_x(a, b) and y = 1 - x, which may be too close to 1 to be told from it.
double incomplete_beta(double a, double b, double x, double y) {
    if (x <= 0 || y <= 0)
        return x <= 0 ? 0 : 1;
    const double factor =
        std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(y));
    return x < (a + 1) / (a + b + 2) ? factor * beta_fraction(a, b, x) / a
                                     : 1 - factor * beta_fraction(b, a, y) / b;
}

} // namespace

double student_two_sided(double t, double freedom) {
    const double x = freedom / (freedom + t * t);
    return incomplete_beta(freedom / 2, 0.5, x, t * t / (freedom + t * t));
}

double student_quantile(double probability, double freedom) {
    double low = 0, high = 1;
    while (student_two_sided(high, freedom) > probability && high < 1e6)
        high *= 2;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (student_two_sided(middle, freedom) > probability ? low : high) = middle;
    }
    return high;
}

} // namespace advisor::core
