#include "text/characters.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace aftersense {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Control characters save line breaks, the Default_Ignorable_Code_Point property of Unicode 16, and the specials U+FFF0–FFFF.
constexpr auto kDroppedRanges = std::to_array<Range>({
    {0x0000, 0x0008}, {0x000E, 0x001F}, {0x007F, 0x0084}, {0x0086, 0x009F}, {0x00AD, 0x00AD},   {0x034F, 0x034F}, {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x202A, 0x202E},   {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFF}, {0xE0000, 0xE0FFF},
});

/// Upper-case letters of one lower-case letter each: value + shift for each `step`-th code point of the range
/// (UnicodeData.txt, Simple_Lowercase_Mapping; Latin, Greek and Cyrillic blocks, and Vietnamese in Latin Extended Additional).
struct CaseRange {
  char32_t first;
  char32_t last;
  std::int32_t shift;
  std::uint32_t step;
};

constexpr auto kCaseRanges = std::to_array<CaseRange>({
    {0x0041, 0x005A, 32, 1}, {0x00C0, 0x00D6, 32, 1}, {0x00D8, 0x00DE, 32, 1},    {0x0100, 0x012E, 1, 2},    {0x0130, 0x0130, -199, 1},
    {0x0132, 0x0136, 1, 2},  {0x0139, 0x0147, 1, 2},  {0x014A, 0x0176, 1, 2},     {0x0178, 0x0178, -121, 1}, {0x0179, 0x017D, 1, 2},
    {0x01CD, 0x01DB, 1, 2},  {0x01DE, 0x01EE, 1, 2},  {0x0218, 0x021E, 1, 2},     {0x0386, 0x0386, 38, 1},   {0x0388, 0x038A, 37, 1},
    {0x038C, 0x038C, 64, 1}, {0x038E, 0x038F, 63, 1}, {0x0391, 0x03A1, 32, 1},    {0x03A3, 0x03AB, 32, 1},   {0x0400, 0x040F, 80, 1},
    {0x0410, 0x042F, 32, 1}, {0x0460, 0x0480, 1, 2},  {0x048A, 0x04BE, 1, 2},     {0x04C0, 0x04C0, 15, 1},   {0x04C1, 0x04CD, 1, 2},
    {0x04D0, 0x052E, 1, 2},  {0x1E00, 0x1E94, 1, 2},  {0x1E9E, 0x1E9E, -7615, 1}, {0x1EA0, 0x1EFE, 1, 2},
});

bool is_dropped(char32_t c) {
  if ((c & 0xFFFE) == 0xFFFE) return true;
  return std::any_of(kDroppedRanges.begin(), kDroppedRanges.end(), [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool is_line_break(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_space(char32_t c) {
  return c == 0x20 || c == 0x09 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Full-width ASCII and currency signs to half width, curly quotes to straight ones.
char32_t plain_form(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  switch (c) {
    case 0x02BC:
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
      return U'\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
      return U'"';
    case 0xFFE0:
      return 0xA2;
    case 0xFFE1:
      return 0xA3;
    case 0xFFE5:
      return 0xA5;
    default:
      return c;
  }
}

char32_t lower_case(char32_t c) {
  for (const CaseRange& range : kCaseRanges) {
    if (c < range.first) return c;
    if (c <= range.last && (c - range.first) % range.step == 0) return static_cast<char32_t>(static_cast<std::int32_t>(c) + range.shift);
  }
  return c;
}

}  // namespace

char32_t fold(char32_t c) {
  if (c > 0x20 && c < 0x7F) return c >= U'A' && c <= U'Z' ? c + 32 : c;
  if (is_line_break(c)) return U'\n';
  if (is_space(c)) return U' ';
  if (is_han(c)) return c;
  if (is_dropped(c)) return kDropped;
  return lower_case(plain_form(c));
}

}  // namespace aftersense
