#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog_generated.h"
#include "core/result.h"
#include "tasks/neighbours.h"

namespace aftersense {

inline constexpr std::uint32_t kCatalogVersion = 1;  ///< the format_version that is written and read
inline constexpr std::size_t kCatalogAlignment = 8;  ///< of a catalogue file in memory
inline constexpr std::size_t kMaxProducts = std::size_t{1} << 24;
inline constexpr std::size_t kMaxCatalogBytes = std::size_t{1} << 30;
inline constexpr std::size_t kMaxIdBytes = 1024;
inline constexpr std::size_t kMaxFieldBytes = 64 * 1024;  ///< longer titles, descriptions, … are cut here, between code points

/// A product's vector is kept in its first numbers, at most so many: of the base tier's 384 they find nearly as much (README.md).
inline constexpr std::size_t kCatalogDimensions = 128;

/// How often a term of a field counts: a title says more about a product than a word of its description.
inline constexpr std::uint32_t kTitleCount = 3;
inline constexpr std::uint32_t kLabelCount = 2;  ///< category, brand and each tag
inline constexpr std::uint32_t kDescriptionCount = 1;

/// Weight of a term that counts `count` times, before scaling to unit length: sublinear term frequency times idf.
[[nodiscard]] double tfidf_weight(std::uint32_t count, double idf);

/// A product as a shop gives it. Texts are plain UTF-8; `price` is NaN where not given.
struct ProductRecord {
  std::string_view id;
  std::string_view title;
  std::string_view description;
  std::string_view category;
  std::string_view brand;
  std::vector<std::string_view> tags;
  double price = std::numeric_limits<double>::quiet_NaN();
  std::string_view currency;
  std::string_view image;
  std::string_view url;
};

/// Vectors of all products, in their order, as the base tier's embed() makes them; none where there are no dimensions.
struct ProductVectors {
  std::string_view model;         ///< name and version
  std::size_t dimensions = 0;     ///< a multiple of kNeighbourDepth
  std::span<const float> values;  ///< [products][dimensions], finite
};

/// A built catalogue file, and the products that were left out because they have no text.
struct BuiltCatalog {
  std::vector<std::uint8_t> file;
  std::uint32_t terms = 0;
  std::uint32_t dimensions = 0;  ///< of the vectors; 0 where there are none
  std::vector<std::string> skipped_ids;
};

/// Builds a catalogue file with its TF-IDF index, in the order given; the same products give the same bytes.
/// Errors: duplicate_product, empty_catalog, invalid_argument (an empty id, one over kMaxIdBytes, more than kMaxProducts products,
/// a file over kMaxCatalogBytes, vectors that are not as ProductVectors says).
[[nodiscard]] Result<BuiltCatalog> build_catalog(std::span<const ProductRecord> products, const ProductVectors& vectors = {});

/// A catalogue read in place; the bytes must outlive it. Once loaded, every offset and index in it is known to be valid.
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
  /// A row a product; nullptr where the catalogue has no vectors.
  [[nodiscard]] const NeighbourIndex* neighbours() const { return neighbours_ ? &*neighbours_ : nullptr; }
  /// The model that made the vectors; empty where there are none.
  [[nodiscard]] std::string_view embedding_model() const;

 private:
  explicit Catalog(const schema::Catalog* root);
  const schema::Catalog* root_;
  std::vector<std::uint32_t> by_id_;  ///< product indices ordered by id
  std::optional<NeighbourIndex> neighbours_;
};

}  // namespace aftersense
