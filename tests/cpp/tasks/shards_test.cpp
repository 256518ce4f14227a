#include "tasks/shards.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tasks/catalog.h"
#include "tasks/lean_shard.h"

using namespace aftersense;
using Catch::Matchers::WithinAbs;

namespace {

/// Products of a few kinds, whose texts outlive the records.
struct Shop {
  explicit Shop(std::size_t products) {
    const std::vector<std::string> kinds{"steel kettle", "cotton towel", "oak table", "保温杯", "garden hose"};
    for (std::size_t i = 0; i < products; ++i) {
      ids.push_back("p" + std::to_string(i));
      titles.push_back(kinds[i % kinds.size()] + " model " + std::to_string(i / 10));
      groups.push_back(i % 4 == 0 ? "" : "g" + std::to_string(i / 20));
    }
    for (std::size_t i = 0; i < products; ++i) {
      ProductRecord record;
      record.id = ids[i];
      record.title = titles[i];
      record.description = i % 3 == 0 ? "A gift for everybody who likes good things" : "Good";
      record.group = groups[i];
      records.push_back(record);
    }
  }
  std::vector<std::string> ids;
  std::vector<std::string> titles;
  std::vector<std::string> groups;
  std::vector<ProductRecord> records;
};

const schema::TermBucket* open_bucket(const std::vector<std::uint8_t>& file) {
  flatbuffers::Verifier verifier(file.data(), file.size());
  REQUIRE(verifier.VerifyBuffer<schema::TermBucket>());
  return flatbuffers::GetRoot<schema::TermBucket>(file.data());
}

}  // namespace

TEST_CASE("shards: every product with a term is in one shard, and variants of a group are together") {
  const Shop shop(400);
  ShardPlanner planner;
  for (const ProductRecord& product : shop.records) CHECK(planner.add(product));
  CHECK_FALSE(planner.add({.id = "blank", .title = "…"}));
  const Result<ShardPlan> plan = planner.plan(10, 8);
  REQUIRE(plan);
  CHECK(plan->shard_count <= 10);
  CHECK(plan->shard_count >= 5);
  REQUIRE(plan->shards.size() == 401);
  CHECK(plan->shards.back() == kNoShard);
  std::map<std::string, std::set<std::uint32_t>> shards_of_group;
  for (std::size_t i = 0; i < 400; ++i) {
    CHECK(plan->shards[i] < plan->shard_count);
    if (!shop.groups[i].empty()) shards_of_group[shop.groups[i]].insert(plan->shards[i]);
  }
  for (const auto& [group, shards] : shards_of_group) CHECK(shards.size() == 1);
}

