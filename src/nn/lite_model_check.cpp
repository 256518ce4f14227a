#include "nn/lite_model_check.h"

#include "kernels/kernels.h"
#include "nn/pack_file.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxDepth = 65'536;  // width · dim, as Kernels::matvec_i8_i32 allows
constexpr unsigned kMaxBucketBits = 22;
constexpr unsigned kMaxNgramOrder = 8;
constexpr std::int32_t kMaxBias = 1 << 29;  // with the greatest inner product still an int32

bool within(const flatbuffers::Vector<std::int8_t>* values, int limit) {
  for (const std::int8_t value : *values) {
    if (value < -limit || value > limit) return false;
  }
  return true;
}

std::optional<Error> check_conv(const schema::Conv1d& conv, std::size_t dim) {
  const std::size_t depth = conv.width() * dim;
  if (conv.width() % 2 == 0) return corrupt_pack("conv.width", "is even");
  if (conv.channels() == 0) return corrupt_pack("conv.channels", "is 0");
  if (depth > kMaxDepth) return corrupt_pack("conv", "has more inputs a channel than 65,536");
  if (size_of(conv.weights()) != conv.channels() * depth) return corrupt_pack("conv.weights", "has the wrong size");
  if (size_of(conv.scales()) != conv.channels()) return corrupt_pack("conv.scales", "has the wrong size");
  if (size_of(conv.bias()) != conv.channels()) return corrupt_pack("conv.bias", "has the wrong size");
  if (!within(conv.weights(), 63)) return corrupt_pack("conv.weights", "leaves [-63, 63]");
  if (!all_scales(conv.scales())) return corrupt_pack("conv.scales", kOutOfScales);
  for (const std::int32_t bias : *conv.bias()) {
    if (bias < -kMaxBias || bias > kMaxBias) return corrupt_pack("conv.bias", "leaves its range");
  }
  return std::nullopt;
}

std::optional<Error> check_encoder(const schema::LiteEncoder& encoder) {
  const std::size_t dim = encoder.dim();
  if (dim == 0 || dim % kPaddedDepth != 0) return corrupt_pack("lite.dim", "is not a positive multiple of 16");
  if (size_of(encoder.embedding()) == 0 || encoder.embedding()->size() % dim != 0)
    return corrupt_pack("lite.embedding", "has the wrong size");
  if (!within(encoder.embedding(), 127)) return corrupt_pack("lite.embedding", "leaves [-127, 127]");
  if (!is_scale(encoder.embedding_scale())) return corrupt_pack("lite.embedding_scale", kOutOfScales);
  if (!is_scale(encoder.feature_scale())) return corrupt_pack("lite.feature_scale", kOutOfScales);
  if (encoder.ngram_order() > kMaxNgramOrder) return corrupt_pack("lite.ngram_order", "is over 8");
  const unsigned bits = encoder.ngram_log2_buckets();
  if (encoder.ngram_order() > 0 && (bits == 0 || bits > kMaxBucketBits)) return corrupt_pack("lite.ngram_log2_buckets", "leaves [1, 22]");
  if (size_of(encoder.convs()) == 0) return corrupt_pack("lite.convs", "is empty");
  for (const schema::Conv1d* conv : *encoder.convs()) {
    if (auto error = check_conv(*conv, dim)) return error;
  }
  return std::nullopt;
}

/// What is wrong with the buckets of a head that has weights for few of them, or nothing.
std::optional<Error> check_gaps(const schema::LinearHead& head, std::size_t buckets) {
  std::size_t bucket = 0;
  bool is_first = true;
  for (const std::uint16_t gap : view(head.ngram_gaps())) {
    if (gap == 0 && !is_first) return corrupt_pack("head.ngram_gaps", "name a bucket twice");
    bucket += gap;
    is_first = false;
  }
  if (!is_first && bucket >= buckets) return corrupt_pack("head.ngram_gaps", "leave the buckets");
  return std::nullopt;
}

std::optional<Error> check_head(const schema::LinearHead& head, const schema::LiteEncoder& encoder, std::size_t features) {
  const std::size_t labels = head.labels()->size();
  const std::size_t buckets = encoder.ngram_order() == 0 ? 0 : std::size_t{1} << encoder.ngram_log2_buckets();
  if (labels == 0) return corrupt_pack("head.labels", "is empty");
  if (features > kMaxDepth) return corrupt_pack("lite.convs", "has more channels than 65,536");
  if (size_of(head.weights()) != labels * features) return corrupt_pack("head.weights", "has the wrong size");
  if (size_of(head.bias()) != labels) return corrupt_pack("head.bias", "has the wrong size");
  if (auto error = check_gaps(head, buckets)) return error;
  const std::size_t rows = size_of(head.ngram_gaps()) > 0 ? head.ngram_gaps()->size() : buckets;
  if (size_of(head.ngram_weights()) != rows * labels) return corrupt_pack("head.ngram_weights", "has the wrong size");
  if (!within(head.weights(), 63)) return corrupt_pack("head.weights", "leaves [-63, 63]");
  if (!all_real(head.bias())) return corrupt_pack("head.bias", kOutOfReals);
  if (!is_scale(head.weight_scale())) return corrupt_pack("head.weight_scale", kOutOfScales);
  if (buckets > 0 && !is_scale(head.ngram_scale())) return corrupt_pack("head.ngram_scale", kOutOfScales);
  return std::nullopt;
}

}  // namespace

std::optional<Error> check_lite_pack(const schema::ModelPack& pack) {
  if (pack.lite() == nullptr) return corrupt_pack("lite", "is missing");
  if (auto error = check_encoder(*pack.lite())) return error;
  std::size_t features = 0;
  for (const schema::Conv1d* conv : *pack.lite()->convs()) features += conv->channels();
  for (const schema::LinearHead* head : *pack.heads()) {
    if (auto error = check_head(*head, *pack.lite(), features)) return error;
  }
  if (auto error = check_tasks(*pack.heads())) return error;
  return check_calibrations(pack, *pack.heads());
}

}  // namespace aftersense
