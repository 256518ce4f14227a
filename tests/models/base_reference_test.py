"""The base tier's arithmetic, against slow loops, against plain float64, and against the golden files."""

import math
from pathlib import Path

import numpy as np
import pytest

from base.golden import GOLDEN as BASE_GOLDEN
from base.golden import columns
from base.quantise import dequantise, quantise, unpack
from base.reference import (
    PACK,
    BaseReference,
    LinearLayer,
    attend,
    embedding,
    exp,
    gelu,
    lane_sum,
    norm,
    pieces_of,
    read_tokenizer,
    windows,
)
from pack import Encoder, LayerNorm, Linear, load

F = np.float32
GOLDEN = Path(__file__).parents[1] / "golden"
LINES = [line.split("\t") for line in (GOLDEN / "tiny_encoder.tsv").read_text("utf-8").split("\n") if line[:1] != "#"]
COLUMNS, LINES = LINES[0], LINES[1:-1]
REGENERATE = "python tests/golden/make_tiny_encoder.py"


@pytest.fixture(scope="module")
def tiny() -> BaseReference:
    return BaseReference(load(GOLDEN / "tiny_encoder.aspack"))


def floats(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(F)


def slow_lane_sum(x: np.ndarray) -> np.float32:
    lanes = [F(0)] * 4
    for i, value in enumerate(x):
        lanes[i % 4] = F(lanes[i % 4] + value)
    return F(F(lanes[0] + lanes[1]) + F(lanes[2] + lanes[3]))


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 17, 384])
def test_lane_sum_adds_in_the_documented_order(size: int) -> None:
    x = floats(3, size) * F(1000)
    assert lane_sum(x).tolist() == [slow_lane_sum(row) for row in x]


def test_exp_is_within_two_units_in_the_last_place() -> None:
    x = np.concatenate([np.linspace(-86.9, 0, 4001), [-200, -87]]).astype(F)
    exact = np.exp(np.maximum(x.astype(np.float64), -87))
    assert np.abs(exp(x) / exact - 1).max() < 2 * 2**-23
    assert exp(np.zeros(1, F)).tolist() == [1]


def test_gelu_follows_the_error_function() -> None:
    x = np.linspace(-8, 8, 4001).astype(F)
    exact = [float(z) * 0.5 * (1 + math.erf(float(z) / math.sqrt(2))) for z in x]
    assert np.abs(gelu(x) - exact).max() < 2e-6


def test_norm_is_the_formula_step_by_step() -> None:
    x, by = floats(2, 20), LayerNorm(floats(20, seed=2), floats(20, seed=3))
    expected = []
    for row in x:
        mean = F(slow_lane_sum(row) / F(20))
        d = [F(value - mean) for value in row]
        v = F(slow_lane_sum(np.array([F(value * value) for value in d])) / F(20))
        r = F(F(1) / F(np.sqrt(F(v + F(1e-5)))))
        expected.append([F(F(F(d[i] * r) * by.gain[i]) + by.bias[i]) for i in range(20)])
    assert norm(x, by, 1e-5).tolist() == np.array(expected).tolist()


def test_linear_is_the_formula_step_by_step() -> None:
    linear = Linear(quantise(floats(5, 64), 5), floats(5, seed=2))
    x = floats(3, 64, seed=3)
    x[1] = 0
    w = unpack(linear.weights)
    expected = []
    for row in x:
        m = F(max(abs(value) for value in row))
        q = [int(np.rint(F(value * F(F(127) / m)))) if m else 0 for value in row]
        sums = [sum(int(a) * b for a, b in zip(w[o], q, strict=True)) for o in range(5)]
        scale = F(m / F(127))
        expected.append([F(F(F(sums[o]) * F(scale * linear.weights.row_scales[o])) + linear.bias[o]) for o in range(5)])
    assert LinearLayer(linear)(x).tolist() == np.array(expected).tolist()


def test_attention_is_the_formula_step_by_step() -> None:
    steps, heads, size = 5, 2, 8
    x = floats(steps, 3 * heads * size)
    q, k, v = (x[:, i * heads * size : (i + 1) * heads * size] for i in range(3))
    out = np.zeros((steps, heads * size), F)
    for h in range(heads):
        at = slice(h * size, (h + 1) * size)
        for i in range(steps):
            s = np.zeros(steps, F)
            for t in range(steps):
                for d in range(size):
                    s[t] = F(s[t] + F(q[i, at][d] * k[t, at][d]))
            e = exp(s - s.max())
            p = [F(value * F(F(1) / slow_lane_sum(e))) for value in e]
            for d in range(size):
                total = F(0)
                for t in range(steps):
                    total = F(total + F(p[t] * v[t, at][d]))
                out[i, h * size + d] = total
    assert attend(x, heads).tolist() == out.tolist()


def plain_norm(x: np.ndarray, by: LayerNorm) -> np.ndarray:
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True) * by.gain + by.bias


