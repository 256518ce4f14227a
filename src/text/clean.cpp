#include "text/clean.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "core/utf8.h"
#include "text/character_references.h"
#include "text/characters.h"
#include "text/emoji.h"

namespace aftersense {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint8_t kMaxRun = 3;
constexpr std::size_t kMaxTagLength = 2000;
constexpr char32_t kZeroWidthJoiner = 0x200D;
constexpr char32_t kKeycap = 0x20E3;
constexpr char32_t kEndOfText = 0;

/// Tags that separate what stands before and after them.
constexpr auto kBlockTags = std::to_array<std::u32string_view>({
    U"br",  U"p",          U"div",     U"li",      U"ul",     U"ol",     U"dl",  U"dt",   U"dd",     U"tr",     U"td",
    U"th",  U"table",      U"tbody",   U"thead",   U"hr",     U"h1",     U"h2",  U"h3",   U"h4",     U"h5",     U"h6",
    U"pre", U"blockquote", U"section", U"article", U"header", U"footer", U"nav", U"form", U"option", U"script", U"style",
});

bool is_url_character(char32_t c) {
  return c > 0x20 && c < 0x7F && std::u32string_view(U"\"'<>[]\\^`{|}").find(c) == std::u32string_view::npos;
}

bool is_sentence_mark(char32_t c) {
  return std::u32string_view(U".,:;!?)").find(c) != std::u32string_view::npos;
}

bool may_follow(char32_t next, Right right) {
  switch (right) {
    case Right::anything:
      return true;
    case Right::no_word:
      return !is_letter_or_digit(next);
    case Right::no_text:
      return !is_letter_or_digit(next) && !is_han(next);
  }
  return false;
}

/// A rewriting machine over a stack: the output so far. Before a character is put there, each rule that it completes replaces the
/// end of the output, and replacements come in the same way. Rules look at nothing but the output (what else there is concerns
/// characters that never reach it), so a finished output that is cleaned again completes none: cleaning is idempotent.
/// Each character is put and taken off at most once: cleaning is linear.
class Cleaner {
 public:
  explicit Cleaner(std::size_t size_bytes) { items_.reserve(size_bytes); }

  void take(char32_t value, ByteSpan source);
  CleanText finish();

 private:
  struct Character {
    char32_t value;
    ByteSpan source;
  };

  /// A character of the output, and what the rules must know about the output up to it.
  struct Item {
    char32_t value;
    ByteSpan source;
    std::uint32_t url;      ///< where the URL that this character belongs to starts
    std::uint32_t tag;      ///< where the innermost open `<` stands
    std::uint32_t comment;  ///< where the innermost open `<!--` stands
    std::uint8_t run;       ///< equal characters up to this one, at most kMaxRun
  };

  /// What the last characters of the original were, if the output ends in the emoji that stands for them.
  enum class Sequence : std::uint8_t { none, emoji, joiner, half_flag };

  std::optional<Character> take_one(Character character);
  bool continue_emoji(Character character);

  /// Puts a folded character. Returns what must be taken next: the character of a reference that this one completed.
  std::optional<Character> push(char32_t value, ByteSpan source);
  void push_emoji(Valence valence, ByteSpan source) { push(canonical_emoji(valence), source); }
  void push_white_space(char32_t value, ByteSpan source);
  void append(char32_t value, ByteSpan source);

  void end_url();
  void end_emoticon(char32_t next);
  bool end_tag(ByteSpan source);
  bool end_bracket(ByteSpan source);
  std::optional<Character> end_reference(ByteSpan source);

  [[nodiscard]] bool in_url() const { return !items_.empty() && items_.back().url != kNone; }
  [[nodiscard]] bool in_numeric_reference() const;
  [[nodiscard]] bool is_emoticon(const Emoticon& emoticon, std::size_t ignored) const;
  [[nodiscard]] std::uint32_t url_start(char32_t next) const;
  [[nodiscard]] std::u32string text_from(std::size_t begin, std::size_t max_size) const;
  [[nodiscard]] std::u32string tag_name(std::size_t open) const;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }
  [[nodiscard]] bool ends_with(std::u32string_view suffix) const;

