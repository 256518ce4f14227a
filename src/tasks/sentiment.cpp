#include "tasks/sentiment.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tasks/calibrate.h"
#include "tasks/words.h"

namespace aftersense {
namespace {

constexpr std::string_view kTask = "sentiment";
constexpr std::size_t kNeutral = 1;

/// Adds `score` to the words that `span` touches, shared by the bytes that each has of it.
void spread(ByteSpan span, float score, std::vector<Contribution>& words) {
  auto word = std::ranges::lower_bound(words, span.begin, {}, [](const Contribution& c) { return c.span.end - 1; });
  const auto overlap = [&](const Contribution& c) {
    return static_cast<float>(std::min(c.span.end, span.end) - std::max(c.span.begin, span.begin));
  };
  float bytes = 0;
  for (auto i = word; i != words.end() && i->span.begin < span.end; ++i) bytes += overlap(*i);
  for (; word != words.end() && word->span.begin < span.end; ++word) word->score += score * overlap(*word) / bytes;
}

}  // namespace

std::size_t Sentiment::label() const {
  if (confidence == 0) return kNeutral;
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

Sentiment to_sentiment(SentimentLogits logits, const schema::Calibration* calibration) {
  calibrate(calibration, logits);
  softmax(logits);
  return {.scores = logits, .confidence = std::ranges::max(logits)};
}

SentimentJudge::SentimentJudge(const LiteModel& model, const Tokenizer& tokenizer, const schema::LinearHead& head)
    : model_(&model), tokenizer_(&tokenizer), head_(&head) {}

Result<SentimentJudge> SentimentJudge::create(const LiteModel& model, const Tokenizer& tokenizer) {
  const schema::LinearHead* head = model.find_head(kTask);
  if (head == nullptr) return Error{ErrorCode::pack_corrupt, "The model pack has no sentiment head; use one that ships with this module."};
  if (!std::ranges::equal(*head->labels(), kSentimentLabels, {}, [](const flatbuffers::String* label) { return label->string_view(); })) {
    return Error{ErrorCode::pack_corrupt, "The sentiment head's labels are not negative, neutral, positive."};
  }
  if (tokenizer.vocabulary_size() != model.vocabulary_size()) {
    return Error{ErrorCode::pack_corrupt, "The tokeniser has " + std::to_string(tokenizer.vocabulary_size()) + " pieces, the embedding " +
                                              std::to_string(model.vocabulary_size()) + "."};
  }
  return SentimentJudge(model, tokenizer, *head);
}

SentimentJudge::Reading SentimentJudge::read(std::string_view cleaned) const {
  const schema::LiteEncoder& encoder = *model_->pack().lite();
  Reading reading{.text = cleaned, .pieces = tokenizer_->encode(cleaned), .ids = {}, .ngrams = {}, .features = {}};
  for (const Piece& piece : reading.pieces) reading.ids.push_back(piece.id);
  std::vector<std::uint32_t> buckets;
  if (encoder.ngram_order() > 0) {
    reading.ngrams = hash_ngrams(cleaned, encoder.ngram_order(), encoder.ngram_log2_buckets());
    for (const Ngram& ngram : reading.ngrams) buckets.push_back(ngram.bucket);
    std::ranges::sort(buckets);
    buckets.erase(std::ranges::unique(buckets).begin(), buckets.end());
  }
  reading.features = model_->encode(reading.ids, std::move(buckets));
  if (!reading.ids.empty()) std::ranges::copy(model_->run_head(*head_, reading.features).logits, reading.logits.begin());
  return reading;
}

Sentiment SentimentJudge::judge(const Reading& reading, Language language) const {
  if (reading.ids.empty()) return {};
  return to_sentiment(reading.logits, model_->find_calibration(kTask, language_name(language)));
}

SentimentJudge::Explanation SentimentJudge::explain(const Reading& reading, std::size_t label) const {
  if (reading.ids.empty()) return {};
  SentimentLogits direction = {-0.5F, -0.5F, -0.5F};
  direction[label] = 1;
  Explanation explanation{attribute_words(*model_, *head_, direction, reading)};
  for (std::size_t k = 0; k < direction.size(); ++k) explanation.margin += direction[k] * reading.logits[k];
  return explanation;
}

WordAttribution attribute_words(const LiteModel& model, const schema::LinearHead& head, std::span<const float> direction,
                                const SentimentJudge::Reading& reading) {
  const LiteAttribution attribution = model.attribute(head, direction, reading.ids, reading.features);
  WordAttribution found{.words = {}, .rest = attribution.rest};
  for (const ByteSpan word : join_words(reading.pieces, split_units(reading.text))) found.words.push_back({word, 0});
  for (std::size_t t = 0; t < reading.pieces.size(); ++t) {
    if (reading.pieces[t].span.size() > 0) {
      spread(reading.pieces[t].span, attribution.tokens[t], found.words);
    } else {
      found.rest += attribution.tokens[t];  // the dummy prefix stands for no byte
    }
  }
  const std::vector<std::uint32_t>& buckets = reading.features.buckets;
  std::vector<float> occurrences(buckets.size());
  const auto index = [&](std::uint32_t bucket) {
    return static_cast<std::size_t>(std::ranges::lower_bound(buckets, bucket) - buckets.begin());
  };
  for (const Ngram& ngram : reading.ngrams) ++occurrences[index(ngram.bucket)];
  for (const Ngram& ngram : reading.ngrams) {
    const std::size_t i = index(ngram.bucket);
    spread(ngram.span, attribution.buckets[i] / occurrences[i], found.words);
  }
  return found;
}

}  // namespace aftersense
