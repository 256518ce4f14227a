"""Train the SentencePiece unigram tokeniser on the cleaned training texts and convert it to the Lite FlatBuffer.

    python models/tokenizer.py

In:  models/work/train.tsv.  Out: models/work/tokenizer.model (for training), models/work/tokenizer.fb (for the pack).
"""

import gzip
from dataclasses import dataclass
from pathlib import Path

import sentencepiece as spm

from dataset import read_rows
from prepare import EMOJI

WORK = Path(__file__).parent / "work"


@dataclass(frozen=True)
class Settings:
    vocabulary: int = 10_000
    coverage: float = 0.999  # of the characters; the rarest become the unknown piece
    max_piece_length: int = 10
    threads: int = 2


SETTINGS = Settings()


def main() -> None:
    corpus = WORK / "tokenizer.txt"
    corpus.write_text("".join(row.text[:1300] + "\n" for row in read_rows(WORK / "train.tsv")), encoding="utf-8")
    spm.SentencePieceTrainer.train(
        input=str(corpus),
        model_prefix=str(WORK / "tokenizer"),
        model_type="unigram",
        vocab_size=SETTINGS.vocabulary,
        character_coverage=SETTINGS.coverage,
        max_sentencepiece_length=SETTINGS.max_piece_length,
        normalization_rule_name="identity",  # the cleaner has normalised
        remove_extra_whitespaces=True,
        user_defined_symbols=list(EMOJI),
        byte_fallback=False,
        bos_id=-1,
        eos_id=-1,
        num_threads=SETTINGS.threads,
        input_sentence_size=120_000,
        shuffle_input_sentence=True,
        minloglevel=1,
    )
    data = spm.convert_to_flatbuffer(model_file=str(WORK / "tokenizer.model"), skip_char_bigrams=True)
    assert data is not None
    (WORK / "tokenizer.fb").write_bytes(data)
    print(f"{SETTINGS.vocabulary} pieces, {len(data)} bytes, {len(gzip.compress(data, 9))} gzip")


if __name__ == "__main__":
    main()
