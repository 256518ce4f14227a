#pragma once

#include "kernels/kernels.h"

namespace aftersense {

extern const Kernels kRelaxedKernels;

}  // namespace aftersense
