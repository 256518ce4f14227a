#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/aligned_buffer.h"
#include "core/result.h"
#include "core/span.h"
#include "nn/encoder_model.h"
#include "tasks/base_heads.h"
#include "tasks/sentiment.h"
#include "text/language.h"
#include "text/tokenizer.h"

namespace aftersense {

/// A label of the pack and its calibrated probability.
struct ScoredLabel {
  std::string label;
  float score = 0;
};

/// An aspect that a text speaks of.
struct AspectOpinion {
  std::string aspect;
  std::size_t polarity = 1;        ///< index in kSentimentLabels
  float score = 0;                 ///< calibrated probability that the text speaks of it
  std::vector<ByteSpan> evidence;  ///< the words that do, in their order; empty where the model is not sure of any
};

/// What a tier reads in a text beside its sentiment.
struct Understanding {
  std::vector<ScoredLabel> emotions;   ///< those at least as likely as not, likeliest first
  std::vector<AspectOpinion> aspects;  ///< likewise
  ScoredLabel intent;
  std::optional<ScoredLabel> detail;  ///< of the intent, where at least as likely as not; by base alone
  ScoredLabel urgency;
  float escalate = 0;  ///< calibrated probability that a human should take over
};

/// Reads cleaned texts with the base tier's model.
///
///     Result<BaseReader> reader = BaseReader::load(std::move(pack_bytes));
///     BaseReader::Reading reading = reader->read("物流太慢，盒子都破了");
///     Understanding understanding = reader->understand(reading, Language::zh);
class BaseReader {
 public:
  /// Errors: those of EncoderModel::load(); pack_corrupt also where the heads are not those of find_base_heads() or the tokeniser has
  /// more or fewer pieces than the encoder.
  static Result<BaseReader> load(AlignedBuffer pack);

  [[nodiscard]] const EncoderModel& model() const { return model_; }
  void set_window_runner(EncoderModel::WindowRunner runner) { model_.set_window_runner(std::move(runner)); }

  struct Reading {
    std::vector<Piece> pieces;
    EncodedText encoded;
  };
  /// Most of the cost of the calls below. Not const: it works in the model's arena.
  [[nodiscard]] Reading read(std::string_view cleaned);
  /// Several texts, in their order; short ones take less time together than one after another.
  [[nodiscard]] std::vector<Reading> read(std::span<const std::string_view> cleaned);

  /// `lite_logits` are those of SentimentJudge::Reading for the same text; the calibration says how much they count.
  [[nodiscard]] Sentiment judge(const Reading& reading, const SentimentLogits& lite_logits, Language language) const;
  /// Spans are bytes of the text that was read.
  [[nodiscard]] Understanding understand(const Reading& reading, Language language) const;
  /// The text's vector, of unit length.
  [[nodiscard]] std::vector<float> embed(const Reading& reading) const;

  /// One thing that judge() or understand() says of a text: a label of a head.
  struct Verdict {
    const schema::EncoderHead* head;
    flatbuffers::uoffset_t label;
    [[nodiscard]] std::string_view task() const { return head->task()->string_view(); }
    [[nodiscard]] std::string_view name() const { return head->labels()->Get(label)->string_view(); }
  };
  /// Sentiment, intent and urgency; the emotions, the aspects and the need for a human that are at least as likely as not.
  [[nodiscard]] std::vector<Verdict> find_verdicts(const Reading& reading, const SentimentLogits& lite_logits, Language language) const;
  /// How far a reading is from another verdict: the label's calibrated logit less the greatest of the others; where labels stand alone,
  /// the logit. Below 0 where the verdict is another.
  [[nodiscard]] float margin(const Verdict& verdict, const Reading& reading, const SentimentLogits& lite_logits, Language language) const;

 private:
  BaseReader(EncoderModel model, Tokenizer tokenizer, const BaseHeads& heads);
  [[nodiscard]] const schema::Calibration* find_calibration(const schema::EncoderHead& head, Language language) const;
  [[nodiscard]] std::vector<float> run_head(const schema::EncoderHead& head, const Reading& reading, Language language) const;
  [[nodiscard]] SentimentLogits join_lite(const Reading& reading, const SentimentLogits& lite_logits, Language language) const;
  [[nodiscard]] std::vector<float> run_evidence(const Reading& reading, Language language) const;
  [[nodiscard]] ScoredLabel choose(const schema::EncoderHead& head, const Reading& reading, Language language) const;
  [[nodiscard]] std::vector<ScoredLabel> find_emotions(const Reading& reading, Language language) const;
  [[nodiscard]] std::vector<AspectOpinion> find_aspects(const Reading& reading, Language language) const;

  EncoderModel model_;
  Tokenizer tokenizer_;  ///< reads bytes of the model, which stay where they are when the model moves
  BaseHeads heads_;      ///< likewise
};

}  // namespace aftersense
