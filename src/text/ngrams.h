#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/span.h"

namespace aftersense {

/// Units of a cleaned text as models/FORMAT.md defines them: Han characters, words, other symbols.
[[nodiscard]] std::vector<ByteSpan> split_units(std::string_view cleaned);

/// An n-gram's bucket and the bytes from its first unit to its last.
struct Ngram {
  std::uint32_t bucket;
  ByteSpan span;
};

/// All n-grams of 1..order units in the order of their first unit, hashed into 2^log2_buckets buckets; repeats are kept.
/// 1 ≤ log2_buckets ≤ 32.
[[nodiscard]] std::vector<Ngram> hash_ngrams(std::string_view cleaned, unsigned order, unsigned log2_buckets);

}  // namespace aftersense
