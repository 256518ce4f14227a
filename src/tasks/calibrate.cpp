#include "tasks/calibrate.h"

#include <algorithm>
#include <cmath>

namespace aftersense {

void calibrate(const schema::Calibration* calibration, std::span<float> logits) {
  if (calibration == nullptr) return;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    logits[k] = (logits[k] - calibration->bias()->Get(static_cast<flatbuffers::uoffset_t>(k))) / calibration->temperature();
  }
}

void softmax(std::span<float> logits) {
  const float top = std::ranges::max(logits);
  float sum = 0;
  for (float& value : logits) {
    value = std::exp(value - top);
    sum += value;
  }
  for (float& value : logits) value /= sum;
}

float logistic(float logit) {
  return 1 / (1 + std::exp(-logit));
}

}  // namespace aftersense
