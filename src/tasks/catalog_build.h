#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "tasks/catalog.h"

namespace aftersense {

inline constexpr std::size_t kMaxFieldBytes = 64 * 1024;  ///< longer titles, descriptions, … are cut here, between code points

/// A product's vector is kept in its first numbers, at most so many: of the base tier's 384 they find nearly as much (README.md).
inline constexpr std::size_t kCatalogDimensions = 128;

/// How often a term of a field counts: a title says more about a product than a word of its description.
inline constexpr std::uint32_t kTitleCount = 3;
inline constexpr std::uint32_t kLabelCount = 2;  ///< category, brand and each tag
inline constexpr std::uint32_t kDescriptionCount = 1;

/// A product as a shop gives it, or an article. Texts are plain UTF-8; numbers are NaN where not given. What they mean: catalog.fbs.
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
  schema::Availability availability = schema::Availability::in_stock;
  double sale_price = std::numeric_limits<double>::quiet_NaN();
  std::string_view group;
  std::string_view seller;
  schema::Role role = schema::Role::product;
  std::vector<std::string_view> fits;
  float lasts_days = std::numeric_limits<float>::quiet_NaN();
  std::string_view language;
};

/// Vectors of products, as the base tier's embed() makes them. Without a model there are none.
struct ProductVectors {
  std::string_view model;         ///< name and version
  std::size_t dimensions = 0;     ///< a multiple of kNeighbourDepth; 0 where no values are given
  std::span<const float> values;  ///< [rows][dimensions], finite
  /// The place of the product that each row is of, ascending; empty: a row a product, in their order.
  std::span<const std::uint32_t> rows;
  /// [products]: of the texts that the vectors are made of, so that a later build can tell what has changed; 0, or none at all: unknown.
  std::span<const std::uint64_t> text_hashes;
};

/// A term of a product and how often it counts there, from 1 to kMaxTermCount.
struct CountedTerm {
  std::string text;
  std::uint32_t count;
};

/// In the order of their first appearance: the title's, those of category, brand and tags, the description's.
[[nodiscard]] std::vector<CountedTerm> count_terms(const ProductRecord& product);

/// What idf and BM25 are counted over: all products of a sharded catalogue.
///
///     CorpusStatistics corpus;
///     for (const ProductRecord& product : products) corpus.add(product);
class CorpusStatistics {
 public:
  /// False, and not counted, where the product has no term.
  bool add(const ProductRecord& product);
  bool add(std::span<const CountedTerm> counted);

  [[nodiscard]] std::uint32_t products() const { return products_; }
  [[nodiscard]] float mean_length() const;
  [[nodiscard]] std::uint32_t document_frequency(std::string_view term) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view term) const { return std::hash<std::string_view>()(term); }
  };
  std::uint32_t products_ = 0;
  std::uint64_t length_ = 0;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> frequencies_;
};

/// What a catalogue has beside its products. All is optional and must outlive the call.
struct CatalogOptions {
  ProductVectors vectors;
  /// Vectors of texts that are in it too, by the same model, are taken over, bit for bit: those products need no row.
  const Catalog* previous = nullptr;
  /// By product, in the order given; verified as a FlatBuffer. What refers to products that are left out goes.
  const schema::Interactions* interactions = nullptr;
  /// Verified as a FlatBuffer.
  const flatbuffers::Vector<flatbuffers::Offset<schema::Offer>>* offers = nullptr;
  std::span<const ProductRecord> articles;
  ProductVectors article_vectors;
  /// Of a shard. Every product must have been added to it.
  const CorpusStatistics* corpus = nullptr;
};

/// A built catalogue file, and what became of what was given.
struct BuiltCatalog {
  std::vector<std::uint8_t> file;
  std::uint32_t products = 0;
  std::uint32_t articles = 0;
  std::uint32_t offers = 0;
  std::uint32_t terms = 0;
  std::uint32_t dimensions = 0;          ///< of the vectors; 0 where there are none
  std::uint32_t reused_vectors = 0;      ///< of products and articles, from the previous catalogue
  std::vector<std::string> skipped_ids;  ///< products without text
  std::vector<std::string> skipped_article_ids;
  /// With a model but no values: places of the products that need a vector, for a second call to give. Empty: none does, and those of the
  /// previous catalogue are in the file.
  std::vector<std::uint32_t> missing_vectors;
  std::vector<std::uint32_t> missing_article_vectors;
};

/// Builds a catalogue file with its index, in the order given; the same products and options give the same bytes.
/// Errors: duplicate_product, empty_catalog (of articles too, where there are any), invalid_argument (an empty id, one over kMaxIdBytes,
/// more than kMaxProducts products, numbers that are not finite, a file over kMaxCatalogBytes, vectors that are not as ProductVectors says,
/// interactions and offers that do not fit).
[[nodiscard]] Result<BuiltCatalog> build_catalog(std::span<const ProductRecord> products, const CatalogOptions& options = {});

}  // namespace aftersense
