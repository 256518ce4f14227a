"""The grid of the base tier: bit planes, the documented weight, and the search for scales."""

import math

import numpy as np
import pytest

from base.quantise import (
    BLOCK,
    LEVELS,
    dequantise,
    errors,
    from_planes,
    output_error,
    quantise,
    search,
    to_planes,
    unpack,
)
from pack import Matrix

BITS = (4, 5, 6, 8)


def gaussian(rows: int, columns: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)


def code_at(planes: bytes, blocks: int, bits: int, index: int) -> int:
    """u of one weight, as FORMAT.md finds it."""
    block, element = divmod(index, BLOCK)
    if bits == 8:
        return planes[index]
    byte = planes[16 * block + element % 16]
    u = byte >> 4 if element >= 16 else byte & 15
    for bit in range(4, bits):
        start = 16 * blocks + (bit - 4) * 4 * blocks
        u |= (planes[start + 4 * block + element // 8] >> (element % 8) & 1) << bit
    return u


@pytest.mark.parametrize("bits", BITS)
def test_planes_hold_each_code_where_the_format_says(bits: int) -> None:
    codes = np.random.default_rng(bits).integers(0, 1 << bits, (3, 64)).astype(np.uint8)
    planes = to_planes(codes, bits)
    assert len(planes) == 3 * 64 * bits // 8
    found = [code_at(planes.tobytes(), 6, bits, index) for index in range(codes.size)]
    assert found == codes.reshape(-1).tolist()
    assert from_planes(planes, 3, 64, bits).tolist() == codes.tolist()


@pytest.mark.parametrize("bits", BITS)
def test_a_weight_is_the_documented_number_of_steps(bits: int) -> None:
    rng = np.random.default_rng(bits)
    codes = rng.integers(0, 1 << bits, (4, 64)).astype(np.uint8)
    scales = rng.integers(-128, 128, (4, 2)).astype(np.int8)
    row_scales = rng.random(4).astype(np.float32)
    matrix = Matrix(4, 64, bits, to_planes(codes, bits), scales, row_scales)
    half = 2 ** (bits - 1)
    expected = [
        [
            min(
                LEVELS, max(-LEVELS, math.floor(((int(codes[r, c]) - half) * int(scales[r, c // 32]) + half) / 2**bits))
            )
            for c in range(64)
        ]
        for r in range(4)
    ]
    assert unpack(matrix).tolist() == expected
    assert np.array_equal(dequantise(matrix), np.array(expected, np.float32) * row_scales[:, None])


@pytest.mark.parametrize("bits", BITS)
def test_no_other_scale_or_code_is_nearer(bits: int) -> None:
    blocks = gaussian(20, BLOCK) * 20
    scales, codes = search(blocks, bits)
    half = 1 << (bits - 1)

    def steps(scale: int | np.ndarray, n: np.ndarray) -> np.ndarray:
        return np.clip((n * scale + half) >> bits, -LEVELS, LEVELS)

    found = np.square(blocks - steps(scales[:, None], codes.astype(int) - half)).sum(axis=1)
    nearest = [
        np.square(np.abs(blocks[:, :, None] - steps(scale, np.arange(-half, half))).min(axis=2)).sum(axis=1)
        for scale in range(-127, 128)
    ]
    assert found == pytest.approx(np.min(nearest, axis=0), rel=1e-5)


def test_a_four_bit_grid_is_found_again() -> None:
    """Blocks of 32 with a real scale and codes −8 … 7, as the pretrained weights are; new ones come out far worse."""
    values = gaussian(64, 384).reshape(-1, BLOCK)
    extreme = values[np.arange(len(values)), np.abs(values).argmax(axis=1)]
    scales = (extreme / -8).astype(np.float16).astype(np.float32)
    codes = np.clip(np.rint(values / scales[:, None]), -8, 7)
    grid = (codes * scales[:, None]).reshape(64, 384)
    matrix = quantise(grid, 4)
    found = from_planes(matrix.codes, 64, 384, 4).reshape(-1, BLOCK).astype(int) - 8
    mirrored = np.sign(matrix.block_scales.reshape(-1, 1)) * np.sign(scales[:, None])
    assert np.mean(found * mirrored == codes) > 0.999
    _, rms = errors(matrix, grid)
    _, of_new = errors(quantise(gaussian(64, 384), 4), gaussian(64, 384))
    assert rms < 0.02
    assert of_new > 3 * rms


def test_more_bits_make_smaller_errors() -> None:
    weights = gaussian(32, 256)
    rms = [errors(quantise(weights, bits), weights)[1] for bits in BITS]
    assert rms == sorted(rms, reverse=True)
    assert rms[0] < 0.09
    assert rms[-1] < 0.02


def test_eight_bits_reach_every_step() -> None:
    weights = (np.arange(-63, 64, dtype=np.float32)[None, :] * np.ones((2, 1), np.float32))[:, :126]
    weights = np.concatenate([weights, np.full((2, 2), 63, np.float32)], axis=1)
    assert np.array_equal(unpack(quantise(weights, 8)), weights)


def test_rows_and_blocks_of_zeros_stay_zero() -> None:
    weights = gaussian(3, 64)
    weights[1] = 0
    weights[2, :32] = 0
    matrix = quantise(weights, 5)
    found = dequantise(matrix)
    assert not found[1].any() and not found[2, :32].any()
    assert np.isfinite(matrix.row_scales).all()
    assert errors(matrix, weights)[1] < 0.05


def correlated_moments(columns: int) -> np.ndarray:
    inputs = gaussian(600, columns, seed=2) @ gaussian(columns, columns, seed=3) + 2 * gaussian(1, columns, seed=4)
    return (inputs.T @ inputs).astype(np.float64)


@pytest.mark.parametrize("bits", [4, 5, 6])
def test_compensated_weights_give_nearer_outputs(bits: int) -> None:
    weights, moments = gaussian(48, 128), correlated_moments(128)
    plain, compensated = quantise(weights, bits), quantise(weights, bits, moments)
    assert output_error(compensated, weights, moments) < 0.8 * output_error(plain, weights, moments)


def test_what_training_adds_to_a_grid_outlives_compensated_rounding_only() -> None:
    """A small change along one direction of the inputs: rounded weight by weight, it is gone."""
    grid = dequantise(quantise(gaussian(48, 128), 4))
    direction = np.sign(gaussian(1, 128, seed=5))
    weights = grid + np.float32(0.03) * direction
    moments = (direction.T @ direction + 0.05 * np.eye(128)).astype(np.float64)
    change = ((weights - grid) @ direction.T).mean()

    def kept(matrix: Matrix) -> float:
        return float(((dequantise(matrix) - grid) @ direction.T).mean() / change)

    assert kept(quantise(weights, 4)) < 0.5
    assert kept(quantise(weights, 4, moments)) == pytest.approx(1, abs=0.1)


def test_independent_inputs_of_equal_power_need_no_compensation() -> None:
    weights = gaussian(16, 96)
    plain, same = quantise(weights, 5), quantise(weights, 5, np.eye(96))
    assert np.array_equal(plain.codes, same.codes) and np.array_equal(plain.block_scales, same.block_scales)
    assert np.allclose(plain.row_scales, same.row_scales)