  void widen_last(std::uint32_t source_end) { items_.back().source.end = std::max(items_.back().source.end, source_end); }
  ByteSpan cut(std::size_t new_size, std::uint32_t source_end);

  std::vector<Item> items_;
  Sequence sequence_ = Sequence::none;
  std::uint32_t raw_start_ = kNone;  ///< where the contents of an open <script> or <style> start
};

void Cleaner::take(char32_t value, ByteSpan source) {
  // A loop, not a recursion: "&#59&#59&#59;" decodes to ";" once a level.
  std::optional<Character> next = Character{value, source};
  while (next) next = take_one(*next);
}

std::optional<Cleaner::Character> Cleaner::take_one(Character character) {
  const auto [value, source] = character;
  if (continue_emoji(character)) return std::nullopt;
  if (const std::optional<Valence> valence = emoji_valence(value)) {
    push_emoji(*valence, source);
    sequence_ = is_regional_indicator(value) ? Sequence::half_flag : Sequence::emoji;
    return std::nullopt;
  }
  sequence_ = Sequence::none;
  if (value == kKeycap) {
    const char32_t key = items_.empty() || in_url() ? kEndOfText : items_.back().value;
    if (is_digit(key) || key == U'#' || key == U'*') push_emoji(Valence::neutral, cut(size() - 1, source.end));
    return std::nullopt;
  }
  const char32_t folded = fold(value);
  if (folded == kDropped) return std::nullopt;
  if (value >= 0x80 && in_url()) end_url();  // ， may follow a URL, though its folded form may be part of one
  return push(folded, source);
}

/// Modifiers, joined emoji and second halves of flags widen the emoji before them (Unicode Technical Standard 51, section 1.4).
bool Cleaner::continue_emoji(Character character) {
  const auto [value, source] = character;
  if (sequence_ == Sequence::none) return false;
  const bool is_flag = sequence_ == Sequence::half_flag && is_regional_indicator(value);
  const bool is_selector_or_tag = (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0020 && value <= 0xE007F);
  if (value == kZeroWidthJoiner || is_flag || is_selector_or_tag || is_skin_tone(value)) {
    if (value == kZeroWidthJoiner) sequence_ = Sequence::joiner;
    if (is_flag) sequence_ = Sequence::emoji;
    widen_last(source.end);
    return true;
  }
  const std::optional<Valence> valence = emoji_valence(value);
  if (sequence_ != Sequence::joiner || !valence) return false;
  sequence_ = Sequence::emoji;
  // The first part with a valence decides: 🤦‍♀️ is 🤦, and 👩‍❤️‍👨 is ❤.
  if (items_.back().value == canonical_emoji(Valence::neutral)) {
    push_emoji(*valence, cut(size() - 1, source.end));
  } else {
    widen_last(source.end);
  }
  return true;
}

std::optional<Cleaner::Character> Cleaner::push(char32_t value, ByteSpan source) {
  if (in_url() && !is_url_character(value)) end_url();
  end_emoticon(value);
  if (value == U';') {
    if (const std::optional<Character> decoded = end_reference(source)) return decoded;
  }
  if (value == U'>' && end_tag(source)) return std::nullopt;
  if (value == U']' && end_bracket(source)) return std::nullopt;
  if (is_white_space(value)) {
    push_white_space(value, source);
  } else {
    append(value, source);
  }
  return std::nullopt;
}

void Cleaner::push_white_space(char32_t value, ByteSpan source) {
  if (items_.empty()) return;
  const char32_t last = items_.back().value;
  if (!is_white_space(last)) return append(value, source);
  if (last == value || last == U'\n') return widen_last(source.end);
  append(value, cut(size() - 1, source.end));
}

