"""Text to features: the cut, the units and the n-gram buckets of FORMAT.md."""

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_NOT_LETTER = "\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\uff00-\uffef\U0001f000-\U0001faff\ue000-\uf8ff\u00d7\u00f7"
_UNIT = re.compile(f"[{_HAN}]|(?:[0-9A-Za-z']|(?![{_HAN}{_NOT_LETTER}])[\u00c0-\U0010ffff])+|[^ \t-\r\u00a0\u3000]")


def cut(text: str, max_bytes: int) -> str:
    """Return `text`, or its first and last `max_bytes / 2` bytes when it is longer than `max_bytes`."""
    data = text.encode()
    if len(data) <= max_bytes:
        return text
    half = max_bytes // 2
    head, tail = data[:half], data[-half:]
    return f"{head.decode(errors='ignore')} {tail.decode(errors='ignore')}"


def units(text: str) -> list[str]:
    """Split into Han code points, runs of other letters, digits and `'`, and single other code points."""
    return _UNIT.findall(text)


@lru_cache(maxsize=1 << 18)
def fnv1a(unit: str) -> int:
    """FNV-1a, 32 bits, of the unit's UTF-8 bytes."""
    value = 2166136261
    for byte in unit.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def _finalise(h: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The 32-bit finaliser of MurmurHash3."""
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def hashes(text: str, order: int) -> npt.NDArray[np.uint32]:
    """Return the finished 32-bit hash of every n-gram of order 1 to `order`, duplicates included."""
    u = np.array([fnv1a(unit) for unit in units(text)], dtype=np.uint32)
    grams, h = [], u
    for n in range(1, min(order, len(u)) + 1):
        if n > 1:
            rotated = (h[:-1] << np.uint32(5)) | (h[:-1] >> np.uint32(27))
            h = (rotated ^ u[n - 1 :]) * np.uint32(0x9E3779B1)
        grams.append(h)
    return _finalise(np.concatenate(grams)) if grams else u


def buckets(text: str, order: int, log2_buckets: int) -> npt.NDArray[np.uint32]:
    """Return the text's distinct n-gram buckets in ascending order."""
    return np.unique(hashes(text, order) >> np.uint32(32 - log2_buckets))
