#include "tasks/interactions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tasks/fold_in.h"

namespace aftersense {
namespace {

constexpr double kLeastStars = 1;
constexpr double kMostStars = 5;

/// As a score: a number that overflows, of a damaged file, says nothing.
float to_score(double value) {
  const auto score = static_cast<float>(value);
  return score > 0 && score <= std::numeric_limits<float>::max() ? score : 0.0F;
}

std::span<const float> row_of(const flatbuffers::Vector<float>& rows, std::uint32_t size, std::uint32_t product) {
  return {rows.data() + std::size_t{product} * size, size};
}

bool all_zero(std::span<const float> row) {
  return std::ranges::all_of(row, [](float value) { return value == 0; });
}

std::vector<double> widen(std::span<const float> row) {
  return {row.begin(), row.end()};
}

}  // namespace

OrderScores::OrderScores(const CatalogSet& among, std::span<const WeightedRow> history) : among_(among), history_(history) {
  for (const CatalogSet::Part& part : among.parts()) {
    if (header_ == nullptr) header_ = part.catalog->interactions();
  }
  for (std::vector<float>& scores : scores_) scores.resize(header_ == nullptr ? 0 : among.size());
  if (header_ == nullptr) return;
  score_popularity();
  score_neighbours();
  score_rules();
  score_factors();
  score_themes();
}

template <typename Use>
void OrderScores::for_history(const Use& use) const {
  for (const auto [row, weight] : history_) {
    const CatalogSet::Part& part = among_.part_of(row);
    if (const schema::Interactions* learnt = part.catalog->interactions()) use(part, *learnt, row - part.first_row, weight);
  }
}

bool OrderScores::in_history(std::uint32_t row) const {
  return std::ranges::binary_search(history_, row, {}, &WeightedRow::row);
}

template <typename Use>
void OrderScores::for_rules(const CatalogSet::Part& part, const schema::Interactions& learnt, std::uint32_t product, const Use& use) const {
  for (std::uint32_t i = learnt.rule_offsets()->Get(product); i < learnt.rule_offsets()->Get(product + 1); ++i) {
    const schema::Rule& rule = *learnt.rules()->Get(i);
    bool holds = true;
    for (std::uint32_t other = rule.others(); holds && other < rule.others() + rule.other_count(); ++other) {
      holds = in_history(part.first_row + learnt.rule_others()->Get(other));
    }
    if (holds) use(rule);
  }
}

void OrderScores::score_popularity() {
  for (const CatalogSet::Part& part : among_.parts()) {
    const schema::Interactions* learnt = part.catalog->interactions();
    if (learnt == nullptr) continue;
    const std::span<float> out = std::span(of(ReasonKind::kPopularity)).subspan(part.first_row, part.catalog->size());
    std::copy(learnt->popularity()->begin(), learnt->popularity()->end(), out.begin());
  }
}

void OrderScores::score_neighbours() {
  std::vector<float>& scores = of(ReasonKind::kNeighbours);
  for_history([&](const CatalogSet::Part& part, const schema::Interactions& learnt, std::uint32_t product, double weight) {
    for (std::uint32_t i = learnt.neighbour_offsets()->Get(product); i < learnt.neighbour_offsets()->Get(product + 1); ++i) {
      const schema::Neighbour& neighbour = *learnt.neighbours()->Get(i);
      float& score = scores[part.first_row + neighbour.product()];
      score = to_score(static_cast<double>(score) + weight * static_cast<double>(neighbour.weight()));
    }
  });
}

void OrderScores::score_rules() {
  std::vector<float>& scores = of(ReasonKind::kRules);
  for_history([&](const CatalogSet::Part& part, const schema::Interactions& learnt, std::uint32_t product, double) {
    for_rules(part, learnt, product, [&](const schema::Rule& rule) {
      float& score = scores[part.first_row + rule.also()];
      score = std::max(score, rule.confidence());
    });
  });
}

/// (G + λI + Σ (αw − 1) y yᵀ) x = Σ αw y: the step of alternating least squares for one user (Hu, Koren, Volinsky 2008).
void OrderScores::score_factors() {
  const schema::Factors& fitted = *header_->factors();
  const std::uint32_t size = fitted.size();
  NormalEquations equations({fitted.gram()->begin(), fitted.gram()->end()}, size);
  for (std::uint32_t i = 0; i < size; ++i) equations.add_to_diagonal(i, fitted.regularisation());
  bool is_known = false;
  for_history([&](const CatalogSet::Part&, const schema::Interactions& learnt, std::uint32_t product, double weight) {
    if (learnt.factors()->size() != size) return;
    const std::span<const float> row = row_of(*learnt.factors()->rows(), size, product);
    if (all_zero(row)) return;
    is_known = true;
    equations.add(widen(row), fitted.alpha() * weight - 1, fitted.alpha() * weight);
  });
  const std::optional<std::vector<double>> mine = is_known ? std::move(equations).solve() : std::nullopt;
  if (!mine) return;
  const std::vector<float> mine_f32(mine->begin(), mine->end());  // scores are floats; doubles would take twice the time
  for (const CatalogSet::Part& part : among_.parts()) {
    const schema::Interactions* learnt = part.catalog->interactions();
    if (learnt == nullptr || learnt->factors()->size() != size) continue;
    const std::span<float> out = std::span(of(ReasonKind::kFactors)).subspan(part.first_row, part.catalog->size());
    const auto& rows = *learnt->factors()->rows();
    for (std::uint32_t product = 0; product < out.size(); ++product)
      out[product] = to_score(dot(row_of(rows, size, product), std::span(mine_f32)));
  }
}

/// Of a product of the history the shares of its themes count, of what is found their size too.
void OrderScores::score_themes() {
  std::vector<double> mine(kMaxFactors);
  double total = 0;
  for_history([&](const CatalogSet::Part&, const schema::Interactions& learnt, std::uint32_t product, double weight) {
    const std::uint32_t begin = learnt.theme_offsets()->Get(product);
    const std::uint32_t end = learnt.theme_offsets()->Get(product + 1);
    double sum = 0;
    for (std::uint32_t i = begin; i < end; ++i) sum += static_cast<double>(learnt.themes()->Get(i)->strength());
    if (!(sum > 0)) return;
    total += weight;
    for (std::uint32_t i = begin; i < end; ++i) {
      const schema::Theme& theme = *learnt.themes()->Get(i);
      mine[theme.theme()] += weight * static_cast<double>(theme.strength()) / sum;
    }
  });
  if (!(total > 0)) return;
  for (const CatalogSet::Part& part : among_.parts()) {
    const schema::Interactions* learnt = part.catalog->interactions();
    if (learnt == nullptr) continue;
    const std::span<float> out = std::span(of(ReasonKind::kThemes)).subspan(part.first_row, part.catalog->size());
    const auto& offsets = *learnt->theme_offsets();
    const auto& themes = *learnt->themes();
    for (std::uint32_t product = 0; product < out.size(); ++product) {
      double score = 0;
      for (std::uint32_t i = offsets.Get(product); i < offsets.Get(product + 1); ++i) {
        score += static_cast<double>(themes.Get(i)->strength()) * mine[themes.Get(i)->theme()];
      }
      out[product] = to_score(score / total);
    }
  }
}

std::vector<std::string_view> OrderScores::because(ReasonKind method, std::uint32_t row) const {
  std::vector<std::string_view> ids;
  double best = 0;
  for_history([&](const CatalogSet::Part& part, const schema::Interactions& learnt, std::uint32_t product, double weight) {
    if (method == ReasonKind::kNeighbours) {
      for (std::uint32_t i = learnt.neighbour_offsets()->Get(product); i < learnt.neighbour_offsets()->Get(product + 1); ++i) {
        const schema::Neighbour& neighbour = *learnt.neighbours()->Get(i);
        const double adds = weight * static_cast<double>(neighbour.weight());
        if (part.first_row + neighbour.product() != row || !(adds > best)) continue;
        best = adds;
        ids = {part.catalog->id(product)};
      }
    } else if (method == ReasonKind::kRules) {
      for_rules(part, learnt, product, [&](const schema::Rule& rule) {
        const auto confidence = static_cast<double>(rule.confidence());
        if (part.first_row + rule.also() != row || !(confidence > best)) return;
        best = confidence;
        ids = {part.catalog->id(product)};
        for (std::uint32_t other = rule.others(); other < rule.others() + rule.other_count(); ++other) {
          ids.push_back(part.catalog->id(learnt.rule_others()->Get(other)));
        }
      });
    }
  });
  return ids;
}

/// One ridge regression of what the shopper gave, less the mean and the products' biases.
ExpectedRatings::ExpectedRatings(const CatalogSet& among, std::span<const RatedRow> rated) : among_(among) {
  for (const CatalogSet::Part& part : among.parts()) {
    const schema::Interactions* learnt = part.catalog->interactions();
    if (header_ == nullptr && learnt != nullptr) header_ = learnt->ratings();
  }
  if (header_ == nullptr) return;
  const std::size_t width = std::size_t{header_->size()} + 1;
  NormalEquations equations(std::vector<double>(width * width), width);
  for (std::size_t i = 0; i < width; ++i) equations.add_to_diagonal(i, i == 0 ? header_->bias_regularisation() : header_->regularisation());
  for (const auto [row, stars] : rated) {
    const std::optional<Known> product = known(row);
    if (!product) continue;
    std::vector<double> column{1};
    column.insert(column.end(), product->factors.begin(), product->factors.end());
    equations.add(column, 1, stars - header_->mean() - product->bias);
  }
  mine_ = std::move(equations).solve().value_or(std::vector<double>(width));
}

std::optional<ExpectedRatings::Known> ExpectedRatings::known(std::uint32_t row) const {
  const auto [catalog, product] = among_.place(row);
  const schema::Interactions* learnt = catalog->interactions();
  if (header_ == nullptr || learnt == nullptr || learnt->ratings() == nullptr || learnt->ratings()->size() != header_->size()) {
    return std::nullopt;
  }
  const auto bias = static_cast<double>(learnt->ratings()->biases()->Get(product));
  if (std::isnan(bias)) return std::nullopt;
  return Known{bias, row_of(*learnt->ratings()->rows(), header_->size(), product)};
}

double ExpectedRatings::of(std::uint32_t row) const {
  const std::optional<Known> product = known(row);
  if (!product) return std::numeric_limits<double>::quiet_NaN();
  const double expected = header_->mean() + product->bias + mine_[0] + dot(product->factors, std::span(mine_).subspan(1));
  return std::clamp(expected, kLeastStars, kMostStars);
}

}  // namespace aftersense
