#include "tasks/catalog.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/utf8.h"
#include "tasks/catalog_check.h"
#include "tasks/terms.h"

namespace aftersense {
namespace {

namespace fb = flatbuffers;

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
    const std::string what =
        "the catalogue has format version " + std::to_string(version) + "; this build reads version " + std::to_string(kCatalogVersion);
    return Error{ErrorCode::pack_wrong_version, what + (version < kCatalogVersion ? ". Build it again" : "")};
  }
  return std::nullopt;
}

/// What the tables seen so far refer to. The verifier walks a list once for each table that refers to it, and a string is copied as often:
/// a file whose tables share them is hostile, and would take time and memory quadratic in its size.
struct References {
  std::size_t file_bytes;
  std::size_t text_bytes = 0;
  std::size_t listed = 0;

  void add(const fb::String* text) { text_bytes += text == nullptr ? 0 : text->size(); }
  void add(const fb::Vector<fb::Offset<fb::String>>* list) {
    listed += list == nullptr ? 0 : list->size();
    if (list == nullptr || !fit()) return;
    for (const fb::String* text : *list) add(text);
  }

  [[nodiscard]] bool fit() const { return text_bytes <= file_bytes && listed <= file_bytes / sizeof(fb::uoffset_t); }
};

void add_texts(const schema::Product& product, References& references) {
  for (const fb::String* text :
       {product.id(), product.title(), product.description(), product.category(), product.brand(), product.currency(), product.image(),
        product.url(), product.group(), product.seller(), product.language()}) {
    references.add(text);
  }
  for (const auto* list : {product.tags(), product.fits()}) references.add(list);
}

void add_texts(const schema::Offer& offer, References& references) {
  for (const fb::String* text :
       {offer.id(), offer.title(), offer.description(), offer.code(), offer.currency(), offer.image(), offer.url()}) {
    references.add(text);
  }
  for (const auto* list : {offer.products(), offer.categories(), offer.brands()}) references.add(list);
}

/// Verifies a list of tables; `what` names one of them.
template <typename Table>
std::optional<Error> check_list(const fb::Vector<fb::Offset<Table>>& tables, fb::Verifier& verifier, References& references,
                                const std::string& what) {
  for (fb::uoffset_t i = 0; i < tables.size(); ++i) {
    if (!tables.Get(i)->Verify(verifier)) return corrupt(what + std::to_string(i) + " is malformed or cut short");
    add_texts(*tables.Get(i), references);
    if (!references.fit()) return corrupt(what + std::to_string(i) + " has more tags or text than fit the file");
  }
  return std::nullopt;
}

/// Verifies a table that may be absent. It is read only after its offset has been verified.
template <typename Table>
bool is_sound(const fb::Table& root, fb::Verifier& verifier, fb::voffset_t field) {
  if (!root.VerifyOffset(verifier, field)) return false;
  const auto* table = root.GetPointer<const Table*>(field);
  return table == nullptr || table->Verify(verifier);
}

