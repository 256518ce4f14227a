#include "tasks/clusters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "tasks/top_k.h"

namespace aftersense {
namespace {

constexpr int kRounds = 3;
/// Terms of a centre that count: the heaviest.
constexpr std::size_t kCentreTerms = 48;
/// Centres that a unit may go to, the nearest first.
constexpr std::size_t kChoices = 8;
/// The greatest part may be so many times the mean.
constexpr double kGreatestPart = 1.5;

std::array<float, 256> make_sublinear_counts() {
  std::array<float, 256> values{};
  for (std::size_t count = 1; count < values.size(); ++count) {
    values[count] = static_cast<float>(1.0 + std::log(static_cast<double>(count)));
  }
  return values;
}

struct Weighted {
  std::uint32_t number;  ///< of a term, or a centre
  float weight;
};

/// Cuts a vector to its heaviest terms and scales it to unit length.
void to_centre(std::vector<Weighted>& terms) {
  const auto heavier = [](const Weighted& a, const Weighted& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.number < b.number;
  };
  if (terms.size() > kCentreTerms) {
    std::ranges::nth_element(terms, terms.begin() + kCentreTerms, heavier);
    terms.resize(kCentreTerms);
  }
  double squared = 0;
  for (const Weighted& term : terms) squared += static_cast<double>(term.weight) * static_cast<double>(term.weight);
  for (Weighted& term : terms) term.weight = static_cast<float>(static_cast<double>(term.weight) / std::sqrt(squared));
}

class Clusterer {
 public:
  Clusterer(const CountedRows& rows, std::span<const Unit> units, std::uint32_t parts)
      : rows_(rows), units_(units), parts_(parts), sums_(rows.idf.size()), scores_(parts) {}

  std::vector<std::uint32_t> run() && {
    std::vector<std::uint32_t> nearest(units_.size());
    seed();
    for (int round = 0; round + 1 < kRounds; ++round) {
      for (std::uint32_t unit = 0; unit < units_.size(); ++unit) {
        const std::vector<Scored> choices = choose(unit, 1);
        nearest[unit] = choices.empty() ? unit % parts_ : choices.front().row;
      }
      find_centres(nearest);
    }
    return fill();
  }

 private:
  template <typename Use>
  void for_each_term(std::uint32_t unit, Use use) const {
    const std::span<const float> sublinear = sublinear_counts();
    const std::uint32_t row = units_[unit].row;
    for (std::uint32_t cell = rows_.offsets[row]; cell < rows_.offsets[row + 1]; ++cell) {
      const std::uint32_t term = rows_.terms[cell];
      use(term, rows_.unit[row] * sublinear[rows_.counts[cell]] * rows_.idf[term]);
    }
  }

  /// The first centres are units, at even distances.
  void seed() {
    std::vector<std::vector<Weighted>> centres(parts_);
    for (std::uint32_t part = 0; part < parts_; ++part) {
      const auto unit = static_cast<std::uint32_t>(std::uint64_t{part} * units_.size() / parts_);
      for_each_term(unit, [&](std::uint32_t term, float weight) { centres[part].push_back({term, weight}); });
      to_centre(centres[part]);
    }
    index(centres);
  }

  /// The means of those that are nearest to each. A part without any has no centre any more.
  void find_centres(std::span<const std::uint32_t> nearest) {
    std::vector<std::uint32_t> by_part(units_.size());
    std::iota(by_part.begin(), by_part.end(), std::uint32_t{0});
    std::ranges::stable_sort(by_part, {}, [&](std::uint32_t unit) { return nearest[unit]; });
    std::vector<std::vector<Weighted>> centres(parts_);
    std::vector<std::uint32_t> seen;
    for (std::size_t at = 0; at < by_part.size();) {
      const std::uint32_t part = nearest[by_part[at]];
      for (; at < by_part.size() && nearest[by_part[at]] == part; ++at) {
        const auto size = static_cast<float>(units_[by_part[at]].size);
        for_each_term(by_part[at], [&](std::uint32_t term, float weight) {
          if (sums_[term] == 0) seen.push_back(term);
          sums_[term] += size * weight;
        });
      }
      for (const std::uint32_t term : seen) centres[part].push_back({term, std::exchange(sums_[term], 0.0F)});
      seen.clear();
      to_centre(centres[part]);
    }
    index(centres);
  }

