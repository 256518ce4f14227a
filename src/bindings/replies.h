#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "messages_generated.h"
#include "tasks/analyze.h"
#include "tasks/catalog.h"
#include "tasks/recommend.h"

namespace aftersense {

/// Packs an analysis of `original`; its byte spans become UTF-16 units.
flatbuffers::Offset<schema::Analysis> pack_analysis(flatbuffers::FlatBufferBuilder& builder, std::string_view original,
                                                    const Analysis& analysis);

flatbuffers::Offset<schema::Product> pack_product(flatbuffers::FlatBufferBuilder& builder, const schema::Product& product);

flatbuffers::Offset<schema::Recommendation> pack_recommendation(flatbuffers::FlatBufferBuilder& builder, const Catalog& catalog,
                                                                const Recommended& recommended);

/// Views into a message; they live as long as it.
ProductRecord unpack_product(const schema::Product& product);
std::vector<std::string_view> unpack_strings(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* strings);

}  // namespace aftersense
