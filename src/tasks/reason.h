#pragma once

// Why a product has its score: parts that add up to it exactly.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tasks/catalog_set.h"
#include "tasks/content.h"

namespace aftersense {

/// In the order of messages.fbs.
enum class ReasonKind : std::uint8_t { kSharedTerms, kSimilarMeaning, kPopularity, kNeighbours, kRules, kFactors, kThemes, kFits };

/// One part of a score.
struct Reason {
  ReasonKind kind;
  double score;                           ///< what it adds, above 0
  double measure;                         ///< what the method itself says, before it is weighed
  std::vector<std::string_view> because;  ///< ids of products that it comes from, as far as the method tells
};

struct Explained {
  double score = 0;                     ///< the sum of the reasons, added from the first to the last
  std::vector<Reason> reasons;          ///< the greatest first
  std::vector<TermContribution> terms;  ///< the strongest shared terms, best first, at most 5; all together add up to kSharedTerms
};

/// A product of the request, wherever it lies, and how much it counts.
struct Source {
  CatalogSet::Place place;
  double weight;
};

/// Collects the parts of one product's score.
///
///     ReasonSum reasons;
///     reasons.add({ReasonKind::kPopularity, 0.4, 0.9, {}});
///     reasons.add_content(content, sources, row, content.score(row));
///     const Explained explained = std::move(reasons).close();
class ReasonSum {
 public:
  /// Nothing where it adds nothing.
  void add(Reason reason);
  /// What content adds, told as terms and meaning in proportion, each because of the source that it owes most to. `adds` is in all;
  /// nothing: as much as content says.
  void add_content(const CatalogSet& among, const ContentScores& content, std::span<const Source> sources, std::uint32_t row,
                   std::optional<double> adds = std::nullopt);
  [[nodiscard]] Explained close() &&;

 private:
  Explained explained_;
};

}  // namespace aftersense
