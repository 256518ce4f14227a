#include "tasks/hybrid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace aftersense {
namespace {

/// In the order of kOrderMethods.
std::array<double, kOrderMethods.size()> weights_of(const schema::Ranker& ranker) {
  return {ranker.popularity(), ranker.neighbours(), ranker.rules(), ranker.factors(), ranker.themes()};
}

/// Four at a time; at least 0.
float greatest(std::span<const float> values) {
  std::array<float, 4> most{};
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) most[lane] = std::max(most[lane], values[i + lane]);
  }
  for (; i < values.size(); ++i) most[0] = std::max(most[0], values[i]);
  return std::max(std::max(most[0], most[1]), std::max(most[2], most[3]));
}

/// ln x for a normal x ≥ 1, and 0 for 1, by Cephes's logf: with m in [√½, √2) and x = 2ᵉ m, ln x = ln m + e ln 2. Without a branch, so that
/// compilers make vectors of the loop around it: six methods of 100,000 products are 600,000 logarithms. Within two units in the last
/// place.
inline float log_f32(float x) {
  constexpr std::int32_t kSqrtHalf = 0x3F3504F3;
  const std::int32_t above = std::bit_cast<std::int32_t>(x) - kSqrtHalf;
  const auto exponent = static_cast<float>(above >> 23);
  const float r = std::bit_cast<float>((above & 0x7FFFFF) + kSqrtHalf) - 1.0F;
  float p = 7.0376836292e-2F;
  for (const float coefficient : {-1.1514610310e-1F, 1.1676998740e-1F, -1.2420140846e-1F, 1.4249322787e-1F, -1.6668057665e-1F,
                                  2.0000714765e-1F, -2.4999993993e-1F, 3.3333331174e-1F}) {
    p = p * r + coefficient;
  }
  const float tail = p * r * (r * r) - 2.12194440e-4F * exponent - 0.5F * (r * r);
  return r + tail + 0.693359375F * exponent;
}

}  // namespace

HybridScores::HybridScores(const CatalogSet& among, std::span<const WeightedRow> history, std::span<const Source> sources,
                           const Wanted& wanted)
    : among_(among), history_(history), sources_(sources), orders_(among, history), scores_(among.size()) {
  const schema::Ranker* ranker = orders_.ranker();
  if (ranker == nullptr) {
    content_.emplace(among, wanted);
    scores_.assign(content_->scores().begin(), content_->scores().end());
    return;
  }
  sharpness_ = ranker->sharpness();
  std::array<double, kOrderMethods.size()> weights = weights_of(*ranker);
  double content_weight = ranker->content();
  if (history.empty()) {
    const bool is_nothing_known = wanted.terms.empty() && wanted.meaning.empty();
    double& only = is_nothing_known ? weights[0] : content_weight;
    if (!(only > 0)) only = 1;
  }
  for (std::size_t i = 0; i < methods_.size(); ++i) {
    methods_[i] = add(weights[i], orders_.scores(kOrderMethods[i]));
  }
  if (!(content_weight > 0)) return;
  content_.emplace(among, wanted);
  content_method_ = add(content_weight, content_->scores());
}

double HybridScores::contribution(const Method& method, double score) const {
  return method.best > 0 ? method.weight * std::log1p(sharpness_ * score / method.best) : 0;
}

HybridScores::Method HybridScores::add(double weight, std::span<const float> said) {
  if (!(weight > 0)) return {weight, 0};
  float best = 0;
  std::size_t begin = 0;
  for (const WeightedRow& known : history_) {
    best = std::max(best, greatest(said.subspan(begin, known.row - begin)));
    begin = known.row + std::size_t{1};
  }
  best = std::max(best, greatest(said.subspan(begin)));
  if (!(best > 0)) return {weight, 0};
  constexpr float kMostTimesBest = 1e9F;  // of a product of the history: no float overflows
  const auto sharpness_f32 = static_cast<float>(sharpness_);
  const auto weight_f32 = static_cast<float>(weight);
  for (std::size_t row = 0; row < said.size(); ++row) {
    scores_[row] += weight_f32 * log_f32(1.0F + sharpness_f32 * std::min(said[row] / best, kMostTimesBest));
  }
  return {weight, static_cast<double>(best)};
}

Explained HybridScores::explain(std::uint32_t row) const {
  ReasonSum reasons;
  if (orders_.ranker() == nullptr) {
    reasons.add_content(among_, *content_, sources_, row);
    return std::move(reasons).close();
  }
  for (std::size_t i = 0; i < methods_.size(); ++i) {
    const auto score = static_cast<double>(orders_.scores(kOrderMethods[i])[row]);
    const double adds = contribution(methods_[i], score);
    if (adds > 0) reasons.add({kOrderMethods[i], adds, score, orders_.because(kOrderMethods[i], row)});
  }
  if (content_) {
    const double adds = contribution(content_method_, static_cast<double>(content_->score(row)));
    if (adds > 0) reasons.add_content(among_, *content_, sources_, row, adds);
  }
  return std::move(reasons).close();
}

}  // namespace aftersense
