#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/span.h"
#include "nn/lite_model.h"
#include "text/language.h"
#include "text/tokenizer.h"

namespace aftersense {

/// Calibrated probabilities of negative, neutral and positive, in that order; they sum to 1.
struct Sentiment {
  std::array<float, 3> scores = {1.0F / 3, 1.0F / 3, 1.0F / 3};
  float confidence = 0;  ///< probability of the likeliest label; 0 where there was nothing to judge

  [[nodiscard]] std::size_t label() const;  ///< index of the likeliest; neutral (1) where there was nothing to judge
};

/// What a run of bytes adds to the margin of the verdict's logit over the mean of the other two.
struct Contribution {
  ByteSpan span;
  float score;
};

/// Judges cleaned texts by the sentiment head of a lite model.
///
///     Result<SentimentJudge> judge = SentimentJudge::create(model, tokenizer);
///     Sentiment verdict = judge->judge("质量很好", Language::zh);
class SentimentJudge {
 public:
  /// Error pack_corrupt where the model has no usable sentiment head. Both must outlive the judge.
  static Result<SentimentJudge> create(const LiteModel& model, const Tokenizer& tokenizer);

  [[nodiscard]] Sentiment judge(std::string_view cleaned, Language language) const;

  /// Contributions of the words of a text to its verdict, in order of their place. Words are pieces joined so that none splits
  /// a unit of models/FORMAT.md. Their sum plus `rest` is the margin.
  struct Explanation {
    Sentiment sentiment;  ///< what judge() gives
    std::vector<Contribution> words;
    float margin = 0;
    float rest = 0;  ///< what biases add
  };
  [[nodiscard]] Explanation explain(std::string_view cleaned, Language language) const;

 private:
  struct Reading;
  SentimentJudge(const LiteModel& model, const Tokenizer& tokenizer, const schema::LinearHead& head);
  [[nodiscard]] Reading read(std::string_view cleaned) const;
  [[nodiscard]] Sentiment calibrate(const HeadOutput& output, Language language) const;

  const LiteModel* model_;
  const Tokenizer* tokenizer_;
  const schema::LinearHead* head_;
};

}  // namespace aftersense
