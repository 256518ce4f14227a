"""What search is measured with: TF-IDF as the golden file has it, BM25 as it is defined, measures by hand."""

import math

import numpy as np
import pytest

from shop.evaluate_retrieval import K1, B, Index, counts_of, fused
from shop.evaluate_search import measures, part_of

ROWS = [
    {"title": "Steel kettle", "brand": "Ember", "category": "kitchen", "description": "boils tea water fast"},
    {"title": "Enamel tea kettle", "brand": "Ember", "category": "kitchen", "description": ""},
    {"title": "Desk lamp", "category": "lighting", "description": "a lamp for the desk, not for tea"},
]


def test_bm25_is_as_defined() -> None:
    counts = [counts_of(row) for row in ROWS]
    lengths = [sum(of.values()) for of in counts]
    mean = sum(lengths) / len(ROWS)
    asked = ["tea", "tea", "kettle"]
    idf = {
        term: math.log1p((3 - n + 0.5) / (n + 0.5)) for term in set(asked) for n in [sum(term in of for of in counts)]
    }
    greatest = (K1 + 1) * sum(idf[term] for term in asked)
    expected = [
        sum(
            idf[term] * of.get(term, 0) * (K1 + 1) / (of.get(term, 0) + K1 * (1 - B + B * length / mean))
            for term in asked
        )
        / greatest
        for of, length in zip(counts, lengths, strict=True)
    ]
    found = Index(ROWS).bm25(["tea tea kettle unheard-of", "unheard-of"])
    assert found[0].tolist() == pytest.approx(expected) and found[1].tolist() == [0, 0, 0]
    assert found[0].min() > 0 and found[0].max() < 1 and found[0].argmax() == 1


def test_tfidf_is_a_cosine() -> None:
    index = Index(ROWS)
    assert index.alike().diagonal().tolist() == pytest.approx([1, 1, 1])
    scores = index.tfidf(["steel kettle"])[0]
    assert scores[0] > scores[1] > scores[2] == 0
    assert fused(scores, np.array([-1.0, 0.5, 1.0]), 0.2).tolist() == pytest.approx(
        [0.8 * scores[0], 0.8 * scores[1] + 0.1, 0.2]
    )


def test_measures_by_hand() -> None:
    scores = np.array([[0.9, 0.8, 0.7, 0.0], [0.1, 0.2, 0.3, 0.0]])
    right = np.array([[False, True, False, True], [False, False, False, True]])
    found = measures(scores, right)
    assert found["reciprocal rank"].tolist() == [0.5, 0]
    assert found["recall@10"].tolist() == [0.5, 0]
    assert found["NDCG@10"].tolist() == pytest.approx([(1 / math.log2(3)) / (1 + 1 / math.log2(3)), 0])


def test_what_is_judged_is_the_same_everywhere() -> None:
    assert [part_of(name, 10) for name in ("Tea", "Attar", "Almonds")] == [5, 9, 3]
