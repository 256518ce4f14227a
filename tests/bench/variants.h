#pragma once

#include <string_view>

namespace aftersense::bench {

/// Makes `variant` what active_kernels() gives from now on; false where this build has no such variant. A layer must run under the
/// variant that it was packed under.
[[nodiscard]] bool use_variant(std::string_view variant);

}  // namespace aftersense::bench
