"""The bundle reader, on bundles made here byte by byte."""

import struct

import numpy as np
import pytest

from base.pretrained import BLOCK, dequantise, parse

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁good", "好"]
SHAPE = (32, 1, 1, 64, len(PIECES), 8, 1)


def quantised(values: np.ndarray, scale: float) -> bytes:
    codes = (values + 8).astype(np.uint8).reshape(-1, BLOCK)
    low, high = codes[:, : BLOCK // 2], codes[:, BLOCK // 2 :]
    scales = np.full((len(codes), 1), scale, np.float16).view(np.uint8)
    return np.concatenate([scales, low | high << 4], axis=1).tobytes()


def bundle(block: int = BLOCK) -> bytes:
    blob = [piece.encode() for piece in PIECES]
    data = b"E5S1" + struct.pack("<I7ifi", 1, *SHAPE, 1e-12, block) + struct.pack("<5i", len(PIECES), 0, 2, 1, 3)
    data += struct.pack("<Q", sum(map(len, blob))) + np.cumsum([0, *map(len, blob)]).astype("<u4").tobytes()
    data += np.arange(len(PIECES), dtype="<f4").tobytes() + b"".join(blob) + struct.pack("<iI", 0, 3) + b"map"
    grid = np.arange(64) % 16 - 8
    parts = {"emb.ln.w": (0, 32, np.arange(32, dtype="<f4").tobytes()), "l0.q.w": (1, 64, quantised(grid, 0.5))}
    directory_bytes = 4 + sum(2 + len(name) + 1 + 4 + 16 for name in parts)
    offset = len(data) + directory_bytes
    data += struct.pack("<i", len(parts))
    for name, (kind, elements, raw) in parts.items():
        data += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, elements, offset, len(raw))
        offset += len(raw)
    return data + b"".join(raw for _, _, raw in parts.values())


def test_reads_pieces_scores_and_tensors() -> None:
    read = parse(bundle())
    assert (read.shape.hidden, read.shape.layers, read.shape.ffn) == (32, 1, 64)
    assert read.pieces == PIECES
    assert read.scores.tolist() == [0, 1, 2, 3, 4, 5]
    assert read.tensors["emb.ln.w"].tolist() == list(range(32))
    assert read.tensors["l0.q.w"].tolist() == [(i % 16 - 8) * 0.5 for i in range(64)]


def test_low_nibbles_come_first() -> None:
    raw = np.float16(2).tobytes() + bytes(range(16))
    assert dequantise(raw).tolist() == [2 * (i - 8) for i in range(16)] + [-16] * 16


@pytest.mark.parametrize("size", [0, 3, 30, 60, 100, 140])
def test_a_truncated_bundle_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="bundle"):
        parse(bundle()[:size])


def test_truncated_tensors_are_refused() -> None:
    with pytest.raises(ValueError, match=r"l0\.q\.w|multiple|reshape"):
        parse(bundle()[:-18])


def test_another_block_size_is_refused() -> None:
    with pytest.raises(ValueError, match="blocks of 64"):
        parse(bundle(block=64))
