#include "bindings/replies.h"

#include "core/utf8.h"

namespace aftersense {
namespace {

schema::SentimentScores pack_sentiment(const Sentiment& sentiment) {
  return {sentiment.scores[0], sentiment.scores[1], sentiment.scores[2], sentiment.confidence};
}

schema::Span pack_span(const Utf16Map& map, ByteSpan span) {
  return {map.to_utf16(span.begin), map.to_utf16(span.end)};
}

flatbuffers::Offset<schema::ScoredLabel> pack_label(flatbuffers::FlatBufferBuilder& builder, const ScoredLabel& label) {
  return schema::CreateScoredLabel(builder, builder.CreateString(label.label), label.score);
}

flatbuffers::Offset<schema::AspectOpinion> pack_opinion(flatbuffers::FlatBufferBuilder& builder, const Utf16Map& map,
                                                        const AspectOpinion& opinion) {
  std::vector<schema::Span> evidence;
  for (const ByteSpan span : opinion.evidence) evidence.push_back(pack_span(map, span));
  return schema::CreateAspectOpinion(builder, builder.CreateString(opinion.aspect), static_cast<std::uint8_t>(opinion.polarity),
                                     opinion.score, builder.CreateVectorOfStructs(evidence));
}

/// No offset where there is nothing: the field is then absent.
flatbuffers::Offset<schema::Understanding> pack_understanding(flatbuffers::FlatBufferBuilder& builder, const Utf16Map& map,
                                                              const std::optional<Understanding>& understanding) {
  if (!understanding) return {};
  std::vector<flatbuffers::Offset<schema::ScoredLabel>> emotions;
  for (const ScoredLabel& emotion : understanding->emotions) emotions.push_back(pack_label(builder, emotion));
  std::vector<flatbuffers::Offset<schema::AspectOpinion>> aspects;
  for (const AspectOpinion& opinion : understanding->aspects) aspects.push_back(pack_opinion(builder, map, opinion));
  flatbuffers::Offset<schema::ScoredLabel> detail;
  if (understanding->detail) detail = pack_label(builder, *understanding->detail);
  return schema::CreateUnderstanding(builder, builder.CreateVector(emotions), builder.CreateVector(aspects),
                                     pack_label(builder, understanding->intent), detail, understanding->escalate);
}

flatbuffers::Offset<schema::Urgency> pack_urgency(flatbuffers::FlatBufferBuilder& builder, const Utf16Map& map, const Analysis& analysis) {
  if (!analysis.urgency) return {};
  std::vector<schema::UrgencyReason> reasons;
  for (const UrgencyCue& cue : analysis.urgency_cues) {
    reasons.emplace_back(static_cast<schema::UrgencyKind>(cue.kind), pack_span(map, cue.span));
  }
  return schema::CreateUrgency(builder, builder.CreateString(analysis.urgency->label), analysis.urgency->score,
                               builder.CreateVectorOfStructs(reasons));
}

flatbuffers::Offset<schema::Explanation> pack_explanation(flatbuffers::FlatBufferBuilder& builder, const Utf16Map& map,
                                                          const Explanation& explanation) {
  std::vector<schema::ScoredSpan> words;
  for (const Contribution& word : explanation.words) words.emplace_back(pack_span(map, word.span), word.score);
  return schema::CreateExplanation(builder, builder.CreateString(explanation.verdict), builder.CreateString(explanation.label),
                                   builder.CreateVectorOfStructs(words));
}

}  // namespace

flatbuffers::Offset<schema::Analysis> pack_analysis(flatbuffers::FlatBufferBuilder& builder, std::string_view original,
                                                    const Analysis& analysis) {
  const Utf16Map map(original);
  std::vector<schema::ScoredSpan> keywords;
  for (const Keyword& keyword : analysis.keywords) keywords.emplace_back(pack_span(map, keyword.span), keyword.score);
  std::vector<schema::SentenceVerdict> sentences;
  for (const SentenceVerdict& sentence : analysis.sentences) {
    sentences.emplace_back(pack_span(map, sentence.span), pack_sentiment(sentence.sentiment));
  }
  std::vector<schema::ScoredSpan> evidence;
  for (const Contribution& word : analysis.evidence) evidence.emplace_back(pack_span(map, word.span), word.score);
  std::vector<flatbuffers::Offset<schema::Explanation>> explanations;
  for (const Explanation& explanation : analysis.explanations) explanations.push_back(pack_explanation(builder, map, explanation));
  std::vector<schema::EntitySpan> entities;
  for (const Entity& entity : analysis.entities) {
    entities.emplace_back(static_cast<schema::EntityKind>(entity.kind), pack_span(map, entity.span));
  }
  const schema::SentimentScores sentiment = pack_sentiment(analysis.sentiment);
  return schema::CreateAnalysis(builder, static_cast<schema::Language>(analysis.language), &sentiment,
                                builder.CreateVectorOfStructs(keywords), builder.CreateVectorOfStructs(sentences),
                                builder.CreateVectorOfStructs(evidence), analysis.truncated, analysis.abstained,
                                static_cast<schema::Tier>(analysis.tier), pack_understanding(builder, map, analysis.understanding),
                                pack_urgency(builder, map, analysis), analysis.fingerprint, builder.CreateVector(explanations),
                                builder.CreateVectorOfStructs(entities));
}

flatbuffers::Offset<schema::Product> pack_product(flatbuffers::FlatBufferBuilder& builder, const schema::Product& product) {
  schema::ProductT fields;
  product.UnPackTo(&fields);
  return schema::Product::Pack(builder, &fields);
}

std::vector<std::string_view> unpack_strings(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* strings) {
  std::vector<std::string_view> views;
  if (strings == nullptr) return views;
  for (const flatbuffers::String* text : *strings) views.push_back(text->string_view());
  return views;
}

}  // namespace aftersense
