"""Round float matrices to the grid of FORMAT.md: codes of 4 to 8 bits, a small integer scale a block, a real one a row.

A row's largest weight becomes 63 steps. Every block then tries all integer scales, of either sign since the negative
side of the codes is one longer, and keeps the one of least squared error. A matrix that is on such a grid already is
found again, up to the rounding of its weights to steps.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from pack import Float32, Int8, Matrix, UInt8

BLOCK = 32
LEVELS = 63  # a weight is within ±63 steps of its row's scale
SCALE_LIMIT = 127  # of a block
WEIGHTS_AT_ONCE = 1 << 16  # searched together: they stay in the cache
DAMPING = 0.01  # of the mean moment

Float64 = npt.NDArray[np.float64]


@cache
def tables(bits: int) -> tuple[Float32, UInt8]:
    """The nearest weight w, and its u, by [block scale + 127, floor(2 x) + 128] for a value of x steps.

    Half steps suffice: two weights, being integers, are equally far from a multiple of ½ only.
    """
    half = 1 << (bits - 1)
    codes = np.arange(-half, half)
    scales = np.arange(-SCALE_LIMIT, SCALE_LIMIT + 1)
    weights = np.clip((codes * scales[:, None] + half) >> bits, -LEVELS, LEVELS)
    middles = (np.arange(-128, 128) + 0.5) / 2
    nearest = np.stack([np.abs(middles[:, None] - row).argmin(axis=1) for row in weights])
    return np.take_along_axis(weights, nearest, axis=1).astype(np.float32), nearest.astype(np.uint8)


def halves_of(x: Float32 | Float64) -> npt.NDArray[np.intp]:
    return np.clip(np.floor(2 * x), -128, 127).astype(np.intp) + 128


def search(x: Float32, bits: int) -> tuple[npt.NDArray[np.intp], UInt8]:
    """The best scale of each block and the codes u, for weights in steps [blocks, 32]."""
    weights, codes = tables(bits)
    halves = halves_of(x)
    best = np.zeros(len(x), np.intp)
    least = np.full(len(x), np.inf, np.float32)
    for scale, nearest in enumerate(weights):
        error = x - nearest.take(halves)
        power = np.einsum("ij,ij->i", error, error)
        better = power < least
        best[better], least[better] = scale, power[better]
    return best - SCALE_LIMIT, codes[best[:, None], halves]


def nearest(x: Float32, bits: int) -> tuple[Int8, UInt8]:
    """Block scales and codes of weights in steps [rows, columns], each weight for itself."""
    rows, columns = x.shape
    scales = np.zeros((rows, columns // BLOCK), np.int8)
    codes = np.zeros((rows, columns), np.uint8)
    at_once = max(1, WEIGHTS_AT_ONCE // columns)
    for start in range(0, rows, at_once):
        part = slice(start, start + at_once)
        best, found = search(x[part].reshape(-1, BLOCK), bits)
        scales[part] = best.reshape(-1, columns // BLOCK)
        codes[part] = found.reshape(-1, columns)
    return scales, codes


def compensated(x: Float32, bits: int, moments: Float64) -> tuple[Int8, UInt8]:
    """Block scales and codes of least squared error of the outputs: GPTQ (Frantar et al. 2023, arXiv:2210.17323).

    Column by column, the error of rounding is taken over by the columns to the right, as far as their inputs go with
    this one's. What a training has added to the weights is small beside the grid's gaps: where rounding for itself
    falls back to the weights before training, the sum over the inputs keeps it.
    """
    weights, table = tables(bits)
    columns = x.shape[1]
    factor = inverse_factor(moments)
    left = x.astype(np.float64)
    scales = np.zeros((len(x), columns // BLOCK), np.int8)
    codes = np.zeros(x.shape, np.uint8)
    for start in range(0, columns, BLOCK):
        stop = start + BLOCK
        best, _ = search(left[:, start:stop].astype(np.float32), bits)
        scales[:, start // BLOCK] = best
        error = np.zeros((len(x), BLOCK))
        for c in range(start, stop):
            at = best + SCALE_LIMIT, halves_of(left[:, c])
            codes[:, c] = table[at]
            error[:, c - start] = (left[:, c] - weights[at]) / factor[c, c]
            left[:, c + 1 : stop] -= np.outer(error[:, c - start], factor[c, c + 1 : stop])
        left[:, stop:] -= error @ factor[start:stop, stop:]
    return scales, codes


def inverse_factor(moments: Float64) -> Float64:
    """The upper triangular U with UᵀU = (moments + a little of the identity)⁻¹."""
    damped = moments + DAMPING * np.trace(moments) / len(moments) * np.eye(len(moments))
    return np.linalg.cholesky(np.linalg.inv(damped)).T


def quantise(weights: Float32, bits: int, moments: Float64 | None = None) -> Matrix:
    """Round to least squared error of the weights, or with `moments`, Σ x xᵀ over inputs x, of the outputs."""
    peaks = np.abs(weights).max(axis=1)
    row_scales = np.where(peaks > 0, peaks / np.float32(LEVELS), np.float32(1)).astype(np.float32)
    rows, columns = weights.shape
    x = weights / row_scales[:, None]
    scales, codes = nearest(x, bits) if moments is None else compensated(x, bits, moments)
    return fit_rows(Matrix(rows, columns, bits, to_planes(codes, bits), scales, row_scales), weights, moments)


def fit_rows(matrix: Matrix, weights: Float32, moments: Float64 | None) -> Matrix:
    """The same integers with the row scales of least squared error."""
    w = unpack(matrix).astype(np.float64)
    seen = w if moments is None else w @ moments
    power = np.einsum("ij,ij->i", seen, w)
    fitted = np.einsum("ij,ij->i", seen, weights) / np.where(power > 0, power, 1)
    return replace(matrix, row_scales=np.where(power > 0, fitted, matrix.row_scales).astype(np.float32))


def to_planes(codes: UInt8, bits: int) -> UInt8:
    """Unsigned codes [rows, columns] as bit planes."""
    if bits == 8:
        return codes.reshape(-1).copy()
    blocks = codes.reshape(-1, BLOCK)
    low = (blocks[:, :16] & 15) | (blocks[:, 16:] & 15) << 4
    planes = [np.packbits(blocks >> bit & 1, axis=1, bitorder="little") for bit in range(4, bits)]
    return np.concatenate([plane.reshape(-1) for plane in (low, *planes)])


def from_planes(planes: UInt8, rows: int, columns: int, bits: int) -> UInt8:
    if bits == 8:
        return planes.reshape(rows, columns)
    blocks = rows * columns // BLOCK
    low, *high = np.split(planes, np.cumsum([16 * blocks, *[4 * blocks] * (bits - 5)])[: bits - 4])
    low = low.reshape(blocks, 16)
    codes = np.concatenate([low & 15, low >> 4], axis=1)
    for bit, plane in enumerate(high, start=4):
        codes |= np.unpackbits(plane.reshape(blocks, 4), axis=1, bitorder="little") << np.uint8(bit)
    return codes.reshape(rows, columns)


def unpack(matrix: Matrix) -> Int8:
    """The weights w in steps of their row's scale."""
    half = 1 << (matrix.bits - 1)
    codes = from_planes(matrix.codes, matrix.rows, matrix.columns, matrix.bits)
    n = codes.reshape(matrix.rows, -1, BLOCK).astype(np.int16) - np.int16(half)
    steps = (n * matrix.block_scales.reshape(matrix.rows, -1, 1).astype(np.int16) + np.int16(half)) >> matrix.bits
    return np.clip(steps, -LEVELS, LEVELS).astype(np.int8).reshape(matrix.rows, matrix.columns)


def dequantise(matrix: Matrix) -> Float32:
    return unpack(matrix).astype(np.float32) * matrix.row_scales[:, None]


def errors(matrix: Matrix, weights: Float32) -> tuple[float, float]:
    """The worst error as a share of its row's largest weight, and the rms error as a share of the rms weight."""
    error = dequantise(matrix) - weights
    peaks = np.abs(weights).max(axis=1)
    worst = (np.abs(error).max(axis=1) / np.where(peaks > 0, peaks, 1)).max()
    power = float(np.square(weights).sum())
    return float(worst), float(np.square(error).sum() / power) ** 0.5 if power > 0 else 0.0


def output_error(matrix: Matrix, weights: Float32, moments: Float64) -> float:
    """The rms error of the outputs as a share of their rms."""
    error = dequantise(matrix).astype(np.float64) - weights
    return float(np.sqrt(np.sum(error @ moments * error) / np.sum(weights @ moments * weights)))
