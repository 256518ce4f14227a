#pragma once

#include <span>

#include "model_pack_generated.h"

namespace aftersense {

/// Logits of a head as the calibration of a language has them: (logit − bias) / temperature. Without one, they stay as they are.
/// `logits` are as many as the head's labels.
void calibrate(const schema::Calibration* calibration, std::span<float> logits);

/// Turns logits into probabilities that sum to 1.
void softmax(std::span<float> logits);

/// The probability that a logit stands for on its own.
[[nodiscard]] float logistic(float logit);

}  // namespace aftersense
