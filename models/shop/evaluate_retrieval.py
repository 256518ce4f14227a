"""What the catalogue's search and likeness are made of, worked out anew for measuring: TF-IDF, BM25, vectors of base.

    index = Index(products)                   # rows with id, title, brand, category, description
    index.bm25(["steel kettle"])              # queries × products, in shares of the greatest that BM25 can say
    meanings(queries) @ meanings(products).T  # cosines, by the command built into dist/

Terms are those of tests/golden/recommend.py, which knows nothing of the engine but its word lists.
"""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer

from shop.interactions import Floats

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests/golden"))

from recommend import Product, split_terms  # type: ignore[import-not-found]  # noqa: E402

Row = dict[str, Any]

FIELDS = ("title", "brand", "category", "description")
DIMENSIONS = 128
MEANING_WEIGHT = 0.2  # as src/tasks/content.h
K1, B = 1.2, 0.75


def counts_of(product: Row) -> dict[str, int]:
    title, brand, category, description = (str(product.get(name) or "") for name in FIELDS)
    return dict(Product("", title, description, category, brand, ()).counts())


class Index:
    def __init__(self, products: Sequence[Row]) -> None:
        self.vectorizer = DictVectorizer(dtype=np.float64)
        self.counts = csr_matrix(self.vectorizer.fit_transform([counts_of(product) for product in products]))
        self.weighing = TfidfTransformer(sublinear_tf=True).fit(self.counts)
        self.rows = csr_matrix(self.weighing.transform(self.counts))

    def _asked(self, queries: Sequence[str]) -> csr_matrix:
        terms = [split_terms(query) for query in queries]
        return csr_matrix(self.vectorizer.transform([{term: of.count(term) for term in of} for of in terms]))

    def tfidf(self, queries: Sequence[str]) -> Floats:
        """Cosines."""
        return np.asarray((self.weighing.transform(self._asked(queries)) @ self.rows.T).todense())

    def alike(self) -> Floats:
        """Cosines of all products with all."""
        return np.asarray((self.rows @ self.rows.T).todense())

    def _saturated(self) -> csr_matrix:
        """tf / (tf + k1 (1 − b + b length / mean length)) of each count (Robertson and Zaragoza 2009)."""
        lengths = np.asarray(self.counts.sum(axis=1)).ravel()
        found = self.counts.copy()
        norm = K1 * (1 - B + B * np.repeat(lengths, np.diff(found.indptr)) / lengths.mean())
        found.data = found.data / (found.data + norm)
        return found

    def _bm25_idf(self) -> Floats:
        frequency = np.bincount(self.counts.indices, minlength=self.counts.shape[1])
        return np.asarray(np.log1p((self.counts.shape[0] - frequency + 0.5) / (frequency + 0.5)))

    def _bm25(self, asked: csr_matrix) -> Floats:
        weights = asked.multiply(self._bm25_idf()).tocsr()
        sums = np.asarray(weights.sum(axis=1)).ravel()
        return np.asarray((weights @ self._saturated().T).todense()) / np.where(sums > 0, sums, 1)[:, None]

    def bm25(self, queries: Sequence[str]) -> Floats:
        """Shares of (k1 + 1) Σ idf, which no product reaches."""
        return self._bm25(self._asked(queries))

    def bm25_alike(self) -> Floats:
        """Each product as a query for the others."""
        return self._bm25(self.counts)


def meanings(products: Sequence[Row]) -> Floats:
    """Vectors of base, cut and scaled to unit length again. The command runs once for the same products and model."""
    rows = [{"id": str(i)} | {name: row[name] for name in FIELDS if row.get(name)} for i, row in enumerate(products)]
    told = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    model = (ROOT / "dist/aftersense-base.aspack").read_bytes()
    cached = ROOT / f"build/vectors/{hashlib.sha1(told + hashlib.sha1(model).digest()).hexdigest()}.npy"
    if not cached.exists():
        command = ["node", str(ROOT / "bin/aftersense.mjs"), "catalog", "vectors", "-"]
        out = subprocess.run(command, input=told, stdout=subprocess.PIPE, check=True).stdout
        found = [np.frombuffer(base64.b64decode(json.loads(line)["vector"]), "<f4") for line in out.splitlines()]
        if len(found) != len(rows):
            raise RuntimeError(f"{len(rows) - len(found)} products have no text")
        cached.parent.mkdir(parents=True, exist_ok=True)
        np.save(cached, np.array(found))
    vectors = np.load(cached)[:, :DIMENSIONS].astype(np.float64)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def fused(lexical: Floats, cosines: Floats, weight: float = MEANING_WEIGHT) -> Floats:
    return (1 - weight) * lexical + weight * np.maximum(cosines, 0)