def plain_states(encoder: Encoder, ids: list[int]) -> np.ndarray:
    """BERT as one would write it in float64, with the pack's real weights and no quantised activations."""

    def linear(by: Linear, x: np.ndarray) -> np.ndarray:
        return x @ dequantise(by.weights).astype(np.float64).T + by.bias

    x = dequantise(encoder.tokens)[ids].astype(np.float64) + dequantise(encoder.positions)[: len(ids)]
    x = plain_norm(x, encoder.embedding_norm)
    pooled = []
    for number, layer in enumerate(encoder.layers, 1):
        q, k, v = np.split(linear(layer.query_key_value, x), 3, axis=1)
        mixed = []
        for each in np.split(np.arange(encoder.hidden), encoder.attention_heads):
            e = np.exp(q[:, each] @ k[:, each].T)
            mixed.append(e / e.sum(1, keepdims=True) @ v[:, each])
        x = plain_norm(x + linear(layer.attention_output, np.concatenate(mixed, axis=1)), layer.attention_norm)
        up = linear(layer.feed_forward_up, x)
        bent = up * 0.5 * (1 + np.vectorize(math.erf)(up / math.sqrt(2)))
        x = plain_norm(x + linear(layer.feed_forward_down, bent), layer.output_norm)
        if number in encoder.pooled:
            pooled.append(x)
    return np.concatenate(pooled, axis=1)


def test_states_are_those_of_a_plain_encoder(tiny: BaseReference) -> None:
    """Activations of 8 bits cost a few per cent; a wrong head, order or norm would cost everything."""
    ids = np.random.default_rng(4).integers(0, tiny.encoder.tokens.rows, 16).tolist()
    plain = plain_states(tiny.encoder, ids)
    assert np.linalg.norm(tiny.states(ids) - plain) < 0.09 * np.linalg.norm(plain)


@pytest.mark.parametrize(
    ("pieces", "starts"), [(0, [0]), (14, [0]), (15, [0, 10]), (24, [0, 10]), (25, [0, 10, 20]), (34, [0, 10, 20])]
)
def test_windows_reach_the_last_piece_and_no_further(tiny: BaseReference, pieces: int, starts: list[int]) -> None:
    encoder = tiny.encoder
    expected = [[encoder.begin_id, *range(start, min(pieces, start + 14)), encoder.end_id] for start in starts]
    assert windows(encoder, list(range(pieces))) == expected


def test_token_marks_change_windows_in_the_middle_of_the_overlap(tiny: BaseReference) -> None:
    pieces = np.random.default_rng(5).integers(0, tiny.encoder.tokens.rows, 30).tolist()
    layer = next(layer for head, layer in tiny.heads if head.task == "evidence")
    last = tiny.encoder.hidden
    alone = [layer(tiny.states(ids)[:, -last:])[1:-1] for ids in tiny.windows(pieces)]  # from pieces 0, 10 and 20
    expected = [*alone[0][:12], *alone[1][2:12], *alone[2][2:]]
    assert tiny.answer(pieces).logits["evidence"].tolist() == np.array(expected).tolist()


def test_embeddings_have_unit_length_and_lead_with_their_own(tiny: BaseReference) -> None:
    vector = tiny.answer([5, 6, 7]).logits["embedding"]
    whole, leading = embedding(vector)
    assert np.linalg.norm(whole) == pytest.approx(1) and np.linalg.norm(leading) == pytest.approx(1)
    assert np.allclose(leading, vector[:128] / np.linalg.norm(vector[:128]), atol=1e-6)
    assert embedding(np.zeros(132, F))[0].tolist() == [0] * 132


def test_heads_of_another_pack_are_answered_as_well(tiny: BaseReference) -> None:
    both = BaseReference(tiny.pack, tiny.pack)
    assert len(both.heads) == 2 * len(tiny.heads)


def bits(reals: np.ndarray) -> str:
    return ",".join(f"{value:08x}" for value in reals.view(np.uint32))


@pytest.mark.parametrize("number", range(len(LINES)))
def test_reference_repeats_the_golden_file(tiny: BaseReference, number: int) -> None:
    line = dict(zip(COLUMNS, LINES[number], strict=True))
    answers = tiny.answer([int(piece) for piece in line["pieces"].split()])
    logits = answers.logits
    found = {"pieces": line["pieces"], "pooled": bits(answers.pooled), "vector": bits(logits["embedding"])}
    found |= {task: bits(logits[task]) for task in ("sentiment", "polarity", "aspects")}
    found["evidence"] = " ".join(map(bits, logits["evidence"]))
    found["embedding"], found["leading"] = map(bits, embedding(logits["embedding"]))
    assert found == line, f"after a deliberate change: {REGENERATE}"


def test_the_golden_file_has_texts_of_none_one_and_several_windows(tiny: BaseReference) -> None:
    counts = {len(tiny.windows(line[0].split())) if line[0] else 0 for line in LINES}  # type: ignore[arg-type]
    assert counts >= {0, 1, 2, 3, 6}


@pytest.mark.skipif(not BASE_GOLDEN.exists(), reason="python -m base.golden writes it once the model is trained")
def test_reference_repeats_the_golden_file_of_the_base_pack() -> None:
    reference, tokenizer = BaseReference(load(PACK)), read_tokenizer()
    lines = [line.split("\t") for line in BASE_GOLDEN.read_text("utf-8").split("\n")[:-1] if line[0] != "#"]
    assert len(lines) > 50
    for line in lines[1:]:
        expected = dict(zip(lines[0], line, strict=True))
        pieces = pieces_of(tokenizer, expected["text"], reference.pack.max_bytes)
        found = {"text": expected["text"], "language": expected["language"], **columns(reference, pieces)}
        assert found == expected, "after a deliberate change: python -m base.golden"
