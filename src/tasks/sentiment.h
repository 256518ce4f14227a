#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/span.h"
#include "nn/lite_model.h"
#include "text/language.h"
#include "text/ngrams.h"
#include "text/tokenizer.h"

namespace aftersense {

/// Labels of every sentiment and polarity, in the order of their indices.
inline constexpr std::array<std::string_view, 3> kSentimentLabels = {"negative", "neutral", "positive"};

/// One logit a label of kSentimentLabels.
using SentimentLogits = std::array<float, kSentimentLabels.size()>;

/// Calibrated probabilities of negative, neutral and positive, in that order; they sum to 1.
struct Sentiment {
  std::array<float, 3> scores = {1.0F / 3, 1.0F / 3, 1.0F / 3};
  float confidence = 0;  ///< probability of the likeliest label; 0 where there was nothing to judge

  [[nodiscard]] std::size_t label() const;  ///< index of the likeliest; neutral (1) where there was nothing to judge
};

/// The sentiment that uncalibrated logits stand for; `calibration` may be nullptr.
[[nodiscard]] Sentiment to_sentiment(SentimentLogits logits, const schema::Calibration* calibration);

/// What a run of bytes adds to the margin of a label's logit over the mean of the other two.
struct Contribution {
  ByteSpan span;
  float score;
};

/// What the words of a text, in order of their place, add to Σ direction[label] · logit[label] of a head; with `rest`, what biases add,
/// they sum to it.
struct WordAttribution {
  std::vector<Contribution> words;
  float rest = 0;
};

/// Judges cleaned texts by the sentiment head of a lite model.
///
///     Result<SentimentJudge> judge = SentimentJudge::create(model, tokenizer);
///     Sentiment verdict = judge->judge(judge->read("质量很好"), Language::zh);
class SentimentJudge {
 public:
  /// Error pack_corrupt where the model has no usable sentiment head. Both must outlive the judge.
  static Result<SentimentJudge> create(const LiteModel& model, const Tokenizer& tokenizer);

  /// What the model sees in a text.
  struct Reading {
    std::string_view text;  ///< cleaned; it must outlive the reading
    std::vector<Piece> pieces;
    std::vector<std::int32_t> ids;
    std::vector<Ngram> ngrams;
    LiteFeatures features;
    SentimentLogits logits{};  ///< before calibration; zeros where the text has no piece
  };
  [[nodiscard]] Reading read(std::string_view cleaned) const;

  [[nodiscard]] Sentiment judge(const Reading& reading, Language language) const;

  /// Contributions of the words of a text to the margin of one label.
  struct Explanation : WordAttribution {
    float margin = 0;
  };
  [[nodiscard]] Explanation explain(const Reading& reading, std::size_t label) const;

 private:
  SentimentJudge(const LiteModel& model, const Tokenizer& tokenizer, const schema::LinearHead& head);

  const LiteModel* model_;
  const Tokenizer* tokenizer_;
  const schema::LinearHead* head_;
};

/// Exact, for any head of the model. Words are pieces joined so that none splits a unit of models/FORMAT.md.
[[nodiscard]] WordAttribution attribute_words(const LiteModel& model, const schema::LinearHead& head, std::span<const float> direction,
                                              const SentimentJudge::Reading& reading);

}  // namespace aftersense
