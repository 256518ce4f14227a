#include "tasks/recommend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <ranges>
#include <string>
#include <utility>

#include "core/utf8.h"
#include "tasks/terms.h"

namespace aftersense {
namespace {

constexpr std::uint32_t kMaxK = 1000;
constexpr std::size_t kListedTerms = 5;

struct WeightedTerm {
  std::uint32_t term;
  float weight;
};

/// A sparse vector of unit length (or empty), terms ascending.
using TermVector = std::vector<WeightedTerm>;

/// What is looked for.
struct Query {
  TermVector terms;
  std::vector<float> meaning;  ///< of unit length, in the dimensions of the catalogue's vectors; empty where none is known
};

/// What makes up the score of each product.
struct Scores {
  std::vector<float> shared_terms;
  std::vector<float> similar_meaning;  ///< empty where no meaning is known
  [[nodiscard]] float meaning_of(std::uint32_t product) const { return similar_meaning.empty() ? 0.0F : similar_meaning[product]; }
};

TermVector to_unit_length(const std::map<std::uint32_t, double>& weights) {
  double squared = 0;
  for (const auto& [term, weight] : weights) squared += weight * weight;
  TermVector unit;
  for (const auto& [term, weight] : weights) unit.push_back({term, static_cast<float>(weight / std::sqrt(squared))});
  return unit;
}

/// The direction of the mean of the products' rows. Products are added in ascending order, whatever order they came in.
TermVector mean_of_rows(const schema::TfidfIndex& index, std::vector<std::uint32_t> products) {
  std::ranges::sort(products);
  std::map<std::uint32_t, double> sums;
  for (const std::uint32_t product : products) {
    for (std::uint32_t i = index.row_offsets()->Get(product); i < index.row_offsets()->Get(product + 1); ++i) {
      sums[index.row_terms()->Get(i)] += static_cast<double>(index.row_weights()->Get(i));
    }
  }
  return to_unit_length(sums);
}

/// TF-IDF of a query over the catalogue's terms; terms that the catalogue does not have are left out of its length.
TermVector vector_of_query(const schema::TfidfIndex& index, std::string_view query) {
  std::map<std::string, std::uint32_t> counts;
  for (std::string& term : split_terms(query.substr(0, floor_code_point(query, kMaxFieldBytes)))) ++counts[std::move(term)];
  const auto& terms = *index.terms();
  const auto text_before = [](const flatbuffers::String* text, std::string_view term) { return text->string_view() < term; };
  std::map<std::uint32_t, double> weights;
  for (const auto& [term, count] : counts) {
    const auto found = std::lower_bound(terms.begin(), terms.end(), std::string_view(term), text_before);
    if (found == terms.end() || found->string_view() != term) continue;
    const auto number = static_cast<std::uint32_t>(found - terms.begin());
    weights[number] = tfidf_weight(count, static_cast<double>(index.idf()->Get(number)));
  }
  return to_unit_length(weights);
}

/// The direction of the mean of the products' vectors, added in ascending order; empty where the catalogue has none.
std::vector<float> mean_of_vectors(const Catalog& catalog, std::vector<std::uint32_t> products) {
  const NeighbourIndex* neighbours = catalog.neighbours();
  if (neighbours == nullptr) return {};
  std::ranges::sort(products);
  std::vector<float> sum(neighbours->dimensions());
  for (const std::uint32_t product : products) neighbours->add_row(product, sum);
  return cut_to_unit(sum, sum.size());
}

/// Cosine of the query and every product, a term at a time, terms ascending.
std::vector<float> score_terms(const Catalog& catalog, const TermVector& query) {
  const schema::TfidfIndex& index = catalog.index();
  std::vector<float> scores(catalog.size());
  for (const auto [term, weight] : query) {
    for (std::uint32_t i = index.posting_offsets()->Get(term); i < index.posting_offsets()->Get(term + 1); ++i) {
      const schema::Posting* posting = index.postings()->Get(i);
      scores[posting->document()] += weight * posting->weight();
    }
  }
  return scores;
}

Scores score_products(const Catalog& catalog, const Query& query) {
  Scores scores{score_terms(catalog, query.terms), {}};
  const float terms_weight = query.meaning.empty() ? 1.0F : 1.0F - kMeaningWeight;
  // Rounding may carry the cosine of equal vectors past 1.
  for (float& score : scores.shared_terms) score = terms_weight * std::min(score, 1.0F);
  if (query.meaning.empty()) return scores;
  scores.similar_meaning.resize(catalog.size());
  catalog.neighbours()->score(query.meaning, scores.similar_meaning);
  for (float& score : scores.similar_meaning) score = kMeaningWeight * std::clamp(score, 0.0F, 1.0F);
  return scores;
}

bool is_one_of(const flatbuffers::String* text, std::span<const std::string_view> allowed) {
  return allowed.empty() || (text != nullptr && std::ranges::find(allowed, text->string_view()) != allowed.end());
}

bool passes(const schema::Product& product, const ProductFilter& filter) {
  const double price = product.price();
  return (std::isnan(filter.least_price) || price >= filter.least_price) &&
         (std::isnan(filter.greatest_price) || price <= filter.greatest_price) && is_one_of(product.category(), filter.categories) &&
         is_one_of(product.brand(), filter.brands);
}

/// The k best products that have a reason and pass the filter, best first. The filter is asked only of what scores high enough.
std::vector<Scored> find_best(const Catalog& catalog, const Scores& scores, const RecommendOptions& options) {
  TopK best(options.k);
  for (std::uint32_t product = 0; product < catalog.size(); ++product) {
    const float meaning = scores.meaning_of(product);
    if (!(scores.shared_terms[product] > 0) && meaning < kMeaningWeight * kAlikeCosine) continue;
    const float score = scores.shared_terms[product] + meaning;
    if (score > best.least() && passes(catalog.product(product), options.filter)) best.offer({product, score});
  }
  return best.take();
}

/// What each shared term adds to the product's score, strongest first (ties: in the order of the terms), cut to kListedTerms.
std::vector<TermContribution> strongest_terms(const schema::TfidfIndex& index, const Query& query, std::uint32_t product) {
  const float terms_weight = query.meaning.empty() ? 1.0F : 1.0F - kMeaningWeight;
  std::vector<TermContribution> shared;
  std::uint32_t cell = index.row_offsets()->Get(product);
  const std::uint32_t end = index.row_offsets()->Get(product + 1);
  for (const auto [term, weight] : query.terms) {
    while (cell < end && index.row_terms()->Get(cell) < term) ++cell;
    if (cell == end) break;
    if (index.row_terms()->Get(cell) != term) continue;
    shared.push_back({index.terms()->Get(term)->string_view(), terms_weight * (weight * index.row_weights()->Get(cell))});
  }
  std::ranges::stable_sort(shared, std::ranges::greater{}, &TermContribution::score);
  shared.resize(std::min(shared.size(), kListedTerms));
  return shared;
}

std::vector<Recommended> recommend(const Catalog& catalog, const Query& query, std::span<const std::uint32_t> sources,
                                   const RecommendOptions& options) {
  Scores scores = score_products(catalog, query);
  const auto leave_out = [&](std::uint32_t product) {
    scores.shared_terms[product] = 0;
    if (!scores.similar_meaning.empty()) scores.similar_meaning[product] = 0;
  };
  std::ranges::for_each(sources, leave_out);
  for (const std::string_view id : options.exclude) {
    if (const Result<std::uint32_t> excluded = catalog.find(id)) leave_out(*excluded);
  }
  std::vector<Recommended> results;
  for (const auto& [product, score] : find_best(catalog, scores, options)) {
    results.push_back({.product = product,
                       .score = score,
                       .shared_terms = scores.shared_terms[product],
                       .similar_meaning = scores.meaning_of(product),
                       .terms = strongest_terms(catalog.index(), query, product)});
  }
  return results;
}

bool is_valid(const RecommendOptions& options) {
  return options.k >= 1 && options.k <= kMaxK;
}

Error invalid_k(std::uint32_t k) {
  return {ErrorCode::invalid_argument, "k is " + std::to_string(k) + "; it must be 1 to " + std::to_string(kMaxK)};
}

}  // namespace

Result<std::vector<Recommended>> recommend_like(const Catalog& catalog, std::span<const std::string_view> product_ids,
                                                const RecommendOptions& options) {
  if (!is_valid(options)) return invalid_k(options.k);
  if (product_ids.empty()) return Error{ErrorCode::invalid_argument, "no product to recommend others for"};
  std::vector<std::uint32_t> sources;
  for (const std::string_view id : product_ids) {
    const Result<std::uint32_t> product = catalog.find(id);
    if (!product) return product.error();
    sources.push_back(*product);
  }
  return recommend(catalog, {mean_of_rows(catalog.index(), sources), mean_of_vectors(catalog, sources)}, sources, options);
}

Result<std::vector<Recommended>> recommend_for_query(const Catalog& catalog, std::string_view query, const RecommendOptions& options) {
  if (!is_valid(options)) return invalid_k(options.k);
  Query wanted{vector_of_query(catalog.index(), query), {}};
  if (const NeighbourIndex* neighbours = catalog.neighbours(); neighbours != nullptr && !options.meaning.empty()) {
    const bool finite = std::ranges::all_of(options.meaning, [](float value) { return std::isfinite(value); });
    if (options.meaning.size() < neighbours->dimensions() || !finite) {
      return Error{ErrorCode::invalid_argument, "the query's vector has too few dimensions, or numbers that are not finite"};
    }
    wanted.meaning = cut_to_unit(options.meaning, neighbours->dimensions());
  }
  return recommend(catalog, wanted, {}, options);
}

}  // namespace aftersense
