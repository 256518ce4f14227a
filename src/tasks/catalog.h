#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog_generated.h"
#include "core/result.h"
#include "tasks/neighbours.h"

namespace aftersense {

inline constexpr std::uint32_t kCatalogVersion = 2;  ///< the format_version that is written and read
inline constexpr std::size_t kCatalogAlignment = 8;  ///< of a catalogue file in memory
inline constexpr std::size_t kMaxProducts = std::size_t{1} << 24;
inline constexpr std::size_t kMaxCatalogBytes = std::size_t{1} << 30;
inline constexpr std::size_t kMaxIdBytes = 1024;
inline constexpr std::size_t kMaxFactors = 64;       ///< numbers of a product's factors, and themes of a catalogue
inline constexpr double kMaxLearnt = 1e9;            ///< what orders taught is no greater, nor less than its negative
inline constexpr std::uint32_t kMaxTermCount = 255;  ///< greater counts are kept, and counted on, as this

/// Weight of a term that counts `count` times, before scaling to unit length: sublinear term frequency times idf.
[[nodiscard]] double tfidf_weight(std::uint32_t count, double idf);

/// Smoothed: ln((1 + products) / (1 + those with the term)) + 1.
[[nodiscard]] double inverse_document_frequency(std::size_t products, std::size_t products_with_term);

/// An id as messages have it, shortened where it is long.
[[nodiscard]] std::string quoted(std::string_view id);

/// A catalogue read in place; the bytes must outlive it. Once loaded, every offset and index in it is known to be valid, and every
/// number finite, or NaN where catalog.fbs says so.
///
///     Result<BuiltCatalog> built = build_catalog(products);
///     Result<Catalog> catalog = Catalog::load(built->file);
///     if (!catalog) return catalog.error();
///     catalog->product(*catalog->find("kettle-1")).title()->string_view();
class Catalog {
 public:
  /// Verifies the file whole, in time linear in its size save for ordering the ids. Errors: pack_truncated, pack_wrong_type,
  /// pack_wrong_version, pack_corrupt (also for a file cut short in its middle), invalid_argument (bytes not aligned to
  /// kCatalogAlignment).
  static Result<Catalog> load(std::span<const std::uint8_t> file);

  [[nodiscard]] std::uint32_t size() const;
  [[nodiscard]] std::uint32_t term_count() const;
  [[nodiscard]] const schema::Product& product(std::uint32_t index) const;
  [[nodiscard]] std::string_view id(std::uint32_t index) const;
  /// Index of a product id; error unknown_product.
  [[nodiscard]] Result<std::uint32_t> find(std::string_view id) const;
  [[nodiscard]] const schema::TfidfIndex& index() const;

  /// For BM25, of the whole catalogue of which this may be a shard.
  [[nodiscard]] std::uint32_t document_count() const;
  [[nodiscard]] std::uint32_t document_frequency(std::uint32_t term) const;
  /// Mean of document_length(), rounded to a float, as a shard keeps it.
  [[nodiscard]] float mean_length() const { return mean_length_; }
  /// Sum of the product's counts.
  [[nodiscard]] std::uint32_t document_length(std::uint32_t index) const { return lengths_[index]; }

  /// A row a product; nullptr where the catalogue has no vectors.
  [[nodiscard]] const NeighbourIndex* neighbours() const { return neighbours_ ? &*neighbours_ : nullptr; }
  /// Codes, scales and hashes of the vectors; nullptr where there are none.
  [[nodiscard]] const schema::Embeddings* embeddings() const;
  /// The model that made the vectors; empty where there are none.
  [[nodiscard]] std::string_view embedding_model() const;

  /// What orders taught; nullptr where the catalogue was built without.
  [[nodiscard]] const schema::Interactions* interactions() const;
  /// nullptr where there are none.
  [[nodiscard]] const flatbuffers::Vector<flatbuffers::Offset<schema::Offer>>* offers() const;
  /// Articles and videos, each a product of this catalogue; nullptr where there are none.
  [[nodiscard]] const Catalog* articles() const { return articles_.get(); }

 private:
  explicit Catalog(const schema::Catalog* root);
  /// All but the articles.
  static Result<Catalog> load_alone(std::span<const std::uint8_t> file);
  std::optional<Error> open_index();

  const schema::Catalog* root_;
  std::vector<std::uint32_t> by_id_;    ///< product indices ordered by id
  std::vector<std::uint32_t> lengths_;  ///< by product
  float mean_length_ = 0;
  std::optional<NeighbourIndex> neighbours_;
  std::unique_ptr<Catalog> articles_;
};

}  // namespace aftersense