TEST_CASE("shards: the buckets hold every term, its products and the most that it is worth in each shard") {
  const Shop shop(200);
  ShardPlanner planner;
  for (const ProductRecord& product : shop.records) REQUIRE(planner.add(product));
  const Result<ShardPlan> plan = planner.plan(6, 4);
  REQUIRE(plan);

  std::vector<std::vector<ProductRecord>> shards(plan->shard_count);
  for (std::size_t i = 0; i < shop.records.size(); ++i) shards[plan->shards[i]].push_back(shop.records[i]);
  struct Worth {
    double weight = 0;
    double bm25 = 0;
  };
  std::map<std::string, std::map<std::uint32_t, Worth>> expected;
  std::map<std::string, std::uint32_t> frequencies;
  for (std::uint32_t shard = 0; shard < shards.size(); ++shard) {
    const Result<BuiltCatalog> built = build_catalog(shards[shard], {.corpus = &planner.corpus()});
    REQUIRE(built);
    const Result<Catalog> catalog = Catalog::load(built->file);
    REQUIRE(catalog);
    const schema::TfidfIndex& index = catalog->index();
    for (std::uint32_t term = 0; term < catalog->term_count(); ++term) {
      const std::string text = index.terms()->Get(term)->str();
      frequencies[text] = catalog->document_frequency(term);
      for (std::uint32_t at = index.posting_offsets()->Get(term); at < index.posting_offsets()->Get(term + 1); ++at) {
        const schema::Posting& posting = *index.postings()->Get(at);
        const double count = index.counts()->Get(at);
        const double longer = 0.25 + 0.75 * catalog->document_length(posting.document()) / static_cast<double>(catalog->mean_length());
        Worth& worth = expected[text][shard];
        worth.weight = std::max(worth.weight, static_cast<double>(posting.weight()));
        worth.bm25 = std::max(worth.bm25, count / (count + 1.2 * longer));
      }
    }
  }

  std::size_t terms = 0;
  for (std::uint32_t number = 0; number < 4; ++number) {
    const std::vector<std::uint8_t> file = write_term_bucket(*plan, number);
    const schema::TermBucket& bucket = *open_bucket(file);
    std::vector<std::string> names;
    std::istringstream lines(bucket.terms()->str());
    for (std::string line; std::getline(lines, line);) names.push_back(line);
    REQUIRE(bucket.counts()->size() == names.size());
    std::uint32_t at = 0;
    for (std::uint32_t term = 0; term < names.size(); ++term, ++terms) {
      INFO(names[term]);
      CHECK(fnv1a(names[term]) % 4 == number);
      if (term > 0) CHECK(names[term - 1] < names[term]);
      CHECK(bucket.frequencies()->Get(term) == frequencies[names[term]]);
      REQUIRE(bucket.counts()->Get(term) == expected[names[term]].size());
      for (const auto& [shard, worth] : expected[names[term]]) {
        CHECK(bucket.shards()->Get(at) == shard);
        // Rounded up to one of 255.
        CHECK_THAT(bucket.weights()->Get(at) / 255.0, WithinAbs(worth.weight + 0.5 / 255, 0.5 / 255 + 1e-5));
        CHECK_THAT(bucket.bm25()->Get(at) / 255.0, WithinAbs(worth.bm25 + 0.5 / 255, 0.5 / 255 + 1e-5));
        ++at;
      }
    }
    CHECK(at == bucket.shards()->size());
  }
  CHECK(terms == expected.size());
}

TEST_CASE("shards: a shard without its weights gets them back, bit for bit") {
  const Shop shop(120);
  ShardPlanner planner;
  for (const ProductRecord& product : shop.records) REQUIRE(planner.add(product));
  const Result<BuiltCatalog> built = build_catalog(std::span(shop.records).first(50), {.corpus = &planner.corpus()});
  REQUIRE(built);
  std::vector<std::uint8_t> file = built->file;
  CHECK_FALSE(restore_weights(file));
  CHECK(file == built->file);
  strip_weights(file);
  CHECK(file != built->file);
  const std::vector<std::uint8_t> lean = file;
  CHECK_FALSE(restore_weights(file));
  CHECK(file == built->file);
  // Whatever is damaged: an error, or a file whose own checks come next.
  for (std::size_t at = 8; at < lean.size(); ++at) {
    std::vector<std::uint8_t> damaged = lean;
    damaged[at] ^= 0xFF;
    if (const auto error = restore_weights(damaged)) CHECK(error->code == ErrorCode::pack_corrupt);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{8}, lean.size() / 2}) {
    std::vector<std::uint8_t> cut(lean.begin(), lean.begin() + static_cast<std::ptrdiff_t>(size));
    if (const auto error = restore_weights(cut)) CHECK(error->code == ErrorCode::pack_corrupt);
  }
}

TEST_CASE("shards: the hash is FNV-1a") {
  // Test vectors of draft-eastlake-fnv.
  CHECK(fnv1a("") == 0x811c9dc5);
  CHECK(fnv1a("a") == 0xe40c292c);
  CHECK(fnv1a("foobar") == 0xbf9cf968);
}

TEST_CASE("shards: what cannot be planned is refused") {
  ShardPlanner planner;
  CHECK(planner.plan(1, 1).error().code == ErrorCode::empty_catalog);
  planner.add({.id = "a", .title = "kettle"});
  CHECK(planner.plan(0, 1).error().code == ErrorCode::invalid_argument);
  CHECK(planner.plan(kMaxShards + 1, 1).error().code == ErrorCode::invalid_argument);
  CHECK(planner.plan(1, 0).error().code == ErrorCode::invalid_argument);
  CHECK(planner.plan(1, kMaxBuckets + 1).error().code == ErrorCode::invalid_argument);
  const Result<ShardPlan> plan = planner.plan(5, 4);
  REQUIRE(plan);
  CHECK(plan->shard_count == 1);
}
