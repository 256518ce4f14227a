"""Read the labelled sets, clean them with the product's own cleaner, and write one file per split.

    python models/prepare.py --data DIR [--cleaner build/native-release/bin/aftersense_clean]

In:  DIR (the shared data folder) and models/data.  Out: models/work/train.tsv, models/work/dev.tsv.
Sets marked research-only, non-commercial or evaluation-only are in no list here; airline is read for dev only.
"""

import argparse
import csv
import gzip
import hashlib
import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dataset import Row, write_rows

HERE = Path(__file__).parent
CLEANER = "build/native-release/bin/aftersense_clean"
NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
NO_LABEL = -1
EMOJI = ("😠", "😐", "😊")  # the cleaner's canonical emoji, by label

Labelled = Iterator[tuple[str, int]]


@dataclass(frozen=True)
class Settings:
    """What the preparation does besides cleaning."""

    seed: int = 7
    written_dev_folds: int = 10  # the written messages of these first folds of 100 are dev
    lexicon_min_strength: float = 1.5  # AFINN and VADER words at least this strong are one-word texts
    emoji_share: float = 0.04  # of the labelled training texts get an emoji at one end
    emoji_agrees: float = 0.85  # of these emoji say what the label says, so that they are evidence, not proof
    general_questions: int = 4000  # CLINC150 rows taken as neutral, the first of its shuffled file


SETTINGS = Settings()


