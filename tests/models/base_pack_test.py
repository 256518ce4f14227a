"""Packs of the base tier: round trip, alignment, and that the shipped ones are what the tasks need."""

import dataclasses
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import model_pack_generated as fb
from base.labels import ASPECTS
from base.reference import PACK
from pack import HeadKind, Pack, from_bytes, load, to_bytes

TINY = Path(__file__).parents[1] / "golden" / "tiny_encoder.aspack"
BUDGET_BYTES = 16_000_000
ENCODER_TASKS = "sentiment emotions aspects polarity intent detail urgency escalate evidence embedding"


@pytest.fixture(scope="module")
def base() -> Pack:
    return load(PACK)


def flat(value: Any) -> list[Any]:
    """The fields of nested dataclasses, one after the other, arrays as lists."""
    if dataclasses.is_dataclass(value):
        return [leaf for field in dataclasses.fields(value) for leaf in flat(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [leaf for each in value for leaf in flat(each)]
    return [value.tolist() if isinstance(value, np.ndarray) else value]


def test_reading_and_writing_gives_the_same_bytes() -> None:
    data = TINY.read_bytes()
    assert to_bytes(from_bytes(data)) == data


def test_every_field_survives() -> None:
    pack = load(TINY)
    copy = from_bytes(to_bytes(dataclasses.replace(pack, version="2.0.0")))
    assert copy.version == "2.0.0"
    assert flat(dataclasses.replace(copy, version=pack.version)) == flat(pack)


def test_the_tiny_pack_has_every_bit_width_and_kind_of_head() -> None:
    pack = load(TINY)
    assert pack.encoder is not None
    matrices = [pack.encoder.tokens, pack.encoder.positions]
    for layer in pack.encoder.layers:
        linears = (layer.query_key_value, layer.attention_output, layer.feed_forward_up, layer.feed_forward_down)
        matrices += [linear.weights for linear in linears]
    assert {matrix.bits for matrix in matrices} == {4, 5, 6, 8}
    assert {head.kind for head in pack.encoder_heads} == set(HeadKind)
    assert len(TINY.read_bytes()) < 120_000


@pytest.mark.parametrize("path", [TINY, PACK], ids=["tiny", "base"])
def test_codes_are_aligned(path: Path) -> None:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    root = fb.ModelPack.GetRootAs(data, 0)
    encoder = root.Encoder()
    matrices = [encoder.Tokens(), encoder.Positions()]
    for layer in (encoder.Layers(i) for i in range(encoder.LayersLength())):
        linears = (layer.QueryKeyValue(), layer.AttentionOutput(), layer.FeedForwardUp(), layer.FeedForwardDown())
        matrices += [linear.Weights() for linear in linears]
    vectors = [root.TokenizerAsNumpy(), *(matrix.CodesAsNumpy() for matrix in matrices)]
    start = data.__array_interface__["data"][0]
    assert [(vector.__array_interface__["data"][0] - start) % 16 for vector in vectors] == [0] * len(vectors)


def test_a_pack_without_encoder_or_tokeniser_is_read() -> None:
    pack = load(TINY)
    heads = Pack("probes", "1.0.0", "base", 8192, b"", encoder_heads=pack.encoder_heads)
    copy = from_bytes(to_bytes(heads))
    assert copy.encoder is None and copy.tokenizer == b"" and len(copy.embedding) == 0
    assert flat(copy.encoder_heads) == flat(pack.encoder_heads)


def test_the_base_pack_keeps_its_budget() -> None:
    assert len(gzip.compress(PACK.read_bytes(), 9)) <= BUDGET_BYTES


def test_shapes_of_the_base_pack_agree(base: Pack) -> None:
    encoder = base.encoder
    assert encoder is not None
    hidden, inner = encoder.hidden, encoder.feed_forward
    assert encoder.window <= encoder.positions.rows
    assert max(encoder.begin_id, encoder.end_id, encoder.unknown_id) < encoder.tokens.rows
    assert list(encoder.pooled) == sorted(set(encoder.pooled)) and encoder.pooled[-1] == len(encoder.layers)
    for layer in encoder.layers:
        expected = [
            (layer.query_key_value, (3 * hidden, hidden)),
            (layer.attention_output, (hidden, hidden)),
            (layer.feed_forward_up, (inner, hidden)),
            (layer.feed_forward_down, (hidden, inner)),
        ]
        for linear, shape in expected:
            matrix = linear.weights
            assert (matrix.rows, matrix.columns) == shape
            assert len(matrix.codes) == matrix.rows * matrix.columns * matrix.bits // 8
            assert matrix.block_scales.shape == (matrix.rows, matrix.columns // 32)
            assert len(matrix.row_scales) == len(linear.bias) == matrix.rows


def test_the_base_pack_has_the_heads_of_the_tasks(base: Pack) -> None:
    encoder, heads = base.encoder, {head.task: head for head in base.encoder_heads}
    assert encoder is not None
    assert list(heads) == ENCODER_TASKS.split()
    assert heads["evidence"].labels == heads["aspects"].labels == ASPECTS
    assert len(heads["polarity"].labels) == 3 * len(ASPECTS)
    assert {task: head.kind for task, head in heads.items() if head.kind != HeadKind.CHOICE} == {
        "emotions": HeadKind.MARKS,
        "aspects": HeadKind.MARKS,
        "escalate": HeadKind.MARKS,
        "evidence": HeadKind.TOKEN_MARKS,
        "embedding": HeadKind.VECTOR,
    }
    for head in heads.values():
        assert head.linear.weights.rows == (len(head.labels) or 384)
        inputs = encoder.hidden if head.kind == HeadKind.TOKEN_MARKS else encoder.features
        assert head.linear.weights.columns == inputs
        assert head.kind != HeadKind.CHOICE or len(head.labels) % head.group == 0


def test_the_probes_fit_the_base_pack(base: Pack) -> None:
    probes = load(PACK.with_name("probes.aspack"))
    assert probes.encoder is None and base.encoder is not None
    assert all(head.task.startswith("probe_") for head in probes.encoder_heads)
    assert {head.linear.weights.columns for head in probes.encoder_heads} == {base.encoder.features}
