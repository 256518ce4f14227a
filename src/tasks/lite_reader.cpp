#include "tasks/lite_reader.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "nn/pack_file.h"
#include "tasks/calibrate.h"
#include "text/segment.h"

namespace aftersense {
namespace {

constexpr float kLikely = 0.5F;
constexpr float kShareOfStrongest = 0.5F;  // words that add as much of what the strongest one adds are evidence, too
constexpr std::array<std::string_view, 5> kTasks = {"intent", "urgency", "aspects", "emotions", "escalate"};

ScoredLabel scored(const schema::LinearHead& head, std::size_t label, float score) {
  return {.label = head.labels()->Get(static_cast<flatbuffers::uoffset_t>(label))->str(), .score = score};
}

/// The words that add to a label most of all, neighbours joined.
std::vector<ByteSpan> find_evidence(const std::vector<Contribution>& words, float strongest) {
  std::vector<ByteSpan> evidence;
  bool is_joined = false;
  for (const Contribution& word : words) {
    const bool is_strong = strongest > 0 && word.score >= kShareOfStrongest * strongest;
    if (is_strong && is_joined) {
      evidence.back().end = word.span.end;
    } else if (is_strong) {
      evidence.push_back(word.span);
    }
    is_joined = is_strong;
  }
  return evidence;
}

/// The index of the polarity that the text and the clause around a place make likeliest together.
std::size_t find_polarity(const SentimentJudge& judge, const SentimentJudge::Reading& reading, const Sentiment& whole, std::size_t place,
                          Language language) {
  std::array<float, kSentimentLabels.size()> likelihood = whole.scores;
  for (const ByteSpan clause : split_clauses(reading.text)) {
    if (place < clause.begin || place >= clause.end || clause.size() == reading.text.size()) continue;
    const Sentiment part = judge.judge(judge.read(clause.of(reading.text)), language);
    for (std::size_t k = 0; k < likelihood.size(); ++k) likelihood[k] *= part.scores[k];
  }
  return static_cast<std::size_t>(std::ranges::max_element(likelihood) - likelihood.begin());
}

}  // namespace

Result<std::optional<LiteReader>> LiteReader::create(const LiteModel& model) {
  for (const schema::LinearHead* head : *model.pack().heads()) {
    const std::string_view task = head->task()->string_view();
    if (task != "sentiment" && std::ranges::find(kTasks, task) == kTasks.end()) {
      return corrupt_pack("heads." + std::string(task), "is of no task that this version knows");
    }
  }
  if (model.pack().heads()->size() == 1) return std::optional<LiteReader>{};
  Heads heads;
  const std::array members = {&heads.intent, &heads.urgency, &heads.aspects, &heads.emotions, &heads.escalate};
  for (std::size_t i = 0; i < kTasks.size(); ++i) {
    *members[i] = model.find_head(kTasks[i]);
    if (*members[i] == nullptr) return corrupt_pack("heads." + std::string(kTasks[i]), "is missing");
  }
  if (heads.escalate->labels()->size() != 1) return corrupt_pack("heads.escalate", "has more than one label");
  return std::optional(LiteReader(model, heads));
}

Understanding LiteReader::understand(const SentimentJudge& judge, const SentimentJudge::Reading& reading, Language language) const {
  Understanding understanding;
  understanding.emotions = find_emotions(reading, language);
  const Sentiment whole = judge.judge(reading, language);
  understanding.aspects = find_aspects(judge, reading, whole, language);
  understanding.intent = find_intent(reading, whole, language);
  understanding.urgency = choose(*heads_.urgency, reading, language);
  understanding.escalate = logistic(run_head(*heads_.escalate, reading, language).front());
  return understanding;
}

/// Calibrated logits [labels].
std::vector<float> LiteReader::run_head(const schema::LinearHead& head, const SentimentJudge::Reading& reading, Language language) const {
  std::vector<float> logits = model_->run_head(head, reading.features).logits;
  calibrate(model_->find_calibration(head.task()->string_view(), language_name(language)), logits);
  return logits;
}

/// The likeliest label of a head that is one choice.
ScoredLabel LiteReader::choose(const schema::LinearHead& head, const SentimentJudge::Reading& reading, Language language) const {
  std::vector<float> probabilities = run_head(head, reading, language);
  softmax(probabilities);
  const auto best = std::ranges::max_element(probabilities);
  return scored(head, static_cast<std::size_t>(best - probabilities.begin()), *best);
}

/// The likeliest, praise being the less likely the more the text reads negative: a few n-grams know less of that than the whole model.
ScoredLabel LiteReader::find_intent(const SentimentJudge::Reading& reading, const Sentiment& whole, Language language) const {
  std::vector<float> probabilities = run_head(*heads_.intent, reading, language);
  softmax(probabilities);
  float sum = 0;
  for (std::size_t k = 0; k < probabilities.size(); ++k) {
    if (heads_.intent->labels()->Get(static_cast<flatbuffers::uoffset_t>(k))->string_view() == "praise") {
      probabilities[k] *= 1 - whole.scores.front();
    }
    sum += probabilities[k];
  }
  const auto best = std::ranges::max_element(probabilities);
  return scored(*heads_.intent, static_cast<std::size_t>(best - probabilities.begin()), *best / sum);
}

std::vector<ScoredLabel> LiteReader::find_emotions(const SentimentJudge::Reading& reading, Language language) const {
  std::vector<ScoredLabel> emotions;
  const std::vector<float> logits = run_head(*heads_.emotions, reading, language);
  for (std::size_t k = 0; k < logits.size(); ++k) {
    const float score = logistic(logits[k]);
    if (score >= kLikely) emotions.push_back(scored(*heads_.emotions, k, score));
  }
  std::ranges::stable_sort(emotions, std::ranges::greater{}, &ScoredLabel::score);
  return emotions;
}

std::vector<AspectOpinion> LiteReader::find_aspects(const SentimentJudge& judge, const SentimentJudge::Reading& reading,
                                                    const Sentiment& whole, Language language) const {
  std::vector<AspectOpinion> opinions;
  const std::vector<float> logits = run_head(*heads_.aspects, reading, language);
  std::vector<float> direction(logits.size());
  for (std::size_t k = 0; k < logits.size(); ++k) {
    auto [aspect, score] = scored(*heads_.aspects, k, logistic(logits[k]));
    if (!(score >= kLikely)) continue;
    direction[k] = 1;
    const std::vector<Contribution> words = attribute_words(*model_, *heads_.aspects, direction, reading).words;
    direction[k] = 0;
    const auto strongest = std::ranges::max_element(words, {}, &Contribution::score);
    if (strongest == words.end()) continue;
    opinions.push_back({.aspect = std::move(aspect),
                        .polarity = find_polarity(judge, reading, whole, strongest->span.begin, language),
                        .score = score,
                        .evidence = find_evidence(words, strongest->score)});
  }
  std::ranges::stable_sort(opinions, std::ranges::greater{}, &AspectOpinion::score);
  return opinions;
}

}  // namespace aftersense
