#include "tasks/analyze.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/utf8.h"
#include "nn/pack_file.h"
#include "tasks/fingerprint.h"
#include "text/clean.h"
#include "text/segment.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxKeywords = 8;
constexpr std::size_t kBatchBytes = 2048;  // of texts read together: some runs of the encoder, beyond which memory alone grows

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

std::optional<Error> check_length(std::string_view text) {
  if (text.size() <= kMaxTextBytes) return std::nullopt;
  return Error{ErrorCode::text_too_long, "The text has " + std::to_string(text.size()) + " bytes of UTF-8, the limit is " +
                                             std::to_string(kMaxTextBytes) + "; divide it into parts."};
}

}  // namespace

Result<Tier> read_tier(std::span<const std::uint8_t> pack) {
  const Result<const schema::ModelPack*> opened = open_model_pack(pack);
  if (!opened) return opened.error();
  const std::string_view tier = (*opened)->tier()->string_view();
  if (tier == "lite") return Tier::lite;
  if (tier == "base") return Tier::base;
  return Error{ErrorCode::pack_wrong_version,
               "This version knows models of the tiers \"lite\" and \"base\" only; use one that ships with it."};
}

Analyzer::Analyzer(std::unique_ptr<LiteModel> model, std::unique_ptr<Tokenizer> tokenizer, SentimentJudge judge,
                   std::optional<LiteReader> lite_reader)
    : model_(std::move(model)), tokenizer_(std::move(tokenizer)), judge_(judge), lite_reader_(lite_reader) {}

Result<Analyzer> Analyzer::load(AlignedBuffer pack) {
  Result<LiteModel> loaded = LiteModel::load(std::move(pack));
  if (!loaded) return loaded.error();
  auto model = std::make_unique<LiteModel>(*std::move(loaded));
  Result<Tokenizer> opened = Tokenizer::load(model->tokenizer_bytes());
  if (!opened) return opened.error();
  auto tokenizer = std::make_unique<Tokenizer>(*std::move(opened));
  Result<SentimentJudge> judge = SentimentJudge::create(*model, *tokenizer);
  if (!judge) return judge.error();
  const Result<std::optional<LiteReader>> reader = LiteReader::create(*model);
  if (!reader) return reader.error();
  return Analyzer(std::move(model), std::move(tokenizer), *judge, *reader);
}

std::optional<Error> Analyzer::load_base(AlignedBuffer pack) {
  Result<BaseReader> base = BaseReader::load(std::move(pack));
  if (!base) return base.error();
  base_.emplace(*std::move(base));
  return std::nullopt;
}

Result<Analysis> Analyzer::analyze(std::string_view original, const Options& options) {
  if (auto error = check_length(original)) return *error;
  Analysis analysis;
  analysis.tier = base_ ? options.tier : Tier::lite;
  const schema::ModelPack& pack = analysis.tier == Tier::base ? base_->model().pack() : model_->pack();
  analysis.entities = find_entities(original);
  const CleanText cleaned = clean(original);
  analysis.fingerprint = fingerprint(cleaned.text);
  const JudgedText judged(cleaned, pack.max_bytes());
  analysis.truncated = judged.truncated();
  analysis.language = detect_language(judged.text());
  if (analysis.language == Language::other) {
    judge_foreign(judged.text(), analysis);
    return analysis;
  }
  judge(judged, options, analysis);
  for (const Keyword& keyword : find_keywords(judged.text(), analysis.language, *tokenizer_, kMaxKeywords)) {
    analysis.keywords.push_back({judged.to_source(keyword.span), keyword.score});
  }
  return analysis;
}

void Analyzer::judge_foreign(std::string_view cleaned, Analysis& analysis) const {
  const std::string emoji = emoji_of(cleaned);
  analysis.tier = Tier::lite;
  analysis.sentiment = judge_.judge(judge_.read(emoji), analysis.language);
  analysis.abstained = analysis.sentiment.confidence == 0;
}

/// The whole text and its sentences, which base reads together.
void Analyzer::judge(const JudgedText& judged, const Options& options, Analysis& analysis) {
  const std::vector<ByteSpan> sentences = split_sentences(judged.text());
  const auto is_whole = [&](ByteSpan span) { return span.size() == judged.text().size(); };
  std::vector<std::string_view> parts = {judged.text()};
  for (const ByteSpan span : sentences) {
    if (!is_whole(span)) parts.push_back(span.of(judged.text()));
  }
  std::vector<BaseReader::Reading> readings;
  if (analysis.tier == Tier::base) readings = base_->read(std::span(parts).first(std::min(parts.size(), 1 + kMaxBaseSentences)));
  const auto base_reading = [&](std::size_t part) { return part < readings.size() ? &readings[part] : nullptr; };

  judge_whole(judged, base_reading(0), options, analysis);
  std::size_t part = 0;
  for (const ByteSpan span : sentences) {
    Sentiment sentiment = analysis.sentiment;
    if (!is_whole(span)) {
      ++part;
      sentiment = judge_part(judge_.read(parts[part]), base_reading(part), analysis.language);
    }
    analysis.sentences.push_back({judged.to_source(span), sentiment});
  }
}

