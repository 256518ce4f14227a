#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace aftersense {

/// A row of an index and its score.
struct Scored {
  std::uint32_t row;
  float score;
};

/// The order of results: ties go to the row that stands first.
[[nodiscard]] inline bool is_better(const Scored& a, const Scored& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// The k best of rows offered in any order, through a heap whose front is the worst one kept.
///
///     TopK best(5);
///     for (std::uint32_t row = 0; row < scores.size(); ++row) {
///       if (scores[row] > best.least()) best.offer({row, scores[row]});
///     }
///     for (const Scored& found : best.take()) …
class TopK {
 public:
  /// k ≥ 1.
  explicit TopK(std::size_t k) : k_(k) {}

  /// What scores less than this is not kept. The lowest float until k rows are.
  [[nodiscard]] float least() const { return least_; }

  /// The score is not NaN.
  void offer(Scored candidate) {
    if (heap_.size() == k_) {
      if (!is_better(candidate, heap_.front())) return;
      std::ranges::pop_heap(heap_, is_better);
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::ranges::push_heap(heap_, is_better);
    if (heap_.size() == k_) least_ = heap_.front().score;
  }

  /// Best first; none is kept after this.
  [[nodiscard]] std::vector<Scored> take() {
    std::ranges::sort_heap(heap_, is_better);
    least_ = std::numeric_limits<float>::lowest();
    return std::exchange(heap_, {});
  }

 private:
  std::size_t k_;
  float least_ = std::numeric_limits<float>::lowest();
  std::vector<Scored> heap_;
};

}  // namespace aftersense
