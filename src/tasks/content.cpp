#include "tasks/content.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/utf8.h"
#include "tasks/catalog_build.h"
#include "tasks/terms.h"

namespace aftersense {
namespace {

constexpr double kSaturation = 1.2;            // k1
constexpr double kLengthNormalisation = 0.75;  // b

std::optional<std::uint32_t> find_term(const Catalog& catalog, std::string_view term) {
  const auto& terms = *catalog.index().terms();
  const auto text_before = [](const flatbuffers::String* text, std::string_view wanted) { return text->string_view() < wanted; };
  const auto found = std::lower_bound(terms.begin(), terms.end(), term, text_before);
  if (found == terms.end() || found->string_view() != term) return std::nullopt;
  return static_cast<std::uint32_t>(found - terms.begin());
}

/// How often each term stands in a text, of those that a catalogue has; with that catalogue, and the term's number there.
struct QueryTerm {
  std::string term;
  std::uint32_t count;
  const Catalog* catalog;
  std::uint32_t number;
};

std::vector<QueryTerm> known_terms(const CatalogSet& among, std::string_view text) {
  std::map<std::string, std::uint32_t> counts;
  for (std::string& term : split_terms(text.substr(0, floor_code_point(text, kMaxFieldBytes)))) ++counts[std::move(term)];
  std::vector<QueryTerm> known;
  for (const auto& [term, count] : counts) {
    for (const CatalogSet::Part& part : among.parts()) {
      const auto number = find_term(*part.catalog, term);
      if (!number) continue;
      known.push_back({term, count, part.catalog, *number});
      break;
    }
  }
  return known;
}

/// TF-IDF of a text, of unit length.
std::vector<Wanted::Term> row_of_text(const CatalogSet& among, std::string_view text) {
  std::vector<Wanted::Term> row;
  double squared = 0;
  for (QueryTerm& known : known_terms(among, text)) {
    const double weight = tfidf_weight(known.count, static_cast<double>(known.catalog->index().idf()->Get(known.number)));
    squared += weight * weight;
    row.push_back({std::move(known.term), weight});
  }
  for (Wanted::Term& cell : row) cell.weight /= std::sqrt(squared);
  return row;
}

/// Sums of terms' weights.
class TermSums {
 public:
  void add(std::string_view term, double weight) { sums_[term] += weight; }
  /// Each divided by `total`.
  [[nodiscard]] std::vector<Wanted::Term> take(double total) const {
    std::vector<Wanted::Term> terms;
    terms.reserve(sums_.size());
    for (const auto& [term, sum] : sums_) terms.push_back({std::string(term), sum / total});
    std::ranges::sort(terms, {}, &Wanted::Term::term);
    return terms;
  }

 private:
  std::unordered_map<std::string_view, double> sums_;
};

void add_row(TermSums& sums, CatalogSet::Place place, double weight) {
  const schema::TfidfIndex& index = place.catalog->index();
  for (std::uint32_t i = index.row_offsets()->Get(place.product); i < index.row_offsets()->Get(place.product + 1); ++i) {
    sums.add(index.terms()->Get(index.row_terms()->Get(i))->string_view(), weight * static_cast<double>(index.row_weights()->Get(i)));
  }
}

/// The mean of vectors by weight.
class MeaningSum {
 public:
  explicit MeaningSum(const CatalogSet& from) : sum_(from.dimensions()), model_(from.embedding_model()) {}

  void add(CatalogSet::Place place, double weight) {
    const NeighbourIndex* rows = place.catalog->neighbours();
    if (rows == nullptr || rows->dimensions() != sum_.size() || place.catalog->embedding_model() != model_) return;
    std::vector<float> row(sum_.size());
    rows->add_row(place.product, row);
    add(row, weight);
  }
  /// Of a text; empty where none is known.
  void add_text(std::span<const float> meaning, double weight) {
    if (!meaning.empty() && !sum_.empty()) add(cut_to_unit(meaning, sum_.size()), weight);
  }
  void give(Wanted& wanted) const {
    if (!(total_ > 0)) return;
    wanted.meaning_model = model_;
    for (const double value : sum_) wanted.meaning.push_back(static_cast<float>(value / total_));
  }

