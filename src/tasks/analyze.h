#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "core/aligned_buffer.h"
#include "core/result.h"
#include "core/span.h"
#include "nn/lite_model.h"
#include "tasks/keywords.h"
#include "tasks/sentiment.h"
#include "text/language.h"
#include "text/tokenizer.h"

namespace aftersense {

/// Longest text that analyze() takes.
inline constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20;

struct SentenceVerdict {
  ByteSpan span;
  Sentiment sentiment;
};

/// What a text says. All spans are bytes of the original.
struct Analysis {
  Language language = Language::other;
  Sentiment sentiment;
  std::vector<Keyword> keywords;
  std::vector<SentenceVerdict> sentences;  ///< of the part that was judged
  std::vector<Contribution> evidence;      ///< with `explain`: the words that moved the verdict, strongest first
  bool truncated = false;                  ///< only the beginning and the end were judged
  bool abstained = false;                  ///< nothing to judge, or neither Chinese nor English
};

/// Reads feedback with one model pack.
///
///     Result<Analyzer> analyzer = Analyzer::load(std::move(pack_bytes));
///     Result<Analysis> analysis = analyzer->analyze("物流太慢，盒子都破了", {.explain = true});
class Analyzer {
 public:
  struct Options {
    bool explain = false;
  };

  /// Errors: pack_truncated, pack_wrong_type, pack_wrong_version, pack_corrupt.
  static Result<Analyzer> load(AlignedBuffer pack);

  /// Any bytes are taken; those that are not UTF-8 are passed over. Error text_too_long.
  [[nodiscard]] Result<Analysis> analyze(std::string_view original, const Options& options) const;
  [[nodiscard]] const LiteModel& model() const { return *model_; }

 private:
  Analyzer(std::unique_ptr<LiteModel> model, std::unique_ptr<Tokenizer> tokenizer, SentimentJudge judge);

  // On the heap: the tokeniser reads the model's bytes, and the judge points to both.
  std::unique_ptr<LiteModel> model_;
  std::unique_ptr<Tokenizer> tokenizer_;
  SentimentJudge judge_;
};

}  // namespace aftersense
