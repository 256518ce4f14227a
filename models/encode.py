"""Turn the cleaned texts into piece ids and n-gram buckets, once for all trainings.

    python models/encode.py

In:  models/work/{train,dev}.tsv, models/work/tokenizer.model.
Out: models/work/{train,dev}.npz, models/work/buckets.npy (the buckets that may have a weight, ascending).

Most of the n-grams of the training texts occur once or twice and say nothing. A first fit over all that occur often
enough ranks them by how much they move verdicts, and only the buckets of the first get weights; with far more buckets
than weights a rare n-gram seldom meets one of them by chance.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sentencepiece as spm
from scipy import sparse

from dataset import CALIBRATION_FOLDS, Row, read_rows, source_weight
from features import cut, hashes
from linear import fit, idf_scales

WORK = Path(__file__).parent / "work"


@dataclass(frozen=True)
class Settings:
    max_bytes: int = 8192
    ngram_order: int = 3
    ngram_log2_buckets: int = 21
    candidate_texts: int = 4  # an n-gram in fewer texts is not considered
    selection_iterations: int = 30
    ngrams: int = 130_000


SETTINGS = Settings()

Hashes = npt.NDArray[np.uint32]


def to_buckets(grams: Hashes) -> Hashes:
    return grams >> np.uint32(32 - SETTINGS.ngram_log2_buckets)


def choose_buckets(rows: list[Row], grams: list[Hashes]) -> Hashes:
    """The buckets of the n-grams that move the verdicts of the training texts most: weight times root of frequency."""
    distinct, counts = np.unique(np.concatenate(grams), return_counts=True)
    kept = counts >= SETTINGS.candidate_texts
    candidates, counts = distinct[kept], counts[kept]
    chosen = [i for i, r in enumerate(rows) if r.classes > 0 and r.fold < CALIBRATION_FOLDS and len(grams[i])]
    lengths = np.array([len(grams[i]) for i in chosen])
    flat = np.concatenate([grams[i] for i in chosen])
    at = np.minimum(np.searchsorted(candidates, flat), len(candidates) - 1)
    is_candidate = candidates[at] == flat
    known = at[is_candidate].astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(is_candidate)])[np.concatenate([[0], np.cumsum(lengths)])]
    values = np.repeat(1 / np.sqrt(lengths), np.diff(offsets)).astype(np.float32)
    scales = idf_scales(counts, len(rows))
    x = sparse.csr_matrix((values * scales[known], known, offsets), shape=(len(chosen), len(candidates)))
    labels = np.array([rows[i].label for i in chosen])
    classes = np.array([rows[i].classes for i in chosen])
    source_weights = np.array([source_weight(rows[i].source) for i in chosen], np.float32)
    weights, _ = fit(x, labels, classes, source_weights, iterations=SETTINGS.selection_iterations)
    importance = np.ptp(weights, axis=1) * scales * np.sqrt(counts)
    print(f"{len(candidates)} candidates among {len(distinct)} n-grams", flush=True)
    return np.unique(to_buckets(candidates[np.argsort(-importance, kind="stable")[: SETTINGS.ngrams]]))


def flatten(parts: list[np.ndarray], dtype: type) -> tuple[np.ndarray, np.ndarray]:
    """Concatenate, with the offsets of the parts (one more than there are parts)."""
    return np.concatenate(parts).astype(dtype), np.cumsum([0, *map(len, parts)])


def main() -> None:
    pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
    kept: Hashes = np.zeros(0, np.uint32)
    for split in ("train", "dev"):
        rows = read_rows(WORK / f"{split}.tsv")
        texts = [cut(row.text, SETTINGS.max_bytes) for row in rows]
        ids, id_offsets = flatten([np.array(p) for p in pieces.encode(texts, num_threads=2)], np.uint16)
        grams = [np.unique(hashes(text, SETTINGS.ngram_order)) for text in texts]
        if split == "train":
            kept = choose_buckets(rows, grams)
            np.save(WORK / "buckets.npy", kept)
        place = np.full(1 << SETTINGS.ngram_log2_buckets, -1, np.int32)
        place[kept] = np.arange(len(kept))
        present = [np.unique(to_buckets(g)) for g in grams]
        known, offsets = flatten([(i := place[p])[i >= 0] for p in present], np.int32)
        np.savez(
            WORK / f"{split}.npz",
            ids=ids,
            id_offsets=id_offsets,
            grams=known,
            gram_offsets=offsets,
            bucket_counts=np.array([len(p) for p in present]),
        )
        print(f"{split}: {len(texts)} texts, {len(ids)} pieces, {len(known)} n-grams of {len(kept)} buckets")


if __name__ == "__main__":
    main()
