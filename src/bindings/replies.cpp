#include "bindings/replies.h"

#include "core/utf8.h"

namespace aftersense {
namespace {

std::string_view text_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view{} : text->string_view();
}

schema::SentimentScores pack_sentiment(const Sentiment& sentiment) {
  return {sentiment.scores[0], sentiment.scores[1], sentiment.scores[2], sentiment.confidence};
}

schema::Span pack_span(const Utf16Map& map, ByteSpan span) {
  return {map.to_utf16(span.begin), map.to_utf16(span.end)};
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
  const schema::SentimentScores sentiment = pack_sentiment(analysis.sentiment);
  return schema::CreateAnalysis(builder, static_cast<schema::Language>(analysis.language), &sentiment,
                                builder.CreateVectorOfStructs(keywords), builder.CreateVectorOfStructs(sentences),
                                builder.CreateVectorOfStructs(evidence), analysis.truncated, analysis.abstained);
}

flatbuffers::Offset<schema::Product> pack_product(flatbuffers::FlatBufferBuilder& builder, const schema::Product& product) {
  const auto text = [&](const flatbuffers::String* value) { return builder.CreateString(text_of(value)); };
  const auto tags = builder.CreateVectorOfStrings(unpack_strings(product.tags()));
  return schema::CreateProduct(builder, text(product.id()), text(product.title()), text(product.description()), text(product.category()),
                               text(product.brand()), tags, product.price(), text(product.currency()), text(product.image()),
                               text(product.url()));
}

flatbuffers::Offset<schema::Recommendation> pack_recommendation(flatbuffers::FlatBufferBuilder& builder, const Catalog& catalog,
                                                                const Recommended& recommended) {
  std::vector<flatbuffers::Offset<schema::TermReason>> terms;
  for (const TermContribution& term : recommended.terms) {
    terms.push_back(schema::CreateTermReason(builder, builder.CreateString(term.term), term.score));
  }
  return schema::CreateRecommendation(builder, pack_product(builder, catalog.product(recommended.product)), recommended.score,
                                      builder.CreateVector(terms));
}

ProductRecord unpack_product(const schema::Product& product) {
  return {.id = text_of(product.id()),
          .title = text_of(product.title()),
          .description = text_of(product.description()),
          .category = text_of(product.category()),
          .brand = text_of(product.brand()),
          .tags = unpack_strings(product.tags()),
          .price = product.price(),
          .currency = text_of(product.currency()),
          .image = text_of(product.image()),
          .url = text_of(product.url())};
}

std::vector<std::string_view> unpack_strings(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* strings) {
  std::vector<std::string_view> views;
  if (strings == nullptr) return views;
  for (const flatbuffers::String* text : *strings) views.push_back(text->string_view());
  return views;
}

}  // namespace aftersense
