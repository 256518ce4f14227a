#include "tasks/catalog.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/utf8.h"
#include "tasks/terms.h"

namespace aftersense {
namespace {

namespace fb = flatbuffers;
using TermTexts = fb::Vector<fb::Offset<fb::String>>;

std::string quoted(std::string_view id) {
  constexpr std::size_t kShown = 80;
  if (id.size() <= kShown) return '"' + std::string(id) + '"';
  return '"' + std::string(id.substr(0, floor_code_point(id, kShown))) + "…\"";
}

double inverse_document_frequency(std::size_t products, std::size_t products_with_term) {
  return std::log((1.0 + static_cast<double>(products)) / (1.0 + static_cast<double>(products_with_term))) + 1.0;
}

std::string_view cut(std::string_view field) {
  return field.substr(0, floor_code_point(field, kMaxFieldBytes));
}

// ---- Building

struct TermCount {
  std::uint32_t term;
  std::uint32_t count;
};

/// Compressed sparse rows of term counts. While products are being added, terms are numbered in order of appearance.
class TermCounter {
 public:
  /// Adds a row for the product; false, and no row, where it has no term.
  bool add(const ProductRecord& product) {
    const std::size_t begin = cells_.size();
    add_field(product.title, kTitleCount);
    for (const std::string_view label : {product.category, product.brand}) add_field(label, kLabelCount);
    for (const std::string_view tag : product.tags) add_field(tag, kLabelCount);
    add_field(product.description, kDescriptionCount);
    merge_equal_terms(begin);
    if (cells_.size() == begin) return false;
    row_offsets_.push_back(static_cast<std::uint32_t>(cells_.size()));
    return true;
  }

  [[nodiscard]] std::size_t cells() const { return cells_.size(); }
  [[nodiscard]] std::size_t rows() const { return row_offsets_.size() - 1; }
  [[nodiscard]] std::span<const std::uint32_t> row_offsets() const { return row_offsets_; }
  [[nodiscard]] std::span<const TermCount> row(std::size_t i) const {
    return std::span(cells_).subspan(row_offsets_[i], row_offsets_[i + 1] - row_offsets_[i]);
  }

  /// Renumbers the terms in the order of their bytes, sorts each row so, and returns the terms. No rows may follow.
  std::vector<std::string_view> sort_terms() {
    std::vector<std::pair<std::string_view, std::uint32_t>> sorted(numbers_.begin(), numbers_.end());
    std::ranges::sort(sorted);
    std::vector<std::string_view> terms;
    std::vector<std::uint32_t> new_number(sorted.size());
    for (const auto& [term, number] : sorted) {
      new_number[number] = static_cast<std::uint32_t>(terms.size());
      terms.push_back(term);
    }
    for (TermCount& cell : cells_) cell.term = new_number[cell.term];
    for (std::size_t i = 0; i < rows(); ++i) {
      std::ranges::sort(std::span(cells_).subspan(row_offsets_[i], row(i).size()), {}, &TermCount::term);
    }
    return terms;
  }

 private:
  void add_field(std::string_view text, std::uint32_t count) {
    for (std::string& term : split_terms(cut(text))) {
      const auto next = static_cast<std::uint32_t>(numbers_.size());
      cells_.push_back({numbers_.try_emplace(std::move(term), next).first->second, count});
    }
  }