void Analyzer::judge_whole(const JudgedText& judged, const BaseReader::Reading* base, const Options& options, Analysis& analysis) {
  const SentimentJudge::Reading lite = judge_.read(judged.text());
  analysis.sentiment = judge_part(lite, base, analysis.language);
  analysis.understanding = understand(judged, lite, base, analysis.language);
  analysis.abstained = analysis.sentiment.confidence == 0;
  if (!analysis.abstained) judge_urgency(judged, analysis);
  if (options.explain) explain(judged, lite, base, analysis);
}

void Analyzer::judge_urgency(const JudgedText& judged, Analysis& analysis) const {
  analysis.urgency_cues = find_urgency_cues(judged.text());
  ScoredLabel by_words = aftersense::judge_urgency(judged.text(), analysis.urgency_cues, analysis.sentiment);
  // Lite's head misses most texts of P1, and the words find half of them: together they are right most often (models/lite/README.md).
  const bool words_decide = !analysis.understanding || (analysis.tier == Tier::lite && by_words.label == "P1");
  analysis.urgency = words_decide ? std::move(by_words) : analysis.understanding->urgency;
  for (UrgencyCue& cue : analysis.urgency_cues) cue.span = judged.to_source(cue.span);
}

void Analyzer::explain(const JudgedText& judged, const SentimentJudge::Reading& lite, const BaseReader::Reading* base, Analysis& analysis) {
  for (const Contribution& word : judge_.explain(lite, analysis.sentiment.label()).words) {
    analysis.evidence.push_back({judged.to_source(word.span), word.score});
  }
  std::ranges::stable_sort(analysis.evidence, std::ranges::greater{}, [](const Contribution& c) { return std::abs(c.score); });
  if (base == nullptr || base->pieces.empty()) return;
  analysis.explanations = explain_by_occlusion(judged.text(), *base, *base_, judge_, analysis.language);
  for (Explanation& explanation : analysis.explanations) {
    for (Contribution& word : explanation.words) word.span = judged.to_source(word.span);
  }
}

/// By base where it has read the part, else by lite.
Sentiment Analyzer::judge_part(const SentimentJudge::Reading& lite, const BaseReader::Reading* base, Language language) const {
  return base != nullptr ? base_->judge(*base, lite.logits, language) : judge_.judge(lite, language);
}

std::optional<Understanding> Analyzer::understand(const JudgedText& judged, const SentimentJudge::Reading& lite,
                                                  const BaseReader::Reading* base, Language language) const {
  std::optional<Understanding> understanding;
  if (base != nullptr && !base->pieces.empty()) {
    understanding = base_->understand(*base, language);
  } else if (base == nullptr && lite_reader_ && !lite.pieces.empty()) {
    understanding = lite_reader_->understand(judge_, lite, language);
  }
  if (!understanding) return std::nullopt;
  for (AspectOpinion& opinion : understanding->aspects) {
    for (ByteSpan& span : opinion.evidence) span = judged.to_source(span);
  }
  return understanding;
}

Result<Embeddings> Analyzer::embed(std::span<const std::string_view> texts) {
  if (!base_) return Error{ErrorCode::model_missing, "Texts become vectors by the base tier's model only; load it first."};
  for (const std::string_view text : texts) {
    if (auto error = check_length(text)) return *error;
  }
  Embeddings embeddings;
  std::vector<std::string> batch;
  std::size_t batch_bytes = 0;
  const auto embed_batch = [&] {
    const std::vector<std::string_view> views(batch.begin(), batch.end());
    for (const BaseReader::Reading& reading : base_->read(views)) {
      const std::vector<float> vector = base_->embed(reading);
      embeddings.dimensions = vector.size();
      embeddings.vectors.insert(embeddings.vectors.end(), vector.begin(), vector.end());
    }
    batch.clear();
    batch_bytes = 0;
  };
  for (const std::string_view text : texts) {
    const CleanText cleaned = clean(text);
    batch.emplace_back(JudgedText(cleaned, base_->model().pack().max_bytes()).text());
    batch_bytes += batch.back().size();
    if (batch_bytes >= kBatchBytes) embed_batch();
  }
  embed_batch();
  return embeddings;
}

}  // namespace aftersense
