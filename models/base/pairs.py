"""Texts that mean the same, for the contrastive loss, with the teacher's vectors of them and of sampled rows."""

from collections import defaultdict

import numpy as np
import sentencepiece as spm
import torch
from torch import Tensor

from base.dataset import PAD, Rows, Window
from base.encode import BEGIN, END
from base.pretrained import WORK
from prepare import read_jsonl

MAX_PIECES = 64
SAME_MEANING = 4.0  # graded pairs from here on count as equal in meaning
# Share of a draw by kind; products teach what titles share, the others what shoppers ask and say.
SHARES = {"parallel": 0.3, "question": 0.35, "similar": 0.1, "product": 0.25}


class PairTexts:
    def __init__(self, seed: int, rows: Rows) -> None:
        self.rng = np.random.default_rng(seed)
        teacher = np.load(WORK / "teacher.npz")
        self.place = {text: index for index, text in enumerate(teacher["texts"].tolist())}
        self.vectors = teacher["vectors"].astype(np.float32)
        self.row_place = np.full(len(rows), -1)
        self.row_place[teacher["rows"]] = np.arange(len(teacher["rows"]))
        self.row_teacher = teacher["row_vectors"].astype(np.float32)
        self.pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
        self.pairs = self.read()

    def read(self) -> dict[str, list[tuple[str, str]]]:
        answers = {row["id"]: (row["zh"], row["en"]) for row in read_jsonl(WORK / "answers.jsonl")}
        pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in read_jsonl(WORK / "pairs.train.jsonl"):
            kind = row["kind"]
            if kind == "question" and row["b_id"]:
                pairs[kind] += [(row["a"], answer) for answer in answers[row["b_id"]]]
            elif (
                kind == "parallel"
                or (kind == "similar" and row["score"] >= SAME_MEANING)
                or (kind == "product" and row["match"])
            ):
                pairs[kind].append((row["a"], row["b"]))
        return pairs

    def draw(self, count: int) -> list[tuple[Tensor, Tensor]]:
        """Ids and teacher vectors of `count` texts, and of their partners; no text stands twice on a side."""
        left: dict[str, None] = {}
        right: dict[str, None] = {}
        for kind, share in SHARES.items():
            wanted = len(left) + round(share * count)
            for index in self.rng.permutation(len(self.pairs[kind])):
                a, b = self.pairs[kind][index]
                if a not in left and b not in right:
                    left[a] = right[b] = None
                if len(left) >= wanted:
                    break
        return [(self.encode(list(side)), self.teacher(list(side))) for side in (left, right)]

    def teacher(self, texts: list[str]) -> Tensor:
        return torch.from_numpy(self.vectors[[self.place[text] for text in texts]])

    def row_vectors(self, part: list[Window]) -> tuple[np.ndarray, Tensor]:
        """Which of a batch's windows have a teacher's vector, and those vectors."""
        place = self.row_place[[each.row for each in part]]
        known = np.flatnonzero(place >= 0)
        return known, torch.from_numpy(self.row_teacher[place[known]])

    def encode(self, texts: list[str]) -> Tensor:
        ids = [[BEGIN, *each[:MAX_PIECES], END] for each in self.pieces.encode(texts)]
        tokens = torch.full((len(ids), max(map(len, ids))), PAD)
        for index, each in enumerate(ids):
            tokens[index, : len(each)] = torch.tensor(each)
        return tokens