 private:
  void add(std::span<const float> unit, double weight) {
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += weight * static_cast<double>(unit[i]);
    total_ += weight;
  }

  std::vector<double> sum_;
  std::string_view model_;
  double total_ = 0;
};

/// Products of a part and how much of them says what: the innermost loop of all scoring.
void add_tfidf(const Catalog& catalog, std::uint32_t term, float weight, std::span<float> out) {
  const schema::TfidfIndex& index = catalog.index();
  const auto& postings = *index.postings();
  const std::uint32_t end = index.posting_offsets()->Get(term + 1);
  for (std::uint32_t i = index.posting_offsets()->Get(term); i < end; ++i) {
    const schema::Posting* posting = postings.Get(i);
    out[posting->document()] += weight * posting->weight();
  }
}

/// tf / (tf + k1 (1 − b + b length / mean length)) of posting i.
double saturated(const Catalog& catalog, std::uint32_t i) {
  const schema::TfidfIndex& index = catalog.index();
  const double length = static_cast<double>(catalog.document_length(index.postings()->Get(i)->document()));
  const double mean_length = static_cast<double>(catalog.mean_length());
  const double count = static_cast<double>(index.counts()->Get(i));
  return count / (count + kSaturation * (1 - kLengthNormalisation + kLengthNormalisation * length / mean_length));
}

void add_bm25(const Catalog& catalog, std::uint32_t term, float weight, std::span<float> out) {
  const schema::TfidfIndex& index = catalog.index();
  const std::uint32_t end = index.posting_offsets()->Get(term + 1);
  for (std::uint32_t i = index.posting_offsets()->Get(term); i < end; ++i) {
    out[index.postings()->Get(i)->document()] += weight * static_cast<float>(saturated(catalog, i));
  }
}

/// What a term counts in a product that has it.
double value_of(const Catalog& catalog, Lexical lexical, std::uint32_t term, std::uint32_t product) {
  const schema::TfidfIndex& index = catalog.index();
  std::uint32_t low = index.posting_offsets()->Get(term);
  std::uint32_t high = index.posting_offsets()->Get(term + 1);
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (index.postings()->Get(middle)->document() <= product ? low : high) = middle;
  }
  return lexical == Lexical::kBm25 ? saturated(catalog, low) : static_cast<double>(index.postings()->Get(low)->weight());
}

}  // namespace

Wanted want_like(const CatalogSet& from, std::span<const WeightedRow> products, std::span<const WeightedText> texts) {
  Wanted wanted;
  TermSums sums;
  MeaningSum meaning(from);
  double total = 0;
  for (const auto [row, weight] : products) {
    add_row(sums, from.place(row), weight);
    meaning.add(from.place(row), weight);
    total += weight;
  }
  std::vector<std::vector<Wanted::Term>> rows;  // the sums view their terms
  for (const WeightedText& text : texts) {
    rows.push_back(row_of_text(from, text.text));
    for (const auto& [term, weight] : rows.back()) sums.add(term, text.weight * weight);
    if (!rows.back().empty()) total += text.weight;
    meaning.add_text(text.meaning, text.weight);
  }
  wanted.terms = sums.take(total);
  meaning.give(wanted);
  return wanted;
}

Wanted want_query(const CatalogSet& among, const WeightedText& query) {
  Wanted wanted{.lexical = Lexical::kBm25, .terms = {}, .meaning = {}, .meaning_model = {}};
  double total = 0;
  for (QueryTerm& known : known_terms(among, query.text)) {
    const double documents = known.catalog->document_count();
    const double with_term = known.catalog->document_frequency(known.number);
    const double weight = known.count * std::log1p((documents - with_term + 0.5) / (with_term + 0.5));
    total += weight;
    wanted.terms.push_back({std::move(known.term), weight});
  }
  for (Wanted::Term& term : wanted.terms) term.weight /= total;
  MeaningSum meaning(among);
  meaning.add_text(query.meaning, 1);
  meaning.give(wanted);
  return wanted;
}

