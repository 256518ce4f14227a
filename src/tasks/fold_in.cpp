#include "tasks/fold_in.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace aftersense {

std::optional<std::vector<double>> solve(std::vector<double> a, std::vector<double> b) {
  const std::size_t size = b.size();
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = a[row * size + column];
      for (std::size_t k = 0; k < column; ++k) sum -= a[row * size + k] * a[column * size + k];
      if (row == column && !(sum > 0)) return std::nullopt;
      a[row * size + column] = row == column ? std::sqrt(sum) : sum / a[column * size + column];
    }
    for (std::size_t k = 0; k < row; ++k) b[row] -= a[row * size + k] * b[k];
    b[row] /= a[row * size + row];
  }
  for (std::size_t row = size; row-- > 0;) {
    for (std::size_t k = row + 1; k < size; ++k) b[row] -= a[k * size + row] * b[k];
    b[row] /= a[row * size + row];
  }
  if (!std::ranges::all_of(b, [](double value) { return std::isfinite(value); })) return std::nullopt;
  return b;
}

void NormalEquations::add(std::span<const double> v, double weight, double target) {
  const std::size_t size = b_.size();
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column < size; ++column) a_[row * size + column] += weight * v[row] * v[column];
    b_[row] += target * v[row];
  }
}

}  // namespace aftersense
