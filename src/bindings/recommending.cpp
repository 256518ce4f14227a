#include "bindings/recommending.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "bindings/replies.h"
#include "tasks/likeness.h"

namespace aftersense {
namespace {

/// What the options of a request view.
struct Unpacked {
  std::vector<std::string_view> exclude;
  std::vector<std::string_view> categories;
  std::vector<std::string_view> brands;
  std::vector<std::string_view> sellers;
  std::vector<schema::Role> roles;
  std::vector<SellerExposure> exposed;
  std::vector<GivenRating> ratings;
};

Result<std::vector<SellerExposure>> unpack_exposed(const schema::RecommendRequest& request) {
  std::vector<SellerExposure> exposed;
  if (request.exposed() == nullptr) return exposed;
  const std::vector<std::string_view> sellers = unpack_strings(request.exposed_sellers());
  for (const schema::PlacedExposure* each : *request.exposed()) {
    if (each->seller() >= sellers.size()) return Error{ErrorCode::invalid_argument, "an exposure is of no seller"};
    exposed.push_back({sellers[each->seller()], each->exposure()});
  }
  return exposed;
}

Result<Unpacked> unpack(const schema::RecommendRequest& request) {
  Unpacked unpacked{.exclude = unpack_strings(request.exclude()),
                    .categories = unpack_strings(request.categories()),
                    .brands = unpack_strings(request.brands()),
                    .sellers = unpack_strings(request.sellers()),
                    .roles = {},
                    .exposed = {},
                    .ratings = {}};
  Result<std::vector<SellerExposure>> exposed = unpack_exposed(request);
  if (!exposed) return exposed.error();
  unpacked.exposed = *std::move(exposed);
  if (request.roles() != nullptr) {
    for (const auto role : *request.roles()) unpacked.roles.push_back(static_cast<schema::Role>(role));
  }
  if (request.ratings() == nullptr) return unpacked;
  for (const schema::GivenRating* rating : *request.ratings())
    unpacked.ratings.push_back({rating->product()->string_view(), rating->stars()});
  return unpacked;
}

RecommendOptions options_of(const schema::RecommendRequest& request, const Unpacked& unpacked, const CatalogSet& articles) {
  return {.selection = {.k = request.k(),
                        .exclude = unpacked.exclude,
                        .filter = {.least_price = request.least_price(),
                                   .greatest_price = request.greatest_price(),
                                   .categories = unpacked.categories,
                                   .brands = unpacked.brands,
                                   .sellers = unpacked.sellers,
                                   .roles = unpacked.roles,
                                   .sold_out = request.sold_out()},
                        .diversity = request.diversity(),
                        .fairness = request.fairness(),
                        .exposed = unpacked.exposed},
          .articles = request.articles() ? &articles : nullptr,
          .keep_history = request.keep_history(),
          .ratings = unpacked.ratings};
}

Result<std::vector<Recommended>> answer_history(const schema::RecommendRequest& request, const CatalogSet& products,
                                                const RecommendOptions& options, const EmbedText& embed) {
  std::vector<HistoryItem> history;
  if (request.history() != nullptr) {
    for (const schema::HistoryItem* item : *request.history()) history.push_back({item->product()->string_view(), item->weight()});
  }
  std::vector<std::vector<float>> meanings;
  std::vector<WeightedText> searches;
  if (request.searches() != nullptr) {
    for (const schema::HistoryQuery* query : *request.searches()) {
      meanings.push_back(embed(query->text()->string_view(), products.embedding_model()));
      searches.push_back({query->text()->string_view(), query->weight(), meanings.back()});
    }
  }
  return recommend_by_history(products, history, searches, options);
}

Result<std::vector<Recommended>> answer_complaint(const schema::RecommendRequest& request, const CatalogSet& products,
                                                  const RecommendOptions& options) {
  const std::vector<std::string_view> ids = unpack_strings(request.product_ids());
  if (ids.empty()) return Error{ErrorCode::invalid_argument, "no product that was complained about"};
  if (request.articles()) return Error{ErrorCode::invalid_argument, "articles answer no complaint; ask for those like the product"};
  return recommend_after_complaint(products, ids[0], options);
}

flatbuffers::Offset<schema::Recommendation> pack_recommendation(flatbuffers::FlatBufferBuilder& builder, const schema::Product& product,
                                                                const Recommended& recommended) {
  std::vector<flatbuffers::Offset<schema::Contribution>> contributions;
  for (const Reason& reason : recommended.why.reasons) {
    const auto because = builder.CreateVectorOfStrings(reason.because);
    contributions.push_back(
        schema::CreateContribution(builder, static_cast<schema::ReasonKind>(reason.kind), reason.score, reason.measure, because));
  }
  std::vector<flatbuffers::Offset<schema::TermReason>> terms;
  for (const TermContribution& term : recommended.why.terms) {
    terms.push_back(schema::CreateTermReason(builder, builder.CreateString(term.term), term.score));
  }
  return schema::CreateRecommendation(builder, pack_product(builder, product), recommended.why.score, builder.CreateVector(contributions),
                                      builder.CreateVector(terms), recommended.expected_rating);
}

}  // namespace

Result<std::vector<Recommended>> answer(const schema::RecommendRequest& request, const CatalogSet& products, const CatalogSet& articles,
                                        const EmbedText& embed) {
  const Result<Unpacked> unpacked = unpack(request);
  if (!unpacked) return unpacked.error();
  const RecommendOptions options = options_of(request, *unpacked, articles);
  switch (request.ask()) {
    case schema::Ask::similar:
      return recommend_like(products, unpack_strings(request.product_ids()), options);
    case schema::Ask::query: {
      const std::string_view text = text_of(request.query());
      const std::vector<float> meaning = embed(text, (request.articles() ? articles : products).embedding_model());
      return recommend_for_query(products, {text, 1, meaning}, options);
    }
    case schema::Ask::history:
      return answer_history(request, products, options, embed);
    case schema::Ask::complaint:
      return answer_complaint(request, products, options);
  }
  return Error{ErrorCode::invalid_argument, "This module does not know what is asked for."};
}

flatbuffers::Offset<schema::RecommendReply> pack_recommendations(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& among,
                                                                 std::span<const Recommended> recommended) {
  std::vector<flatbuffers::Offset<schema::Recommendation>> recommendations;
  for (const Recommended& each : recommended) recommendations.push_back(pack_recommendation(builder, among.product(each.row), each));
  return schema::CreateRecommendReply(builder, builder.CreateVector(recommendations));
}

flatbuffers::Offset<schema::LookupReply> pack_lookup(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& products,
                                                     std::span<const std::string_view> ids) {
  std::vector<flatbuffers::Offset<schema::Known>> known;
  for (const std::string_view id : ids) {
    const std::optional<std::uint32_t> row = products.find(id);
    if (!row) {
      known.push_back(schema::CreateKnown(builder));
      continue;
    }
    const CatalogSet::Place place = products.place(*row);
    const schema::Interactions* learnt = place.catalog->interactions();
    const float repeat_days = learnt == nullptr ? std::numeric_limits<float>::quiet_NaN() : learnt->repeat_days()->Get(place.product);
    const std::vector<float> values = vector_of(place);
    const auto product = pack_product(builder, products.product(*row));
    const auto vector = values.empty() ? flatbuffers::Offset<flatbuffers::Vector<float>>() : builder.CreateVector(values);
    known.push_back(schema::CreateKnown(builder, product, repeat_days, vector));
  }
  return schema::CreateLookupReply(builder, builder.CreateVector(known));
}

flatbuffers::Offset<schema::OffersReply> pack_offers(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& catalogs) {
  std::vector<flatbuffers::Offset<schema::Offer>> offers;
  for (const CatalogSet::Part& part : catalogs.parts()) {
    if (part.catalog->offers() == nullptr) continue;
    for (const schema::Offer* offer : *part.catalog->offers()) {
      schema::OfferT fields;
      offer->UnPackTo(&fields);
      offers.push_back(schema::Offer::Pack(builder, &fields));
    }
  }
  return schema::CreateOffersReply(builder, builder.CreateVector(offers));
}

}  // namespace aftersense
