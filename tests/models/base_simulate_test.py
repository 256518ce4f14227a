"""The integer network in torch, against the numpy reference and against the float network that it rounds."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("torch", reason="the training extras bring torch")

import torch

from base import simulate
from base.labels import ASPECTS
from base.network import Network, Shape
from base.quantise import quantise
from base.reference import LinearLayer
from base.simulate import Form, IntegerLinear, integer_network, read, spans
from pack import Linear

BODY, STRIDE, HALF = simulate.WINDOW - 2, simulate.WINDOW - 2 - simulate.OVERLAP, simulate.OVERLAP // 2


def small_network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    shape = Shape(vocabulary=40, hidden=96, ffn=192, layers=2, positions=simulate.WINDOW, pooled=(1, 2))
    network = Network(shape, {"sentiment": 3, "aspects": 12}, len(ASPECTS))
    network.requires_grad_(False).eval()
    network.encoder.positions.normal_(0, 0.5)
    # On their grids already, as the pretrained ones are, so that what a test sees comes from the layers.
    network.encoder.tokens.weight.copy_(simulate.rounded(network.encoder.tokens.weight, simulate.FROZEN_BITS))
    network.encoder.positions.copy_(simulate.rounded(network.encoder.positions, simulate.POSITION_BITS))
    return network


def texts(*lengths: int, seed: int = 1) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.integers(4, 40, length).tolist() for length in lengths]


@pytest.mark.parametrize("pieces", [0, 1, BODY - 1, BODY, BODY + 1, STRIDE + BODY, STRIDE + BODY + 1, 1000])
def test_every_piece_is_answered_by_one_window_that_holds_it(pieces: int) -> None:
    windows = spans(7, pieces)
    answered = [piece for each in windows for piece in range(each.answers_from, each.answers_to)]
    assert answered == list(range(pieces))
    assert windows[-1].end == pieces
    for each in windows:
        assert each.text == 7
        assert each.start <= each.answers_from <= each.answers_to <= each.end <= each.start + BODY
    for earlier, later in pairwise(windows):
        assert earlier.end - later.start == simulate.OVERLAP
        assert earlier.answers_to == later.start + HALF


@pytest.mark.parametrize("bits", [4, 5, 6, 8])
def test_an_integer_layer_equals_the_reference(bits: int) -> None:
    rng = np.random.default_rng(bits)
    matrix = quantise(rng.normal(size=(48, 64)).astype(np.float32), bits)
    bias = rng.normal(size=48).astype(np.float32)
    x = rng.normal(size=(5, 64)).astype(np.float32) * 10
    x[2] = 0
    ours = IntegerLinear(matrix, torch.from_numpy(bias))(torch.from_numpy(x)[None])[0].numpy()
    assert ours.tolist() == LinearLayer(Linear(matrix, bias))(x).tolist()


def test_without_integers_the_network_is_the_float_one() -> None:
    network, batch = small_network(), texts(3, 9)
    same = integer_network(network, bits=5, frozen=1, form=Form(weights=False, activations=False))
    assert np.array_equal(read(same, batch).pooled, read(network, batch).pooled)


def test_each_rounding_costs_a_little_and_fewer_bits_cost_more() -> None:
    network, batch = small_network(), texts(3, 9, 30)
    exact = read(network, batch).pooled

    def error(bits: int, form: Form) -> float:
        return float(np.abs(read(integer_network(network, bits, 0, form), batch).pooled - exact).mean())

    activations, weights = error(8, Form(weights=False)), error(8, Form(activations=False))
    assert 0 < activations < 0.05 and 0 < weights < 0.05
    assert error(4, Form(activations=False)) > 3 * weights
    assert error(8, Form()) < activations + weights


def test_rounding_leaves_the_network_itself_alone() -> None:
    network, batch = small_network(), texts(5)
    before = read(network, batch).pooled
    integer_network(network, 4, 1)
    assert np.array_equal(read(network, batch).pooled, before)


def test_a_text_reads_the_same_alone_and_among_others() -> None:
    network, batch = small_network(), texts(0, 4, 300, 17, 90, 700)
    together = read(network, batch, marked={2, 3})
    for index, text in enumerate(batch):
        alone = read(network, [text], marked={0})
        assert together.pooled[index] == pytest.approx(alone.pooled[0], abs=1e-5)
        if index in together.evidence:
            assert together.evidence[index] == pytest.approx(alone.evidence[0], abs=1e-5)
    assert together.evidence.keys() == {2, 3}


def test_a_long_text_is_the_mean_of_its_windows_by_their_tokens() -> None:
    network = small_network()
    (text,) = texts(STRIDE + 100)
    first, second = text[:BODY], text[STRIDE:]
    parts = read(network, [first, second], marked={0, 1})
    whole = read(network, [text], marked={0})
    weights = np.array([len(first) + 2, len(second) + 2])
    assert whole.pooled[0] == pytest.approx(np.average(parts.pooled, axis=0, weights=weights), abs=1e-5)
    joined = np.concatenate([parts.evidence[0][: STRIDE + HALF], parts.evidence[1][HALF:]])
    assert whole.evidence[0] == pytest.approx(joined, abs=1e-5)
