"""Encoded rows as arrays, and batches of them as tensors."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from base.encode import MULTI_LABEL_PROBES
from base.labels import ASPECTS
from base.pretrained import WORK

PAD = 1
Labels = dict[str, Tensor]


def read_heads() -> dict[str, list[str]]:
    heads: dict[str, list[str]] = json.loads((WORK / "heads.json").read_text())
    return heads


class Rows:
    """One split. `targets[head]` is a class index a row, or marks (1, 0, −1 unknown) a label."""

    def __init__(self, split: str, heads: dict[str, list[str]]) -> None:
        data = np.load(WORK / f"{split}.npz")
        self.ids, self.offsets = data["ids"], data["offsets"]
        self.lengths = np.diff(self.offsets)
        self.source, self.language, self.fold = data["source"], data["language"], data["fold"]
        self.classes = data["classes"]
        self.targets: dict[str, np.ndarray] = {
            name: data[name]
            for name in ("sentiment", "emotions", "aspects", "polarity", "intent", "detail", "urgency", "escalate")
        }
        for head, labels in heads.items():
            if head.removeprefix("probe_") in MULTI_LABEL_PROBES:
                self.targets[head] = self.dense(data[head], len(labels))
            elif head.startswith("probe_"):
                self.targets[head] = data[head]
        self.has_evidence = data["has_evidence"]
        self.evidence = data["evidence"]
        self.evidence_start = np.searchsorted(self.evidence[:, 0], np.arange(len(self) + 1))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def dense(self, pairs: np.ndarray, size: int) -> np.ndarray:
        marks = np.full((len(self), size), -1, np.int8)
        marks[pairs[pairs[:, 1] < 0, 0]] = 0
        named = pairs[pairs[:, 1] >= 0]
        marks[named[:, 0], named[:, 1]] = 1
        return marks

    def labelled(self) -> np.ndarray:
        """True for rows that have a label of any head."""
        any_label = np.zeros(len(self), bool)
        for name, marks in self.targets.items():
            known = marks > 0 if name == "polarity" else marks >= 0
            any_label |= known.reshape(len(self), -1).any(1)
        return any_label


@dataclass(frozen=True)
class Window:
    """The part of a text that a batch holds: `size` tokens from `start`, between a begin and an end token."""

    row: int
    start: int
    size: int


def windows(rows: Rows, chosen: np.ndarray, most: int, rng: np.random.Generator | None = None) -> list[Window]:
    """The first `most` tokens of each row, or, with `rng`, the last as often as the first."""
    result = []
    for row in chosen:
        length = int(rows.lengths[row])
        start = length - most if rng is not None and length > most and rng.random() < 0.5 else 0
        result.append(Window(int(row), start, min(length, most)))
    return result


def padded(size: int) -> int:
    """Widths of a few sizes only: a matrix product of a new shape costs its compilation."""
    return -(-size // 4) * 4


def pad(rows: Rows, part: list[Window]) -> tuple[Tensor, Tensor]:
    """Ids [B, T] and presence. Every window begins with the begin token and ends with the end token."""
    ids = np.full((len(part), padded(max(each.size for each in part))), PAD, np.int64)
    for index, each in enumerate(part):
        at = rows.offsets[each.row] + each.start
        ids[index, : each.size] = rows.ids[at : at + each.size]
        ids[index, 0] = rows.ids[rows.offsets[each.row]]
        ids[index, each.size - 1] = rows.ids[rows.offsets[each.row + 1] - 1]
    tokens = torch.from_numpy(ids)
    return tokens, tokens != PAD


def targets_of(rows: Rows, part: list[Window], width: int) -> Labels:
    chosen = np.array([each.row for each in part])
    labels = {name: torch.from_numpy(marks[chosen].astype(np.int64)) for name, marks in rows.targets.items()}
    labels["classes"] = torch.from_numpy(rows.classes[chosen].astype(np.int64))
    evidence = np.full((len(part), width, len(ASPECTS)), -1, np.int64)
    for index, each in enumerate(part):
        if rows.has_evidence[each.row]:
            evidence[index, : each.size] = 0
            for _, token, aspect in rows.evidence[rows.evidence_start[each.row] : rows.evidence_start[each.row + 1]]:
                if each.start <= token < each.start + each.size:
                    evidence[index, token - each.start, aspect] = 1
    labels["evidence"] = torch.from_numpy(evidence)
    return labels


def batches(part: list[Window], tokens: int, rng: np.random.Generator | None = None) -> Iterator[list[Window]]:
    """Windows of like length together, at most `tokens` padded tokens a batch; batches in random order with `rng`."""
    keys = [(each.size + (rng.integers(4) if rng is not None else 0), index) for index, each in enumerate(part)]
    ordered = [part[index] for _, index in sorted(keys)]
    groups: list[list[Window]] = [[]]
    for each in ordered:
        widest = max([each.size, *(other.size for other in groups[-1][-1:])])
        if groups[-1] and (len(groups[-1]) + 1) * (widest + 3) > tokens:
            groups.append([])
        groups[-1].append(each)
    order = rng.permutation(len(groups)) if rng is not None else range(len(groups))
    yield from (groups[index] for index in order)
