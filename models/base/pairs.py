"""Texts drawn for the embedding's own step: what means the same, what is alike to a degree, what answers what.

The teacher's vectors of these texts, and of sampled rows of the other batches, come with them.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import sentencepiece as spm
import torch
from torch import Tensor

from base.dataset import Rows, Window
from base.encode import BEGIN, END
from base.pretrained import WORK
from prepare import read_jsonl

MAX_PIECES = 64
LANGUAGES = ("zh", "en")
# Pairs of a draw by kind: a sibling is another question with the same answer, an intent pair two rows of one intent.
COUNTS = {"parallel": 32, "query": 16, "question": 24, "sibling": 12, "intent": 12, "product": 8}
GRADED = {"similar": 16, "product": 16}
INTENT_HEADS = ("probe_banking77", "probe_clinc150", "detail")


@dataclass
class Draw:
    """Texts as ids with the teacher's vectors; everything else refers to them by position."""

    ids: list[list[int]] = field(default_factory=list)
    teacher: list[np.ndarray] = field(default_factory=list)
    equal: list[tuple[int, int]] = field(default_factory=list)  # mean the same; no two pairs mean the same
    graded: dict[str, list[tuple[int, int, float]]] = field(default_factory=lambda: defaultdict(list))
    asked: list[tuple[int, int]] = field(default_factory=list)  # question, row of the answer in PairTexts.answers
    answers: list[tuple[int, int, int]] = field(default_factory=list)  # text, row of the answer, language


class PairTexts:
    def __init__(self, seed: int, rows: Rows) -> None:
        self.rng = np.random.default_rng(seed)
        self.rows = rows
        teacher = np.load(WORK / "teacher.npz")
        self.place = {text: index for index, text in enumerate(teacher["texts"].tolist())}
        self.vectors = teacher["vectors"].astype(np.float32)
        self.row_place = np.full(len(rows), -1)
        self.row_place[teacher["rows"]] = np.arange(len(teacher["rows"]))
        self.row_teacher = teacher["row_vectors"].astype(np.float32)
        self.pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
        self.read()

    def read(self) -> None:
        answers = list(read_jsonl(WORK / "answers.jsonl"))
        self.answers = [tuple(answer[language] for language in LANGUAGES) for answer in answers]
        row_of = {answer["id"]: row for row, answer in enumerate(answers)}
        self.pairs: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        self.questions: list[list[str]] = [[] for _ in answers]
        for row in read_jsonl(WORK / "pairs.train.jsonl"):
            if row["kind"] == "question":
                if row["b_id"]:
                    self.questions[row_of[row["b_id"]]].append(row["a"])
            else:
                likeness = float(row.get("score", row.get("match", 1)))
                self.pairs[row["kind"]].append((row["a"], row["b"], likeness))
        self.matches = [pair for pair in self.pairs["product"] if pair[2]]
        self.intents: list[np.ndarray] = []  # the rows of every intent
        usable = self.row_place >= 0
        for head in INTENT_HEADS:
            target = self.rows.targets[head]
            self.intents += [np.flatnonzero((target == label) & usable) for label in range(target.max() + 1)]
        self.intents = [chosen for chosen in self.intents if len(chosen) > 1]

    def draw(self) -> Draw:
        draw = Draw()
        drawn = {"parallel": self.pairs["parallel"], "query": self.pairs["query"], "product": self.matches}
        for kind, texts in drawn.items():
            for index in self.rng.choice(len(texts), COUNTS[kind], replace=False):
                a, b, _ = texts[index]
                draw.equal.append((self.add(draw, a), self.add(draw, b)))
        self.draw_questions(draw)
        for index in self.rng.choice(len(self.intents), COUNTS["intent"], replace=False):
            a, b = self.rng.choice(self.intents[index], 2, replace=False)
            draw.equal.append((self.add_row(draw, a), self.add_row(draw, b)))
        for kind, count in GRADED.items():
            for index in self.rng.choice(len(self.pairs[kind]), count, replace=False):
                a, b, likeness = self.pairs[kind][index]
                draw.graded[kind].append((self.add(draw, a), self.add(draw, b), likeness))
        return draw

    def draw_questions(self, draw: Draw) -> None:
        """Every answer is drawn once at most, as two questions with one answer mean the same."""
        order = self.rng.permutation(len(self.answers))
        asked = [row for row in order if self.questions[row]][: COUNTS["question"]]
        for row in asked:
            language = int(self.rng.integers(len(LANGUAGES)))
            question = self.add(draw, self.questions[row][self.rng.integers(len(self.questions[row]))])
            answer = self.add(draw, self.answers[row][language])
            draw.equal.append((question, answer))
            draw.asked.append((question, int(row)))
            draw.answers.append((answer, int(row), language))
        siblings = [row for row in order[::-1] if len(self.questions[row]) > 1 and row not in asked]
        for row in siblings[: COUNTS["sibling"]]:
            a, b = self.rng.choice(len(self.questions[row]), 2, replace=False)
            pair = self.add(draw, self.questions[row][a]), self.add(draw, self.questions[row][b])
            draw.equal.append(pair)
            draw.asked += [(pair[0], int(row)), (pair[1], int(row))]

    def add(self, draw: Draw, text: str) -> int:
        draw.ids.append([BEGIN, *self.pieces.encode(text)[:MAX_PIECES], END])
        draw.teacher.append(self.vectors[self.place[text]])
        return len(draw.ids) - 1

    def add_row(self, draw: Draw, row: int) -> int:
        ids = self.rows.ids[self.rows.offsets[row] : self.rows.offsets[row + 1]].tolist()
        draw.ids.append([*ids[: MAX_PIECES + 1], END] if len(ids) > MAX_PIECES + 2 else ids)
        draw.teacher.append(self.row_teacher[self.row_place[row]])
        return len(draw.ids) - 1

    def row_vectors(self, part: list[Window]) -> tuple[np.ndarray, Tensor]:
        """Which of a batch's windows have a teacher's vector, and those vectors."""
        place = self.row_place[[each.row for each in part]]
        known = np.flatnonzero(place >= 0)
        return known, torch.from_numpy(self.row_teacher[place[known]])
