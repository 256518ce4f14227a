"""Write the tests' encoder, a pack with seeded random weights, and what the reference computes with it.

    python tests/golden/make_tiny_encoder.py            # rewrites tiny_encoder.aspack and tiny_encoder.tsv
    python tests/golden/make_tiny_encoder.py --check    # fails if a file on disk differs

In:  tests/golden/tiny_tokenizer.spm.fb, models/pack.py, models/base/{quantise,reference}.py.
The lines at the top of the .tsv that begin with # say what its columns are.
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "models"))

from base.quantise import quantise  # noqa: E402
from base.reference import BaseReference, embedding  # noqa: E402
from pack import (  # noqa: E402
    Calibration,
    Encoder,
    EncoderHead,
    HeadKind,
    LayerNorm,
    Linear,
    Matrix,
    Pack,
    TransformerLayer,
    to_bytes,
)

PACK, GOLDEN = HERE / "tiny_encoder.aspack", HERE / "tiny_encoder.tsv"
SEED = 7
PIECES = 126  # of tiny_tokenizer.spm.fb
UNKNOWN, BEGIN, END = 0, 1, 2
HIDDEN, ATTENTION_HEADS, FEED_FORWARD = 64, 2, 96
POOLED = (1, 3)  # of three layers
FEATURES = len(POOLED) * HIDDEN
POSITIONS, WINDOW, OVERLAP = 40, 16, 4
VECTOR = 132  # more than the 128 leading dimensions
ASPECTS = ("logistics", "price")
LENGTHS = (0, 1, 1, 2, 2, 3, 7, 12, 13, 13, 14, 14, 14, 15, 15, 16, 23, 24, 25)
LENGTHS += (30, 30, 34, 35, 60, 60)
HEADER = """\
# What the reference computes with tiny_encoder.aspack; after a deliberate change: python tests/golden/make_tiny_encoder.py
# One text a line, columns separated by tabs. A real is the bit pattern of its float32 as 8 hex digits, reals of one
# vector are separated by commas.
# pieces      piece ids, separated by spaces; none for a text without pieces
# pooled      the pooled vector, 128 reals
# sentiment   logits before calibration of the head "sentiment" (Choice, one group of 3)
# polarity    … of "polarity" (Choice, two groups of 3)
# aspects     … of "aspects" (Marks, 2 labels)
# evidence    … of "evidence" (TokenMarks, 2 labels): one vector a piece, begin and end left out, separated by spaces
# vector      the linear layer's output of "embedding" (Vector, 132 dimensions)
# embedding   that vector made of unit length
# leading     the first 128 dimensions of that, made of unit length
"""
COLUMNS = ("pieces", "pooled", "sentiment", "polarity", "aspects", "evidence")
COLUMNS += ("vector", "embedding", "leading")


class Random:
    """Weights of such size that attention prefers some tokens and GELU bends."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(SEED)

    def floats(self, *shape: int) -> np.ndarray:
        return self.rng.standard_normal(shape).astype(np.float32)

    def matrix(self, rows: int, columns: int, bits: int, size: float = 1.0) -> Matrix:
        return quantise(self.floats(rows, columns) * np.float32(size), bits)

    def linear(self, outputs: int, inputs: int, bits: int) -> Linear:
        weights = self.matrix(outputs, inputs, bits, 1.2 / np.sqrt(inputs))
        return Linear(weights, self.floats(outputs) * np.float32(0.2))

    def norm(self) -> LayerNorm:
        gain = 1 + self.floats(HIDDEN) * np.float32(0.2)
        return LayerNorm(gain, self.floats(HIDDEN) * np.float32(0.2))

    def layer(self, bits: tuple[int, int, int, int]) -> TransformerLayer:
        return TransformerLayer(
            query_key_value=self.linear(3 * HIDDEN, HIDDEN, bits[0]),
            attention_output=self.linear(HIDDEN, HIDDEN, bits[1]),
            attention_norm=self.norm(),
            feed_forward_up=self.linear(FEED_FORWARD, HIDDEN, bits[2]),
            feed_forward_down=self.linear(HIDDEN, FEED_FORWARD, bits[3]),
            output_norm=self.norm(),
        )