ContentScores::ContentScores(const CatalogSet& among, const Wanted& wanted)
    : among_(among), lexical_(wanted.lexical), wanted_(wanted.terms), scores_(among.size()) {
  score_meanings(wanted);
  if (!meanings_.empty()) terms_weight_ = 1.0F - kMeaningWeight;
  for (const CatalogSet::Part& part : among.parts()) {
    part_terms_.push_back(resolve(*part.catalog));
    score_terms(part, part_terms_.back());
  }
  // Rounding may carry the cosine of equal vectors past 1.
  for (float& score : scores_) score = terms_weight_ * std::min(score, 1.0F);
  constexpr float kAlike = kMeaningWeight * kAlikeCosine;
  for (std::size_t row = 0; row < meanings_.size(); ++row) {
    const float both = scores_[row] + meanings_[row];
    scores_[row] = scores_[row] > 0 || meanings_[row] >= kAlike ? both : 0.0F;
  }
}

std::vector<ContentScores::PartTerm> ContentScores::resolve(const Catalog& catalog) const {
  std::vector<PartTerm> resolved;
  for (std::uint32_t i = 0; i < wanted_.size(); ++i) {
    const auto term = find_term(catalog, wanted_[i].term);
    if (term) resolved.push_back({*term, i, static_cast<float>(wanted_[i].weight)});
  }
  return resolved;
}

void ContentScores::score_terms(const CatalogSet::Part& part, std::span<const PartTerm> terms) {
  const auto out = std::span(scores_).subspan(part.first_row, part.catalog->size());
  for (const PartTerm& term : terms) {
    if (lexical_ == Lexical::kBm25) {
      add_bm25(*part.catalog, term.term, term.weight, out);
    } else {
      add_tfidf(*part.catalog, term.term, term.weight, out);
    }
  }
}

void ContentScores::score_meanings(const Wanted& wanted) {
  if (wanted.meaning.empty()) return;
  for (const CatalogSet::Part& part : among_.parts()) {
    const NeighbourIndex* rows = part.catalog->neighbours();
    if (rows == nullptr || rows->dimensions() != wanted.meaning.size() || part.catalog->embedding_model() != wanted.meaning_model) continue;
    meanings_.resize(among_.size());
    rows->score(wanted.meaning, std::span(meanings_).subspan(part.first_row, part.catalog->size()));
  }
  for (float& score : meanings_) score = kMeaningWeight * std::clamp(score, 0.0F, 1.0F);
}

ContentExplanation ContentScores::explain(std::uint32_t row) const {
  const CatalogSet::Part& part = among_.part_of(row);
  const std::uint32_t product = row - part.first_row;
  const schema::TfidfIndex& index = part.catalog->index();
  ContentExplanation explanation;
  const auto part_at = static_cast<std::size_t>(&part - among_.parts().data());
  std::uint32_t cell = index.row_offsets()->Get(product);
  const std::uint32_t end = index.row_offsets()->Get(product + 1);
  for (const PartTerm& term : part_terms_[part_at]) {
    while (cell < end && index.row_terms()->Get(cell) < term.term) ++cell;
    if (cell == end) break;
    if (index.row_terms()->Get(cell) != term.term) continue;
    const double score = wanted_[term.wanted].weight * value_of(*part.catalog, lexical_, term.term, product);
    explanation.terms.push_back({index.terms()->Get(term.term)->string_view(), static_cast<double>(terms_weight_) * score});
    explanation.terms_measure += score;
  }
  std::ranges::stable_sort(explanation.terms, std::ranges::greater{}, &TermContribution::score);
  explanation.terms_measure = std::min(explanation.terms_measure, 1.0);
  explanation.shared_terms = static_cast<double>(terms_weight_) * explanation.terms_measure;
  explanation.similar_meaning = meanings_.empty() ? 0.0 : static_cast<double>(meanings_[row]);
  explanation.cosine = explanation.similar_meaning / static_cast<double>(kMeaningWeight);
  return explanation;
}

}  // namespace aftersense
