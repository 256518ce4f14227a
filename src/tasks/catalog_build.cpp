#include "tasks/catalog_build.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "tasks/catalog_check.h"
#include "tasks/catalog_learnt.h"
#include "tasks/catalog_terms.h"
#include "tasks/catalog_vectors.h"

namespace aftersense {
namespace {

namespace fb = flatbuffers;
using Strings = fb::Vector<fb::Offset<fb::String>>;

Error refused(const std::string& why) {
  return {ErrorCode::invalid_argument, why};
}

Error too_large() {
  return refused("the catalogue file would exceed " + std::to_string(kMaxCatalogBytes) + " bytes; split the catalogue");
}

/// Products or articles: what to call one in a message, and what comes of them.
struct Shelf {
  std::string what;
  std::span<const ProductRecord> products;
  const ProductVectors& vectors;
  const Catalog* previous;
  const CorpusStatistics* corpus;

  std::vector<std::size_t> kept = {};
  std::vector<std::string> skipped_ids = {};
  TermCounter counter = {};
  IndexArrays index = {};
  ShelfVectors rows = {};
  std::uint64_t bytes = 0;  ///< at most, in the file
};

std::optional<Error> check_products(const Shelf& shelf) {
  std::unordered_map<std::string_view, std::size_t> first_at;
  for (std::size_t i = 0; i < shelf.products.size(); ++i) {
    const ProductRecord& product = shelf.products[i];
    const auto wrong = [&](ErrorCode code, const std::string& why) {
      return Error{code, shelf.what + ' ' + std::to_string(i + 1) + " of " + std::to_string(shelf.products.size()) + why};
    };
    if (product.id.empty()) return wrong(ErrorCode::invalid_argument, " has an empty id");
    if (product.id.size() > kMaxIdBytes) {
      return wrong(ErrorCode::invalid_argument, " has an id of more than " + std::to_string(kMaxIdBytes) + " bytes: " + quoted(product.id));
    }
    const auto [first, is_new] = first_at.emplace(product.id, i);
    if (!is_new) {
      return wrong(ErrorCode::duplicate_product,
                   " has the id of " + shelf.what + ' ' + std::to_string(first->second + 1) + ": " + quoted(product.id));
    }
    if (product.availability > schema::Availability::MAX || product.role > schema::Role::MAX) {
      return wrong(ErrorCode::invalid_argument, " has an availability or a role that is unknown");
    }
    if (std::isinf(product.price) || std::isinf(product.sale_price)) {
      return wrong(ErrorCode::invalid_argument, " has a price that is not finite");
    }
    if (product.sale_price > product.price) return wrong(ErrorCode::invalid_argument, " costs more in the sale than its price");
    if (std::isinf(product.lasts_days) || product.lasts_days <= 0) {
      return wrong(ErrorCode::invalid_argument, " lasts a number of days that is not positive");
    }
  }
  return std::nullopt;
}

/// An upper bound of what a product takes in the file without the index: its strings, each with size, terminator, padding and
/// reference, its table, its vector.
std::uint64_t size_bound_bytes(const ProductRecord& product) {
  constexpr std::uint64_t kStringOverhead = 16;
  constexpr std::uint64_t kTableBytes = 160;
  constexpr std::uint64_t kVectorBytes = kCatalogDimensions + sizeof(float) + sizeof(std::uint64_t);
  std::uint64_t bytes = kTableBytes + kVectorBytes + 11 * kStringOverhead + product.id.size() + product.currency.size() +
                        product.image.size() + product.url.size();
  for (const std::string_view field :
       {product.title, product.description, product.category, product.brand, product.group, product.seller, product.language}) {
    bytes += cut_field(field).size();
  }
  for (const std::string_view tag : product.tags) bytes += kStringOverhead + cut_field(tag).size();
  for (const std::string_view id : product.fits) bytes += kStringOverhead + cut_field(id).size();
  return bytes;
}

/// The same of the index: postings, row cells and counts, and for every term its text, its idf, its offset and its frequency.
std::uint64_t size_bound_bytes(const TermCounter& counter, const IndexArrays& index) {
  constexpr std::uint64_t kTermOverhead = 28;
  std::uint64_t bytes = std::uint64_t{17} * counter.cells();
  for (const std::string_view term : index.terms) bytes += kTermOverhead + term.size();
  return bytes;
}

/// Whether the corpus of a shard has all that the shard has.
bool is_counted(const Shelf& shelf) {
  if (shelf.corpus->products() < shelf.kept.size()) return false;
  for (std::size_t term = 0; term < shelf.index.terms.size(); ++term) {
    const std::uint32_t here = shelf.index.posting_offsets[term + 1] - shelf.index.posting_offsets[term];
    if (shelf.index.document_frequencies[term] < here) return false;
  }
  return true;
}

/// Reads the products: which are kept, their terms and their vectors.
std::optional<Error> read_shelf(Shelf& shelf) {
  if (shelf.products.size() > kMaxProducts) {
    return refused("a catalogue holds at most " + std::to_string(kMaxProducts) + ' ' + shelf.what + 's');
  }
  if (auto error = check_products(shelf)) return error;
  for (std::size_t at = 0; at < shelf.products.size(); ++at) {
    const ProductRecord& product = shelf.products[at];
    if (!shelf.counter.add(product)) {
      shelf.skipped_ids.emplace_back(product.id);
      continue;
    }
    shelf.kept.push_back(at);
    shelf.bytes += size_bound_bytes(product);
    if (shelf.bytes + std::uint64_t{17} * shelf.counter.cells() > kMaxCatalogBytes) return too_large();
  }
  if (shelf.kept.empty()) return Error{ErrorCode::empty_catalog, "no " + shelf.what + " has any text to recommend it by"};
  shelf.index = build_index(shelf.counter, shelf.corpus);
  if (shelf.corpus != nullptr && !is_counted(shelf)) return refused("the corpus lacks " + shelf.what + "s of this shard");
  shelf.bytes += size_bound_bytes(shelf.counter, shelf.index);
  if (shelf.bytes > kMaxCatalogBytes) return too_large();
  Result<ShelfVectors> rows = collect_vectors(shelf.vectors, shelf.products.size(), shelf.kept, shelf.previous);
  if (!rows) return Error{rows.error().code, "the " + shelf.what + "s' vectors " + rows.error().message};
  shelf.rows = *std::move(rows);
  return std::nullopt;
}

fb::Offset<schema::Product> write_product(fb::FlatBufferBuilder& builder, const ProductRecord& product) {
  const auto text = [&](std::string_view value) { return value.empty() ? fb::Offset<fb::String>() : builder.CreateString(value); };
  const auto list = [&](const std::vector<std::string_view>& values) {
    std::vector<fb::Offset<fb::String>> strings;
    for (const std::string_view value : values) strings.push_back(builder.CreateString(cut_field(value)));
    return strings.empty() ? fb::Offset<Strings>() : builder.CreateVector(strings);
  };
  const auto tags = list(product.tags);
  const auto fits = list(product.fits);
  const auto id = text(product.id);
  const auto title = text(cut_field(product.title));
  const auto description = text(cut_field(product.description));
  const auto category = text(cut_field(product.category));
  const auto brand = text(cut_field(product.brand));
  const auto currency = text(product.currency);
  const auto image = text(product.image);
  const auto url = text(product.url);
  const auto group = text(cut_field(product.group));
  const auto seller = text(cut_field(product.seller));
  const auto language = text(cut_field(product.language));
  return schema::CreateProduct(builder, id, title, description, category, brand, tags, product.price, currency, image, url,
                               product.availability, product.sale_price, group, seller, product.role, fits, product.lasts_days, language);
}

fb::Offset<schema::TfidfIndex> write_index(fb::FlatBufferBuilder& builder, const Shelf& shelf) {
  const IndexArrays& index = shelf.index;
  std::vector<fb::Offset<fb::String>> term_offsets;
  for (const std::string_view term : index.terms) term_offsets.push_back(builder.CreateString(term));
  const auto terms = builder.CreateVector(term_offsets);
  const auto idf = builder.CreateVector(index.idf);
  const auto posting_offsets = builder.CreateVector(index.posting_offsets);
  const auto postings = builder.CreateVectorOfStructs(index.postings);
  const auto row_offsets = builder.CreateVector(shelf.counter.row_offsets().data(), shelf.counter.row_offsets().size());
  const auto row_terms = builder.CreateVector(index.row_terms);
  const auto row_weights = builder.CreateVector(index.row_weights);
  const auto counts = builder.CreateVector(index.counts);
  fb::Offset<schema::Corpus> corpus;
  if (shelf.corpus != nullptr) {
    corpus = schema::CreateCorpus(builder, shelf.corpus->products(), shelf.corpus->mean_length(),
                                  builder.CreateVector(index.document_frequencies));
  }
  return schema::CreateTfidfIndex(builder, terms, idf, posting_offsets, postings, row_offsets, row_terms, row_weights, counts, corpus);
}

/// What is in the file beside the shelf.
struct Extras {
  const schema::Interactions* interactions = nullptr;
  const OfferList* offers = nullptr;
  std::span<const std::uint8_t> articles = {};
};

std::vector<std::uint8_t> write_file(const Shelf& shelf, const Extras& extras) {
  fb::FlatBufferBuilder builder;
  std::vector<fb::Offset<schema::Product>> product_offsets;
  for (const std::size_t at : shelf.kept) product_offsets.push_back(write_product(builder, shelf.products[at]));
  const auto tfidf = write_index(builder, shelf);
  const auto products = builder.CreateVector(product_offsets);
  const auto embeddings = write_vectors(builder, shelf.rows, shelf.vectors.model);
  const auto interactions = write_interactions(builder, extras.interactions, shelf.products.size(), shelf.kept);
  const auto offers = write_offers(builder, extras.offers);
  fb::Offset<fb::Vector<std::uint8_t>> articles;
  if (!extras.articles.empty()) {
    builder.ForceVectorAlignment(extras.articles.size(), sizeof(std::uint8_t), kCatalogAlignment);
    articles = builder.CreateVector(extras.articles.data(), extras.articles.size());
  }
  schema::FinishCatalogBuffer(builder,
                              schema::CreateCatalog(builder, kCatalogVersion, products, tfidf, embeddings, interactions, offers, articles));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

std::optional<Error> check_extras(const CatalogOptions& options, std::size_t products) {
  if (options.interactions != nullptr) {
    if (auto fault = find_fault(*options.interactions, products)) return refused("of what orders taught, " + *fault);
  }
  if (options.offers != nullptr) {
    if (auto fault = find_fault(*options.offers)) return refused(*fault);
  }
  return std::nullopt;
}

}  // namespace

Result<BuiltCatalog> build_catalog(std::span<const ProductRecord> products, const CatalogOptions& options) {
  if (auto error = check_extras(options, products.size())) return *std::move(error);
  const Catalog* old_articles = options.previous == nullptr ? nullptr : options.previous->articles();
  Shelf shelf{"product", products, options.vectors, options.previous, options.corpus};
  if (auto error = read_shelf(shelf)) return *std::move(error);
  Shelf articles{"article", options.articles, options.article_vectors, old_articles, nullptr};
  std::vector<std::uint8_t> nested;
  if (!options.articles.empty()) {
    if (auto error = read_shelf(articles)) return *std::move(error);
    nested = write_file(articles, {});
  }
  const std::uint64_t extra_bytes = nested.size() + size_bound_bytes(options.interactions) + size_bound_bytes(options.offers);
  if (shelf.bytes + extra_bytes > kMaxCatalogBytes) return too_large();
  BuiltCatalog built;
  built.file = write_file(shelf, {options.interactions, options.offers, nested});
  built.products = static_cast<std::uint32_t>(shelf.kept.size());
  built.articles = static_cast<std::uint32_t>(articles.kept.size());
  built.offers = options.offers == nullptr ? 0 : options.offers->size();
  built.terms = static_cast<std::uint32_t>(shelf.index.terms.size());
  built.dimensions = static_cast<std::uint32_t>(shelf.rows.dimensions);
  built.reused_vectors = shelf.rows.reused + articles.rows.reused;
  built.skipped_ids = std::move(shelf.skipped_ids);
  built.skipped_article_ids = std::move(articles.skipped_ids);
  built.missing_vectors = std::move(shelf.rows.missing);
  built.missing_article_vectors = std::move(articles.rows.missing);
  return built;
}

}  // namespace aftersense
