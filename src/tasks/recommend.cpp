#include "tasks/recommend.h"

#include <algorithm>
#include <cmath>
#include <map>
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

struct Candidate {
  std::uint32_t product;
  float score;
};

/// The order of results; ties go to the product that stands first in the catalogue.
bool is_better(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.product < b.product;
}

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

/// Cosine of the query and every product, a term at a time, terms ascending.
std::vector<float> score_products(const Catalog& catalog, const TermVector& query) {
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

/// The k best products of positive score, best first, through a heap whose front is the worst one kept.
std::vector<Candidate> best_of(std::span<const float> scores, std::size_t k) {
  std::vector<Candidate> heap;
  for (std::uint32_t product = 0; product < scores.size(); ++product) {
    const Candidate candidate{product, scores[product]};
    if (!(candidate.score > 0)) continue;
    if (heap.size() == k) {
      if (!is_better(candidate, heap.front())) continue;
      std::ranges::pop_heap(heap, is_better);
      heap.pop_back();
    }
    heap.push_back(candidate);
    std::ranges::push_heap(heap, is_better);
  }
  std::ranges::sort_heap(heap, is_better);
  return heap;
}

/// What each shared term adds to the product's score, strongest first (ties: in the order of the terms), cut to kListedTerms.
std::vector<TermContribution> strongest_terms(const schema::TfidfIndex& index, const TermVector& query, std::uint32_t product) {
  std::vector<TermContribution> shared;
  std::uint32_t cell = index.row_offsets()->Get(product);
  const std::uint32_t end = index.row_offsets()->Get(product + 1);
  for (const auto [term, weight] : query) {
    while (cell < end && index.row_terms()->Get(cell) < term) ++cell;
    if (cell == end) break;
    if (index.row_terms()->Get(cell) != term) continue;
    shared.push_back({index.terms()->Get(term)->string_view(), weight * index.row_weights()->Get(cell)});
  }
  std::ranges::stable_sort(shared, std::ranges::greater{}, &TermContribution::score);
  shared.resize(std::min(shared.size(), kListedTerms));
  return shared;
}

std::vector<Recommended> recommend(const Catalog& catalog, const TermVector& query, std::span<const std::uint32_t> sources,
                                   const RecommendOptions& options) {
  std::vector<float> scores = score_products(catalog, query);
  for (const std::uint32_t source : sources) scores[source] = 0;
  for (const std::string_view id : options.exclude) {
    if (const Result<std::uint32_t> excluded = catalog.find(id)) scores[*excluded] = 0;
  }
  std::vector<Recommended> results;
  for (const Candidate& candidate : best_of(scores, options.k)) {
    // Rounding may carry the cosine of equal vectors past 1.
    results.push_back({candidate.product, std::min(candidate.score, 1.0f), strongest_terms(catalog.index(), query, candidate.product)});
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
  return recommend(catalog, mean_of_rows(catalog.index(), sources), sources, options);
}

Result<std::vector<Recommended>> recommend_for_query(const Catalog& catalog, std::string_view query, const RecommendOptions& options) {
  if (!is_valid(options)) return invalid_k(options.k);
  return recommend(catalog, vector_of_query(catalog.index(), query), {}, options);
}

}  // namespace aftersense
