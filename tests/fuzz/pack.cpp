// Model packs of both tiers: what is taken runs, and gives finite numbers.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "nn/encoder_model.h"
#include "nn/lite_model.h"
#include "support.h"
#include "tasks/analyze.h"

namespace aftersense {
namespace {

constexpr std::size_t kMostPieces = 20;

std::vector<std::int32_t> some_ids(std::size_t vocabulary) {
  std::vector<std::int32_t> ids(std::min(vocabulary, kMostPieces));
  std::iota(ids.begin(), ids.end(), static_cast<std::int32_t>(vocabulary - ids.size()));
  return ids;
}

void run_lite(AlignedBuffer file) {
  const Result<LiteModel> model = LiteModel::load(std::move(file));
  if (!model) return;
  const std::vector<std::int32_t> ids = some_ids(model->vocabulary_size());
  const bool has_ngrams = model->pack().lite()->ngram_order() > 0;
  const LiteFeatures features = model->encode(ids, has_ngrams ? std::vector<std::uint32_t>{0, 1} : std::vector<std::uint32_t>{});
  for (const schema::LinearHead* head : *model->pack().heads()) {
    const HeadOutput output = model->run_head(*head, features);
    (void)model->attribute(*head, std::vector<float>(output.logits.size(), 1), ids, features);
  }
}

void run_encoder(AlignedBuffer file) {
  Result<EncoderModel> model = EncoderModel::load(std::move(file));
  if (!model) return;
  const EncodedText text = model->encode(some_ids(model->vocabulary_size()));
  for (const schema::EncoderHead* head : *model->pack().encoder_heads()) {
    const bool marks = head->kind() == schema::HeadKind::TokenMarks;
    const std::vector<float> logits = marks ? model->run_token_head(*head, text) : model->run_head(*head, text);
    fuzz::require(std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); }));
  }
}

}  // namespace
}  // namespace aftersense

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aftersense;
  const std::span<const std::uint8_t> bytes(data, size);
  (void)read_tier(fuzz::to_file(bytes).bytes());
  run_lite(fuzz::to_file(bytes));
  run_encoder(fuzz::to_file(bytes));
  return 0;
}
