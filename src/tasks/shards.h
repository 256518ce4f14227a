#pragma once

// Divides a catalogue that is too large to download into shards of like products, and says which shards hold which words.
//
//     ShardPlanner planner;
//     for (const ProductRecord& product : products) planner.add(product);
//     Result<ShardPlan> plan = planner.plan(8000, 8192);
//     if (!plan) return plan.error();
//     // Then, for each shard: build_catalog(its_products, {.corpus = &planner.corpus()})

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "shards_generated.h"
#include "tasks/catalog_build.h"
#include "tasks/clusters.h"

namespace aftersense {

inline constexpr const char* kRoutesIdentifier = "ASCR";  ///< file identifier of buckets
inline constexpr std::uint32_t kMaxShards = 65'535;
inline constexpr std::uint32_t kMaxBuckets = 65'536;
inline constexpr std::uint32_t kNoShard = 0xFFFF'FFFF;  ///< of a product without a term

/// A product is routed by its first terms, title first: what comes later in a long description only counts for the corpus.
inline constexpr std::size_t kMaxRoutedTerms = 128;

struct ShardPlan {
  std::vector<std::uint32_t> shards;  ///< of each product that was added
  std::uint32_t shard_count = 0;
  /// Terms, each bucket's beside each other and sorted by bytes; of the planner, which must outlive them.
  std::vector<std::string_view> terms;
  std::vector<std::uint32_t> frequencies;      ///< of each term: products that have it
  std::vector<std::uint32_t> posting_offsets;  ///< [terms + 1]
  /// Of each term, shards ascending, and the most that it is worth to one of their products, rounded up: TermBucket of shards.fbs.
  std::vector<std::uint16_t> posting_shards;
  std::vector<std::uint8_t> posting_weights;
  std::vector<std::uint8_t> posting_bm25;
  std::vector<std::uint32_t> bucket_offsets;  ///< [buckets + 1], into terms
};

/// FNV-1a of 32 bits.
[[nodiscard]] std::uint32_t fnv1a(std::string_view text);

/// The file of one bucket, a schema::TermBucket. bucket < the plan's buckets.
[[nodiscard]] std::vector<std::uint8_t> write_term_bucket(const ShardPlan& plan, std::uint32_t bucket);

/// Counts the terms of all products, five bytes each, so that a million take some two hundred megabytes.
class ShardPlanner {
 public:
  /// False where the product has no term: it will be in no shard. Products of one group stay together, as far as a shard holds them.
  bool add(const ProductRecord& product);

  [[nodiscard]] const CorpusStatistics& corpus() const { return corpus_; }

  /// Products go into `shards` shards, or fewer where there are fewer products; their terms into `term_buckets`. Errors: invalid_argument
  /// (shards not in 1 to kMaxShards, buckets not in 1 to kMaxBuckets), empty_catalog.
  [[nodiscard]] Result<ShardPlan> plan(std::uint32_t shards, std::uint32_t term_buckets) const;

 private:
  [[nodiscard]] ShardPlan route(const CountedRows& rows, std::span<const std::uint32_t> shard_of, std::uint32_t term_buckets) const;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Numbers = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

  CorpusStatistics corpus_;
  Numbers terms_;                        ///< numbered in order of appearance
  Numbers groups_;                       ///< likewise
  std::vector<std::uint32_t> group_of_;  ///< [rows]: of those without one, kNoGroup
  std::vector<std::uint32_t> row_of_;    ///< [products]: kNoShard where it has no term
  std::vector<std::uint32_t> row_offsets_{0};
  std::vector<std::uint32_t> row_terms_;
  std::vector<std::uint8_t> row_counts_;
  std::vector<std::uint32_t> row_lengths_;  ///< sum of all the product's counts, as BM25 has it
};

}  // namespace aftersense