  /// Inverts the centres: which of them have a term.
  void index(std::span<const std::vector<Weighted>> centres) {
    offsets_.assign(rows_.idf.size() + 1, 0);
    for (const auto& centre : centres) {
      for (const Weighted& term : centre) ++offsets_[term.number + 1];
    }
    std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
    std::vector<std::uint32_t> next(offsets_.begin(), offsets_.end() - 1);
    postings_.resize(offsets_.back());
    for (std::uint32_t part = 0; part < centres.size(); ++part) {
      for (const Weighted& term : centres[part]) postings_[next[term.number]++] = {part, term.weight};
    }
  }

  /// The nearest centres that share a term, at most `count`, the nearest first.
  std::vector<Scored> choose(std::uint32_t unit, std::size_t count) {
    for_each_term(unit, [&](std::uint32_t term, float weight) {
      for (std::uint32_t i = offsets_[term]; i < offsets_[term + 1]; ++i) {
        const auto [part, centre_weight] = postings_[i];
        if (scores_[part] == 0) seen_.push_back(part);
        scores_[part] += weight * centre_weight;
      }
    });
    TopK best(count);
    for (const std::uint32_t part : seen_) {
      const float score = std::exchange(scores_[part], 0.0F);
      if (score >= best.least()) best.offer({part, score});
    }
    seen_.clear();
    return best.take();
  }

  /// The part of each unit: the nearest with room. Those that are surest come first.
  std::vector<std::uint32_t> fill() {
    constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    std::vector<std::array<Scored, kChoices>> choices(units_.size());
    std::vector<std::uint32_t> order(units_.size());
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::uint64_t size = 0;
    for (const std::uint32_t unit : order) {
      const std::vector<Scored> found = choose(unit, kChoices);
      choices[unit].fill({kNone, 0});
      std::ranges::copy(found, choices[unit].begin());
      size += units_[unit].size;
    }
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::uint32_t unit) { return choices[unit][0].score; });

    const double greatest = std::ceil(kGreatestPart * static_cast<double>(size) / parts_);
    std::vector<std::uint32_t> loads(parts_);
    std::vector<std::uint32_t> part_of(units_.size(), kNone);
    const auto put = [&](std::uint32_t unit, std::uint32_t part) {
      part_of[unit] = part;
      loads[part] += units_[unit].size;
    };
    std::vector<std::uint32_t> left;
    for (const std::uint32_t unit : order) {
      const auto has_room = [&](const Scored& choice) { return choice.row != kNone && loads[choice.row] + units_[unit].size <= greatest; };
      const auto found = std::ranges::find_if(choices[unit], has_room);
      if (found != choices[unit].end()) {
        put(unit, found->row);
      } else {
        left.push_back(unit);
      }
    }
    // What finds no room goes where there is most, those of a centre beside each other.
    std::ranges::stable_sort(left, {}, [&](std::uint32_t unit) { return choices[unit][0].row; });
    std::uint32_t emptiest = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (i == 0 || loads[emptiest] + units_[left[i]].size > greatest) {
        emptiest = static_cast<std::uint32_t>(std::ranges::min_element(loads) - loads.begin());
      }
      put(left[i], emptiest);
    }
    return without_gaps(part_of);
  }

  /// Parts numbered from 0, none of them empty.
  [[nodiscard]] std::vector<std::uint32_t> without_gaps(std::vector<std::uint32_t> part_of) const {
    std::vector<std::uint32_t> number(parts_);
    for (const std::uint32_t part : part_of) number[part] = 1;
    std::exclusive_scan(number.begin(), number.end(), number.begin(), std::uint32_t{0});
    for (std::uint32_t& part : part_of) part = number[part];
    return part_of;
  }

  const CountedRows& rows_;
  std::span<const Unit> units_;
  std::uint32_t parts_;
  std::vector<std::uint32_t> offsets_;  ///< of each term, into postings_
  std::vector<Weighted> postings_;      ///< centres, and the weights that the term has in them
  std::vector<float> sums_;             ///< by term; zero between calls, as the next two are empty
  std::vector<float> scores_;           ///< by part
  std::vector<std::uint32_t> seen_;     ///< parts with a score
};

}  // namespace

std::span<const float> sublinear_counts() {
  static const std::array<float, 256> kValues = make_sublinear_counts();
  return kValues;
}

std::vector<std::uint32_t> divide(const CountedRows& rows, std::span<const Unit> units, std::uint32_t parts) {
  if (units.empty()) return {};
  const auto most = static_cast<std::uint32_t>(std::min<std::size_t>(std::max(parts, std::uint32_t{1}), units.size()));
  return Clusterer(rows, units, most).run();
}

}  // namespace aftersense
