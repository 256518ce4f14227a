"""Text to features, against values worked out by hand from FORMAT.md."""

import numpy as np
import pytest

from features import buckets, cut, fnv1a, hashes, units


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)],  # published test vectors of FNV-1a, 32 bits
)
def test_fnv1a_matches_the_published_vectors(unit: str, expected: int) -> None:
    assert fnv1a(unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\u00a0\u3000\n", []),
        ("很好", ["很", "好"]),
        ("don't buy", ["don't", "buy"]),
        ("iphone15很好用but", ["iphone15", "很", "好", "用", "but"]),
        ("a-b", ["a", "-", "b"]),
        ("😊😊", ["😊", "😊"]),
        ("déçu товар", ["déçu", "товар"]),
        ("2×3÷4", ["2", "×", "3", "÷", "4"]),
        ("𠮷a", ["𠮷", "a"]),
        ("。、a", ["。", "、", "a"]),
        ("¿é", ["¿", "é"]),
        ("→★", ["→", "★"]),
        ("ab\ue000cd", ["ab", "\ue000", "cd"]),
    ],
)
def test_units_split_by_script(text: str, expected: list[str]) -> None:
    assert units(text) == expected


def slow_hash(grams: list[str]) -> int:
    """One n-gram's finished hash in plain integers, written from the text of FORMAT.md."""
    mask = 0xFFFFFFFF
    h = fnv1a(grams[0])
    for gram in grams[1:]:
        h = ((((h << 5) | (h >> 27)) & mask) ^ fnv1a(gram)) * 0x9E3779B1 & mask
    h = (h ^ (h >> 16)) * 0x85EBCA6B & mask
    h = (h ^ (h >> 13)) * 0xC2B2AE35 & mask
    return h ^ (h >> 16)


def test_hashes_are_those_of_every_n_gram() -> None:
    words = units("not good 一点也不好")
    expected = [slow_hash(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)]
    assert hashes("not good 一点也不好", 3).tolist() == expected


def test_buckets_are_distinct_and_ascending() -> None:
    found = buckets("好 好 好 not not", 3, 20)
    assert np.all(np.diff(found.astype(np.int64)) > 0)
    assert found.max() < 1 << 20
    assert len(buckets("好 好 好", 1, 20)) == 1


def test_a_text_without_units_has_no_buckets() -> None:
    assert len(buckets("  ", 3, 20)) == 0


@pytest.mark.parametrize("text", ["", "abc", "很" * 3])
def test_a_text_within_the_limit_is_not_cut(text: str) -> None:
    assert cut(text, 9) == text


def test_a_long_text_keeps_its_first_and_last_halves() -> None:
    assert cut("abcdefghij", 8) == "abcd ghij"


def test_a_cut_falls_between_code_points() -> None:
    assert cut("很" * 10, 16) == "很很 很很"  # 8 bytes hold two code points of 3 bytes
