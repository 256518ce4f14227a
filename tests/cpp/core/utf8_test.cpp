#include "core/utf8.h"

#include <array>
#include <random>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"

using namespace aftersense;

namespace {

std::vector<char32_t> decode_all(std::string_view text) {
  std::vector<char32_t> values;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text.substr(at));
    values.push_back(point.value);
    at += point.size_bytes;
  }
  return values;
}

/// Well-formed and ill-formed sequences of every length, glued at random.
std::string random_text(std::mt19937& random) {
  static constexpr auto kParts =
      std::to_array<std::string_view>({"a", "~", "é", "ÿ", "好", "。", "\uFFFD", "😊", "𠮷", "\x80", "\xC0\xAF", "\xE4\xBD", "\xF0\x9F\x98",
                                       "\xED\xA0\x80", "\xFF", "\xF4\x90", "abcdefghijklmnopq"});
  std::string text;
  for (auto parts = random() % 60; parts > 0; --parts) text += kParts[random() % kParts.size()];
  return text;
}

}  // namespace

TEST_CASE("UTF-8: ill-formed bytes become one U+FFFD for each maximal subpart", "[core][utf8]") {
  struct Case {
    std::string_view bytes;
    std::vector<char32_t> values;
  };
  constexpr char32_t bad = kReplacement;
  // Unicode 16, tables 3-8 to 3-11, and the edges of table 3-7.
  const auto [bytes, expected] = GENERATE(values<Case>({
      {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", {bad, bad, bad, bad, bad, bad, bad, bad, U'A'}},
      {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", {bad, bad, bad, bad, bad, bad, bad, bad, U'A'}},
      {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", {bad, bad, bad, bad, bad, U'A', bad, bad, U'B'}},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", {bad, bad, bad, bad, U'A'}},
      {"\xC2\x80\xDF\xBF\xC1\xBF", {0x80, 0x7FF, bad, bad}},
      {"\xE0\xA0\x80\xE0\x9F\xBF", {0x800, bad, bad, bad}},
      {"\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", {0xD7FF, 0xE000, 0xFFFF}},
      {"\xF0\x90\x80\x80\xF0\x8F\xBF\xBF", {0x10000, bad, bad, bad, bad}},
      {"\xF4\x8F\xBF\xBF\xF4\x90\x80\x80", {0x10FFFF, bad, bad, bad, bad}},
      {"\xF0\x9F\x98", {bad}},
      {"\xE4\xBD", {bad}},
      {"\xC3", {bad}},
      {"\xF5\xF8\xFE", {bad, bad, bad}},
  }));
  CHECK(decode_all(bytes) == expected);
}

TEST_CASE("UTF-8: every code point survives encoding and decoding", "[core][utf8]") {
  std::size_t wrong = 0;
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value <= 0xDFFF) continue;
    std::string text;
    append_utf8(value, text);
    const CodePoint point = decode_utf8(text);
    wrong += point.value != value || point.size_bytes != text.size();
  }
  CHECK(wrong == 0);
}

TEST_CASE("UTF-8: floor_code_point finds the start of the code point around an offset", "[core][utf8]") {
  const std::string text = "a好😊\x80z";  // starts at 0 1 4 8 9
  const std::vector<std::size_t> floors = {0, 1, 1, 1, 4, 4, 4, 4, 8, 9, 10, 10};
  for (std::size_t at = 0; at < floors.size(); ++at) {
    CAPTURE(at);
    CHECK(floor_code_point(text, at) == floors[at]);
  }
  CHECK(floor_code_point("", 0) == 0);
}

TEST_CASE("UTF-8: offsets map to UTF-16 as TextDecoder and a naive count do", "[core][utf8]") {
  const std::uint32_t seed = GENERATE(range(1U, 200U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string text = random_text(random);
  const Utf16Map map(text);
  std::uint32_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(std::string_view(text).substr(at));
    for (std::size_t inside = 0; inside < point.size_bytes; ++inside) REQUIRE(map.to_utf16(at + inside) == units);
    units += point.value >= 0x10000 ? 2 : 1;
    at += point.size_bytes;
  }
  CHECK(map.to_utf16(text.size()) == units);
}