def read_tsv(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_jsonl(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def sentiment(path: Path) -> Labelled:
    for row in read_tsv(path):
        yield row["text"], int(row["label"])


def detokenised(path: Path) -> Labelled:
    for text, label in sentiment(path):
        yield detokenise(text), label


def weibo(path: Path) -> Labelled:
    """The label was made from an emoticon that still stands in the text: take all of them out."""
    for text, label in sentiment(path):
        yield re.sub(r"\[[^\[\] ]{1,8}\]", " ", text), label


def titled(path: Path) -> Labelled:
    for row in read_tsv(path):
        yield row["text"], int(row["label"])
        if row["title"] and row["title"] != "-":
            yield row["title"], int(row["label"])


def unlabelled(path: Path) -> Labelled:
    for row in read_tsv(path):
        yield row["text"], NO_LABEL


def unanimous(field: str) -> Callable[[Path], Labelled]:
    """The text's label where all its aspects agree; the others are left out."""

    def read(path: Path) -> Labelled:
        for row in read_jsonl(path):
            polarities = {part["polarity"] for part in row[field]}
            if len(polarities) == 1 and (label := polarities.pop()) is not None:
                yield detokenise(row["text"]) if row["text"].isascii() else row["text"], int(label)

    return read


def stars(path: Path) -> Labelled:
    for row in read_jsonl(path):
        count = float(row["stars"])
        yield row["text"], NEUTRAL if count == 3 else POSITIVE if count > 3 else NEGATIVE


EMOTION_LABELS = {
    NEGATIVE: "angry anger sad sadness fear disgust annoyance disappointment disapproval grief remorse embarrassment "
    "nervousness",
    NEUTRAL: "neutral none",
    POSITIVE: "happy happiness like joy love admiration gratitude excitement pride relief optimism amusement",
}
EMOTION_TO_LABEL = {name: label for label, names in EMOTION_LABELS.items() for name in names.split()}


def emotions(path: Path) -> Labelled:
    for row in read_tsv(path):
        labels = {EMOTION_TO_LABEL.get(name, NO_LABEL) for name in row["labels"].split(",")}
        if len(labels) == 1 and NO_LABEL not in labels:
            yield re.sub(r"\[(NAME|RELIGION)\]", "it", row["text"]), labels.pop()


def general_questions(path: Path) -> Labelled:
    for index, row in enumerate(read_tsv(path)):
        if index < SETTINGS.general_questions:
            yield row["text"], NEUTRAL


@dataclass(frozen=True)
class Source:
    name: str  # file name without split and ending
    language: str
    classes: int
    read: Callable[[Path], Labelled]
    splits: tuple[str, ...] = ("train", "dev")


SOURCES = (
    Source("sent_zh_online_shopping_10cats", "zh", 2, sentiment),
    Source("sent_zh_chnsenticorp", "zh", 2, sentiment),
    Source("sent_zh_hotel", "zh", 2, sentiment),
    Source("sent_zh_waimai", "zh", 2, sentiment),
    Source("sent_zh_book_review", "zh", 2, sentiment),
    Source("sent_zh_weibo_senti", "zh", 2, weibo),
    Source("sent_zh_eprstmt", "zh", 2, sentiment),
    Source("unlabeled_zh_eprstmt", "zh", 0, unlabelled, ("train",)),
    Source("aspect_zh_car_bdci2018", "zh", 3, unanimous("aspects")),
    Source("aspect_zh_zhejianglab_cosmetics", "zh", 3, unanimous("opinions")),
    Source("aspect_zh_asap_sample", "zh", 3, stars),
    Source("emotion_zh_nlpcc2013", "zh", 3, emotions),
    Source("emotion_zh_smp2020_usual", "zh", 3, emotions),
    Source("emotion_zh_smp2020_virus", "zh", 3, emotions),
    Source("sent_en_sst5", "en", 3, detokenised),
    Source("sent_en_sst2_phrases", "en", 2, detokenised, ("train",)),
    Source("sent_en_customer_reviews_cr", "en", 2, detokenised),
    Source("sent_en_vader_amazon_snippets", "en", 3, sentiment),
    Source("sent_en_labelled_sentences", "en", 2, sentiment),
    Source("sent_en_amazon_alexa", "en", 3, sentiment),
    Source("sent_en_womens_clothing", "en", 3, sentiment),
    Source("sent_en_amazon_14domains", "en", 2, detokenised),
    Source("sent_en_airline_complaints", "en", 3, sentiment, ("dev",)),
    Source("aspect_en_acos", "en", 3, unanimous("opinions")),
    Source("emotion_en_goemotions", "en", 3, emotions),
    Source("intent_en_clinc150", "en", 3, general_questions, ("train",)),
)


def detokenise(text: str) -> str:
    """Undo the spacing of tokenised English: `it 's n't good .` becomes `it'sn't good.` as people type it."""
    text = text.replace("-lrb-", "(").replace("-rrb-", ")").replace("``", '"').replace("''", '"')
    text = re.sub(r" (n't|'s|'m|'re|'ve|'ll|'d|n 't)\b", lambda m: m[1].replace(" ", ""), text)
    text = re.sub(r"\b(ca|wo|do|is|was|does|did|has|have|had|could|would|should|are|were) n't", r"\1n't", text)
    text = re.sub(r" ([.,!?;:%)\]])", r"\1", text)
    text = re.sub(r"([(\[$]) ", r"\1", text)
    return re.sub(r"(\w) - (\w)", r"\1-\2", text)


def fold(text: str) -> int:
    return int.from_bytes(hashlib.sha1(text.encode()).digest()[:4]) % 100


def read_written() -> list[Row]:
    """The messages and questions written for the project (models/data), and its list of one-word feedback."""
    rows = []
    names = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
    for language, parts in (("zh", ("zh_a", "zh_b")), ("en", ("en",))):
        for part in parts:
            for row in read_jsonl(HERE / "data" / f"messages_{part}.jsonl"):
                rows.append(Row(f"written_{language}", language, 3, names[row["sentiment"]], 0, row["text"]))
    for row in read_jsonl(HERE / "data" / "questions.jsonl"):
        rows.append(Row(f"questions_{row['lang']}", row["lang"], 3, NEUTRAL, 0, row["text"]))
    with (HERE / "data" / "short.tsv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows.append(Row(f"short_{line['language']}", line["language"], 3, int(line["label"]), 0, line["text"]))
    return rows


def read_lexicons(data: Path) -> list[Row]:
    words: dict[tuple[str, str], float] = {}
    for name, field in (("en_afinn165", "score"), ("en_vader", "mean")):
        for row in read_tsv(data / f"lexicon_{name}.tsv.gz"):
            if (
                row["term"].replace("-", "").replace(" ", "").isalpha()
                and abs(float(row[field])) >= SETTINGS.lexicon_min_strength
            ):
                words.setdefault(("en", row["term"]), float(row[field]))
    for row in read_tsv(data / "lexicon_zh_tsinghua.tsv.gz"):
        words.setdefault(("zh", row["term"]), float(row["polarity"]))
    return [
        Row(f"lexicon_{language}", language, 2, POSITIVE if score > 0 else NEGATIVE, 0, term)
        for (language, term), score in words.items()
    ]


def clean_texts(texts: list[str], cleaner: str) -> list[str]:
    lines = "".join(re.sub(r"[\r\n\t]", " ", text) + "\n" for text in texts)
    done = subprocess.run([cleaner], input=lines.encode(), capture_output=True, check=True).stdout.decode()
    cleaned = done.split("\n")[:-1]
    if len(cleaned) != len(texts):
        raise SystemExit(f"{cleaner} gave {len(cleaned)} lines for {len(texts)}")
    return cleaned


def clean(rows: list[Row], cleaner: str) -> list[Row]:
    """Pass every text through the cleaner; texts of which nothing is left are dropped."""
    texts = clean_texts([row.text for row in rows], cleaner)
    return [replace(row, text=text, fold=fold(text)) for row, text in zip(rows, texts, strict=True) if text]


def with_emoji(rows: list[Row]) -> list[Row]:
    """Add one of the cleaner's three canonical emoji to a few texts, most of the time the label's own."""
    rng = random.Random(SETTINGS.seed)
    result = []
    for row in rows:
        if row.classes and not row.source.startswith("lexicon") and rng.random() < SETTINGS.emoji_share:
            label = row.label if rng.random() < SETTINGS.emoji_agrees else rng.choice((NEGATIVE, NEUTRAL, POSITIVE))
            parts = [row.text, EMOJI[label]]
            row = replace(row, text=rng.choice((" ", "")).join(parts if rng.random() < 0.8 else reversed(parts)))
        result.append(row)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cleaner", default=CLEANER)
    parser.add_argument("--work", type=Path, default=HERE / "work")
    options = parser.parse_args()

    splits: dict[str, list[Row]] = {"train": read_lexicons(options.data), "dev": []}
    for source in SOURCES:
        for split in source.splits:
            suffix = "jsonl" if source.name.startswith("aspect") else "tsv"
            path = options.data / f"{source.name}.{split}.{suffix}.gz"
            splits[split] += [
                Row(source.name, source.language, source.classes, label, 0, text) for text, label in source.read(path)
            ]
    splits = {split: clean(rows, options.cleaner) for split, rows in splits.items()}
    for row in clean(read_written(), options.cleaner):
        is_dev = row.source.startswith("written") and row.fold < SETTINGS.written_dev_folds
        splits["dev" if is_dev else "train"].append(row)

    splits["train"] = with_emoji(splits["train"])
    for split, rows in splits.items():
        write_rows(options.work / f"{split}.tsv", rows)
        for (name, label), count in sorted(Counter((row.source, row.label) for row in rows).items()):
            print(f"{split}\t{name}\t{label}\t{count}")


if __name__ == "__main__":
    main()
