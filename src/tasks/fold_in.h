#pragma once

// A shopper's side of a factor model, solved on the device; the same as fold_in and fold_in_ratings of models/shop/recommender.py.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace aftersense {

/// x of A x = b for a symmetric positive definite A, row by row, by Cholesky; nothing where A is not, or numbers are not finite.
[[nodiscard]] std::optional<std::vector<double>> solve(std::vector<double> a, std::vector<double> b);

/// Products that the shopper knows, as columns of a least squares problem that is solved for the shopper's own.
class NormalEquations {
 public:
  /// `a` is [size][size], row by row.
  NormalEquations(std::vector<double> a, std::size_t size) : a_(std::move(a)), b_(size) {}

  void add_to_diagonal(std::size_t i, double value) { a_[i * b_.size() + i] += value; }
  /// A += weight · v vᵀ, b += target · v.
  void add(std::span<const double> v, double weight, double target);
  [[nodiscard]] std::optional<std::vector<double>> solve() && { return aftersense::solve(std::move(a_), std::move(b_)); }

 private:
  std::vector<double> a_;
  std::vector<double> b_;
};

/// Four sums at a time. Both are equally long.
template <typename T>
[[nodiscard]] T dot(std::span<const float> a, std::span<const T> b) {
  std::array<T, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += static_cast<T>(a[i + lane]) * b[i + lane];
  }
  for (; i < a.size(); ++i) sums[0] += static_cast<T>(a[i]) * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace aftersense
