#include "tasks/neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "catch_amalgamated.hpp"
#include "kernels/support.h"

using namespace aftersense;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

using test::kSeed;

/// Rows of unit length.
std::vector<float> unit_vectors(std::mt19937& random, std::size_t rows, std::size_t dimensions) {
  std::vector<float> vectors = test::normal(random, rows * dimensions);
  for (std::size_t begin = 0; begin < vectors.size(); begin += dimensions) {
    const auto row = std::span(vectors).subspan(begin, dimensions);
    const float length = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0F));
    for (float& value : row) value /= length;
  }
  return vectors;
}

/// An index together with the rows that it reads.
struct Store {
  Store(std::span<const float> vectors, std::size_t dimensions)
      : rows(quantise_rows(vectors, dimensions)), index(*NeighbourIndex::open(rows.codes, rows.scales, dimensions)) {}
  QuantisedRows rows;
  NeighbourIndex index;
};

/// All rows by their inner products, in 64 bits, by the definition.
std::vector<Scored> sort_all(const Store& store, std::span<const float> query, const RowFilter& filter) {
  const std::size_t dimensions = store.index.dimensions();
  float greatest = 0.0F;
  for (const float value : query) greatest = std::max(greatest, std::abs(value));
  std::vector<Scored> all;
  for (std::uint32_t row = 0; row < store.index.size(); ++row) {
    if (filter && !filter(row)) continue;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < dimensions; ++i) {
      const auto code = greatest == 0.0F ? 0 : static_cast<int>(std::nearbyint(query[i] * (127.0F / greatest)));
      sum += code * (store.rows.codes[row * dimensions + i] - kWeightZeroPoint);
    }
    all.push_back({row, static_cast<float>(sum) * (store.rows.scales[row] * (greatest / 127.0F))});
  }
  std::ranges::sort(all, is_better);
  return all;
}

void check_equal(std::span<const Scored> found, std::span<const Scored> expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    REQUIRE(found[i].row == expected[i].row);
    REQUIRE(test::bits({&found[i].score, 1}) == test::bits({&expected[i].score, 1}));
  }
}

}  // namespace

TEST_CASE("the nearest neighbours are those of sorting every inner product, to the bit", "[neighbours]") {
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  const std::size_t dimensions = GENERATE(as<std::size_t>{}, 32, 96, 128, 384, 2080);
  const std::size_t rows = GENERATE(as<std::size_t>{}, 0, 1, 3, 4, 5, 511, 512, 513, 1030);
  const Store store(unit_vectors(random, rows, dimensions), dimensions);
  const std::vector<float> query = unit_vectors(random, 1, dimensions);
  for (const RowFilter& filter : {RowFilter(), RowFilter([](std::uint32_t row) { return row % 7 == 3; })}) {
    const std::vector<Scored> all = sort_all(store, query, filter);
    for (const std::size_t k : {std::size_t{1}, std::size_t{10}, std::size_t{5000}}) {
      CAPTURE(dimensions, rows, k);
      check_equal(store.index.search(query, k, filter), std::span(all).first(std::min(k, all.size())));
    }
  }
}

TEST_CASE("score() gives the scores of search()", "[neighbours]") {
  std::mt19937 random(kSeed);
  const Store store(unit_vectors(random, 700, 128), 128);
  const std::vector<float> query = unit_vectors(random, 1, 128);
  std::vector<float> scores(700);
  store.index.score(query, scores);
  for (const Scored& found : store.index.search(query, 700)) CHECK(test::bits({&scores[found.row], 1}) == test::bits({&found.score, 1}));
}

TEST_CASE("equal scores stand in the order of the rows, and the first rows are kept", "[neighbours]") {
  std::mt19937 random(kSeed);
  const std::vector<float> one = unit_vectors(random, 1, 128);
  std::vector<float> same;
  for (int i = 0; i < 1500; ++i) same.insert(same.end(), one.begin(), one.end());
  const Store store(same, 128);
  const std::vector<Scored> found = store.index.search(one, 1000);
  REQUIRE(found.size() == 1000);
  for (std::uint32_t i = 0; i < found.size(); ++i) CHECK(found[i].row == i);
  CHECK_THAT(found[0].score, WithinAbs(1, 0.01));
}

TEST_CASE("a filter that allows nothing finds nothing", "[neighbours]") {
  std::mt19937 random(kSeed);
  const Store store(unit_vectors(random, 20, 32), 32);
  CHECK(store.index.search(unit_vectors(random, 1, 32), 5, [](std::uint32_t) { return false; }).empty());
}