void Cleaner::append(char32_t value, ByteSpan source) {
  Item item{value, source, kNone, kNone, kNone, 1};
  if (!items_.empty()) {
    const Item& last = items_.back();
    if (last.value == value) {
      // Digits are quantities (10000 mAh), not emphasis.
      if (last.run == kMaxRun && !is_digit(value) && !in_numeric_reference()) return widen_last(source.end);
      item.run = static_cast<std::uint8_t>(std::min(last.run + 1, int{kMaxRun}));
    }
    item.tag = last.value == U'<' && (is_ascii_letter(value) || value == U'/' || value == U'!') ? size() - 1 : last.tag;
    item.comment = value == U'-' && ends_with(U"<!-") ? size() - 3 : last.comment;
    item.url = last.url != kNone && is_url_character(value) ? last.url : url_start(value);
  }
  items_.push_back(item);
}

/// http://, https:// and www., to the last character that is not a mark of the sentence around, become a space.
void Cleaner::end_url() {
  const std::uint32_t start = items_.back().url;
  const std::size_t shortest =
      start + (items_[start].value == U'h' ? std::u32string_view(U"http://").size() : std::u32string_view(U"www.").size());
  std::size_t end = items_.size();
  while (end > shortest && is_sentence_mark(items_[end - 1].value)) --end;
  const std::vector<Item> marks(items_.begin() + static_cast<std::ptrdiff_t>(end), items_.end());
  push(U' ', cut(start, items_[end - 1].source.end));
  for (const Item& mark : marks) push(mark.value, mark.source);
}

std::uint32_t Cleaner::url_start(char32_t next) const {
  if (next == U'/') {
    if (ends_with(U"http:/")) return size() - 6;
    if (ends_with(U"https:/")) return size() - 7;
  } else if ((is_ascii_letter(next) || is_digit(next)) && ends_with(U"www.")) {
    const std::uint32_t start = size() - 4;
    const char32_t before = start == 0 ? kEndOfText : items_[start - 1].value;
    if (!is_letter_or_digit(before) && before != U'@' && before != U'.') return start;
  }
  return kNone;
}

/// Replaces the longest emoticon that the output ends in, its last character possibly repeated (":)))"), if `next` may follow it.
void Cleaner::end_emoticon(char32_t next) {
  if (items_.empty() || in_url()) return;
  const Item& last = items_.back();
  if (last.value == next || !ends_emoticon(last.value)) return;
  std::size_t longest = 0;
  Valence valence = Valence::neutral;
  for (std::size_t repeats = 0; repeats < last.run; ++repeats) {
    for (const Emoticon& emoticon : emoticons()) {
      const std::size_t length = emoticon.text.size() + repeats;
      if (length > longest && may_follow(next, emoticon.right) && is_emoticon(emoticon, repeats)) {
        longest = length;
        valence = emoticon.valence;
      }
    }
  }
  if (longest != 0) push_emoji(valence, cut(size() - longest, last.source.end));
}

/// Whether the output, without its last `ignored` characters, ends in `emoticon` and no word touches its left.
bool Cleaner::is_emoticon(const Emoticon& emoticon, std::size_t ignored) const {
  const std::size_t length = emoticon.text.size() + ignored;
  if (emoticon.text.back() != items_.back().value || length > items_.size()) return false;
  const std::size_t begin = items_.size() - length;
  for (std::size_t i = 0; i < emoticon.text.size(); ++i) {
    if (items_[begin + i].value != emoticon.text[i]) return false;
  }
  return begin == 0 || !is_letter_or_digit(items_[begin - 1].value);
}

/// `>`: the innermost open tag goes, with a comment or script that it closes. Block-level tags become a line break.
bool Cleaner::end_tag(ByteSpan source) {
  if (items_.empty()) return false;
  if (items_.back().comment != kNone && ends_with(U"--")) {
    cut(items_.back().comment, source.end);
    return true;
  }
  const std::uint32_t open = items_.back().tag;
  if (open == kNone || items_.back().comment == open || items_.size() - open > kMaxTagLength) return false;
  const bool closing = items_[open + 1].value == U'/';
  const std::u32string name = tag_name(open + (closing ? 2 : 1));
  ByteSpan tag = cut(open, source.end);
  const bool is_raw = name == U"script" || name == U"style";
  if (is_raw && closing && raw_start_ < size()) tag = cut(raw_start_, source.end);
  if (std::find(kBlockTags.begin(), kBlockTags.end(), name) != kBlockTags.end()) push(U'\n', tag);
  if (is_raw) raw_start_ = closing ? kNone : std::min(raw_start_, size());
  return true;
}

