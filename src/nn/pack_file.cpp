#include "nn/pack_file.h"

#include <string>

#include "core/flat_file.h"

namespace aftersense {
namespace {

constexpr const char* kIdentifier = "ASMP";
constexpr std::uint32_t kMinBytes = 64;  // of a text
constexpr std::uint32_t kMaxBytes = 1 << 20;

}  // namespace

Result<const schema::ModelPack*> open_model_pack(std::span<const std::uint8_t> file) {
  const Result<const schema::ModelPack*> opened = open_flat_file<schema::ModelPack>(file, kIdentifier, "model pack");
  if (!opened) return opened.error();
  const schema::ModelPack& pack = **opened;
  if (pack.format_version() != kModelPackVersion) {
    return Error{ErrorCode::pack_wrong_version, "The model pack has format version " + std::to_string(pack.format_version()) +
                                                    ", this module reads " + std::to_string(kModelPackVersion) +
                                                    "; use the pack that ships with it."};
  }
  if (pack.max_bytes() < kMinBytes || pack.max_bytes() > kMaxBytes) return corrupt_pack("max_bytes", "leaves [64, 1048576]");
  return &pack;
}

const schema::Calibration* find_calibration(const schema::ModelPack& pack, std::string_view task, std::string_view language) {
  if (pack.calibrations() == nullptr) return nullptr;
  for (const schema::Calibration* calibration : *pack.calibrations()) {
    if (calibration->task()->string_view() == task && calibration->language()->string_view() == language) return calibration;
  }
  return nullptr;
}

Error corrupt_pack(std::string_view where, std::string_view what) {
  return {ErrorCode::pack_corrupt, "Model pack: " + std::string(where) + " " + std::string(what) + "; download it again."};
}

}  // namespace aftersense
