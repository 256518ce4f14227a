"""Scores of the sentence embedding: answers to questions, translations, searches, graded likeness, the same product."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from base.pretrained import WORK
from base.scores import Entry, balanced_threshold, ranks, recall_at, refusal, separation, shorten
from prepare import read_jsonl

SIZES = (384, 128)  # of the embedding, whole and cut short
LANGUAGES = ("zh", "en")

Array = np.ndarray
Record = dict[str, Any]
Metrics = Iterator[tuple[str, int, str, float]]  # set, rows, metric, score


@dataclass(frozen=True)
class Space:
    """Texts as vectors of unit length."""

    vectors: dict[str, Array]

    def __call__(self, texts: list[str]) -> Array:
        return np.array([self.vectors[text] for text in texts], np.float32)

    def short(self, size: int) -> "Space":
        matrix = shorten(np.array(list(self.vectors.values()), np.float32), size)
        return Space(dict(zip(self.vectors, matrix, strict=True)))


def pretrained_space() -> Space:
    """Vectors of the whole pretrained encoder, centred and turned into their principal axes."""
    data = np.load(WORK / "teacher.npz")
    return Space(dict(zip(data["texts"].tolist(), data["vectors"].astype(np.float32), strict=True)))


def read_pairs(split: str) -> dict[str, list[Record]]:
    """The pairs by kind; products by set."""
    pairs: dict[str, list[Record]] = defaultdict(list)
    for row in read_jsonl(WORK / f"pairs.{split}.jsonl"):
        pairs[row.get("source", row["kind"])].append(row)
    return pairs


def answer_metrics(space: Space, questions: list[Record], answers: list[Record]) -> Metrics:
    """Each question among all answers of its own language, and of the other one."""
    place = {answer["id"]: index for index, answer in enumerate(answers)}
    found: dict[tuple[str, str], Array] = {}
    for own, other in (LANGUAGES, LANGUAGES[::-1]):
        asked = [row for row in questions if row["language"] == own and row["b_id"]]
        queries, right = space([row["a"] for row in asked]), [{place[row["b_id"]]} for row in asked]
        for language, kind in ((own, ""), (other, ", answers of the other language")):
            found[own, kind] = ranks(queries, space([answer[language] for answer in answers]), right)
    for kind in ("", ", answers of the other language"):
        both = np.concatenate([found[language, kind] for language in LANGUAGES])
        for name, places in (
            ("questions_zh", found["zh", kind]),
            ("questions_en", found["en", kind]),
            ("questions", both),
        ):
            for k in (1, 3):
                yield name, len(places), f"recall@{k}{kind}", recall_at(places, k)


def closest(space: Space, questions: list[Record], answers: list[Record]) -> Array:
    """The cosine of each question to its nearest answer."""
    bank = {language: space([answer[language] for answer in answers]) for language in LANGUAGES}
    return np.array([(bank[row["language"]] @ space([row["a"]])[0]).max() for row in questions])


def no_answer_metrics(space: Space, train: list[Record], dev: list[Record], answers: list[Record]) -> Metrics:
    def outside(rows: list[Record]) -> Array:
        return np.array([not row["b_id"] for row in rows])

    threshold = balanced_threshold(closest(space, train, answers), outside(train))
    confidence = closest(space, dev, answers)
    result = refusal(confidence, np.ones(len(dev), bool), outside(dev), threshold)
    yield "questions", len(dev), "no answer, balanced accuracy, tuned", result.balanced
    yield "questions", len(dev), "no answer, AUC", separation(confidence, outside(dev))


def parallel_metrics(space: Space, dev: list[Record], train: list[Record]) -> Metrics:
    own = [{index} for index in range(len(dev))]
    for ask, answer, direction in (("a", "b", "zh → en"), ("b", "a", "en → zh")):
        queries = space([row[ask] for row in dev])
        for name, rows in (("dev", dev), ("all", dev + train)):
            places = ranks(queries, space([row[answer] for row in rows]), own)
            yield "parallel", len(dev), f"top-1 among {name}, {direction}", recall_at(places, 1)


def query_metrics(space: Space, dev: list[Record], train: list[Record]) -> Metrics:
    """Each search among the products of all pairs."""
    products = space([row["b"] for row in dev + train])
    for name, languages in (("in one language", 1), ("across languages", 2)):
        chosen = [i for i, row in enumerate(dev) if len(set(row["languages"].split(" → "))) == languages]
        places = ranks(space([dev[i]["a"] for i in chosen]), products, [{i} for i in chosen])
        yield "queries", len(chosen), f"recall@10 of {len(products)}, {name}", recall_at(places, 10)


def similar_metrics(space: Space, dev: list[Record]) -> Metrics:
    likeness = (space([row["a"] for row in dev]) * space([row["b"] for row in dev])).sum(1)
    yield "similar", len(dev), "Spearman", 100 * float(spearmanr(likeness, [row["score"] for row in dev]).statistic)


def product_metrics(space: Space, name: str, pairs: list[Record]) -> Metrics:
    """Each product that has a match, among the other shop's products of the set."""
    candidates = list(dict.fromkeys(row["b"] for row in pairs))
    place = {text: index for index, text in enumerate(candidates)}
    matches: dict[str, set[int]] = defaultdict(set)
    for row in pairs:
        if row["match"]:
            matches[row["a"]].add(place[row["b"]])
    places = ranks(space(list(matches)), space(candidates), list(matches.values()))
    yield name, len(matches), f"recall@10 of {len(candidates)}", recall_at(places, 10)


def metrics(space: Space, train: dict[str, list[Record]], dev: dict[str, list[Record]]) -> Metrics:
    answers = list(read_jsonl(WORK / "answers.jsonl"))
    if answers[0]["zh"] in space.vectors:
        yield from answer_metrics(space, dev["question"], answers)
        yield from no_answer_metrics(space, train["question"], dev["question"], answers)
        yield from parallel_metrics(space, dev["parallel"], train["parallel"])
        yield from query_metrics(space, dev["query"], train["query"])
        yield from similar_metrics(space, dev["similar"])
    for name in sorted(dev):
        if name.startswith("products") and dev[name][0]["a"] in space.vectors:
            yield from product_metrics(space, name, dev[name])


def retrieval_scores(vectors: dict[str, Array]) -> Iterator[Entry]:
    """The peer is the pretrained encoder, for which the sizes are leading principal axes."""
    if not vectors:
        return
    pairs = [read_pairs(split) for split in ("train", "dev")]
    pretrained = pretrained_space()
    known = {text: pretrained.vectors[text] for text in vectors if text in pretrained.vectors}
    for size in SIZES:
        ours = metrics(Space(vectors).short(size), *pairs)
        if len(known) == len(vectors):
            theirs = [score for *_, score in metrics(Space(known).short(size), *pairs)]
        else:
            theirs = []
        for index, (name, rows, metric, score) in enumerate(ours):
            peer = theirs[index] if theirs else None
            yield Entry(name, rows, f"{metric} [{size}]", score, peer)
