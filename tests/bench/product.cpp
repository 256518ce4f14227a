#include "product.h"

#include <random>
#include <span>
#include <utility>

namespace aftersense::bench {

Product::Product(std::size_t outputs, std::size_t inputs, std::size_t tokens)
    : outputs_(outputs),
      inputs_(inputs),
      tokens_(tokens),
      kernels_(&active_kernels()),
      weights_(outputs * inputs),
      row_scales_(outputs, 0.01F),
      bias_(outputs, 0.5F),
      activations_(tokens * inputs),
      token_scales_(tokens, 0.02F),
      result_(tokens * outputs) {
  std::minstd_rand random(5);
  for (std::int8_t& weight : weights_) weight = static_cast<std::int8_t>(static_cast<int>(random() % 127) - 63);
  for (std::int8_t& activation : activations_) activation = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
  panels_ = pack(*kernels_);
}

void Product::run() {
  multiply(*kernels_, panels_, result_);
}

double Product::operations() const {
  return 2.0 * static_cast<double>(outputs_ * inputs_ * tokens_);
}

bool Product::equals_scalar() {
  const Kernels& scalar = *compiled_kernels().front();
  std::vector<float> expected(result_.size());
  multiply(scalar, pack(scalar), expected);
  run();
  return result_ == expected;
}

/// outputs_ is a multiple of kPanelRows.
AlignedBuffer Product::pack(const Kernels& kernels) const {
  AlignedBuffer panels(packed_bytes(outputs_, inputs_));
  const std::size_t panel_bytes = kPanelRows * inputs_;
  for (std::size_t at = 0; at < weights_.size(); at += panel_bytes) {
    kernels.pack_panel(std::span(weights_).subspan(at, panel_bytes), inputs_, panels.bytes().subspan(at, panel_bytes));
  }
  return panels;
}

void Product::multiply(const Kernels& kernels, const AlignedBuffer& panels, std::vector<float>& out) const {
  const PackedLinear linear{.rows = outputs_, .depth = inputs_, .panels = panels.bytes(), .row_scales = row_scales_, .bias = bias_};
  kernels.linear_i8_f32(activations_, token_scales_, linear, Activation::kNone, out);
}

}  // namespace aftersense::bench
