#include "tasks/judged_text.h"

#include "core/utf8.h"

namespace aftersense {

JudgedText::JudgedText(const CleanText& cleaned, std::size_t max_bytes) : cleaned_(&cleaned), text_(cleaned.text) {
  if (text_.size() <= max_bytes) {
    head_bytes_ = static_cast<std::uint32_t>(text_.size());
    return;
  }
  const std::string_view whole = cleaned.text;
  const std::size_t head = floor_code_point(whole, max_bytes / 2);
  std::size_t tail = whole.size() - max_bytes / 2;
  while (floor_code_point(whole, tail) != tail) ++tail;
  head_bytes_ = static_cast<std::uint32_t>(head);
  text_ = std::string(whole.substr(0, head)) + " " + std::string(whole.substr(tail));
}

std::uint32_t JudgedText::to_cleaned(std::uint32_t at) const {
  if (at <= head_bytes_) return at;
  const auto from_end = static_cast<std::uint32_t>(text_.size()) - at;
  return static_cast<std::uint32_t>(cleaned_->text.size()) - from_end;
}

ByteSpan JudgedText::to_source(ByteSpan span) const {
  return cleaned_->to_source({to_cleaned(span.begin), to_cleaned(span.end)});
}

}  // namespace aftersense
