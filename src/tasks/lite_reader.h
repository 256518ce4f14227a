#pragma once

#include <optional>
#include <vector>

#include "core/result.h"
#include "core/span.h"
#include "nn/lite_model.h"
#include "tasks/sentiment.h"
#include "tasks/understand.h"
#include "text/language.h"

namespace aftersense {

/// Reads with a lite model what BaseReader reads with base: intent, urgency, aspects, emotions, the need for a human. Its heads are linear,
/// so what each word adds to a verdict is exact.
///
///     Result<std::optional<LiteReader>> reader = LiteReader::create(model);
///     if (*reader) Understanding understanding = (*reader)->understand(judge, judge.read("物流太慢，盒子都破了"), Language::zh);
class LiteReader {
 public:
  /// Nothing where the pack judges sentiment alone. Error pack_corrupt where it has only some of the heads, others, or an unfit one. The
  /// model must outlive the reader.
  static Result<std::optional<LiteReader>> create(const LiteModel& model);

  /// `judge` is of the same model. Spans are bytes of the text that was read; evidence is the words that add most to the aspect, and
  /// its polarity the sentiment of the text and of the clause that holds the strongest, weighed together.
  [[nodiscard]] Understanding understand(const SentimentJudge& judge, const SentimentJudge::Reading& reading, Language language) const;

 private:
  struct Heads {
    const schema::LinearHead* intent = nullptr;
    const schema::LinearHead* urgency = nullptr;
    const schema::LinearHead* aspects = nullptr;
    const schema::LinearHead* emotions = nullptr;
    const schema::LinearHead* escalate = nullptr;
  };
  LiteReader(const LiteModel& model, const Heads& heads) : model_(&model), heads_(heads) {}
  [[nodiscard]] std::vector<float> run_head(const schema::LinearHead& head, const SentimentJudge::Reading& reading,
                                            Language language) const;
  [[nodiscard]] ScoredLabel choose(const schema::LinearHead& head, const SentimentJudge::Reading& reading, Language language) const;
  [[nodiscard]] ScoredLabel find_intent(const SentimentJudge::Reading& reading, const Sentiment& whole, Language language) const;
  [[nodiscard]] std::vector<ScoredLabel> find_emotions(const SentimentJudge::Reading& reading, Language language) const;
  [[nodiscard]] std::vector<AspectOpinion> find_aspects(const SentimentJudge& judge, const SentimentJudge::Reading& reading,
                                                        const Sentiment& whole, Language language) const;

  const LiteModel* model_;
  Heads heads_;
};

}  // namespace aftersense
