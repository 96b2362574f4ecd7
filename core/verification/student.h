// Student's t distribution.
#pragma once

namespace advisor::core {

// Probability of a value at least that far from zero, on either side; t >= 0, freedom > 0.
double student_two_sided(double t, double freedom);

// The t at which that probability is reached.
double student_quantile(double probability, double freedom);

} // namespace advisor::core
