#include "nn/lite_model_check.h"

#include <cmath>
#include <string>

#include "kernels/kernels.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxDepth = 65'536;  // width · dim, as Kernels::matvec_i8_i32 allows
constexpr unsigned kMaxBucketBits = 22;
constexpr unsigned kMaxNgramOrder = 8;
constexpr std::int32_t kMaxBias = 1 << 29;  // with the greatest inner product still an int32
constexpr std::uint32_t kMinBytes = 64;
constexpr std::uint32_t kMaxBytes = 1 << 20;

Error corrupt(std::string_view where, std::string_view what) {
  return {ErrorCode::pack_corrupt, "Model pack: " + std::string(where) + " " + std::string(what) + "; download it again."};
}

template <typename Vector>
std::size_t size_of(const Vector* vector) {
  return vector == nullptr ? 0 : vector->size();
}

bool is_scale(float value) {
  return std::isfinite(value) && value > 0.0F;
}

bool within(const flatbuffers::Vector<std::int8_t>* values, int limit) {
  for (const std::int8_t value : *values) {
    if (value < -limit || value > limit) return false;
  }
  return true;
}

bool all_finite(const flatbuffers::Vector<float>* values) {
  for (const float value : *values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

std::optional<Error> check_conv(const schema::Conv1d& conv, std::size_t dim) {
  const std::size_t depth = conv.width() * dim;
  if (conv.width() % 2 == 0) return corrupt("conv.width", "is even");
  if (conv.channels() == 0) return corrupt("conv.channels", "is 0");
  if (depth > kMaxDepth) return corrupt("conv", "has more inputs a channel than 65,536");
  if (size_of(conv.weights()) != conv.channels() * depth) return corrupt("conv.weights", "has the wrong size");
  if (size_of(conv.scales()) != conv.channels()) return corrupt("conv.scales", "has the wrong size");
  if (size_of(conv.bias()) != conv.channels()) return corrupt("conv.bias", "has the wrong size");
  if (!within(conv.weights(), 63)) return corrupt("conv.weights", "leaves [-63, 63]");
  for (const float scale : *conv.scales()) {
    if (!is_scale(scale)) return corrupt("conv.scales", "has a value that is not positive and finite");
  }
  for (const std::int32_t bias : *conv.bias()) {
    if (bias < -kMaxBias || bias > kMaxBias) return corrupt("conv.bias", "leaves its range");
  }
  return std::nullopt;
}

std::optional<Error> check_encoder(const schema::LiteEncoder& encoder) {
  const std::size_t dim = encoder.dim();
  if (dim == 0 || dim % kPaddedDepth != 0) return corrupt("lite.dim", "is not a positive multiple of 16");
  if (size_of(encoder.embedding()) == 0 || encoder.embedding()->size() % dim != 0) return corrupt("lite.embedding", "has the wrong size");
  if (!within(encoder.embedding(), 127)) return corrupt("lite.embedding", "leaves [-127, 127]");
  if (!is_scale(encoder.embedding_scale())) return corrupt("lite.embedding_scale", "is not positive and finite");
  if (!is_scale(encoder.feature_scale())) return corrupt("lite.feature_scale", "is not positive and finite");
  if (encoder.ngram_order() > kMaxNgramOrder) return corrupt("lite.ngram_order", "is over 8");
  const unsigned bits = encoder.ngram_log2_buckets();
  if (encoder.ngram_order() > 0 && (bits == 0 || bits > kMaxBucketBits)) return corrupt("lite.ngram_log2_buckets", "leaves [1, 22]");
  if (size_of(encoder.convs()) == 0) return corrupt("lite.convs", "is empty");
  for (const schema::Conv1d* conv : *encoder.convs()) {
    if (auto error = check_conv(*conv, dim)) return error;
  }
  return std::nullopt;
}

std::optional<Error> check_head(const schema::LinearHead& head, const schema::LiteEncoder& encoder, std::size_t features) {
  const std::size_t labels = head.labels()->size();
  const std::size_t buckets = encoder.ngram_order() == 0 ? 0 : std::size_t{1} << encoder.ngram_log2_buckets();
  if (labels == 0) return corrupt("head.labels", "is empty");
  if (features > kMaxDepth) return corrupt("lite.convs", "has more channels than 65,536");
  if (size_of(head.weights()) != labels * features) return corrupt("head.weights", "has the wrong size");
  if (size_of(head.bias()) != labels) return corrupt("head.bias", "has the wrong size");
  if (size_of(head.ngram_weights()) != buckets * labels) return corrupt("head.ngram_weights", "has the wrong size");
  if (!within(head.weights(), 63)) return corrupt("head.weights", "leaves [-63, 63]");
  if (!all_finite(head.bias())) return corrupt("head.bias", "is not finite");
  if (!is_scale(head.weight_scale())) return corrupt("head.weight_scale", "is not positive and finite");
  if (buckets > 0 && !is_scale(head.ngram_scale())) return corrupt("head.ngram_scale", "is not positive and finite");
  return std::nullopt;
}

std::optional<Error> check_calibration(const schema::Calibration& calibration, const schema::ModelPack& pack) {
  for (const schema::LinearHead* head : *pack.heads()) {
    if (head->task()->string_view() != calibration.task()->string_view()) continue;
    if (size_of(calibration.bias()) != head->labels()->size()) return corrupt("calibration.bias", "has the wrong size");
    if (!all_finite(calibration.bias())) return corrupt("calibration.bias", "is not finite");
    if (!is_scale(calibration.temperature())) return corrupt("calibration.temperature", "is not positive and finite");
    return std::nullopt;
  }
  return corrupt("calibration.task", "names no head");
}

}  // namespace

std::optional<Error> check_lite_pack(const schema::ModelPack& pack) {
  if (pack.format_version() != kModelPackVersion) {
    return Error{ErrorCode::pack_wrong_version, "The model pack has format version " + std::to_string(pack.format_version()) +
                                                    ", this module reads " + std::to_string(kModelPackVersion) +
                                                    "; use the pack that ships with it."};
  }
  if (pack.lite() == nullptr) return corrupt("lite", "is missing");
  if (pack.max_bytes() < kMinBytes || pack.max_bytes() > kMaxBytes) return corrupt("max_bytes", "leaves [64, 1048576]");
  if (auto error = check_encoder(*pack.lite())) return error;
  std::size_t features = 0;
  for (const schema::Conv1d* conv : *pack.lite()->convs()) features += conv->channels();
  for (const schema::LinearHead* head : *pack.heads()) {
    if (auto error = check_head(*head, *pack.lite(), features)) return error;
  }
  if (pack.calibrations() == nullptr) return std::nullopt;
  for (const schema::Calibration* calibration : *pack.calibrations()) {
    if (auto error = check_calibration(*calibration, pack)) return error;
  }
  return std::nullopt;
}

}  // namespace aftersense