  void merge_equal_terms(std::size_t begin) {
    const auto row = std::span(cells_).subspan(begin);
    std::ranges::sort(row, {}, &TermCount::term);
    std::size_t size = begin;
    for (const TermCount cell : row) {
      if (size > begin && cells_[size - 1].term == cell.term) {
        cells_[size - 1].count += cell.count;
      } else {
        cells_[size++] = cell;
      }
    }
    cells_.resize(size);
  }

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::uint32_t> row_offsets_{0};
  std::vector<TermCount> cells_;
};

/// The arrays of schema::TfidfIndex.
struct IndexArrays {
  std::vector<std::string_view> terms;  ///< of the counter
  std::vector<float> idf;
  std::vector<std::uint32_t> posting_offsets;
  std::vector<schema::Posting> postings;
  std::vector<std::uint32_t> row_terms;
  std::vector<float> row_weights;
};

std::vector<float> unit_weights(std::span<const TermCount> row, std::span<const double> idf) {
  std::vector<double> weights(row.size());
  std::ranges::transform(row, weights.begin(), [&](const TermCount& cell) { return tfidf_weight(cell.count, idf[cell.term]); });
  const double norm = std::sqrt(std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0));
  std::vector<float> scaled(row.size());
  std::ranges::transform(weights, scaled.begin(), [&](double weight) { return static_cast<float>(weight / norm); });
  return scaled;
}

IndexArrays build_index(TermCounter& counter) {
  IndexArrays index;
  index.terms = counter.sort_terms();
  index.posting_offsets.assign(index.terms.size() + 1, 0);
  for (std::size_t i = 0; i < counter.rows(); ++i) {
    for (const TermCount& cell : counter.row(i)) ++index.posting_offsets[cell.term + 1];
  }
  std::vector<double> idf(index.terms.size());
  std::transform(index.posting_offsets.begin() + 1, index.posting_offsets.end(), idf.begin(),
                 [&](std::uint32_t products_with_term) { return inverse_document_frequency(counter.rows(), products_with_term); });
  std::ranges::transform(idf, std::back_inserter(index.idf), [](double value) { return static_cast<float>(value); });
  std::partial_sum(index.posting_offsets.begin(), index.posting_offsets.end(), index.posting_offsets.begin());

  std::vector<std::uint32_t> next = index.posting_offsets;
  index.postings.resize(counter.cells());
  for (std::size_t document = 0; document < counter.rows(); ++document) {
    const std::span<const TermCount> row = counter.row(document);
    const std::vector<float> weights = unit_weights(row, idf);
    for (std::size_t i = 0; i < row.size(); ++i) {
      index.row_terms.push_back(row[i].term);
      index.row_weights.push_back(weights[i]);
      index.postings[next[row[i].term]++] = schema::Posting(static_cast<std::uint32_t>(document), weights[i]);
    }
  }
  return index;
}

fb::Offset<schema::Product> write_product(fb::FlatBufferBuilder& builder, const ProductRecord& product) {
  const auto text = [&](std::string_view value) { return value.empty() ? fb::Offset<fb::String>() : builder.CreateString(value); };
  std::vector<fb::Offset<fb::String>> tags;
  for (const std::string_view tag : product.tags) tags.push_back(builder.CreateString(cut(tag)));
  const auto tag_vector = tags.empty() ? fb::Offset<TermTexts>() : builder.CreateVector(tags);
  const auto id = text(product.id);
  const auto title = text(cut(product.title));
  const auto description = text(cut(product.description));
  const auto category = text(cut(product.category));
  const auto brand = text(cut(product.brand));
  const auto currency = text(product.currency);
  const auto image = text(product.image);
  const auto url = text(product.url);
  return schema::CreateProduct(builder, id, title, description, category, brand, tag_vector, product.price, currency, image, url);
}

std::optional<Error> check_vectors(const ProductVectors& vectors, std::size_t products) {
  const auto refused = [](const std::string& what) { return Error{ErrorCode::invalid_argument, "the products' vectors " + what}; };
  if (vectors.dimensions == 0 && vectors.values.empty()) return std::nullopt;
  if (vectors.dimensions == 0 || vectors.dimensions % kNeighbourDepth != 0) {
    return refused("have " + std::to_string(vectors.dimensions) + " dimensions, which is no multiple of " +
                   std::to_string(kNeighbourDepth));
  }
  if (vectors.values.size() / vectors.dimensions != products || vectors.values.size() % vectors.dimensions != 0) {
    return refused("have " + std::to_string(vectors.values.size()) + " numbers for " + std::to_string(products) + " products");
  }
  const bool finite = std::ranges::all_of(vectors.values, [](float value) { return std::isfinite(value); });
  return finite ? std::nullopt : std::optional(refused("have numbers that are not finite"));
}

/// Numbers of a vector that the file keeps; 0 where there are no vectors.
std::size_t kept_dimensions(const ProductVectors& vectors) {
  return std::min(vectors.dimensions, kCatalogDimensions);
}

/// Rows of the products at `kept`; no offset, which leaves the field out, where there are no vectors.
fb::Offset<schema::Embeddings> write_embeddings(fb::FlatBufferBuilder& builder, const ProductVectors& vectors,
                                                std::span<const std::size_t> kept) {
  if (vectors.dimensions == 0) return {};
  const std::size_t dimensions = kept_dimensions(vectors);
  std::vector<float> cut;
  cut.reserve(kept.size() * dimensions);
  for (const std::size_t at : kept) {
    const std::vector<float> unit = cut_to_unit(vectors.values.subspan(at * vectors.dimensions, vectors.dimensions), dimensions);
    cut.insert(cut.end(), unit.begin(), unit.end());
  }
  const QuantisedRows rows = quantise_rows(cut, dimensions);
  const auto model = builder.CreateString(vectors.model);
  const auto codes = builder.CreateVector(rows.codes);
  const auto scales = builder.CreateVector(rows.scales);
  return schema::CreateEmbeddings(builder, model, static_cast<std::uint32_t>(dimensions), codes, scales);
}

/// What is written: the products at `kept` of those given, and what was made of them.
struct CatalogParts {
  std::span<const ProductRecord> products;
  std::span<const std::size_t> kept;
  const TermCounter& counter;
  const IndexArrays& index;
  const ProductVectors& vectors;
};

std::vector<std::uint8_t> write_file(const CatalogParts& parts) {
  const auto& [products, kept, counter, index, vectors] = parts;
  fb::FlatBufferBuilder builder;
  std::vector<fb::Offset<schema::Product>> product_offsets;
  for (const std::size_t at : kept) product_offsets.push_back(write_product(builder, products[at]));
  std::vector<fb::Offset<fb::String>> term_offsets;
  for (const std::string_view term : index.terms) term_offsets.push_back(builder.CreateString(term));
  const auto terms = builder.CreateVector(term_offsets);
  const auto idf = builder.CreateVector(index.idf);
  const auto posting_offsets = builder.CreateVector(index.posting_offsets);
  const auto postings = builder.CreateVectorOfStructs(index.postings);
  const auto row_offsets = builder.CreateVector(counter.row_offsets().data(), counter.row_offsets().size());
  const auto row_terms = builder.CreateVector(index.row_terms);
  const auto row_weights = builder.CreateVector(index.row_weights);
  const auto tfidf = schema::CreateTfidfIndex(builder, terms, idf, posting_offsets, postings, row_offsets, row_terms, row_weights);
  const auto product_vector = builder.CreateVector(product_offsets);
  const auto embeddings = write_embeddings(builder, vectors, kept);
  schema::FinishCatalogBuffer(builder, schema::CreateCatalog(builder, kCatalogVersion, product_vector, tfidf, embeddings));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

/// An upper bound of what a product takes in the file without the index: its strings, each with size, terminator, padding and
/// reference, and its table.
std::uint64_t size_bound_bytes(const ProductRecord& product) {
  constexpr std::uint64_t kStringOverhead = 16;
  constexpr std::uint64_t kTableBytes = 128;
  std::uint64_t bytes =
      kTableBytes + 8 * kStringOverhead + product.id.size() + product.currency.size() + product.image.size() + product.url.size();
  for (const std::string_view field : {product.title, product.description, product.category, product.brand}) bytes += cut(field).size();
  for (const std::string_view tag : product.tags) bytes += kStringOverhead + cut(tag).size();
  return bytes;
}

/// The same of the index: postings and row cells of 8 bytes each, and for every term its text, its idf and its offset.
std::uint64_t size_bound_bytes(const TermCounter& counter, const IndexArrays& index) {
  constexpr std::uint64_t kTermOverhead = 24;
  std::uint64_t bytes = std::uint64_t{16} * counter.cells();
  for (const std::string_view term : index.terms) bytes += kTermOverhead + term.size();
  return bytes;
}

std::optional<Error> check_ids(std::span<const ProductRecord> products) {
  std::unordered_map<std::string_view, std::size_t> first_at;
  for (std::size_t i = 0; i < products.size(); ++i) {
    const std::string_view id = products[i].id;
    const auto refused = [&](ErrorCode code, const std::string& why) {
      return Error{code, "product " + std::to_string(i + 1) + " of " + std::to_string(products.size()) + why};
    };
    if (id.empty()) return refused(ErrorCode::invalid_argument, " has an empty id");
    if (id.size() > kMaxIdBytes) {
      return refused(ErrorCode::invalid_argument, " has an id of more than " + std::to_string(kMaxIdBytes) + " bytes: " + quoted(id));
    }
    const auto [first, is_new] = first_at.emplace(id, i);
    if (!is_new) {
      return refused(ErrorCode::duplicate_product, " has the id of product " + std::to_string(first->second + 1) + ": " + quoted(id));
    }
  }
  return std::nullopt;
}

Error too_large() {
  return {ErrorCode::invalid_argument,
          "the catalogue file would exceed " + std::to_string(kMaxCatalogBytes) + " bytes; split the catalogue"};
}

// ---- Loading

Error corrupt(const std::string& what) {
  return {ErrorCode::pack_corrupt, "the catalogue is damaged: " + what};
}

/// The verifier for one part of the file. Tables are counted, not trusted: none takes less than four bytes.
fb::Verifier verifier_of(std::span<const std::uint8_t> file) {
  fb::Verifier::Options options;
  options.max_tables = static_cast<fb::uoffset_t>(file.size() / sizeof(fb::soffset_t));
  return fb::Verifier(file.data(), file.size(), options);
}

/// Checks everything up to the format version, so that a later version is told from damage.
std::optional<Error> check_envelope(std::span<const std::uint8_t> file) {
  constexpr std::size_t kHeaderBytes = sizeof(fb::uoffset_t) + fb::kFileIdentifierLength;
  if (file.size() < kHeaderBytes) return Error{ErrorCode::pack_truncated, "the catalogue ends within its first 8 bytes"};
  if (!schema::CatalogBufferHasIdentifier(file.data())) {
    return Error{ErrorCode::pack_wrong_type, "not a catalogue: the file identifier is not " + std::string(schema::CatalogIdentifier())};
  }
  if (file.size() > kMaxCatalogBytes) return corrupt("it has more than " + std::to_string(kMaxCatalogBytes) + " bytes");
  if (reinterpret_cast<std::uintptr_t>(file.data()) % kCatalogAlignment != 0) {
    return Error{ErrorCode::invalid_argument, "the catalogue's bytes must be aligned to " + std::to_string(kCatalogAlignment)};
  }
  fb::Verifier verifier = verifier_of(file);
  if (fb::ReadScalar<fb::uoffset_t>(file.data()) >= file.size()) {
    return Error{ErrorCode::pack_truncated, "the catalogue ends before its root table"};
  }
  const auto* root = fb::GetRoot<fb::Table>(file.data());
  if (verifier.VerifyOffset<fb::uoffset_t>(0) == 0 || !root->VerifyTableStart(verifier) ||
      !root->VerifyField<std::uint32_t>(verifier, schema::Catalog::VT_FORMAT_VERSION, sizeof(std::uint32_t))) {
    return corrupt("its root table is malformed");
  }
  const auto version = root->GetField<std::uint32_t>(schema::Catalog::VT_FORMAT_VERSION, 0);
  if (version != kCatalogVersion) {
    return Error{ErrorCode::pack_wrong_version, "the catalogue has format version " + std::to_string(version) +
                                                    "; this build reads version " + std::to_string(kCatalogVersion)};
  }
  return std::nullopt;
}

/// Runs the FlatBuffers verifier over products and index. It would walk a tag vector once for each product that refers to it, so tags
/// are counted: a file whose products share them is hostile, and would take time quadratic in its size.
std::optional<Error> check_tables(std::span<const std::uint8_t> file) {
  fb::Verifier verifier = verifier_of(file);
  const auto* root = fb::GetRoot<fb::Table>(file.data());
  const auto* catalog = schema::GetCatalog(file.data());
  if (!root->VerifyOffsetRequired(verifier, schema::Catalog::VT_PRODUCTS) || !verifier.VerifyVector(catalog->products())) {
    return corrupt("its product list is malformed");
  }
  std::size_t tags = 0;
  for (fb::uoffset_t i = 0; i < catalog->products()->size(); ++i) {
    const schema::Product* product = catalog->products()->Get(i);
    if (!product->Verify(verifier)) return corrupt("product " + std::to_string(i) + " is malformed or cut short");
    if (product->tags() != nullptr) tags += product->tags()->size();
    if (tags > file.size() / sizeof(fb::uoffset_t)) return corrupt("product " + std::to_string(i) + " has more tags than fit the file");
  }
  if (!root->VerifyOffsetRequired(verifier, schema::Catalog::VT_TFIDF) || !catalog->tfidf()->Verify(verifier)) {
    return corrupt("its index is malformed or cut short");
  }
  if (!root->VerifyOffset(verifier, schema::Catalog::VT_EMBEDDINGS) ||
      (catalog->embeddings() != nullptr && !catalog->embeddings()->Verify(verifier))) {
    return corrupt("its vectors are malformed or cut short");
  }
  return std::nullopt;
}

/// A list of n + 1 offsets that start at 0, ascend strictly and end at `end`.
template <typename Offsets>
bool are_offsets(const Offsets& offsets, std::size_t n, std::size_t end) {
  if (offsets.size() != n + 1 || offsets.Get(0) != 0 || offsets.Get(static_cast<fb::uoffset_t>(n)) != end) return false;
  return std::adjacent_find(offsets.begin(), offsets.end(), [](std::uint32_t a, std::uint32_t b) { return a >= b; }) == offsets.end();
}

std::optional<Error> check_index_shape(const schema::TfidfIndex& index, std::size_t products) {
  const std::size_t terms = index.terms()->size();
  const std::size_t cells = index.postings()->size();
  if (index.idf()->size() != terms) return corrupt("it has not one idf a term");
  if (index.row_terms()->size() != cells || index.row_weights()->size() != cells) return corrupt("its rows and postings differ in number");
  if (!are_offsets(*index.posting_offsets(), terms, cells)) return corrupt("its posting offsets do not ascend to its number of postings");
  if (!are_offsets(*index.row_offsets(), products, cells)) return corrupt("its row offsets do not ascend to its number of row terms");
  return std::nullopt;
}

std::optional<Error> check_terms(const schema::TfidfIndex& index, std::size_t products) {
  for (fb::uoffset_t i = 0; i < index.terms()->size(); ++i) {
    const std::string_view term = index.terms()->Get(i)->string_view();
    const auto bad = [i](const char* what) { return corrupt("term " + std::to_string(i) + what); };
    if (term.empty() || term.size() > kMaxTermBytes) return bad(" is empty or too long");
    if (i > 0 && index.terms()->Get(i - 1)->string_view() >= term) return bad(" is out of order");
    const double expected = inverse_document_frequency(products, index.posting_offsets()->Get(i + 1) - index.posting_offsets()->Get(i));
    if (!(std::abs(index.idf()->Get(i) - expected) <= 1e-5 * expected)) return bad(" has an idf that does not follow from its postings");
  }
  return std::nullopt;
}

/// Walks the postings term by term with one cursor a row. Since postings and row cells are equal in number, every row is exhausted at the
/// end if no cursor ever left its row: rows and postings are then the same matrix, with ascending columns and rows.
std::optional<Error> check_postings(const schema::TfidfIndex& index, std::size_t products) {
  const auto& row_offsets = *index.row_offsets();
  std::vector<std::uint32_t> cursors(row_offsets.begin(), row_offsets.end() - 1);
  std::vector<double> squared_lengths(products);
  for (fb::uoffset_t term = 0; term < index.terms()->size(); ++term) {
    for (std::uint32_t i = index.posting_offsets()->Get(term); i < index.posting_offsets()->Get(term + 1); ++i) {
      const schema::Posting* posting = index.postings()->Get(i);
      const std::uint32_t document = posting->document();
      const float weight = posting->weight();
      const auto bad = [i](const char* what) { return corrupt("posting " + std::to_string(i) + what); };
      if (document >= products) return bad(" refers to no product");
      if (!(std::isfinite(weight) && weight > 0)) return bad(" has a weight that is not positive");
      const std::uint32_t cell = cursors[document]++;
      if (cell >= row_offsets.Get(document + 1) || index.row_terms()->Get(cell) != term || index.row_weights()->Get(cell) != weight) {
        return bad(" is not in the row of its product");
      }
      squared_lengths[document] += static_cast<double>(weight) * weight;
    }
  }
  const auto wrong = std::ranges::find_if(squared_lengths, [](double squared) { return std::abs(squared - 1) > 1e-4; });
  if (wrong != squared_lengths.end()) return corrupt("row " + std::to_string(wrong - squared_lengths.begin()) + " has not unit length");
  return std::nullopt;
}

Result<NeighbourIndex> open_neighbours(const schema::Embeddings& embeddings, std::size_t products) {
  if (embeddings.scales()->size() != products) return corrupt("it has not one vector a product");
  return NeighbourIndex::open({embeddings.codes()->data(), embeddings.codes()->size()},
                              {embeddings.scales()->data(), embeddings.scales()->size()}, embeddings.dimensions());
}

std::optional<Error> check_index(const schema::Catalog& catalog) {
  const std::size_t products = catalog.products()->size();
  if (products == 0 || products > kMaxProducts) return corrupt("it has " + std::to_string(products) + " products");
  for (fb::uoffset_t i = 0; i < products; ++i) {
    const std::size_t id_bytes = catalog.products()->Get(i)->id()->size();
    if (id_bytes == 0 || id_bytes > kMaxIdBytes) return corrupt("product " + std::to_string(i) + " has an id that is empty or too long");
  }
  const schema::TfidfIndex& index = *catalog.tfidf();
  if (auto error = check_index_shape(index, products)) return error;
  if (auto error = check_terms(index, products)) return error;
  return check_postings(index, products);
}

}  // namespace

double tfidf_weight(std::uint32_t count, double idf) {
  return (1.0 + std::log(static_cast<double>(count))) * idf;
}

Result<BuiltCatalog> build_catalog(std::span<const ProductRecord> products, const ProductVectors& vectors) {
  if (products.size() > kMaxProducts) {
    return Error{ErrorCode::invalid_argument, "a catalogue holds at most " + std::to_string(kMaxProducts) + " products"};
  }
  if (auto error = check_ids(products)) return *std::move(error);
  if (auto error = check_vectors(vectors, products.size())) return *std::move(error);
  BuiltCatalog built;
  TermCounter counter;
  std::vector<std::size_t> kept;
  std::uint64_t bytes = 0;
  for (std::size_t at = 0; at < products.size(); ++at) {
    const ProductRecord& product = products[at];
    if (!counter.add(product)) {
      built.skipped_ids.emplace_back(product.id);
      continue;
    }
    kept.push_back(at);
    bytes += size_bound_bytes(product) + kept_dimensions(vectors) + sizeof(float);
    if (bytes + std::uint64_t{16} * counter.cells() > kMaxCatalogBytes) return too_large();
  }
  if (kept.empty()) return Error{ErrorCode::empty_catalog, "no product has any text to recommend it by"};
  const IndexArrays index = build_index(counter);
  if (bytes + size_bound_bytes(counter, index) > kMaxCatalogBytes) return too_large();
  built.file = write_file({products, kept, counter, index, vectors});
  built.terms = static_cast<std::uint32_t>(index.terms.size());
  built.dimensions = static_cast<std::uint32_t>(kept_dimensions(vectors));
  return built;
}

Result<Catalog> Catalog::load(std::span<const std::uint8_t> file) {
  if (auto error = check_envelope(file)) return *std::move(error);
  if (auto error = check_tables(file)) return *std::move(error);
  if (auto error = check_index(*schema::GetCatalog(file.data()))) return *std::move(error);
  Catalog catalog(schema::GetCatalog(file.data()));
  const auto same_id = [&](std::uint32_t a, std::uint32_t b) { return catalog.id(a) == catalog.id(b); };
  const auto twice = std::ranges::adjacent_find(catalog.by_id_, same_id);
  if (twice != catalog.by_id_.end()) return corrupt("two products have the id " + quoted(catalog.id(*twice)));
  if (const schema::Embeddings* embeddings = catalog.root_->embeddings()) {
    Result<NeighbourIndex> neighbours = open_neighbours(*embeddings, catalog.size());
    if (!neighbours) return neighbours.error();
    catalog.neighbours_ = *std::move(neighbours);
  }
  return catalog;
}

Catalog::Catalog(const schema::Catalog* root) : root_(root), by_id_(root->products()->size()) {
  std::iota(by_id_.begin(), by_id_.end(), 0u);
  std::ranges::sort(by_id_, {}, [&](std::uint32_t index) { return id(index); });
}

std::uint32_t Catalog::size() const {
  return root_->products()->size();
}

std::string_view Catalog::embedding_model() const {
  return root_->embeddings() == nullptr ? std::string_view{} : root_->embeddings()->model()->string_view();
}

std::uint32_t Catalog::term_count() const {
  return index().terms()->size();
}

const schema::Product& Catalog::product(std::uint32_t index) const {
  return *root_->products()->Get(index);
}

std::string_view Catalog::id(std::uint32_t index) const {
  return product(index).id()->string_view();
}

const schema::TfidfIndex& Catalog::index() const {
  return *root_->tfidf();
}

Result<std::uint32_t> Catalog::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(by_id_, id, {}, [&](std::uint32_t index) { return this->id(index); });
  if (found == by_id_.end() || this->id(*found) != id) {
    return Error{ErrorCode::unknown_product, "the catalogue has no product " + quoted(id)};
  }
  return *found;
}

}  // namespace aftersense
