#pragma once

// Catalogues for tests: a small shop with all that a catalogue can have.

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "flatbuffers/flatbuffers.h"
#include "tasks/catalog_build.h"

namespace aftersense::test {

using File = std::vector<std::uint8_t>;

inline std::vector<ProductRecord> shelf() {
  return {
      {.id = "kettle",
       .title = "Steel kettle",
       .description = "boils fast",
       .category = "kitchen",
       .brand = "Ember",
       .tags = {"tea"},
       .price = 239,
       .currency = "CNY",
       .availability = schema::Availability::out_of_stock,
       .sale_price = 199,
       .group = "kettles",
       .seller = "Ember direct"},
      {.id = "lamp", .title = "台灯", .description = "护眼", .category = "照明", .image = "lamp.webp", .url = "/lamp"},
      {.id = "pot",
       .title = "Tea pot",
       .category = "kitchen",
       .tags = {"tea", "steel"},
       .role = schema::Role::accessory,
       .fits = {"kettle", "kettles"},
       .lasts_days = 365},
  };
}

/// The shelf with a product that has no text between the first two.
inline std::vector<ProductRecord> shelf_with_blank() {
  std::vector<ProductRecord> products = shelf();
  products.insert(products.begin() + 1, ProductRecord{.id = "blank"});
  return products;
}

inline std::vector<ProductRecord> guides() {
  return {{.id = "descale", .title = "How to descale a kettle", .category = "video", .fits = {"kettle"}},
          {.id = "bulb", .title = "换灯泡", .description = "台灯的灯泡", .category = "article", .language = "zh"}};
}

inline constexpr std::size_t kTestDimensions = 32;

/// A unit vector along one axis a product, the first along axis `first`.
inline std::vector<float> axes(std::size_t products, std::size_t first = 0, std::size_t dimensions = kTestDimensions) {
  std::vector<float> values(products * dimensions);
  for (std::size_t i = 0; i < products; ++i) values[i * dimensions + first + i] = 1;
  return values;
}

/// What orders of shelf_with_blank() might have taught. Rules: kettle and lamp → pot; kettle and blank → lamp; pot → blank.
inline schema::InteractionsT lessons() {
  schema::InteractionsT learnt;
  learnt.built = "2026-11-22";
  learnt.customers = 40;
  learnt.baskets = 90;
  learnt.popularity = {1.0F, 0.75F, 0.5F, 0.25F};
  learnt.neighbour_offsets = {0, 2, 3, 4, 6};
  learnt.neighbours = {{3, 0.9F}, {1, 0.5F}, {0, 0.4F}, {3, 0.3F}, {0, 0.9F}, {2, 0.2F}};
  learnt.rule_offsets = {0, 2, 2, 2, 3};
  learnt.rules = {{3, 0.1F, 0.5F, 2, 0, 1}, {2, 0.1F, 0.4F, 3, 1, 1}, {1, 0.1F, 0.3F, 4, 2, 0}};
  learnt.rule_others = {2, 1};
  learnt.theme_count = 2;
  learnt.theme_offsets = {0, 1, 2, 3, 5};
  learnt.themes = {{0, 1.0F}, {1, 0.1F}, {1, 0.8F}, {0, 0.6F}, {1, 0.4F}};
  learnt.factors = std::make_unique<schema::FactorsT>();
  learnt.factors->size = 2;
  learnt.factors->regularisation = 0.1;
  learnt.factors->alpha = 10;
  learnt.factors->gram = {5, 1, 1, 6};
  learnt.factors->rows = {1, 2, 3, 4, 5, 6, 7, 8};
  learnt.ratings = std::make_unique<schema::RatingsT>();
  learnt.ratings->mean = 4;
  learnt.ratings->size = 1;
  learnt.ratings->regularisation = 0.1;
  learnt.ratings->bias_regularisation = 0.2;
  learnt.ratings->biases = {0.5F, -0.5F, NAN, 0.25F};
  learnt.ratings->rows = {0.1F, 0.2F, 0.0F, 0.4F};
  learnt.repeat_days = {NAN, 30, 60, 90};
  learnt.ranker = std::make_unique<schema::RankerT>();
  learnt.ranker->sharpness = 4;
  learnt.ranker->popularity = 1;
  learnt.ranker->rules = 2;
  return learnt;
}

inline schema::OfferT make_offer(std::string id, schema::OfferKind kind, double value) {
  schema::OfferT offer;
  offer.id = std::move(id);
  offer.kind = kind;
  offer.value = value;
  return offer;
}

inline std::vector<schema::OfferT> discounts() {
  std::vector<schema::OfferT> offers{make_offer("tea10", schema::OfferKind::percent, 10),
                                     make_offer("ship", schema::OfferKind::free_shipping, NAN)};
  offers[0].categories = {"kitchen"};
  offers[0].products = {"lamp", "of another shop"};
  offers[0].starts = 1'700'000'000'000;
  offers[0].ends = 1'800'000'000'000;
  offers[1].least_spend = 99;
  return offers;
}

/// The tables as a build takes them: written, so that they can be read in place.
class Extras {
 public:
  explicit Extras(const schema::InteractionsT& learnt = lessons(), const std::vector<schema::OfferT>& offers = discounts()) {
    std::vector<flatbuffers::Offset<schema::Offer>> offsets;
    for (const schema::OfferT& offer : offers) offsets.push_back(schema::Offer::Pack(builder_, &offer));
    const auto list = builder_.CreateVector(offsets);
    const auto interactions = schema::Interactions::Pack(builder_, &learnt);
    const auto start = builder_.StartTable();
    builder_.AddOffset(schema::Catalog::VT_INTERACTIONS, interactions);
    builder_.AddOffset(schema::Catalog::VT_OFFERS, list);
    builder_.Finish(flatbuffers::Offset<schema::Catalog>(builder_.EndTable(start)));
  }

  [[nodiscard]] const schema::Interactions* interactions() const { return root()->interactions(); }
  [[nodiscard]] const flatbuffers::Vector<flatbuffers::Offset<schema::Offer>>* offers() const { return root()->offers(); }

 private:
  [[nodiscard]] const schema::Catalog* root() const { return flatbuffers::GetRoot<schema::Catalog>(builder_.GetBufferPointer()); }
  flatbuffers::FlatBufferBuilder builder_;
};

/// A catalogue of the shelf with vectors, orders, offers and articles with vectors.
inline Result<BuiltCatalog> build_full() {
  const std::vector<ProductRecord> products = shelf_with_blank();
  const std::vector<ProductRecord> articles = guides();
  const std::vector<float> values = axes(products.size());
  const std::vector<float> article_values = axes(articles.size(), 8);
  const std::vector<std::uint64_t> hashes{11, 12, 13, 14};
  const std::vector<std::uint64_t> article_hashes{21, 22};
  const Extras extras;
  return build_catalog(
      products,
      {.vectors = {.model = "base 1", .dimensions = kTestDimensions, .values = values, .text_hashes = hashes},
       .interactions = extras.interactions(),
       .offers = extras.offers(),
       .articles = articles,
       .article_vectors = {.model = "base 1", .dimensions = kTestDimensions, .values = article_values, .text_hashes = article_hashes}});
}

}  // namespace aftersense::test
