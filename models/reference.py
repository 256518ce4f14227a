"""The arithmetic of FORMAT.md in numpy: the reference that every engine is held against.

python models/reference.py "text, cleaned" …    prints the logits and probabilities of each
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sentencepiece as spm

from features import buckets, cut
from pack import Calibration, Conv, Float32, Int32, Pack, load

PACK = Path(__file__).parent / "lite" / "aftersense-lite.aspack"
TOKENIZER = PACK.with_name("tokenizer.model")  # the same pieces as the pack's, in the form that Python reads
F = np.float32


@dataclass(frozen=True)
class Trace:
    """Every stage of one judgement; the golden file holds these."""

    pieces: list[int]
    bucket_count: int
    dense: Int32  # s[k]
    ngrams: Int32  # g[k]
    logits: Float32  # z[k], before calibration


def max_over_time(x: Int32, conv: Conv) -> Int32:
    """m[c] of one convolution over x [T, dim]. Float64 sums of these integers are exact."""
    steps, dim = x.shape
    padded = np.zeros((steps + conv.width - 1, dim))
    padded[conv.width // 2 : conv.width // 2 + steps] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (conv.width, dim)).reshape(steps, -1)
    sums = windows @ conv.weights.astype(np.float64).T
    return np.maximum(0, sums.max(axis=0).astype(np.int32) + conv.bias)


def requantise(maxima: Int32, conv: Conv, embedding_scale: float, feature_scale: float) -> Int32:
    ratio = F(embedding_scale) * conv.scales / F(feature_scale)
    return np.minimum(F(127), np.rint(maxima.astype(F) * ratio)).astype(np.int32)


class Reference:
    """One head of one pack."""

    def __init__(self, pack: Pack, tokenizer: Path = TOKENIZER, task: str = "sentiment") -> None:
        self.pack = pack
        self.head = next(head for head in pack.heads if head.task == task)
        self.calibrations = {part.language: part for part in pack.calibrations if part.task == task}
        self._tokenizer = spm.SentencePieceProcessor(model_file=str(tokenizer))
        self._embedding = pack.embedding.astype(np.int32)
        self._ngrams = self.head.ngram_weights.astype(np.int32)

    def ngram_sums(self, found: npt.NDArray[np.uint32]) -> Int32:
        """g[k] of distinct buckets."""
        kept = self.head.ngram_buckets
        rows = found if kept is None else np.flatnonzero(np.isin(kept, found))
        return self._ngrams[rows].sum(axis=0, dtype=np.int32)

    def features(self, pieces: list[int]) -> Int32:
        """q[c], the channels of all convolutions."""
        x = self._embedding[pieces]
        pack = self.pack
        return np.concatenate(
            [requantise(max_over_time(x, c), c, pack.embedding_scale, pack.feature_scale) for c in pack.convs]
        )

    def trace(self, text: str) -> Trace:
        """Judge one cleaned text."""
        pack, head = self.pack, self.head
        text = cut(text, pack.max_bytes)
        pieces = self._tokenizer.encode(text)
        found = buckets(text, pack.ngram_order, pack.ngram_log2_buckets)
        dense = np.zeros(len(head.labels), np.int32)
        if pieces:
            dense = head.weights.astype(np.int32) @ self.features(pieces)
        ngrams = self.ngram_sums(found)
        logits = head.bias + dense.astype(F) * (F(pack.feature_scale) * F(head.weight_scale))
        if len(found):
            logits = logits + ngrams.astype(F) * F(head.ngram_scale) / np.sqrt(F(len(found)))
        return Trace(pieces, len(found), dense, ngrams, logits)

    def probabilities(self, trace: Trace, language: str) -> Float32:
        if not trace.pieces:
            return np.full(len(trace.logits), 1 / len(trace.logits), F)
        z = calibrated(trace.logits, self.calibrations[language])
        e = np.exp(z - z.max())
        return e / e.sum()


def calibrated(logits: Float32, calibration: Calibration) -> Float32:
    return (logits - calibration.bias) / F(calibration.temperature)


def main() -> None:
    reference = Reference(load(PACK))
    for text in sys.argv[1:]:
        trace = reference.trace(text)
        language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
        print(text, trace.logits, reference.probabilities(trace, language))


if __name__ == "__main__":
    main()