/// Runs the FlatBuffers verifier over all but the articles, which are a file of their own.
std::optional<Error> check_tables(std::span<const std::uint8_t> file) {
  using Root = schema::Catalog;
  fb::Verifier verifier = verifier_of(file);
  References references{.file_bytes = file.size()};
  const auto* root = fb::GetRoot<fb::Table>(file.data());
  const auto* catalog = schema::GetCatalog(file.data());
  if (!root->VerifyOffsetRequired(verifier, Root::VT_PRODUCTS) || !verifier.VerifyVector(catalog->products())) {
    return corrupt("its product list is malformed");
  }
  if (auto error = check_list(*catalog->products(), verifier, references, "product ")) return error;
  if (!root->VerifyOffset(verifier, Root::VT_OFFERS) || !verifier.VerifyVector(catalog->offers())) {
    return corrupt("its list of offers is malformed");
  }
  if (catalog->offers() != nullptr) {
    if (auto error = check_list(*catalog->offers(), verifier, references, "offer ")) return error;
  }
  if (!root->VerifyOffsetRequired(verifier, Root::VT_TFIDF) || !catalog->tfidf()->Verify(verifier)) {
    return corrupt("its index is malformed or cut short");
  }
  if (!is_sound<schema::Embeddings>(*root, verifier, Root::VT_EMBEDDINGS)) return corrupt("its vectors are malformed or cut short");
  if (!is_sound<schema::Interactions>(*root, verifier, Root::VT_INTERACTIONS)) {
    return corrupt("what orders taught is malformed or cut short");
  }
  if (!root->VerifyOffset(verifier, Root::VT_ARTICLES) || !verifier.VerifyVector(catalog->articles())) {
    return corrupt("its articles are malformed or cut short");
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
  if (index.counts()->size() != cells) return corrupt("it has not one count a posting");
  if (!are_offsets(*index.posting_offsets(), terms, cells)) return corrupt("its posting offsets do not ascend to its number of postings");
  if (!are_offsets(*index.row_offsets(), products, cells)) return corrupt("its row offsets do not ascend to its number of row terms");
  const schema::Corpus* corpus = index.corpus();
  if (corpus == nullptr) return std::nullopt;
  if (corpus->products() < products || corpus->document_frequencies()->size() != terms) return corrupt("its corpus is smaller than itself");
  const bool has_mean = corpus->mean_length() > 0 && std::isfinite(corpus->mean_length());
  return has_mean ? std::nullopt : std::optional(corrupt("its corpus has no mean length"));
}

std::optional<Error> check_terms(const Catalog& catalog) {
  const schema::TfidfIndex& index = catalog.index();
  for (fb::uoffset_t i = 0; i < index.terms()->size(); ++i) {
    const std::string_view term = index.terms()->Get(i)->string_view();
    const auto bad = [i](const char* what) { return corrupt("term " + std::to_string(i) + what); };
    if (term.empty() || term.size() > kMaxTermBytes) return bad(" is empty or too long");
    if (i > 0 && index.terms()->Get(i - 1)->string_view() >= term) return bad(" is out of order");
    const std::uint32_t here = index.posting_offsets()->Get(i + 1) - index.posting_offsets()->Get(i);
    const std::uint32_t everywhere = catalog.document_frequency(i);
    if (everywhere < here || everywhere > catalog.document_count())
      return bad(" is in more products than its corpus says, or than there are");
    const double expected = inverse_document_frequency(catalog.document_count(), everywhere);
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
      if (index.counts()->Get(i) == 0) return bad(" counts no term");
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

std::vector<std::uint32_t> count_lengths(const schema::TfidfIndex& index, std::size_t products) {
  std::vector<std::uint32_t> lengths(products);
  for (fb::uoffset_t i = 0; i < index.postings()->size(); ++i) lengths[index.postings()->Get(i)->document()] += index.counts()->Get(i);
  return lengths;
}

float mean_of(std::span<const std::uint32_t> lengths) {
  const std::uint64_t sum = std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0});
  return static_cast<float>(static_cast<double>(sum) / static_cast<double>(lengths.size()));
}

std::optional<Error> check_products(const schema::Catalog& catalog) {
  const std::size_t products = catalog.products()->size();
  if (products == 0 || products > kMaxProducts) return corrupt("it has " + std::to_string(products) + " products");
  for (fb::uoffset_t i = 0; i < products; ++i) {
    if (auto fault = find_fault(*catalog.products()->Get(i))) return corrupt("product " + std::to_string(i) + ' ' + *fault);
  }
  return std::nullopt;
}

std::optional<Error> check_lessons(const schema::Catalog& catalog) {
  if (const schema::Interactions* interactions = catalog.interactions()) {
    if (auto fault = find_fault(*interactions, catalog.products()->size())) return corrupt(*fault);
  }
  if (const OfferList* offers = catalog.offers()) {
    if (auto fault = find_fault(*offers)) return corrupt(*fault);
  }
  return std::nullopt;
}

Result<NeighbourIndex> open_neighbours(const schema::Embeddings& embeddings, std::size_t products) {
  if (embeddings.scales()->size() != products || embeddings.text_hashes()->size() != products) {
    return corrupt("it has not one vector a product");
  }
  return NeighbourIndex::open({embeddings.codes()->data(), embeddings.codes()->size()},
                              {embeddings.scales()->data(), embeddings.scales()->size()}, embeddings.dimensions());
}

}  // namespace

double tfidf_weight(std::uint32_t count, double idf) {
  return (1.0 + std::log(static_cast<double>(count))) * idf;
}

