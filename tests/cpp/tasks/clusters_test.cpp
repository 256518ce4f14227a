#include "tasks/clusters.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "catch_amalgamated.hpp"
#include "kernels/support.h"

using namespace aftersense;

namespace {

/// Rows about a number of topics, each with terms of its own, that come in a random order.
struct Topical {
  static constexpr std::uint32_t kTermsOfTopic = 20;

  Topical(std::size_t rows, std::uint32_t topics) : idf(topics * kTermsOfTopic, 1.0F) {
    std::mt19937 random(test::kSeed);
    for (std::size_t row = 0; row < rows; ++row) {
      topic_of.push_back(static_cast<std::uint32_t>(random() % topics));
      std::set<std::uint32_t> own;
      while (own.size() < 6) own.insert(topic_of.back() * kTermsOfTopic + static_cast<std::uint32_t>(random() % kTermsOfTopic));
      own.insert(static_cast<std::uint32_t>(random() % idf.size()));
      double squared = 0;
      for (const std::uint32_t term : own) {
        terms.push_back(term);
        counts.push_back(static_cast<std::uint8_t>(1 + random() % 3));
        squared += std::pow(1.0 + std::log(static_cast<double>(counts.back())), 2);
      }
      offsets.push_back(static_cast<std::uint32_t>(terms.size()));
      unit.push_back(static_cast<float>(1 / std::sqrt(squared)));
      units.push_back({static_cast<std::uint32_t>(row), 1});
    }
  }

  [[nodiscard]] CountedRows rows() const { return {.offsets = offsets, .terms = terms, .counts = counts, .idf = idf, .unit = unit}; }

  std::vector<std::uint32_t> offsets{0};
  std::vector<std::uint32_t> terms;
  std::vector<std::uint8_t> counts;
  std::vector<float> idf;
  std::vector<float> unit;
  std::vector<Unit> units;
  std::vector<std::uint32_t> topic_of;
};

std::map<std::uint32_t, std::size_t> sizes_of(std::span<const std::uint32_t> parts) {
  std::map<std::uint32_t, std::size_t> sizes;
  for (const std::uint32_t part : parts) ++sizes[part];
  return sizes;
}

}  // namespace

TEST_CASE("clusters: every part has products, none many more than the mean") {
  const Topical data(5000, 12);
  const std::uint32_t wanted = GENERATE(1U, 2U, 3U, 7U, 16U, 100U);
  const std::map<std::uint32_t, std::size_t> sizes = sizes_of(divide(data.rows(), data.units, wanted));
  CHECK(sizes.size() <= wanted);
  CHECK(sizes.size() > 0.8 * wanted);
  CHECK(sizes.rbegin()->first == sizes.size() - 1);
  for (const auto& [part, size] : sizes) CHECK(static_cast<double>(size) <= std::ceil(1.5 * 5000.0 / wanted));
}

TEST_CASE("clusters: products of a topic come together") {
  const Topical data(4000, 8);
  const std::vector<std::uint32_t> parts = divide(data.rows(), data.units, 32);
  // Of two products of a part, how many are of the same topic; by chance an eighth.
  std::map<std::uint32_t, std::map<std::uint32_t, double>> topics;
  for (std::size_t row = 0; row < parts.size(); ++row) ++topics[parts[row]][data.topic_of[row]];
  double same = 0;
  double all = 0;
  for (const auto& [part, counts] : topics) {
    double size = 0;
    for (const auto& [topic, count] : counts) {
      same += count * count;
      size += count;
    }
    all += size * size;
  }
  CHECK(same / all > 0.75);
}

TEST_CASE("clusters: the same rows give the same parts") {
  const Topical data(1000, 5);
  CHECK(divide(data.rows(), data.units, 9) == divide(data.rows(), data.units, 9));
}

TEST_CASE("clusters: as many parts as units at most, and units count by their size") {
  Topical data(3, 1);
  CHECK(sizes_of(divide(data.rows(), data.units, 10)).size() == 3);
  CHECK(sizes_of(divide(data.rows(), data.units, 1)).size() == 1);
  CHECK(divide(data.rows(), {}, 4).empty());
  data.units[1].size = 1000;
  const std::vector<std::uint32_t> parts = divide(data.rows(), data.units, 2);
  CHECK(sizes_of(parts)[parts[1]] <= 2);
}

TEST_CASE("clusters: rows that are all alike are divided all the same") {
  Topical data(1, 1);
  data.units.assign(1000, {0, 1});
  const auto sizes = sizes_of(divide(data.rows(), data.units, 10));
  CHECK(sizes.size() >= 7);
  for (const auto& [part, size] : sizes) CHECK(size <= 150);
}
