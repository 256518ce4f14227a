#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace aftersense {

/// What an emoji says, as far as the models need to know. Cleaned text holds one canonical emoji for each.
enum class Valence : std::uint8_t { neutral, positive, negative };

/// 😐, 😊 or 😠.
[[nodiscard]] char32_t canonical_emoji(Valence valence);

/// The valence of a code point that is an emoji by itself; nothing for any other.
[[nodiscard]] std::optional<Valence> emoji_valence(char32_t c);

[[nodiscard]] constexpr bool is_skin_tone(char32_t c) {
  return c >= 0x1F3FB && c <= 0x1F3FF;
}
[[nodiscard]] constexpr bool is_regional_indicator(char32_t c) {
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/// What may follow an emoticon for it to be one.
enum class Right : std::uint8_t {
  anything,
  no_word,  ///< no letter or digit: `:d` but not `:du`
  no_text,  ///< no letter, digit or Chinese character: `:( ` but not `缺点:(屏幕`
};

/// `:)` and its like, in lower case.
struct Emoticon {
  std::u32string_view text;
  Valence valence;
  Right right;
};

[[nodiscard]] std::span<const Emoticon> emoticons();

/// Whether some emoticon ends in `c`: a quick test before emoticons() is searched.
[[nodiscard]] bool ends_emoticon(char32_t c);

/// Longest name that bracket_emoticon() knows.
inline constexpr std::size_t kMaxBracketName = 4;

/// The valence of a Weibo emoticon `[name]`, given its name; nothing for unknown names.
[[nodiscard]] std::optional<Valence> bracket_emoticon(std::u32string_view name);

}  // namespace aftersense
