#include "tasks/analyze.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/utf8.h"
#include "tasks/judged_text.h"
#include "text/clean.h"
#include "text/segment.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxKeywords = 8;

/// What can be judged of a text in a language that the model does not know: its emoji, as clean() unifies them.
std::string emoji_of(std::string_view cleaned) {
  std::string emoji;
  for (std::size_t at = 0; at < cleaned.size();) {
    const CodePoint point = decode_utf8(cleaned.substr(at));
    if (point.value == U'😊' || point.value == U'😠' || point.value == U'😐') emoji.append(cleaned.substr(at, point.size_bytes));
    at += point.size_bytes;
  }
  return emoji;
}

}  // namespace

Analyzer::Analyzer(std::unique_ptr<LiteModel> model, std::unique_ptr<Tokenizer> tokenizer, SentimentJudge judge)
    : model_(std::move(model)), tokenizer_(std::move(tokenizer)), judge_(judge) {}

Result<Analyzer> Analyzer::load(AlignedBuffer pack) {
  Result<LiteModel> loaded = LiteModel::load(std::move(pack));
  if (!loaded) return loaded.error();
  auto model = std::make_unique<LiteModel>(*std::move(loaded));
  Result<Tokenizer> opened = Tokenizer::load(model->tokenizer_bytes());
  if (!opened) return opened.error();
  auto tokenizer = std::make_unique<Tokenizer>(*std::move(opened));
  Result<SentimentJudge> judge = SentimentJudge::create(*model, *tokenizer);
  if (!judge) return judge.error();
  return Analyzer(std::move(model), std::move(tokenizer), *judge);
}

Result<Analysis> Analyzer::analyze(std::string_view original, const Options& options) const {
  if (original.size() > kMaxTextBytes) {
    return Error{ErrorCode::text_too_long, "The text has " + std::to_string(original.size()) + " bytes of UTF-8, the limit is " +
                                               std::to_string(kMaxTextBytes) + "; analyze it in parts."};
  }
  const CleanText cleaned = clean(original);
  const JudgedText judged(cleaned, model_->pack().max_bytes());
  Analysis analysis;
  analysis.truncated = judged.truncated();
  analysis.language = detect_language(judged.text());
  if (analysis.language == Language::other) {
    analysis.sentiment = judge_.judge(emoji_of(judged.text()), analysis.language);
    analysis.abstained = analysis.sentiment.confidence == 0;
    return analysis;
  }
  if (options.explain) {
    const SentimentJudge::Explanation explanation = judge_.explain(judged.text(), analysis.language);
    analysis.sentiment = explanation.sentiment;
    for (const Contribution& word : explanation.words) analysis.evidence.push_back({judged.to_source(word.span), word.score});
    std::ranges::stable_sort(analysis.evidence, std::ranges::greater{}, [](const Contribution& c) { return std::abs(c.score); });
  } else {
    analysis.sentiment = judge_.judge(judged.text(), analysis.language);
  }
  for (Keyword keyword : find_keywords(judged.text(), analysis.language, *tokenizer_, kMaxKeywords)) {
    analysis.keywords.push_back({judged.to_source(keyword.span), keyword.score});
  }
  for (const ByteSpan sentence : split_sentences(judged.text())) {
    analysis.sentences.push_back({judged.to_source(sentence), judge_.judge(sentence.of(judged.text()), analysis.language)});
  }
  return analysis;
}

}  // namespace aftersense
