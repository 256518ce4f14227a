#include "tasks/recommend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "tasks/fits.h"
#include "tasks/hybrid.h"
#include "tasks/interactions.h"

namespace aftersense {
namespace {

/// What an exchange may cost beside what was complained about.
constexpr double kExchangePrice = 1.25;

/// What fitting adds to a score, and how much content counts beside it, so that after a complaint every spare part (1 and more) goes before
/// every exchange, and accessories (at most 0.5) before exchanges that are little alike.
constexpr double kSparePartFits = 1;
constexpr double kAccessoryFits = 0.25;
constexpr double kContentBesideFits = 0.25;

Error invalid(const std::string& message) {
  return {ErrorCode::invalid_argument, message};
}

std::optional<Error> check(const SelectionOptions& options) {
  const auto in_unit = [](double value) { return value >= 0 && value <= 1; };
  if (options.k < 1 || options.k > kMaxK) {
    return invalid("k is " + std::to_string(options.k) + "; it must be 1 to " + std::to_string(kMaxK));
  }
  if (!in_unit(options.diversity)) return invalid("diversity is " + std::to_string(options.diversity) + "; it must be 0 to 1");
  if (!in_unit(options.fairness)) return invalid("fairness is " + std::to_string(options.fairness) + "; it must be 0 to 1");
  const auto is_exposure = [](const SellerExposure& each) { return std::isfinite(each.exposure) && each.exposure >= 0; };
  if (!std::ranges::all_of(options.exposed, is_exposure)) return invalid("a seller's exposure must be a number from 0 up");
  return std::nullopt;
}

std::optional<Error> check(const RecommendOptions& options) {
  const auto is_rating = [](const GivenRating& each) { return each.stars >= 1 && each.stars <= 5; };
  if (!std::ranges::all_of(options.ratings, is_rating)) return invalid("ratings must be from 1 to 5");
  return check(options.selection);
}

std::optional<Error> check_weight(double weight) {
  if (weight > 0 && weight <= kMaxHistoryWeight) return std::nullopt;
  return invalid("weights of a history must be above 0 and at most 1000000, not " + std::to_string(weight));
}

std::optional<Error> check_meaning(const CatalogSet& among, std::span<const float> meaning) {
  const bool finite = std::ranges::all_of(meaning, [](float value) { return std::isfinite(value); });
  if (meaning.empty() || (finite && meaning.size() >= among.dimensions())) return std::nullopt;
  return invalid("the query's vector has too few dimensions, or numbers that are not finite");
}

/// Products of a request: by row, ascending and distinct, with their weights added.
class Sources {
 public:
  explicit Sources(const CatalogSet& from) : from_(from) {}

  void add(std::uint32_t row, double weight) { weights_[row] += weight; }
  [[nodiscard]] std::vector<WeightedRow> rows() const {
    std::vector<WeightedRow> rows;
    for (const auto& [row, weight] : weights_) rows.push_back({row, weight});
    return rows;
  }
  [[nodiscard]] std::vector<Source> sources() const {
    std::vector<Source> sources;
    for (const auto& [row, weight] : weights_) sources.push_back({from_.place(row), weight});
    return sources;
  }
  /// They and their variants.
  [[nodiscard]] LeftOut left_out() const {
    LeftOut left_out;
    for (const auto& [row, weight] : weights_) {
      left_out.rows.push_back(row);
      const std::string_view group = text_of(from_.product(row).group());
      if (!group.empty()) left_out.groups.push_back(group);
    }
    return left_out;
  }

 private:
  const CatalogSet& from_;
  std::map<std::uint32_t, double> weights_;
};

/// Selects, explains and rates. `explain(row)` gives an Explained.
template <typename Explain>
std::vector<Recommended> finish(const CatalogSet& among, std::span<const float> scores, const LeftOut& left_out,
                                const RecommendOptions& options, const Explain& explain) {
  const std::vector<std::uint32_t> rows = select_rows(among, scores, left_out, options.selection);
  std::vector<RatedRow> rated;
  for (const auto& [product, stars] : options.ratings) {
    if (const auto row = among.find(product)) rated.push_back({*row, stars});
  }
  const ExpectedRatings ratings(among, rated);
  std::vector<Recommended> recommended;
  for (const std::uint32_t row : rows) recommended.push_back({row, explain(row), ratings.of(row)});
  // Floats chose them; the sums in double may order near ties otherwise.
  if (!(options.selection.diversity > 0) && !(options.selection.fairness > 0)) {
    std::ranges::stable_sort(recommended, [](const Recommended& a, const Recommended& b) {
      return a.why.score != b.why.score ? a.why.score > b.why.score : a.row < b.row;
    });
  }
  return recommended;
}

/// Content alone, and of articles what they are about too.
std::vector<Recommended> by_content(const CatalogSet& among, const Wanted& wanted, std::span<const Source> sources, const LeftOut& left_out,
                                    const RecommendOptions& options) {
  const ContentScores content(among, wanted);
  const Fits fits(options.articles == nullptr ? std::span<const Source>() : sources);
  double heaviest = 0;
  for (const Source& source : sources) heaviest = std::max(heaviest, source.weight);
  std::vector<float> scores(among.size());
  for (std::uint32_t row = 0; row < scores.size(); ++row) {
    scores[row] = content.score(row);
    if (options.articles == nullptr) continue;
    if (const Source* about = fits.of(among.product(row))) scores[row] += static_cast<float>(about->weight / heaviest);
  }
  return finish(among, scores, left_out, options, [&](std::uint32_t row) {
    ReasonSum reasons;
    if (const Source* about = options.articles == nullptr ? nullptr : fits.of(among.product(row))) {
      const double measure = about->weight / heaviest;
      reasons.add({ReasonKind::kFits, measure, measure, {about->place.catalog->id(about->place.product)}});
    }
    if (content.score(row) > 0) reasons.add_content(among, content, sources, row);
    return std::move(reasons).close();
  });
}

/// What a complaint about one product is answered with.
class Remedies {
 public:
  Remedies(const CatalogSet& products, std::uint32_t faulty)
      : products_(products),
        faulty_(products.product(faulty)),
        source_{products.place(faulty), 1},
        fits_({&source_, 1}),
        content_(products, want_like(products, std::vector<WeightedRow>{{faulty, 1}}, {})) {}

