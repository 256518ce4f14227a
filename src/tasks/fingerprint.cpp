#include "tasks/fingerprint.h"

#include <array>
#include <cstddef>

#include "core/span.h"
#include "core/utf8.h"
#include "text/characters.h"
#include "text/ngrams.h"

namespace aftersense {
namespace {

constexpr std::uint64_t kEmptyHash = 0xCBF29CE484222325;

std::uint64_t fnv1a(std::uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  return hash;
}

/// fmix64 of MurmurHash3: FNV alone leaves the high bits of short words alike.
std::uint64_t mix(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
  hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
  return hash ^ (hash >> 33);
}

bool is_word(std::string_view unit) {
  const char32_t first = decode_utf8(unit).value;
  return is_han(first) || is_letter_or_digit(first);
}

/// How many more features have each bit than lack it.
class Votes {
 public:
  void add(std::uint64_t hash) {
    for (std::size_t i = 0; i < votes_.size(); ++i) votes_[i] += ((hash >> i) & 1U) != 0 ? 1 : -1;
  }
  [[nodiscard]] std::uint64_t bits() const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < votes_.size(); ++i) bits |= std::uint64_t{votes_[i] > 0} << i;
    return bits;
  }

 private:
  std::array<std::int64_t, 64> votes_{};
};

}  // namespace

std::uint64_t fingerprint(std::string_view cleaned) {
  Votes votes;
  std::string_view before;
  for (const ByteSpan span : split_units(cleaned)) {
    const std::string_view unit = span.of(cleaned);
    if (!is_word(unit)) continue;
    votes.add(mix(fnv1a(kEmptyHash, unit)));
    if (!before.empty()) votes.add(mix(fnv1a(fnv1a(fnv1a(kEmptyHash, before), "\x1F"), unit)));
    before = unit;
  }
  return votes.bits();
}

}  // namespace aftersense
