#pragma once

#include <string>
#include <string_view>

#include "core/span.h"
#include "text/clean.h"

namespace aftersense {

/// The part of a cleaned text that a model reads: all of it, or its beginning and end joined by one space (models/FORMAT.md, "Cut").
class JudgedText {
 public:
  JudgedText(const CleanText& cleaned, std::size_t max_bytes);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool truncated() const { return text_.size() < cleaned_->text.size(); }
  /// Bytes of the original that a span of text() stands for; of one that reaches over the cut, what was left out as well.
  [[nodiscard]] ByteSpan to_source(ByteSpan span) const;

 private:
  [[nodiscard]] std::uint32_t to_cleaned(std::uint32_t at) const;

  const CleanText* cleaned_;
  std::string text_;
  std::uint32_t head_bytes_ = 0;
};

}  // namespace aftersense
