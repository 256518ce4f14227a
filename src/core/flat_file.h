#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "flatbuffers/flatbuffers.h"

namespace aftersense {

/// Opens a FlatBuffer file of ours in place: identifier first, then the verifier over the whole file, then its root.
/// `what` names the kind of file in messages ("model pack"). Bytes must be 16-byte aligned and outlive the root.
///
///     Result<const schema::ModelPack*> pack = open_flat_file<schema::ModelPack>(file, "ASMP", "model pack");
template <typename Root>
Result<const Root*> open_flat_file(std::span<const std::uint8_t> file, const char* identifier, std::string_view what) {
  const std::string name(what);
  if (file.size() < sizeof(flatbuffers::uoffset_t) + flatbuffers::kFileIdentifierLength) {
    return Error{ErrorCode::pack_truncated, "The " + name + " has only " + std::to_string(file.size()) + " bytes; download it again."};
  }
  if (!flatbuffers::BufferHasIdentifier(file.data(), identifier)) {
    return Error{ErrorCode::pack_wrong_type,
                 "This is not a " + name + " (no file identifier " + identifier + "); check the address it came from."};
  }
  flatbuffers::Verifier::Options options;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(file.size() / 4);  // no table is smaller
  flatbuffers::Verifier verifier(file.data(), file.size(), options);
  if (!verifier.VerifyBuffer<Root>(identifier)) {
    return Error{ErrorCode::pack_corrupt, "The " + name + " is truncated or damaged; download it again."};
  }
  return flatbuffers::GetRoot<Root>(file.data());
}

}  // namespace aftersense
