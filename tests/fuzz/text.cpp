// Texts: any bytes. Cleaning twice changes nothing, entities are apart, and all spans lie within what they are spans of.
#include <string_view>

#include "core/utf8.h"
#include "support.h"
#include "tasks/entities.h"
#include "text/clean.h"
#include "text/language.h"
#include "text/ngrams.h"
#include "text/segment.h"

namespace aftersense {
namespace {

bool lies_within(ByteSpan span, std::string_view text) {
  return span.begin <= span.end && span.end <= text.size();
}

}  // namespace
}  // namespace aftersense

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aftersense;
  const std::string_view original = fuzz::to_text({data, size});
  const CleanText cleaned = clean(original);
  fuzz::require(clean(cleaned.text).text == cleaned.text);
  const Utf16Map map(original);
  for (const ByteSpan sentence : split_sentences(cleaned.text)) {
    fuzz::require(lies_within(sentence, cleaned.text));
    const ByteSpan source = cleaned.to_source(sentence);
    fuzz::require(lies_within(source, original));
    fuzz::require(map.to_utf16(source.begin) <= map.to_utf16(source.end));
  }
  for (const Ngram& ngram : hash_ngrams(cleaned.text, 3, 16))
    fuzz::require(lies_within(ngram.span, cleaned.text) && ngram.bucket < 1U << 16);
  (void)detect_language(cleaned.text);
  std::size_t end = 0;
  for (const Entity& entity : find_entities(original)) {
    fuzz::require(end <= entity.span.begin && entity.span.begin < entity.span.end && lies_within(entity.span, original));
    fuzz::require(floor_code_point(original, entity.span.begin) == entity.span.begin);
    end = entity.span.end;
  }
  return 0;
}
