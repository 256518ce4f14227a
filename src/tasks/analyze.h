#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/aligned_buffer.h"
#include "core/result.h"
#include "core/span.h"
#include "nn/encoder_model.h"
#include "nn/lite_model.h"
#include "tasks/entities.h"
#include "tasks/explain.h"
#include "tasks/judged_text.h"
#include "tasks/keywords.h"
#include "tasks/lite_reader.h"
#include "tasks/sentiment.h"
#include "tasks/understand.h"
#include "tasks/urgency_cues.h"
#include "text/language.h"
#include "text/tokenizer.h"

namespace aftersense {

/// Longest text that analyze() and embed() take.
inline constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20;

/// How many sentences of a text the base tier judges one by one; lite judges those after them.
inline constexpr std::size_t kMaxBaseSentences = 32;

/// The models that may read a text. The values are those of schema::Tier.
enum class Tier : std::uint8_t { lite, base };

/// The tier that a model pack says it is of. Errors: those of open_model_pack(); pack_wrong_version where it is neither.
[[nodiscard]] Result<Tier> read_tier(std::span<const std::uint8_t> pack);

struct SentenceVerdict {
  ByteSpan span;
  Sentiment sentiment;
};

/// What a text says. All spans are bytes of the original.
struct Analysis {
  Language language = Language::other;
  Tier tier = Tier::lite;  ///< which judged the text as a whole
  Sentiment sentiment;
  std::vector<Keyword> keywords;
  std::vector<SentenceVerdict> sentences;  ///< of the part that was judged
  /// With `explain`: words of the text, strongest first, and what each adds to the lite tier's margin of the verdict. This is lite's
  /// attribution where base gave the verdict, too.
  std::vector<Contribution> evidence;
  /// Of the tier that judged; none where nothing was judged, or lite's pack judges sentiment alone.
  std::optional<Understanding> understanding;
  bool truncated = false;  ///< only the beginning and the end were judged
  bool abstained = false;  ///< nothing to judge, or neither Chinese nor English
  /// That of `understanding`; by judge_urgency() where there is none, and where its words make a text that lite judged P1. None where
  /// nothing was judged.
  std::optional<ScoredLabel> urgency;
  std::vector<UrgencyCue> urgency_cues;   ///< the words behind it, in their order
  std::vector<Explanation> explanations;  ///< with `explain`, of each verdict of the base tier
  std::vector<Entity> entities;           ///< of the whole text, judged or not
  std::uint64_t fingerprint = 0;          ///< of the whole text, judged or not
};

/// Vectors of unit length, one a text.
struct Embeddings {
  std::size_t dimensions = 0;  ///< 0 where there are no texts
  std::vector<float> vectors;  ///< [texts][dimensions]
};

/// Reads feedback with a lite model, and with a base model once there is one.
///
///     Result<Analyzer> analyzer = Analyzer::load(std::move(lite_pack));
///     Result<Analysis> first = analyzer->analyze("物流太慢，盒子都破了", {.explain = true});
///     if (auto error = analyzer->load_base(std::move(base_pack))) return *error;
///     Result<Analysis> better = analyzer->analyze("物流太慢，盒子都破了", {});
class Analyzer {
 public:
  struct Options {
    bool explain = false;
    Tier tier = Tier::base;  ///< the best that may read; without a base model, lite does
  };

  /// Takes a pack of the lite tier. Errors: pack_truncated, pack_wrong_type, pack_wrong_version, pack_corrupt.
  static Result<Analyzer> load(AlignedBuffer pack);
  /// Takes a pack of the base tier. On an error, the same as above or out_of_memory, the analyzer stays as it was.
  [[nodiscard]] std::optional<Error> load_base(AlignedBuffer pack);

  /// Any bytes are taken; those that are not UTF-8 are passed over. Error text_too_long. Not const: base works in its model's arena.
  [[nodiscard]] Result<Analysis> analyze(std::string_view original, const Options& options);
  /// Of the base tier, cleaned and cut like the texts of analyze(), in any language; a text without a piece has a vector as well.
  /// Errors: model_missing, text_too_long.
  [[nodiscard]] Result<Embeddings> embed(std::span<const std::string_view> texts);

  /// As EncoderModel::set_window_runner(); without a base model, nothing.
  void set_window_runner(EncoderModel::WindowRunner runner) {
    if (base_) base_->set_window_runner(std::move(runner));
  }

  [[nodiscard]] const LiteModel& lite_model() const { return *model_; }
  /// nullptr where none is loaded.
  [[nodiscard]] const EncoderModel* base_model() const { return base_ ? &base_->model() : nullptr; }

 private:
  Analyzer(std::unique_ptr<LiteModel> model, std::unique_ptr<Tokenizer> tokenizer, SentimentJudge judge,
           std::optional<LiteReader> lite_reader);
  void judge_foreign(std::string_view cleaned, Analysis& analysis) const;
  void judge(const JudgedText& judged, const Options& options, Analysis& analysis);
  void judge_whole(const JudgedText& judged, const BaseReader::Reading* base, const Options& options, Analysis& analysis);
  void explain(const JudgedText& judged, const SentimentJudge::Reading& lite, const BaseReader::Reading* base, Analysis& analysis);
  void judge_urgency(const JudgedText& judged, Analysis& analysis) const;
  [[nodiscard]] std::optional<Understanding> understand(const JudgedText& judged, const SentimentJudge::Reading& lite,
                                                        const BaseReader::Reading* base, Language language) const;
  [[nodiscard]] Sentiment judge_part(const SentimentJudge::Reading& lite, const BaseReader::Reading* base, Language language) const;

  // On the heap: the tokeniser reads the model's bytes, and the judge points to both, the reader to the model.
  std::unique_ptr<LiteModel> model_;
  std::unique_ptr<Tokenizer> tokenizer_;
  SentimentJudge judge_;
  std::optional<LiteReader> lite_reader_;  ///< none where the pack judges sentiment alone
  std::optional<BaseReader> base_;
};

}  // namespace aftersense
