#include "tasks/catalog_vectors.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>

namespace aftersense {
namespace {

constexpr std::uint64_t kUnknownText = 0;

Error refused(const std::string& what) {
  return {ErrorCode::invalid_argument, what};
}

/// Whether rows are of products, each of another, in their order.
bool are_places(std::span<const std::uint32_t> rows, std::size_t products) {
  if (!rows.empty() && rows.back() >= products) return false;
  return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}) == rows.end();
}

std::optional<Error> check_vectors(const ProductVectors& given, std::size_t products) {
  if (!given.text_hashes.empty() && given.text_hashes.size() != products) {
    return refused("have " + std::to_string(given.text_hashes.size()) + " text hashes for " + std::to_string(products) + " products");
  }
  if (given.dimensions == 0 && given.values.empty() && given.rows.empty()) return std::nullopt;
  if (given.model.empty()) return refused("are of no model");
  if (given.dimensions == 0 || given.dimensions % kNeighbourDepth != 0 || given.dimensions > kMaxNeighbourDepth) {
    return refused("have " + std::to_string(given.dimensions) + " dimensions, which is no multiple of " + std::to_string(kNeighbourDepth) +
                   " up to " + std::to_string(kMaxNeighbourDepth));
  }
  const std::size_t rows = given.rows.empty() ? products : given.rows.size();
  if (given.values.size() / given.dimensions != rows || given.values.size() % given.dimensions != 0) {
    return refused("have " + std::to_string(given.values.size()) + " numbers for " + std::to_string(rows) + " products");
  }
  if (!are_places(given.rows, products)) return refused("are not of products in their order");
  const bool finite = std::ranges::all_of(given.values, [](float value) { return std::isfinite(value); });
  return finite ? std::nullopt : std::optional(refused("have numbers that are not finite"));
}

/// Rows of a catalogue by the hashes of their texts; none where another model made them.
std::unordered_map<std::uint64_t, std::uint32_t> known_rows(const Catalog* catalog, std::string_view model) {
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  if (catalog == nullptr || catalog->embeddings() == nullptr || catalog->embedding_model() != model) return known;
  const auto& hashes = *catalog->embeddings()->text_hashes();
  for (std::uint32_t row = 0; row < hashes.size(); ++row) {
    if (hashes.Get(row) != kUnknownText) known.emplace(hashes.Get(row), row);
  }
  return known;
}

/// Appends rows to those of the file.
class RowWriter {
 public:
  RowWriter(const ProductVectors& given, std::size_t dimensions, ShelfVectors& out) : given_(given), out_(out) {
    out_.dimensions = dimensions;
  }

  void add_given(std::size_t row) {
    const auto vector = given_.values.subspan(row * given_.dimensions, given_.dimensions);
    const QuantisedRows one = quantise_rows(cut_to_unit(vector, out_.dimensions), out_.dimensions);
    out_.rows.codes.insert(out_.rows.codes.end(), one.codes.begin(), one.codes.end());
    out_.rows.scales.push_back(one.scales[0]);
  }

  void add_known(const schema::Embeddings& embeddings, std::uint32_t row) {
    const std::uint8_t* codes = embeddings.codes()->data() + row * out_.dimensions;
    out_.rows.codes.insert(out_.rows.codes.end(), codes, codes + out_.dimensions);
    out_.rows.scales.push_back(embeddings.scales()->Get(row));
    ++out_.reused;
  }

 private:
  const ProductVectors& given_;
  ShelfVectors& out_;
};

/// The row of `given` that is the vector of the product at `at`, if any.
std::optional<std::size_t> find_given(const ProductVectors& given, std::size_t at) {
  if (given.values.empty()) return std::nullopt;
  if (given.rows.empty()) return at;
  const auto found = std::ranges::lower_bound(given.rows, at);
  if (found == given.rows.end() || *found != at) return std::nullopt;
  return static_cast<std::size_t>(found - given.rows.begin());
}

}  // namespace

Result<ShelfVectors> collect_vectors(const ProductVectors& given, std::size_t products, std::span<const std::size_t> kept,
                                     const Catalog* previous) {
  ShelfVectors vectors;
  if (auto error = check_vectors(given, products)) return *std::move(error);
  if (given.model.empty()) return vectors;
  const auto known = known_rows(previous, given.model);
  const auto hash_of = [&](std::size_t at) { return given.text_hashes.empty() ? kUnknownText : given.text_hashes[at]; };
  for (const std::size_t at : kept) {
    if (!find_given(given, at) && !known.contains(hash_of(at))) vectors.missing.push_back(static_cast<std::uint32_t>(at));
  }
  if (!vectors.missing.empty()) {
    if (given.values.empty()) return vectors;
    return refused("lack that of product " + std::to_string(vectors.missing.front() + 1));
  }
  const std::size_t old_dimensions = known.empty() ? 0 : previous->neighbours()->dimensions();
  const std::size_t dimensions = given.values.empty() ? old_dimensions : std::min(given.dimensions, kCatalogDimensions);
  RowWriter writer(given, dimensions, vectors);
  for (const std::size_t at : kept) {
    vectors.hashes.push_back(hash_of(at));
    if (const auto row = find_given(given, at)) {
      writer.add_given(*row);
    } else if (dimensions == old_dimensions) {
      writer.add_known(*previous->embeddings(), known.at(hash_of(at)));
    } else {
      return refused("have " + std::to_string(dimensions) + " dimensions, those of the previous catalogue " +
                     std::to_string(old_dimensions));
    }
  }
  return vectors;
}

flatbuffers::Offset<schema::Embeddings> write_vectors(flatbuffers::FlatBufferBuilder& builder, const ShelfVectors& vectors,
                                                      std::string_view model) {
  if (vectors.dimensions == 0) return {};
  const auto name = builder.CreateString(model);
  const auto codes = builder.CreateVector(vectors.rows.codes);
  const auto scales = builder.CreateVector(vectors.rows.scales);
  const auto hashes = builder.CreateVector(vectors.hashes);
  return schema::CreateEmbeddings(builder, name, static_cast<std::uint32_t>(vectors.dimensions), codes, scales, hashes);
}

}  // namespace aftersense