TEST_CASE("rows are quantised symmetrically, to half a step", "[neighbours]") {
  std::mt19937 random(kSeed);
  const std::vector<float> vectors = test::normal(random, 50 * 128, 3.0F);
  const QuantisedRows rows = quantise_rows(vectors, 128);
  for (std::size_t row = 0; row < 50; ++row) {
    const auto vector = std::span(vectors).subspan(row * 128, 128);
    const float greatest = std::abs(*std::ranges::max_element(vector, {}, [](float value) { return std::abs(value); }));
    CHECK_THAT(rows.scales[row], WithinAbs(greatest / 63, 1e-7));
    for (std::size_t i = 0; i < 128; ++i) {
      const float back = static_cast<float>(rows.codes[row * 128 + i] - kWeightZeroPoint) * rows.scales[row];
      REQUIRE(std::abs(back - vector[i]) <= rows.scales[row] * 0.5001F);
    }
  }
}

TEST_CASE("a vector without length, or with next to none, is as far from everything as can be told", "[neighbours]") {
  std::vector<float> vectors(96);
  vectors[32] = std::numeric_limits<float>::denorm_min();
  vectors[64] = 1.0F;
  const Store store(vectors, 32);
  const std::vector<Scored> found = store.index.search(std::span<const float>(vectors).subspan(64), 3);
  REQUIRE(found.size() == 3);
  CHECK(found[0].row == 2);
  CHECK_THAT(found[1].score, WithinAbs(0, 1e-30));
  for (const Scored& nothing : store.index.search(std::vector<float>(32), 3)) CHECK_THAT(nothing.score, WithinAbs(0, 1e-30));
}

TEST_CASE("add_row() adds what was stored", "[neighbours]") {
  std::mt19937 random(kSeed);
  const std::vector<float> vectors = unit_vectors(random, 3, 64);
  const Store store(vectors, 64);
  std::vector<float> sum(64);
  store.index.add_row(0, sum);
  store.index.add_row(2, sum);
  for (std::size_t i = 0; i < 64; ++i) CHECK_THAT(sum[i], WithinAbs(vectors[i] + vectors[128 + i], 0.02));
}

TEST_CASE("most of the true ten nearest are found by quantised vectors", "[neighbours]") {
  std::mt19937 random(kSeed);
  const std::size_t dimensions = GENERATE(as<std::size_t>{}, 128, 384);
  // Clusters, as products are: the hard part is the order within one.
  std::vector<float> vectors = unit_vectors(random, 40, dimensions);
  for (std::size_t row = 40; row < 2000; ++row) {
    const std::vector<float> noise = test::normal(random, dimensions, 0.5F / std::sqrt(static_cast<float>(dimensions)));
    for (std::size_t i = 0; i < dimensions; ++i) vectors.push_back(vectors[row % 40 * dimensions + i] + noise[i]);
  }
  const Store store(vectors, dimensions);
  std::size_t kept = 0;
  for (std::size_t q = 0; q < 100; ++q) {
    const auto query = std::span<const float>(vectors).subspan(q * 7 * dimensions, dimensions);
    std::vector<Scored> exact;
    for (std::uint32_t row = 0; row < 2000; ++row) {
      exact.push_back(
          {row, std::inner_product(query.begin(), query.end(), vectors.begin() + static_cast<std::ptrdiff_t>(row * dimensions), 0.0F)});
    }
    std::ranges::sort(exact, is_better);
    for (const Scored& found : store.index.search(query, 10)) {
      kept += static_cast<std::size_t>(std::ranges::count(std::span(exact).first(10), found.row, &Scored::row));
    }
  }
  CHECK(kept >= 950);
}

TEST_CASE("an index over damaged rows is refused", "[neighbours]") {
  const auto refused = [](std::vector<std::uint8_t> codes, std::vector<float> scales, std::size_t dimensions, const char* message) {
    const Result<NeighbourIndex> index = NeighbourIndex::open(codes, scales, dimensions);
    REQUIRE_FALSE(index);
    CHECK(index.error().code == ErrorCode::pack_corrupt);
    CHECK_THAT(index.error().message, ContainsSubstring(message));
  };
  const std::vector<std::uint8_t> zeros(64, 64);
  for (const std::size_t dimensions : {0u, 16u, 33u, 2112u}) refused(zeros, {1, 1}, dimensions, "dimensions");
  refused(zeros, {1}, 32, "differ in number");
  refused(std::vector<std::uint8_t>(63, 64), {1, 1}, 32, "differ in number");
  for (const int bad : {0, 128, 255}) {
    std::vector<std::uint8_t> codes = zeros;
    codes[40] = static_cast<std::uint8_t>(bad);
    refused(codes, {1, 1}, 32, "a code");
  }
  for (const float bad : {-0.1F, 1.1F, NAN, INFINITY}) refused(zeros, {1, bad}, 32, "a scale");
}
