#include "text/ngrams.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "core/utf8.h"
#include "text/characters.h"

namespace aftersense {
namespace {

bool is_word_character(char32_t c) {
  return is_letter_or_digit(c) || c == U'\'';
}

/// FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923).
std::uint32_t hash_unit(std::string_view unit) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : unit) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

/// The finaliser of MurmurHash3 (Appleby), which spreads a hash's entropy to its high bits.
std::uint32_t finish_hash(std::uint32_t hash) {
  hash ^= hash >> 16;
  hash *= 0x85EBCA6BU;
  hash ^= hash >> 13;
  hash *= 0xC2B2AE35U;
  return hash ^ (hash >> 16);
}

}  // namespace

std::vector<ByteSpan> split_units(std::string_view cleaned) {
  std::vector<ByteSpan> units;
  bool in_word = false;
  for (std::size_t at = 0; at < cleaned.size();) {
    const CodePoint point = decode_utf8(cleaned.substr(at));
    const ByteSpan span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + point.size_bytes)};
    const bool is_word = is_word_character(point.value);
    if (is_word && in_word) {
      units.back().end = span.end;
    } else if (!is_white_space(point.value)) {
      units.push_back(span);
    }
    in_word = is_word;
    at += point.size_bytes;
  }
  return units;
}

std::vector<Ngram> hash_ngrams(std::string_view cleaned, unsigned order, unsigned log2_buckets) {
  const std::vector<ByteSpan> units = split_units(cleaned);
  std::vector<std::uint32_t> hashes;
  hashes.reserve(units.size());
  for (const ByteSpan unit : units) hashes.push_back(hash_unit(unit.of(cleaned)));
  std::vector<Ngram> ngrams;
  ngrams.reserve(units.size() * order);
  for (std::size_t first = 0; first < units.size(); ++first) {
    std::uint32_t hash = hashes[first];
    const std::size_t end = std::min<std::size_t>(units.size(), first + order);
    for (std::size_t last = first; last < end; ++last) {
      if (last > first) hash = (std::rotl(hash, 5) ^ hashes[last]) * 0x9E3779B1U;
      ngrams.push_back({finish_hash(hash) >> (32 - log2_buckets), {units[first].begin, units[last].end}});
    }
  }
  return ngrams;
}

}  // namespace aftersense
