#pragma once

// How well products go with what is looked for, by their content: terms over the inverted index, and where the catalogues have vectors,
// the cosine of the meanings. Exact: every product with a shared term, and every vector, is compared.
//
//     const Wanted wanted = want_like(among, {{kettle, 1.0}}, {});
//     const ContentScores content(among, wanted);
//     if (content.score(row) > 0) show(content.explain(row).terms);

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/catalog_set.h"

namespace aftersense {

/// Where both meanings are known, how much their cosine counts beside the terms; and the cosine from which it alone, without a shared term,
/// is reason enough. Measured on product pairs, categories and queries (README.md).
inline constexpr float kMeaningWeight = 0.2F;
inline constexpr float kAlikeCosine = 0.4F;

/// A product of a CatalogSet, and how much it counts; above 0.
struct WeightedRow {
  std::uint32_t row;
  double weight;
};

/// A text that was searched for. `meaning`: its vector by the model of the catalogues' vectors, as embed() makes it; empty where none is
/// known.
struct WeightedText {
  std::string_view text;
  double weight;
  std::span<const float> meaning;
};

/// How a term of a product counts.
enum class Lexical : std::uint8_t {
  kTfidf,  ///< by its weight in the product's row (Salton and Buckley 1988)
  kBm25    ///< tf / (tf + k1 (1 − b + b length / mean length)), k1 = 1.2, b = 0.75 (Robertson and Zaragoza 2009)
};

/// What is looked for: terms by their bytes, distinct, with what each counts; and a meaning, empty where none is known.
struct Wanted {
  struct Term {
    std::string term;
    double weight;
  };
  Lexical lexical = Lexical::kTfidf;
  std::vector<Term> terms;
  std::vector<float> meaning;
  std::string_view meaning_model;  ///< what made the meaning
};

/// The mean, by weight, of the products' rows and vectors, and of those that the texts would have. Scores are then the mean of the cosines
/// with each. Terms that no catalogue has are left out of a text's length.
[[nodiscard]] Wanted want_like(const CatalogSet& from, std::span<const WeightedRow> products, std::span<const WeightedText> texts);

/// The terms of a query as BM25 weighs them, ln(1 + (N − df + 0.5) / (df + 0.5)) for each time that one stands there, scaled so that they
/// add up to 1: scores are then those of BM25 divided by (k1 + 1) Σ idf, what no product reaches.
[[nodiscard]] Wanted want_query(const CatalogSet& among, const WeightedText& query);

/// A term that is looked for and that a product has, and what it adds.
struct TermContribution {
  std::string_view term;  ///< of the catalogue
  double score;
};

/// What makes up the score of a product.
struct ContentExplanation {
  std::vector<TermContribution> terms;  ///< all of them, the strongest first; they add up to shared_terms
  double shared_terms = 0;              ///< weighed: 1 − kMeaningWeight of what the terms say, where meanings count
  double similar_meaning = 0;           ///< weighed by kMeaningWeight
  double terms_measure = 0;             ///< what the terms say: a cosine, or the share of the greatest BM25
  double cosine = 0;                    ///< of the meanings, at least 0
};

/// What is wanted, held against every row.
class ContentScores {
 public:
  /// The set must outlive this.
  ContentScores(const CatalogSet& among, const Wanted& wanted);

  /// In [0, 1]; 0 where neither a term nor the meaning is reason enough.
  [[nodiscard]] float score(std::uint32_t row) const { return scores_[row]; }
  /// By row.
  [[nodiscard]] std::span<const float> scores() const { return scores_; }
  [[nodiscard]] ContentExplanation explain(std::uint32_t row) const;

 private:
  struct PartTerm {
    std::uint32_t term;    ///< of the part's catalogue
    std::uint32_t wanted;  ///< place in wanted_
    float weight;
  };
  [[nodiscard]] std::vector<PartTerm> resolve(const Catalog& catalog) const;
  void score_terms(const CatalogSet::Part& part, std::span<const PartTerm> terms);
  void score_meanings(const Wanted& wanted);

  const CatalogSet& among_;
  Lexical lexical_;
  std::vector<Wanted::Term> wanted_;
  std::vector<std::vector<PartTerm>> part_terms_;  ///< by part, terms ascending
  float terms_weight_ = 1;
  std::vector<float> meanings_;  ///< by row, weighed; empty where no meaning is known
  std::vector<float> scores_;    ///< by row
};

}  // namespace aftersense
