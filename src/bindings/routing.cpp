#include "bindings/routing.h"

#include <cmath>

namespace aftersense {
namespace {

auto pack_terms(flatbuffers::FlatBufferBuilder& builder, std::span<const Wanted::Term> terms) {
  std::vector<flatbuffers::Offset<schema::TermReason>> packed;
  for (const Wanted::Term& term : terms) packed.push_back(schema::CreateTermReason(builder, builder.CreateString(term.term), term.weight));
  return builder.CreateVector(packed);
}

bool counts(double weight) {
  return weight > 0 && std::isfinite(weight);
}

}  // namespace

Route find_route(const schema::RouteRequest& request, const CatalogSet& loaded, const EmbedText& embed) {
  std::vector<WeightedRow> products;
  if (request.products() != nullptr) {
    for (const schema::HistoryItem* item : *request.products()) {
      const auto row = loaded.find(item->product()->string_view());
      if (row && counts(item->weight())) products.push_back({*row, item->weight()});
    }
  }
  std::vector<std::vector<float>> meanings;
  std::vector<WeightedText> texts;
  if (request.queries() != nullptr) {
    for (const schema::HistoryQuery* query : *request.queries()) {
      if (!counts(query->weight())) continue;
      meanings.push_back(embed(query->text()->string_view(), loaded.embedding_model()));
      texts.push_back({query->text()->string_view(), query->weight(), meanings.back()});
    }
  }
  return find_route(loaded, products, texts);
}

flatbuffers::Offset<schema::RouteReply> pack_route(flatbuffers::FlatBufferBuilder& builder, const Route& route) {
  const auto product_terms = pack_terms(builder, route.product_terms);
  const auto query_terms = pack_terms(builder, route.query_terms);
  return schema::CreateRouteReply(builder, product_terms, query_terms, builder.CreateVector(route.meaning));
}

}  // namespace aftersense
