#pragma once

#include <cstdint>
#include <string_view>

namespace aftersense {

/// A 64-bit SimHash (Charikar 2002) of a cleaned text: texts that share most of their words differ in few bits. It finds copies and edits,
/// not other ways to say the same. Stable across versions; golden values hold it.
///
/// Features are the Han characters and words of the text (units of models/FORMAT.md, without other symbols) and each pair of neighbours,
/// joined by U+001F. A feature's hash is FNV-1a 64 of its UTF-8 bytes, then the finaliser of MurmurHash3. Bit i is 1 where more features
/// have it than lack it. 0 without features.
[[nodiscard]] std::uint64_t fingerprint(std::string_view cleaned);

}  // namespace aftersense
