#include "text/character_references.h"

#include <array>

#include "core/utf8.h"
#include "text/characters.h"

namespace aftersense {
namespace {

struct Reference {
  std::u32string_view name;
  char32_t value;
};

constexpr auto kReferences = std::to_array<Reference>({
    {U"amp", U'&'},     {U"lt", U'<'},      {U"gt", U'>'},       {U"quot", U'"'},     {U"apos", U'\''},   {U"nbsp", 0xA0},
    {U"ensp", 0x2002},  {U"emsp", 0x2003},  {U"thinsp", 0x2009}, {U"shy", 0xAD},      {U"zwnj", 0x200C},  {U"zwj", 0x200D},
    {U"lrm", 0x200E},   {U"rlm", 0x200F},   {U"hellip", 0x2026}, {U"mdash", 0x2014},  {U"ndash", 0x2013}, {U"lsquo", 0x2018},
    {U"rsquo", 0x2019}, {U"sbquo", 0x201A}, {U"ldquo", 0x201C},  {U"rdquo", 0x201D},  {U"bdquo", 0x201E}, {U"laquo", 0xAB},
    {U"raquo", 0xBB},   {U"copy", 0xA9},    {U"reg", 0xAE},      {U"trade", 0x2122},  {U"yen", 0xA5},     {U"euro", 0x20AC},
    {U"pound", 0xA3},   {U"cent", 0xA2},    {U"times", 0xD7},    {U"divide", 0xF7},   {U"plusmn", 0xB1},  {U"deg", 0xB0},
    {U"middot", 0xB7},  {U"bull", 0x2022},  {U"iexcl", 0xA1},    {U"iquest", 0xBF},   {U"sect", 0xA7},    {U"para", 0xB6},
    {U"frac12", 0xBD},  {U"larr", 0x2190},  {U"rarr", 0x2192},   {U"hearts", 0x2665}, {U"eacute", 0xE9},  {U"agrave", 0xE0},
    {U"ccedil", 0xE7},  {U"ntilde", 0xF1},
});

/// windows-1252 at 0x80–0x9F; the five unassigned bytes stand for themselves.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
};

std::optional<unsigned> digit_value(char32_t c, unsigned base) {
  if (is_digit(c)) return c - U'0';
  if (base == 16 && c >= U'a' && c <= U'f') return c - U'a' + 10;
  return std::nullopt;
}

std::optional<char32_t> decode_number(std::u32string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  char32_t value = 0;
  for (const char32_t c : digits) {
    const std::optional<unsigned> digit = digit_value(c, base);
    if (!digit) return std::nullopt;
    if (value <= 0x10FFFF) value = value * base + *digit;
  }
  if (value >= 0x80 && value <= 0x9F) return kWindows1252[value - 0x80];
  if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return kReplacement;
  return value;
}

}  // namespace

std::optional<char32_t> decode_character_reference(std::u32string_view reference) {
  if (reference.starts_with(U"#x")) return decode_number(reference.substr(2), 16);
  if (reference.starts_with(U"#")) return decode_number(reference.substr(1), 10);
  for (const Reference& named : kReferences) {
    if (named.name == reference) return named.value;
  }
  return std::nullopt;
}

}  // namespace aftersense
