"""The pack file: round trip, shapes, ranges, alignment, budget."""

import gzip

import numpy as np
import pytest

import model_pack_generated as fb
from pack import Pack, from_bytes, to_bytes
from reference import PACK

BUDGET_BYTES = 1_000_000


def test_reading_and_writing_gives_the_same_bytes(pack: Pack) -> None:
    assert to_bytes(pack) == PACK.read_bytes()


def test_the_pack_keeps_its_budget() -> None:
    assert len(gzip.compress(PACK.read_bytes(), 9)) <= BUDGET_BYTES


def test_shapes_agree(pack: Pack) -> None:
    head, dim = pack.heads[0], pack.embedding.shape[1]
    assert dim % 16 == 0
    assert head.weights.shape == (len(head.labels), sum(len(conv.scales) for conv in pack.convs))
    assert head.ngram_weights.shape == (1 << pack.ngram_log2_buckets, len(head.labels))
    for other in pack.heads[1:]:
        assert other.ngram_buckets is not None
        assert other.weights.shape == (len(other.labels), head.weights.shape[1])
        assert other.ngram_weights.shape == (len(other.ngram_buckets), len(other.labels))
        assert (np.diff(other.ngram_buckets.astype(np.int64)) > 0).all()
        assert other.ngram_buckets.max() < 1 << pack.ngram_log2_buckets
    for conv in pack.convs:
        assert conv.width % 2 == 1
        assert conv.weights.shape == (len(conv.bias), conv.width * dim)
        assert conv.width * dim <= 65_536


def test_weights_stay_on_their_grids(pack: Pack) -> None:
    assert np.abs(pack.embedding.astype(int)).max() <= 127
    for weights in (pack.heads[0].weights, *(conv.weights for conv in pack.convs)):
        assert np.abs(weights.astype(int)).max() <= 63
    assert pack.heads[0].ngram_weights.min() >= -127


def test_every_language_is_calibrated(pack: Pack) -> None:
    for head in pack.heads:
        parts = [part for part in pack.calibrations if part.task == head.task]
        assert {part.language for part in parts} == {"zh", "en", "other"}
        assert all(part.temperature > 0 and len(part.bias) == len(head.labels) for part in parts)


def test_byte_vectors_are_aligned() -> None:
    data = np.frombuffer(PACK.read_bytes(), np.uint8)
    root = fb.ModelPack.GetRootAs(data, 0)
    vectors = [root.TokenizerAsNumpy(), root.Lite().EmbeddingAsNumpy(), root.Heads(0).NgramWeightsAsNumpy()]
    vectors += [root.Lite().Convs(i).WeightsAsNumpy() for i in range(root.Lite().ConvsLength())]
    start = data.__array_interface__["data"][0]
    assert [(vector.__array_interface__["data"][0] - start) % 16 for vector in vectors] == [0] * len(vectors)


def test_another_file_or_version_is_refused() -> None:
    data = bytearray(PACK.read_bytes())
    with pytest.raises(ValueError, match="not a model pack"):
        from_bytes(b"\0" * 64)
    table = fb.ModelPack.GetRootAs(data, 0)._tab
    data[table.Pos + table.Offset(4)] = 2
    with pytest.raises(ValueError, match="format version 2"):
        from_bytes(bytes(data))
