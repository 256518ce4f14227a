#pragma once

#include <optional>

#include "core/result.h"
#include "model_pack_generated.h"

namespace aftersense {

/// What is wrong with the lite tier of a pack that open_model_pack() has passed, or nothing. Checks every size against the others
/// and every number against its range, so that the forward pass needs no checks.
[[nodiscard]] std::optional<Error> check_lite_pack(const schema::ModelPack& pack);

}  // namespace aftersense