double inverse_document_frequency(std::size_t products, std::size_t products_with_term) {
  return std::log((1.0 + static_cast<double>(products)) / (1.0 + static_cast<double>(products_with_term))) + 1.0;
}

std::string quoted(std::string_view id) {
  constexpr std::size_t kShown = 80;
  if (id.size() <= kShown) return '"' + std::string(id) + '"';
  return '"' + std::string(id.substr(0, floor_code_point(id, kShown))) + "…\"";
}

Result<Catalog> Catalog::load(std::span<const std::uint8_t> file) {
  Result<Catalog> catalog = load_alone(file);
  if (!catalog || catalog->root_->articles() == nullptr) return catalog;
  const auto* nested = catalog->root_->articles();
  Result<Catalog> articles = load_alone({nested->data(), nested->size()});
  if (!articles) return corrupt("of its articles, " + articles.error().message);
  const schema::Catalog& root = *articles->root_;
  if (root.interactions() != nullptr || root.offers() != nullptr || root.articles() != nullptr) {
    return corrupt("its articles have orders, offers or articles of their own");
  }
  catalog->articles_ = std::make_unique<Catalog>(*std::move(articles));
  return catalog;
}

Result<Catalog> Catalog::load_alone(std::span<const std::uint8_t> file) {
  if (auto error = check_envelope(file)) return *std::move(error);
  if (auto error = check_tables(file)) return *std::move(error);
  const schema::Catalog* root = schema::GetCatalog(file.data());
  if (auto error = check_products(*root)) return *std::move(error);
  if (auto error = check_lessons(*root)) return *std::move(error);
  Catalog catalog(root);
  if (auto error = catalog.open_index()) return *std::move(error);
  return catalog;
}

Catalog::Catalog(const schema::Catalog* root) : root_(root), by_id_(root->products()->size()) {
  std::iota(by_id_.begin(), by_id_.end(), 0u);
  std::ranges::sort(by_id_, {}, [&](std::uint32_t index) { return id(index); });
}

std::optional<Error> Catalog::open_index() {
  const auto same_id = [&](std::uint32_t a, std::uint32_t b) { return id(a) == id(b); };
  const auto twice = std::ranges::adjacent_find(by_id_, same_id);
  if (twice != by_id_.end()) return corrupt("two products have the id " + quoted(id(*twice)));
  if (auto error = check_index_shape(index(), size())) return error;
  if (auto error = check_terms(*this)) return error;
  if (auto error = check_postings(index(), size())) return error;
  lengths_ = count_lengths(index(), size());
  mean_length_ = index().corpus() == nullptr ? mean_of(lengths_) : index().corpus()->mean_length();
  if (embeddings() == nullptr) return std::nullopt;
  Result<NeighbourIndex> neighbours = open_neighbours(*embeddings(), size());
  if (!neighbours) return neighbours.error();
  neighbours_ = *std::move(neighbours);
  return std::nullopt;
}

std::uint32_t Catalog::size() const {
  return root_->products()->size();
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

Result<std::uint32_t> Catalog::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(by_id_, id, {}, [&](std::uint32_t index) { return this->id(index); });
  if (found == by_id_.end() || this->id(*found) != id) {
    return Error{ErrorCode::unknown_product, "the catalogue has no product " + quoted(id)};
  }
  return *found;
}

const schema::TfidfIndex& Catalog::index() const {
  return *root_->tfidf();
}

std::uint32_t Catalog::document_count() const {
  return index().corpus() == nullptr ? size() : index().corpus()->products();
}

std::uint32_t Catalog::document_frequency(std::uint32_t term) const {
  if (index().corpus() != nullptr) return index().corpus()->document_frequencies()->Get(term);
  return index().posting_offsets()->Get(term + 1) - index().posting_offsets()->Get(term);
}

const schema::Embeddings* Catalog::embeddings() const {
  return root_->embeddings();
}

std::string_view Catalog::embedding_model() const {
  return embeddings() == nullptr ? std::string_view{} : embeddings()->model()->string_view();
}

const schema::Interactions* Catalog::interactions() const {
  return root_->interactions();
}

const OfferList* Catalog::offers() const {
  return root_->offers();
}

}  // namespace aftersense
