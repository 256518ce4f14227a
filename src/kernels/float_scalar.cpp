#include "kernels/float_scalar.h"

namespace aftersense {

const FloatConstants kFloat = {
    .exp_low = -87.0F,
    .log2_e = 1.44269504F,
    .log2_high = 0.693359375F,
    .log2_low = -2.12194440e-4F,
    .exp = {1.9875691500e-4F, 1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F},
    .erf_top = 3.925F,
    .erf_p = {-2.72614225801306e-10F, 2.77068142495902e-8F, -2.10102402082508e-6F, -5.69250639462346e-5F, -7.34990630326855e-4F,
              -2.95459980854025e-3F, -1.60960333262415e-2F},
    .erf_q = {-1.45660718464996e-5F, -2.13374055278905e-4F, -1.68282697438203e-3F, -7.37332916720468e-3F, -1.42647390514189e-2F},
    .sqrt_half = 0.70710678F,
    .half = 0.5F,
    .one = 1.0F,
    .shifter = 0x1.8p23F,
};

}  // namespace aftersense
