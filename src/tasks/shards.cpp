#include "tasks/shards.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "tasks/clusters.h"

namespace aftersense {
namespace {

constexpr std::uint32_t kNoGroup = 0xFFFF'FFFF;
constexpr double kSaturation = 1.2;    ///< k1 of BM25
constexpr double kLengthShare = 0.75;  ///< b of BM25

/// What is greatest in each shard of what a term is worth there.
struct Greatest {
  float weight = 0;
  float bm25 = 0;
};

std::uint8_t round_up(float value) {
  return static_cast<std::uint8_t>(std::clamp(std::ceil(value * 255.0F), 1.0F, 255.0F));
}

/// Units of a part of the products each: those of a group, at most `greatest` of them in one.
struct Units {
  std::vector<Unit> units;
  std::vector<std::uint32_t> unit_of;  ///< [rows]
};

Units gather(std::span<const std::uint32_t> group_of, std::size_t groups, std::uint32_t greatest) {
  Units gathered;
  std::vector<std::uint32_t> open(groups, kNoGroup);  // the unit that takes the group's next product
  for (std::uint32_t row = 0; row < group_of.size(); ++row) {
    const std::uint32_t group = group_of[row];
    std::uint32_t unit = group == kNoGroup ? kNoGroup : open[group];
    if (unit == kNoGroup || gathered.units[unit].size >= greatest) {
      unit = static_cast<std::uint32_t>(gathered.units.size());
      gathered.units.push_back({.row = row, .size = 0});
      if (group != kNoGroup) open[group] = unit;
    }
    ++gathered.units[unit].size;
    gathered.unit_of.push_back(unit);
  }
  return gathered;
}

/// The lengths of products, as BM25 takes them.
struct Lengths {
  std::span<const std::uint32_t> of_row;
  double mean;
};

/// Raises what is greatest to what the row has; terms that come up for the first time go into `seen`.
void raise(const CountedRows& rows, const Lengths& lengths, std::uint32_t row, std::span<Greatest> greatest,
           std::vector<std::uint32_t>& seen) {
  const double longer = 1 - kLengthShare + kLengthShare * lengths.of_row[row] / lengths.mean;
  for (std::uint32_t cell = rows.offsets[row]; cell < rows.offsets[row + 1]; ++cell) {
    const std::uint32_t term = rows.terms[cell];
    const double count = rows.counts[cell];
    Greatest& most = greatest[term];
    if (most.weight == 0) seen.push_back(term);
    most.weight = std::max(most.weight, sublinear_counts()[rows.counts[cell]] * rows.idf[term] * rows.unit[row]);
    most.bm25 = std::max(most.bm25, static_cast<float>(count / (count + kSaturation * longer)));
  }
}

}  // namespace

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 0x811C'9DC5;
  for (const char byte : text) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x0100'0193;
  return hash;
}