def make_encoder(random: Random) -> Encoder:
    return Encoder(
        hidden=HIDDEN,
        attention_heads=ATTENTION_HEADS,
        feed_forward=FEED_FORWARD,
        epsilon=1e-12,
        begin_id=BEGIN,
        end_id=END,
        unknown_id=UNKNOWN,
        window=WINDOW,
        overlap=OVERLAP,
        tokens=random.matrix(PIECES, HIDDEN, 4),
        positions=random.matrix(POSITIONS, HIDDEN, 6, 0.5),
        embedding_norm=random.norm(),
        layers=(
            random.layer((5, 4, 6, 8)),
            random.layer((4, 5, 8, 6)),
            random.layer((6, 8, 5, 4)),
        ),
        pooled=POOLED,
    )


def make_pack() -> Pack:
    random = Random()
    sentiments = ("negative", "neutral", "positive")
    polarities = tuple(f"{aspect}/{each}" for aspect in ASPECTS for each in sentiments)
    sentiment, polarity = random.linear(3, FEATURES, 8), random.linear(6, FEATURES, 6)
    aspects, evidence = random.linear(2, FEATURES, 5), random.linear(2, HIDDEN, 4)
    vector = random.linear(VECTOR, FEATURES, 4)
    return Pack(
        name="tiny-encoder",
        version="1.0.0",
        tier="base",
        max_bytes=8192,
        tokenizer=(HERE / "tiny_tokenizer.spm.fb").read_bytes(),
        calibrations=(
            Calibration("sentiment", "zh", 1.5, np.array([0.5, 0, -0.25], np.float32)),
            Calibration("aspects", "en", 0.75, np.array([-0.5, 0.125], np.float32)),
        ),
        encoder=make_encoder(random),
        encoder_heads=(
            EncoderHead("sentiment", HeadKind.CHOICE, sentiments, sentiment, 3),
            EncoderHead("polarity", HeadKind.CHOICE, polarities, polarity, 3),
            EncoderHead("aspects", HeadKind.MARKS, ASPECTS, aspects),
            EncoderHead("evidence", HeadKind.TOKEN_MARKS, ASPECTS, evidence),
            EncoderHead("embedding", HeadKind.VECTOR, (), vector),
        ),
    )


def hex_of(reals: np.ndarray) -> str:
    bits = np.ascontiguousarray(reals, np.float32).view(np.uint32)
    return ",".join(f"{each:08x}" for each in bits)


def line_of(reference: BaseReference, pieces: list[int]) -> str:
    answers = reference.answer(pieces)
    logits = answers.logits
    fields = [" ".join(map(str, pieces)), hex_of(answers.pooled)]
    fields += [hex_of(logits[task]) for task in ("sentiment", "polarity", "aspects")]
    fields.append(" ".join(map(hex_of, logits["evidence"])))
    fields.append(hex_of(logits["embedding"]))
    fields += map(hex_of, embedding(logits["embedding"]))
    return "\t".join(fields) + "\n"


def main() -> None:
    pack = make_pack()
    reference = BaseReference(pack)
    rng = np.random.default_rng(SEED + 1)
    texts = [rng.integers(0, PIECES, length).tolist() for length in LENGTHS]
    lines = "".join(line_of(reference, pieces) for pieces in texts)
    golden = HEADER + "\t".join(COLUMNS) + "\n" + lines
    if "--check" in sys.argv[1:]:
        if PACK.read_bytes() != to_bytes(pack) or GOLDEN.read_text("utf-8") != golden:
            sys.exit("out of date: run python tests/golden/make_tiny_encoder.py")
        return
    PACK.write_bytes(to_bytes(pack))
    GOLDEN.write_text(golden, encoding="utf-8")
    print(f"{len(texts)} texts, pack {PACK.stat().st_size} bytes")


if __name__ == "__main__":
    main()
