#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "messages_generated.h"
#include "tasks/recommend.h"

namespace aftersense {

/// The vector of a text by a model, by its name and version; empty where that is not loaded.
using EmbedText = std::function<std::vector<float>(std::string_view text, std::string_view model)>;

/// What a request asks for, over `products` or `articles`.
[[nodiscard]] Result<std::vector<Recommended>> answer(const schema::RecommendRequest& request, const CatalogSet& products,
                                                      const CatalogSet& articles, const EmbedText& embed);

/// `among`: the set that was recommended from.
flatbuffers::Offset<schema::RecommendReply> pack_recommendations(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& among,
                                                                 std::span<const Recommended> recommended);

/// One for each id, in their order.
flatbuffers::Offset<schema::LookupReply> pack_lookup(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& products,
                                                     std::span<const std::string_view> ids);

/// Those of all catalogues.
flatbuffers::Offset<schema::OffersReply> pack_offers(flatbuffers::FlatBufferBuilder& builder, const CatalogSet& catalogs);

}  // namespace aftersense
