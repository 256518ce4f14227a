#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "messages_generated.h"
#include "tasks/analyze.h"
#include "tasks/catalog_set.h"

namespace aftersense {

/// Packs an analysis of `original`; its byte spans become UTF-16 units.
flatbuffers::Offset<schema::Analysis> pack_analysis(flatbuffers::FlatBufferBuilder& builder, std::string_view original,
                                                    const Analysis& analysis);

flatbuffers::Offset<schema::Product> pack_product(flatbuffers::FlatBufferBuilder& builder, const schema::Product& product);

/// Views into a message; they live as long as it.
std::vector<std::string_view> unpack_strings(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* strings);

}  // namespace aftersense
