#include "tasks/understand.h"

#include <algorithm>
#include <utility>

#include "nn/pack_file.h"
#include "tasks/calibrate.h"

namespace aftersense {
namespace {

constexpr float kLikely = 0.5F;
constexpr std::size_t kJoinedGap = 1;  // unmarked pieces between two marked ones that are read as one run

ScoredLabel scored(const schema::EncoderHead& head, std::size_t label, float score) {
  return {.label = head.labels()->Get(static_cast<flatbuffers::uoffset_t>(label))->str(), .score = score};
}

/// Runs of the pieces whose logit for a label is above 0; `logits` [pieces][labels].
std::vector<ByteSpan> find_runs(const std::vector<Piece>& pieces, std::span<const float> logits, std::size_t label) {
  std::vector<ByteSpan> runs;
  if (logits.empty()) return runs;
  const std::size_t labels = logits.size() / pieces.size();
  std::size_t gap = 0;
  for (std::size_t t = 0; t < pieces.size(); ++t) {
    const ByteSpan span = pieces[t].span;
    if (span.size() == 0) continue;  // the dummy prefix is no word
    if (!(logits[t * labels + label] > 0)) {
      ++gap;
      continue;
    }
    if (!runs.empty() && gap <= kJoinedGap) {
      runs.back().end = span.end;
    } else {
      runs.push_back(span);
    }
    gap = 0;
  }
  return runs;
}

}  // namespace

BaseReader::BaseReader(EncoderModel model, Tokenizer tokenizer, const BaseHeads& heads)
    : model_(std::move(model)), tokenizer_(std::move(tokenizer)), heads_(heads) {}

Result<BaseReader> BaseReader::load(AlignedBuffer pack) {
  Result<EncoderModel> model = EncoderModel::load(std::move(pack));
  if (!model) return model.error();
  Result<Tokenizer> tokenizer = Tokenizer::load(model->tokenizer_bytes());
  if (!tokenizer) return tokenizer.error();
  if (tokenizer->vocabulary_size() != model->vocabulary_size()) {
    return corrupt_pack("encoder.tokens.rows", "is not the number of the tokeniser's pieces");
  }
  const Result<BaseHeads> heads = find_base_heads(*model);
  if (!heads) return heads.error();
  return BaseReader(*std::move(model), *std::move(tokenizer), *heads);
}

BaseReader::Reading BaseReader::read(std::string_view cleaned) {
  return std::move(read({&cleaned, 1}).front());
}

std::vector<BaseReader::Reading> BaseReader::read(std::span<const std::string_view> cleaned) {
  std::vector<Reading> readings(cleaned.size());
  std::vector<std::vector<std::int32_t>> ids(cleaned.size());
  for (std::size_t i = 0; i < cleaned.size(); ++i) {
    readings[i].pieces = tokenizer_.encode(cleaned[i]);
    for (const Piece& piece : readings[i].pieces) ids[i].push_back(piece.id);
  }
  const std::vector<std::span<const std::int32_t>> views(ids.begin(), ids.end());
  std::vector<EncodedText> encoded = model_.encode(views);
  for (std::size_t i = 0; i < readings.size(); ++i) readings[i].encoded = std::move(encoded[i]);
  return readings;
}

Sentiment BaseReader::judge(const Reading& reading, const SentimentLogits& lite_logits, Language language) const {
  if (reading.pieces.empty()) return {};
  return to_sentiment(join_lite(reading, lite_logits, language), find_calibration(*heads_.sentiment, language));
}

/// The logits of sentiment with what lite's add to them, before calibration.
SentimentLogits BaseReader::join_lite(const Reading& reading, const SentimentLogits& lite_logits, Language language) const {
  const schema::Calibration* calibration = find_calibration(*heads_.sentiment, language);
  const float lite_factor = calibration == nullptr ? 0 : calibration->lite_factor();
  const std::vector<float> base_logits = model_.run_head(*heads_.sentiment, reading.encoded);
  SentimentLogits logits{};
  for (std::size_t k = 0; k < logits.size(); ++k) logits[k] = base_logits[k] + lite_factor * lite_logits[k];
  return logits;
}

Understanding BaseReader::understand(const Reading& reading, Language language) const {
  Understanding understanding;
  understanding.emotions = find_emotions(reading, language);
  understanding.aspects = find_aspects(reading, language);
  understanding.intent = choose(*heads_.intent, reading, language);
  understanding.urgency = choose(*heads_.urgency, reading, language);
  understanding.escalate = logistic(run_head(*heads_.escalate, reading, language).front());
  if (heads_.detail != nullptr) {
    ScoredLabel detail = choose(*heads_.detail, reading, language);
    if (detail.score >= kLikely) understanding.detail = std::move(detail);
  }
  return understanding;
}

std::vector<float> BaseReader::embed(const Reading& reading) const {
  return model_.run_head(*heads_.embedding, reading.encoded);
}

std::vector<BaseReader::Verdict> BaseReader::find_verdicts(const Reading& reading, const SentimentLogits& lite_logits,
                                                           Language language) const {
  std::vector<Verdict> verdicts = {{heads_.sentiment, static_cast<flatbuffers::uoffset_t>(judge(reading, lite_logits, language).label())}};
  for (const schema::EncoderHead* head : {heads_.intent, heads_.urgency}) {
    const std::vector<float> logits = run_head(*head, reading, language);
    verdicts.push_back({head, static_cast<flatbuffers::uoffset_t>(std::ranges::max_element(logits) - logits.begin())});
  }
  for (const schema::EncoderHead* head : {heads_.emotions, heads_.aspects, heads_.escalate}) {
    const std::vector<float> logits = run_head(*head, reading, language);
    for (flatbuffers::uoffset_t label = 0; label < logits.size(); ++label) {
      if (logistic(logits[label]) >= kLikely) verdicts.push_back({head, label});
    }
  }
  return verdicts;
}

float BaseReader::margin(const Verdict& verdict, const Reading& reading, const SentimentLogits& lite_logits, Language language) const {
  std::vector<float> logits;
  if (verdict.head == heads_.sentiment) {
    const SentimentLogits joined = join_lite(reading, lite_logits, language);
    logits.assign(joined.begin(), joined.end());
    calibrate(find_calibration(*heads_.sentiment, language), logits);
  } else {
    logits = run_head(*verdict.head, reading, language);
  }
  const float own = logits[verdict.label];
  if (verdict.head->kind() != schema::HeadKind::Choice || logits.size() == 1) return own;
  logits.erase(logits.begin() + static_cast<std::ptrdiff_t>(verdict.label));
  return own - std::ranges::max(logits);
}

const schema::Calibration* BaseReader::find_calibration(const schema::EncoderHead& head, Language language) const {
  return model_.find_calibration(head.task()->string_view(), language_name(language));
}

/// Calibrated logits [labels].
std::vector<float> BaseReader::run_head(const schema::EncoderHead& head, const Reading& reading, Language language) const {
  std::vector<float> logits = model_.run_head(head, reading.encoded);
  calibrate(find_calibration(head, language), logits);
  return logits;
}

/// Calibrated logits [pieces][aspects]; empty where the pack has no head for evidence.
std::vector<float> BaseReader::run_evidence(const Reading& reading, Language language) const {
  if (heads_.evidence == nullptr) return {};
  std::vector<float> logits = model_.run_token_head(*heads_.evidence, reading.encoded);
  const schema::Calibration* calibration = find_calibration(*heads_.evidence, language);
  const std::size_t labels = heads_.evidence->labels()->size();
  for (std::size_t t = 0; t < reading.pieces.size(); ++t) calibrate(calibration, std::span(logits).subspan(t * labels, labels));
  return logits;
}

/// The likeliest label of a head that is one choice.
ScoredLabel BaseReader::choose(const schema::EncoderHead& head, const Reading& reading, Language language) const {
  std::vector<float> probabilities = run_head(head, reading, language);
  softmax(probabilities);
  const auto best = std::ranges::max_element(probabilities);
  return scored(head, static_cast<std::size_t>(best - probabilities.begin()), *best);
}

std::vector<ScoredLabel> BaseReader::find_emotions(const Reading& reading, Language language) const {
  std::vector<ScoredLabel> emotions;
  const std::vector<float> logits = run_head(*heads_.emotions, reading, language);
  for (std::size_t k = 0; k < logits.size(); ++k) {
    const float score = logistic(logits[k]);
    if (score >= kLikely) emotions.push_back(scored(*heads_.emotions, k, score));
  }
  std::ranges::stable_sort(emotions, std::ranges::greater{}, &ScoredLabel::score);
  return emotions;
}

std::vector<AspectOpinion> BaseReader::find_aspects(const Reading& reading, Language language) const {
  std::vector<AspectOpinion> opinions;
  const std::vector<float> logits = run_head(*heads_.aspects, reading, language);
  const std::vector<float> polarities = run_head(*heads_.polarity, reading, language);
  const std::vector<float> evidence = run_evidence(reading, language);
  for (std::size_t k = 0; k < logits.size(); ++k) {
    auto [aspect, score] = scored(*heads_.aspects, k, logistic(logits[k]));
    if (!(score >= kLikely)) continue;
    const auto polarity = std::span(polarities).subspan(k * kSentimentLabels.size(), kSentimentLabels.size());
    opinions.push_back({.aspect = std::move(aspect),
                        .polarity = static_cast<std::size_t>(std::ranges::max_element(polarity) - polarity.begin()),
                        .score = score,
                        .evidence = find_runs(reading.pieces, evidence, k)});
  }
  std::ranges::stable_sort(opinions, std::ranges::greater{}, &AspectOpinion::score);
  return opinions;
}

}  // namespace aftersense
