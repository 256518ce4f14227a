#include "bindings/catalog_messages.h"

#include "bindings/replies.h"

namespace aftersense {
namespace {

template <typename Number>
std::span<const Number> numbers_of(const flatbuffers::Vector<Number>* numbers) {
  if (numbers == nullptr) return {};
  return {numbers->data(), numbers->size()};
}

ProductRecord unpack_product(const schema::Product& product) {
  return {.id = text_of(product.id()),
          .title = text_of(product.title()),
          .description = text_of(product.description()),
          .category = text_of(product.category()),
          .brand = text_of(product.brand()),
          .tags = unpack_strings(product.tags()),
          .price = product.price(),
          .currency = text_of(product.currency()),
          .image = text_of(product.image()),
          .url = text_of(product.url()),
          .availability = product.availability(),
          .sale_price = product.sale_price(),
          .group = text_of(product.group()),
          .seller = text_of(product.seller()),
          .role = product.role(),
          .fits = unpack_strings(product.fits()),
          .lasts_days = product.lasts_days(),
          .language = text_of(product.language())};
}

std::vector<ProductRecord> unpack_products(const flatbuffers::Vector<flatbuffers::Offset<schema::Product>>* products) {
  std::vector<ProductRecord> records;
  if (products == nullptr) return records;
  for (const schema::Product* product : *products) records.push_back(unpack_product(*product));
  return records;
}

ProductVectors unpack_vectors(const schema::VectorsGiven* given) {
  if (given == nullptr) return {};
  return {.model = given->model()->string_view(),
          .dimensions = given->dimensions(),
          .values = numbers_of(given->values()),
          .rows = numbers_of(given->rows()),
          .text_hashes = numbers_of(given->text_hashes())};
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<schema::SkippedProduct>>> pack_skipped(flatbuffers::FlatBufferBuilder& builder,
                                                                                                   const std::vector<std::string>& ids) {
  std::vector<flatbuffers::Offset<schema::SkippedProduct>> skipped;
  for (const std::string& id : ids) {
    skipped.push_back(schema::CreateSkippedProduct(builder, builder.CreateString(id), builder.CreateString("no_text")));
  }
  return builder.CreateVector(skipped);
}

}  // namespace

BuildInput::BuildInput(const schema::BuildCatalogRequest& message, const Catalog* previous)
    : products_(unpack_products(message.products())), articles_(unpack_products(message.articles())) {
  options_ = {.vectors = unpack_vectors(message.vectors()),
              .previous = previous,
              .interactions = message.interactions(),
              .offers = message.offers(),
              .articles = articles_,
              .article_vectors = unpack_vectors(message.article_vectors())};
}

Result<std::optional<Catalog>> open_previous(const schema::BuildCatalogRequest& message) {
  if (message.previous() == nullptr) return std::optional<Catalog>();
  Result<Catalog> previous = Catalog::load(numbers_of(message.previous()));
  if (!previous) return Error{previous.error().code, "Of the previous catalogue: " + previous.error().message};
  return std::optional<Catalog>(*std::move(previous));
}

flatbuffers::Offset<schema::BuildCatalogReply> pack_built(flatbuffers::FlatBufferBuilder& builder, const BuiltCatalog& built,
                                                          const CatalogOptions& options) {
  const auto skipped = pack_skipped(builder, built.skipped_ids);
  const auto skipped_articles = pack_skipped(builder, built.skipped_article_ids);
  const auto info = schema::CreateCatalogInfo(builder, built.products, built.terms, static_cast<std::uint32_t>(built.file.size()), skipped,
                                              built.dimensions, built.articles, built.offers, options.interactions != nullptr,
                                              skipped_articles, built.reused_vectors);
  const auto missing = builder.CreateVector(built.missing_vectors);
  const auto missing_articles = builder.CreateVector(built.missing_article_vectors);
  return schema::CreateBuildCatalogReply(builder, builder.CreateVector(built.file), info, missing, missing_articles);
}

flatbuffers::Offset<schema::CatalogInfo> pack_info(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& catalogs,
                                                   std::size_t file_bytes) {
  schema::CatalogInfoT info;
  info.products = catalogs.size();
  info.bytes = static_cast<std::uint32_t>(file_bytes);
  info.dimensions = static_cast<std::uint32_t>(catalogs.dimensions());
  for (const CatalogSet::Part& part : catalogs.parts()) {
    const Catalog& catalog = *part.catalog;
    info.terms += catalog.term_count();
    info.articles += catalog.articles() == nullptr ? 0 : catalog.articles()->size();
    info.offers += catalog.offers() == nullptr ? 0 : catalog.offers()->size();
    info.orders = info.orders || catalog.interactions() != nullptr;
  }
  return schema::CatalogInfo::Pack(builder, &info);
}

}  // namespace aftersense
