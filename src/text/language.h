#pragma once

#include <cstdint>
#include <string_view>

namespace aftersense {

/// The values are those of schema::Language.
enum class Language : std::uint8_t { zh, en, other };

[[nodiscard]] std::string_view language_name(Language language);

/// The language that most of a cleaned text is written in; `other` where it is neither Chinese nor English,
/// and where there are no letters at all.
[[nodiscard]] Language detect_language(std::string_view cleaned);

}  // namespace aftersense
