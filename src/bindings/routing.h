#pragma once

#include "bindings/recommending.h"
#include "tasks/route.h"

namespace aftersense {

/// Products that are not loaded are passed over, as is what has no weight above 0.
[[nodiscard]] Route find_route(const schema::RouteRequest& request, const CatalogSet& loaded, const EmbedText& embed);

flatbuffers::Offset<schema::RouteReply> pack_route(flatbuffers::FlatBufferBuilder& builder, const Route& route);

}  // namespace aftersense