/// `]`: a known Weibo emoticon becomes its emoji.
bool Cleaner::end_bracket(ByteSpan source) {
  for (std::size_t length = 1; length <= kMaxBracketName && length < items_.size(); ++length) {
    const std::size_t open = items_.size() - length - 1;
    if (items_[open].value != U'[') continue;
    const std::optional<Valence> valence = bracket_emoticon(text_from(open + 1, length));
    if (!valence) return false;
    push_emoji(*valence, cut(open, source.end));
    return true;
  }
  return false;
}

/// `;`: a known character reference becomes its character.
std::optional<Cleaner::Character> Cleaner::end_reference(ByteSpan source) {
  for (std::size_t length = 0; length <= kMaxReferenceLength && length < items_.size(); ++length) {
    const std::size_t at = items_.size() - length - 1;
    const char32_t value = items_[at].value;
    if (value == U'&') {
      const std::optional<char32_t> decoded = decode_character_reference(text_from(at + 1, length));
      if (!decoded) return std::nullopt;
      return Character{*decoded, cut(at, source.end)};
    }
    if (!is_ascii_letter(value) && !is_digit(value) && value != U'#') return std::nullopt;
  }
  return std::nullopt;
}

/// Inside `&#…`, where equal digits count.
bool Cleaner::in_numeric_reference() const {
  for (std::size_t length = 1; length <= kMaxReferenceLength && length < items_.size(); ++length) {
    const std::size_t at = items_.size() - length;
    const char32_t value = items_[at].value;
    if (value == U'#') return items_[at - 1].value == U'&';
    if (!is_ascii_letter(value) && !is_digit(value)) return false;
  }
  return false;
}

std::u32string Cleaner::text_from(std::size_t begin, std::size_t max_size) const {
  std::u32string text;
  for (std::size_t i = begin; i < items_.size() && i - begin < max_size; ++i) text.push_back(items_[i].value);
  return text;
}

std::u32string Cleaner::tag_name(std::size_t begin) const {
  std::size_t end = begin;
  while (end < items_.size() && (is_ascii_letter(items_[end].value) || is_digit(items_[end].value))) ++end;
  return text_from(begin, end - begin);
}

bool Cleaner::ends_with(std::u32string_view suffix) const {
  if (suffix.size() > items_.size()) return false;
  return std::equal(suffix.begin(), suffix.end(), items_.end() - static_cast<std::ptrdiff_t>(suffix.size()),
                    [](char32_t c, const Item& item) { return c == item.value; });
}

/// Takes everything from `new_size` on off the output; returns the source from there to `source_end`.
ByteSpan Cleaner::cut(std::size_t new_size, std::uint32_t source_end) {
  const ByteSpan source{items_[new_size].source.begin, source_end};
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(new_size), items_.end());
  if (raw_start_ != kNone) raw_start_ = std::min(raw_start_, size());
  return source;
}

CleanText Cleaner::finish() {
  if (in_url()) end_url();
  end_emoticon(kEndOfText);
  while (!items_.empty() && is_white_space(items_.back().value)) items_.pop_back();
  CleanText cleaned;
  for (const Item& item : items_) {
    append_utf8(item.value, cleaned.text);
    cleaned.source.resize(cleaned.text.size(), item.source);
  }
  return cleaned;
}

}  // namespace

ByteSpan CleanText::to_source(ByteSpan span) const {
  if (span.begin >= span.end) {
    const std::uint32_t at = source.empty() ? 0 : span.begin < source.size() ? source[span.begin].begin : source.back().end;
    return {at, at};
  }
  return {source[span.begin].begin, source[span.end - 1].end};
}

CleanText clean(std::string_view original) {
  Cleaner cleaner(original.size());
  std::size_t at = 0;
  while (at < original.size()) {
    const CodePoint point = decode_utf8(original.substr(at));
    cleaner.take(point.value, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + point.size_bytes)});
    at += point.size_bytes;
  }
  return cleaner.finish();
}

}  // namespace aftersense