std::vector<std::uint8_t> write_term_bucket(const ShardPlan& plan, std::uint32_t bucket) {
  const std::uint32_t begin = plan.bucket_offsets[bucket];
  const std::uint32_t end = plan.bucket_offsets[bucket + 1];
  std::string terms;
  std::vector<std::uint16_t> counts;
  for (std::uint32_t term = begin; term < end; ++term) {
    if (term > begin) terms += '\n';
    terms += plan.terms[term];
    counts.push_back(static_cast<std::uint16_t>(plan.posting_offsets[term + 1] - plan.posting_offsets[term]));
  }
  flatbuffers::FlatBufferBuilder builder;
  const std::uint32_t first = plan.posting_offsets[begin];
  const std::uint32_t postings = plan.posting_offsets[end] - first;
  const auto text = builder.CreateString(terms);
  const auto frequencies = builder.CreateVector(plan.frequencies.data() + begin, end - begin);
  const auto count_vector = builder.CreateVector(counts);
  const auto shards = builder.CreateVector(plan.posting_shards.data() + first, postings);
  const auto weights = builder.CreateVector(plan.posting_weights.data() + first, postings);
  const auto bm25 = builder.CreateVector(plan.posting_bm25.data() + first, postings);
  builder.Finish(schema::CreateTermBucket(builder, text, frequencies, count_vector, shards, weights, bm25), kRoutesIdentifier);
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

bool ShardPlanner::add(const ProductRecord& product) {
  const std::vector<CountedTerm> counted = count_terms(product);
  row_of_.push_back(counted.empty() ? kNoShard : static_cast<std::uint32_t>(row_lengths_.size()));
  if (counted.empty()) return false;
  corpus_.add(counted);
  std::uint32_t length = 0;
  for (const CountedTerm& term : counted) length += term.count;
  for (const CountedTerm& term : std::span(counted).first(std::min(counted.size(), kMaxRoutedTerms))) {
    row_terms_.push_back(terms_.try_emplace(term.text, static_cast<std::uint32_t>(terms_.size())).first->second);
    row_counts_.push_back(static_cast<std::uint8_t>(term.count));
  }
  row_offsets_.push_back(static_cast<std::uint32_t>(row_terms_.size()));
  row_lengths_.push_back(length);
  group_of_.push_back(product.group.empty()
                          ? kNoGroup
                          : groups_.try_emplace(std::string(product.group), static_cast<std::uint32_t>(groups_.size())).first->second);
  return true;
}

Result<ShardPlan> ShardPlanner::plan(std::uint32_t shards, std::uint32_t term_buckets) const {
  if (shards == 0 || shards > kMaxShards) {
    return Error{ErrorCode::invalid_argument,
                 "a catalogue has 1 to " + std::to_string(kMaxShards) + " shards, not " + std::to_string(shards)};
  }
  if (term_buckets == 0 || term_buckets > kMaxBuckets) {
    return Error{ErrorCode::invalid_argument,
                 "a catalogue has 1 to " + std::to_string(kMaxBuckets) + " buckets of terms, not " + std::to_string(term_buckets)};
  }
  const auto rows = static_cast<std::uint32_t>(row_lengths_.size());
  if (rows == 0) return Error{ErrorCode::empty_catalog, "no product has any text"};

  std::vector<float> idf(terms_.size());
  for (const auto& [text, number] : terms_) {
    idf[number] = static_cast<float>(inverse_document_frequency(corpus_.products(), corpus_.document_frequency(text)));
  }
  std::vector<float> unit(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    double squared = 0;
    for (std::uint32_t cell = row_offsets_[row]; cell < row_offsets_[row + 1]; ++cell) {
      const double weight = static_cast<double>(sublinear_counts()[row_counts_[cell]]) * static_cast<double>(idf[row_terms_[cell]]);
      squared += weight * weight;
    }
    unit[row] = static_cast<float>(1.0 / std::sqrt(squared));
  }
  const CountedRows counted{.offsets = row_offsets_, .terms = row_terms_, .counts = row_counts_, .idf = idf, .unit = unit};

  const Units gathered = gather(group_of_, groups_.size(), std::max(rows / shards, std::uint32_t{1}));
  const std::vector<std::uint32_t> part_of_unit = divide(counted, gathered.units, shards);
  std::vector<std::uint32_t> shard_of(rows);
  for (std::uint32_t row = 0; row < rows; ++row) shard_of[row] = part_of_unit[gathered.unit_of[row]];

  ShardPlan plan = route(counted, shard_of, term_buckets);
  for (const std::uint32_t row : row_of_) plan.shards.push_back(row == kNoShard ? kNoShard : shard_of[row]);
  return plan;
}

/// Which shards have which terms.
ShardPlan ShardPlanner::route(const CountedRows& rows, std::span<const std::uint32_t> shard_of, std::uint32_t term_buckets) const {
  struct Placed {
    std::uint32_t bucket;
    std::string_view text;
    std::uint32_t number;
  };
  std::vector<Placed> sorted;
  sorted.reserve(terms_.size());
  for (const auto& [text, number] : terms_) sorted.push_back({fnv1a(text) % term_buckets, text, number});
  std::ranges::sort(sorted, [](const Placed& a, const Placed& b) { return a.bucket != b.bucket ? a.bucket < b.bucket : a.text < b.text; });
  ShardPlan plan;
  plan.bucket_offsets.assign(term_buckets + 1, 0);
  std::vector<std::uint32_t> place(sorted.size());
  for (const auto& [bucket, text, number] : sorted) {
    place[number] = static_cast<std::uint32_t>(plan.terms.size());
    plan.terms.push_back(text);
    plan.frequencies.push_back(corpus_.document_frequency(text));
    ++plan.bucket_offsets[bucket + 1];
  }
  std::partial_sum(plan.bucket_offsets.begin(), plan.bucket_offsets.end(), plan.bucket_offsets.begin());

  std::vector<std::uint32_t> by_shard(shard_of.size());
  std::iota(by_shard.begin(), by_shard.end(), std::uint32_t{0});
  std::ranges::stable_sort(by_shard, {}, [&](std::uint32_t row) { return shard_of[row]; });
  plan.shard_count = shard_of[by_shard.back()] + 1;

  const Lengths lengths{row_lengths_, static_cast<double>(corpus_.mean_length())};
  struct Found {
    std::uint32_t term;
    std::uint16_t shard;
    std::uint8_t weight;
    std::uint8_t bm25;
  };
  std::vector<Found> found;
  std::vector<Greatest> greatest(terms_.size());
  std::vector<std::uint32_t> seen;
  for (std::size_t begin = 0; begin < by_shard.size();) {
    const std::uint32_t shard = shard_of[by_shard[begin]];
    std::size_t end = begin;
    for (; end < by_shard.size() && shard_of[by_shard[end]] == shard; ++end) raise(rows, lengths, by_shard[end], greatest, seen);
    for (const std::uint32_t term : seen) {
      const Greatest most = std::exchange(greatest[term], {});
      found.push_back({place[term], static_cast<std::uint16_t>(shard), round_up(most.weight), round_up(most.bm25)});
    }
    seen.clear();
    begin = end;
  }

  plan.posting_offsets.assign(terms_.size() + 1, 0);
  for (const Found& one : found) ++plan.posting_offsets[one.term + 1];
  std::partial_sum(plan.posting_offsets.begin(), plan.posting_offsets.end(), plan.posting_offsets.begin());
  std::vector<std::uint32_t> next = plan.posting_offsets;
  plan.posting_shards.resize(found.size());
  plan.posting_weights.resize(found.size());
  plan.posting_bm25.resize(found.size());
  for (const Found& one : found) {
    const std::uint32_t at = next[one.term]++;
    plan.posting_shards[at] = one.shard;
    plan.posting_weights[at] = one.weight;
    plan.posting_bm25[at] = one.bm25;
  }
  return plan;
}

}  // namespace aftersense