  [[nodiscard]] std::vector<float> scores() const {
    std::vector<float> scores(products_.size());
    for (std::uint32_t row = 0; row < scores.size(); ++row) {
      if (!is_wanted(row)) continue;
      const double fitting = fitting_of(row);
      const auto content = static_cast<double>(content_.score(row));
      scores[row] = static_cast<float>(fitting > 0 ? fitting + kContentBesideFits * content : content);
    }
    return scores;
  }
  [[nodiscard]] Explained explain(std::uint32_t row) const {
    ReasonSum reasons;
    const double fitting = fitting_of(row);
    if (fitting > 0) reasons.add({ReasonKind::kFits, fitting, 1, {faulty_.id()->string_view()}});
    const auto content = static_cast<double>(content_.score(row));
    if (content > 0) reasons.add_content(products_, content_, {&source_, 1}, row, fitting > 0 ? kContentBesideFits * content : content);
    return std::move(reasons).close();
  }

 private:
  [[nodiscard]] double fitting_of(std::uint32_t row) const {
    const schema::Product& product = products_.product(row);
    if (product.role() == schema::Role::product) return 0;
    return product.role() == schema::Role::spare_part ? kSparePartFits : kAccessoryFits;
  }
  [[nodiscard]] bool is_wanted(std::uint32_t row) const {
    const schema::Product& product = products_.product(row);
    return product.role() == schema::Role::product ? is_exchange(product) : fits_.of(product) != nullptr;
  }
  /// A price that is not known is within reach.
  [[nodiscard]] bool is_exchange(const schema::Product& product) const {
    const std::string_view category = text_of(product.category());
    return !category.empty() && category == text_of(faulty_.category()) && !(current_price(product) > kExchangePrice * faulty_.price());
  }

  const CatalogSet& products_;
  const schema::Product& faulty_;
  Source source_;
  Fits fits_;
  ContentScores content_;
};

Error unknown_product(std::string_view id) {
  return {ErrorCode::unknown_product, "the catalogue has no product " + quoted(id)};
}

}  // namespace

Result<std::vector<Recommended>> recommend_like(const CatalogSet& products, std::span<const std::string_view> product_ids,
                                                const RecommendOptions& options) {
  if (auto error = check(options)) return *std::move(error);
  if (product_ids.empty()) return invalid("no product to recommend others for");
  Sources given(products);
  std::vector<schema::Role> roles;
  for (const std::string_view id : product_ids) {
    const auto row = products.find(id);
    if (!row) return unknown_product(id);
    given.add(*row, 1);
    roles.push_back(products.product(*row).role());
  }
  const Wanted wanted = want_like(products, given.rows(), {});
  if (options.articles != nullptr) return by_content(*options.articles, wanted, given.sources(), {}, options);
  RecommendOptions of_those_roles = options;
  of_those_roles.selection.filter.roles = roles;
  return by_content(products, wanted, given.sources(), given.left_out(), of_those_roles);
}

Result<std::vector<Recommended>> recommend_for_query(const CatalogSet& products, const WeightedText& query,
                                                     const RecommendOptions& options) {
  if (auto error = check(options)) return *std::move(error);
  const CatalogSet& among = options.articles == nullptr ? products : *options.articles;
  if (auto error = check_meaning(among, query.meaning)) return *std::move(error);
  return by_content(among, want_query(among, query), {}, {}, options);
}

Result<std::vector<Recommended>> recommend_by_history(const CatalogSet& products, std::span<const HistoryItem> history,
                                                      std::span<const WeightedText> searches, const RecommendOptions& options) {
  if (auto error = check(options)) return *std::move(error);
  Sources given(products);
  for (const auto& [id, weight] : history) {
    if (auto error = check_weight(weight)) return *std::move(error);
    if (const auto row = products.find(id)) given.add(*row, weight);
  }
  for (const WeightedText& search : searches) {
    if (auto error = check_weight(search.weight)) return *std::move(error);
    if (auto error = check_meaning(products, search.meaning)) return *std::move(error);
  }
  const std::vector<WeightedRow> rows = given.rows();
  const std::vector<Source> sources = given.sources();
  const Wanted wanted = want_like(products, rows, searches);
  if (options.articles != nullptr) return by_content(*options.articles, wanted, sources, {}, options);
  const HybridScores hybrid(products, rows, sources, wanted);
  return finish(products, hybrid.scores(), options.keep_history ? LeftOut() : given.left_out(), options,
                [&](std::uint32_t row) { return hybrid.explain(row); });
}

Result<std::vector<Recommended>> recommend_after_complaint(const CatalogSet& products, std::string_view product_id,
                                                           const RecommendOptions& options) {
  if (auto error = check(options)) return *std::move(error);
  const auto faulty = products.find(product_id);
  if (!faulty) return unknown_product(product_id);
  Sources given(products);
  given.add(*faulty, 1);
  const Remedies remedies(products, *faulty);
  return finish(products, remedies.scores(), given.left_out(), options, [&](std::uint32_t row) { return remedies.explain(row); });
}

}  // namespace aftersense
