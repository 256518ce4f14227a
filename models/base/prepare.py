"""Read every labelled set and the written data for the base model: one row a text, with the labels it has.

    cd models && python -m base.prepare --data ../../shared/data

In:  the --data folder, models/data.
Out: models/work/base/{train,dev}.jsonl (texts), pairs.{train,dev}.jsonl (pairs of texts), answers.jsonl.
A label that a set does not give is absent from the row. Emotion sets give no sentiment. The files and fields are
described in `Example` and in the functions that read pairs.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import prepare as lite
from base.labels import (
    ACOS_KNOWN,
    ASAP,
    ASAP_KNOWN,
    ASPECTS,
    BITEXT_INTENTS,
    CAR,
    CAR_KNOWN,
    COSMETICS,
    COSMETICS_KNOWN,
    EMOTIONS,
    GOEMOTIONS,
    SINGLE_EMOTIONS,
    TOPICS,
    TOPICS_KNOWN,
    Mark,
    acos_mark,
    aspect_polarity,
    aspect_truth,
    emotion_truth,
)
from dataset import Row
from prepare import NEGATIVE, NEUTRAL, POSITIVE, clean_texts, detokenise, fold, read_jsonl, read_tsv

MODELS = Path(__file__).parents[1]
WRITTEN = MODELS / "data"
WRITTEN_PARTS = (("zh", ("zh_a", "zh_b", "zh_c", "zh_d", "zh_e")), ("en", ("en", "en_b", "en_c", "en_d", "en_e")))
PARALLEL_PARTS = ("parallel", "parallel_b", "parallel_c")
QUESTION_PARTS = ("questions", "questions_zh_b", "questions_en_b", "questions_zh_c", "questions_en_c")
POLARITIES = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
OPINION_CHARS = 20  # a cosmetics span of aspect and opinion words is shorter than this, else the opinion alone

Fields = dict[str, Any]  # some of the fields of an Example
Record = dict[str, Any]  # one line of an output file
Pairs = dict[str, list[Record]]  # by split


@dataclass(frozen=True)
class Quote:
    """Words of the text as written that speak of an aspect, and the character they start at."""

    aspect: str
    words: str
    start: int


@dataclass
class Example:
    """One text and what is known about it; None is unknown, and not written."""

    source: str
    language: str
    text: str
    fold: int = 0  # 0–99, from a hash of the cleaned text
    sentiment: int | None = None
    classes: int | None = None  # of the set's sentiment labels: 2 knows no neutral
    emotions: dict[str, int] | None = None
    aspects: dict[str, int] | None = None
    polarity: dict[str, list[int]] | None = None
    evidence: list[tuple[str, int, int]] | None = None  # aspect, start, end in code points; complete where present
    intent: str | None = None
    detail: str | None = None  # the intent as Bitext names it
    urgency: str | None = None
    escalate: int | None = None
    probe: Fields | None = None  # raw labels, for measuring what the encoder has learnt
    quotes: list[Quote] | None = None  # the evidence before cleaning; not written

    def record(self) -> Record:
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "quotes"}
        return {name: value for name, value in values.items() if value is not None}


Splits = dict[str, list[Example]]  # by split


def rated(read: Callable[[Path], lite.Labelled], classes: int) -> Callable[[Path], Iterator[Fields]]:
    def read_fields(path: Path) -> Iterator[Fields]:
        for text, label in read(path):
            yield {"text": text, "sentiment": label, "classes": classes}

    return read_fields


def unlabelled(path: Path) -> Iterator[Fields]:
    for row in read_tsv(path):
        yield {"text": row["text"]}


def airline(path: Path) -> Iterator[Fields]:
    for row in read_tsv(path):
        reason = row["complaint_reason"]
        probe = {"airline": reason} if reason != "-" else None
        yield {"text": row["text"], "sentiment": int(row["label"]), "classes": 3, "probe": probe}


def goemotions(path: Path) -> Iterator[Fields]:
    for row in read_tsv(path):
        labels = row["labels"].split(",")
        yield {
            "text": re.sub(r"\[(NAME|RELIGION)\]", "it", row["text"]),
            "emotions": emotion_truth(GOEMOTIONS[label] for label in labels),
            "probe": {"goemotions": labels},
        }


def single_emotion(probe: str) -> Callable[[Path], Iterator[Fields]]:
    def read_fields(path: Path) -> Iterator[Fields]:
        for row in read_tsv(path):
            label = row["labels"]
            yield {"text": row["text"], "emotions": emotion_truth([SINGLE_EMOTIONS[label]]), "probe": {probe: label}}

    return read_fields


def verdict(polarities: Iterable[int]) -> Fields:
    """The sentiment where all opinions agree."""
    found = set(polarities)
    return {"sentiment": found.pop(), "classes": 3} if len(found) == 1 else {}


def opinion_fields(opinions: list[tuple[Mark, int]], known: tuple[str, ...]) -> Fields:
    return {
        "aspects": aspect_truth(known, (mark for mark, _ in opinions)),
        "polarity": aspect_polarity(opinions),
    }


def cosmetics_quotes(text: str, opinions: list[Fields]) -> list[Quote] | None:
    quotes = []
    for opinion in opinions:
        aspect = COSMETICS[opinion["category"]].true
        if aspect is None or opinion["opinion"] is None:
            return None
        start, end = opinion["o_start"], opinion["o_end"]
        if opinion["aspect"] is not None:
            first, last = min(start, opinion["a_start"]), max(end, opinion["a_end"])
            if last - first < OPINION_CHARS:
                start, end = first, last
        quotes.append(Quote(aspect, text[start:end], start))
    return quotes


def cosmetics(path: Path) -> Iterator[Fields]:
    for row in read_jsonl(path):
        opinions = [(COSMETICS[part["category"]], int(part["polarity"])) for part in row["opinions"]]
        yield {
            "text": row["text"],
            **verdict(polarity for _, polarity in opinions),
            **opinion_fields(opinions, COSMETICS_KNOWN),
            "quotes": cosmetics_quotes(row["text"], row["opinions"]),
            "probe": {"cosmetics": sorted({part["category"] for part in row["opinions"]})},
        }


def car(path: Path) -> Iterator[Fields]:
    for row in read_jsonl(path):
        opinions = [(CAR[part["category"]], int(part["polarity"])) for part in row["aspects"]]
        yield {
            "text": row["text"],
            **verdict(polarity for _, polarity in opinions),
            **opinion_fields(opinions, CAR_KNOWN),
            "probe": {"car": sorted({part["category"] for part in row["aspects"]})},
        }


def asap(path: Path) -> Iterator[Fields]:
    for row, (text, label) in zip(read_jsonl(path), lite.stars(path), strict=True):
        opinions = [(ASAP[part["category"]], int(part["polarity"])) for part in row["aspects"]]
        yield {"text": text, "sentiment": label, "classes": 3, **opinion_fields(opinions, ASAP_KNOWN)}


def acos_text(text: str) -> str:
    """ACOS sets the apostrophe apart as well: `ca n ' t` and `it ' s` become `can't` and `it's`."""
    return detokenise(re.sub(r" ' (s|t|m|re|ve|ll|d)\b", r"'\1", text).replace(" n't", "n't"))


def acos_quotes(text: str, opinions: list[Fields]) -> list[Quote] | None:
    """The opinion words, where each is given and stands in the text just once, as whole words."""
    quotes = []
    for opinion in opinions:
        aspect = acos_mark(opinion["category"]).true
        if aspect is None or opinion["opinion"] is None:
            return None
        words = acos_text(opinion["opinion"])
        found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
        if len(found) != 1:
            return None
        quotes.append(Quote(aspect, words, found[0]))
    return quotes


def acos(path: Path) -> Iterator[Fields]:
    for row in read_jsonl(path):
        text = acos_text(row["text"])
        opinions = [(acos_mark(part["category"]), int(part["polarity"])) for part in row["opinions"]]
        yield {
            "text": text,
            **verdict(polarity for _, polarity in opinions),
            **opinion_fields(opinions, ACOS_KNOWN[row["domain"]]),
            "quotes": acos_quotes(text, row["opinions"]),
            "probe": {"acos": sorted({part["category"] for part in row["opinions"]})},
        }


def topics(path: Path) -> Iterator[Fields]:
    for row in read_tsv(path):
        mark = TOPICS[row["topic"]]
        known = opinion_fields([(mark, NEGATIVE)], TOPICS_KNOWN) if mark else {}
        yield {"text": row["text"], "intent": "complaint", **known, "probe": {"topics": row["topic"]}}


def urgencies(path: Path) -> Iterator[Fields]:
    for row in read_tsv(path):
        yield {"text": row["text"], "intent": "complaint", "probe": {"urgency_en": row["urgency"]}}


def bitext(path: Path) -> Iterator[Fields]:
    for row in read_tsv(path):
        yield {"text": row["text"], "intent": BITEXT_INTENTS[row["intent"]], "detail": row["intent"]}


def foreign_intent(probe: str) -> Callable[[Path], Iterator[Fields]]:
    """Intents of another trade, none of ours."""

    def read_fields(path: Path) -> Iterator[Fields]:
        for row in read_tsv(path):
            yield {"text": row["text"], "probe": {probe: row["intent"]}}

    return read_fields


@dataclass(frozen=True)
class Source:
    name: str  # file name without split and ending
    language: str
    read: Callable[[Path], Iterator[Fields]]
    splits: tuple[str, ...] = ("train", "dev")

    def path(self, data: Path, split: str) -> Path:
        return data / f"{self.name}.{split}.{'jsonl' if self.name.startswith('aspect') else 'tsv'}.gz"


CLOTHING, AIRLINE = "sent_en_womens_clothing", "sent_en_airline_complaints"
SOURCES = (
    *(
        Source(source.name, source.language, rated(source.read, source.classes), source.splits)
        for source in lite.SOURCES
        if source.name.startswith("sent_") and source.name not in (CLOTHING, AIRLINE)
    ),
    Source(CLOTHING, "en", rated(lite.titled, 3), ("train",)),
    Source(CLOTHING, "en", rated(lite.sentiment, 3), ("dev",)),  # many a title stands in both splits
    Source(AIRLINE, "en", airline, ("dev",)),
    Source("unlabeled_zh_eprstmt", "zh", unlabelled, ("train",)),
    Source("emotion_en_goemotions", "en", goemotions),
    Source("emotion_en_dair_twitter", "en", single_emotion("dair"), ("dev",)),
    Source("emotion_zh_smp2020_usual", "zh", single_emotion("smp2020")),
    Source("emotion_zh_smp2020_virus", "zh", single_emotion("smp2020")),
    Source("emotion_zh_nlpcc2013", "zh", single_emotion("nlpcc2013")),
    Source("emotion_zh_clue", "zh", single_emotion("clue")),
    Source("aspect_zh_zhejianglab_cosmetics", "zh", cosmetics),
    Source("aspect_zh_car_bdci2018", "zh", car),
    Source("aspect_zh_asap_sample", "zh", asap),
    Source("aspect_en_acos", "en", acos),
    Source("topic_en_ecommerce_complaints", "en", topics),
    Source("urgency_en_ecommerce_complaints", "en", urgencies),
    Source("intent_en_bitext", "en", bitext),
    Source("intent_en_banking77", "en", foreign_intent("banking77")),
    Source("intent_en_clinc150", "en", foreign_intent("clinc150")),
)


def message(row: Fields, language: str) -> Example:
    text = row["text"]
    present = {part["aspect"] for part in row["aspects"]}
    marks = [(Mark(part["aspect"]), POLARITIES[part["polarity"]]) for part in row["aspects"]]
    quoted = [part for part in row["aspects"] if part["evidence"] is not None]
    return Example(
        f"written_{language}",
        language,
        text,
        sentiment=POLARITIES[row["sentiment"]],
        classes=3,
        emotions={id: int(id in row["emotions"]) for id in EMOTIONS},
        aspects={id: int(id in present) for id in ASPECTS},
        polarity=aspect_polarity(marks),
        quotes=[Quote(part["aspect"], part["evidence"], text.index(part["evidence"])) for part in quoted],
        intent=row["intent"],
        urgency=row["urgency"],
        escalate=int(row["should_escalate_to_human"]),
    )


def written_examples() -> list[Example]:
    examples = []
    for language, parts in WRITTEN_PARTS:
        for part in parts:
            examples += [message(row, language) for row in read_jsonl(WRITTEN / f"messages_{part}.jsonl")]
    for row in lite.read_written():
        if row.source.startswith("short"):
            examples.append(Example(row.source, row.language, row.text, sentiment=row.label, classes=row.classes))
    for question in written_questions():
        source = f"questions_{question['lang']}"
        examples.append(Example(source, question["lang"], question["text"], sentiment=NEUTRAL, classes=3))
    return examples


def written_questions() -> list[Fields]:
    return [row for part in QUESTION_PARTS for row in read_jsonl(WRITTEN / f"{part}.jsonl")]


def starts(words: str, text: str) -> list[int]:
    return [start for start in range(len(text)) if text.startswith(words, start)]


def locate(quote: Quote, words: str, raw: str, text: str) -> tuple[str, int, int] | None:
    """The quote in the cleaned text: the n-th of its cleaned `words`, if as many stand there as in the raw text."""
    before, after = starts(quote.words, raw), starts(words, text)
    if not words or len(before) != len(after):
        return None
    start = after[before.index(quote.start)]
    return quote.aspect, start, start + len(words)


def clean(examples: list[Example], cleaner: str) -> list[Example]:
    """Clean texts and quotes alike and find the quotes again; texts of which nothing is left are dropped."""
    quotes = [quote for example in examples for quote in example.quotes or ()]
    texts = clean_texts([example.text for example in examples] + [quote.words for quote in quotes], cleaner)
    words = iter(texts[len(examples) :])
    result = []
    for example, text in zip(examples, texts, strict=False):
        if example.quotes is not None:
            spans = [locate(quote, next(words), example.text, text) for quote in example.quotes]
            found = sorted({span for span in spans if span}, key=lambda span: span[1:])
            example.evidence = found if all(spans) else None
        example.text, example.fold = text, fold(text)
        if text:
            result.append(example)
    return result


def add_emoji(examples: list[Example]) -> None:
    """Lite's emoji, on texts that have a sentiment and no offsets."""
    plain = [example for example in examples if example.sentiment is not None and example.evidence is None]
    rows = [Row(e.source, e.language, e.classes or 0, e.sentiment or 0, e.fold, e.text) for e in plain]
    for example, row in zip(plain, lite.with_emoji(rows), strict=True):
        example.text = row.text


def sides(pair: Record) -> list[str]:
    """The texts of a pair: both, or of a question the question alone."""
    return [pair[side] for side in ("a", "b") if side in pair]


def clean_pairs(pairs: list[Record], cleaner: str) -> list[Record]:
    """Clean the texts of all pairs; pairs of which a side is left empty are dropped."""
    cleaned = iter(clean_texts([text for pair in pairs for text in sides(pair)], cleaner))
    result = [{**pair, **{side: next(cleaned) for side in ("a", "b") if side in pair}} for pair in pairs]
    return [pair for pair in result if all(sides(pair))]


def written_pairs() -> list[Record]:
    """Translations; pairs with their likeness, 0–5; searches with a product that fits; questions with the answer's id,
    or null where none fits."""
    pairs: list[Record] = []
    for part in PARALLEL_PARTS:
        for row in read_jsonl(WRITTEN / f"{part}.jsonl"):
            pairs.append({"kind": "parallel", "a": row["zh"], "b": row["en"]})
    for row in read_jsonl(WRITTEN / "similar.jsonl"):
        pairs.append({"kind": "similar", "a": row["a"], "b": row["b"], "score": row["score"]})
    for row in read_jsonl(WRITTEN / "queries.jsonl"):
        languages = f"{row['query_lang']} → {row['product_lang']}"
        pairs.append({"kind": "query", "a": row["query"], "b": row["product"], "languages": languages})
    for row in written_questions():
        pairs.append({"kind": "question", "a": row["text"], "b_id": row["answer_id"], "language": row["lang"]})
    return pairs


def product_text(product: dict[str, str]) -> str:
    """The title, led by the brand where the title does not name it."""
    title = product.get("title") or product.get("name") or ""
    brand = product.get("brand") or product.get("manufacturer") or ""
    return title if brand in title else f"{brand} {title}"


def product_pairs(data: Path, split: str) -> list[Record]:
    """Two shops' products, and whether they are the same."""
    pairs: list[Record] = []
    for name in ("abt_buy", "amazon_google", "walmart_amazon"):
        source = f"products_en_match_{name}"
        for row in read_jsonl(data / f"{source}.{split}.jsonl.gz"):
            a, b = product_text(row["left"]), product_text(row["right"])
            pairs.append({"kind": "product", "a": a, "b": b, "match": int(row["match"]), "source": source})
    return pairs


def written_split(text_fold: int) -> str:
    return "dev" if text_fold < lite.SETTINGS.written_dev_folds else "train"


def answers(cleaner: str) -> list[Record]:
    """The shop's answers, an ellipsis in place of each slot."""
    rows = list(read_jsonl(WRITTEN / "answers.jsonl"))
    texts = [re.sub(r"\{\w+\}", "…", row[language]) for row in rows for language in ("zh", "en")]
    cleaned = iter(clean_texts(texts, cleaner))
    return [{"id": row["id"], "zh": next(cleaned), "en": next(cleaned)} for row in rows]


def read_public(data: Path, cleaner: str) -> Splits:
    """The examples of the public sets and the lexicons, cleaned."""
    splits: Splits = {"train": [], "dev": []}
    for row in lite.read_lexicons(data):
        splits["train"].append(Example(row.source, row.language, row.text, sentiment=row.label, classes=row.classes))
    for source in SOURCES:
        for split in source.splits:
            rows = source.read(source.path(data, split))
            splits[split] += [Example(source.name, source.language, **row) for row in rows]
    return {split: clean(examples, cleaner) for split, examples in splits.items()}


def read_written(cleaner: str) -> tuple[Splits, Pairs]:
    """The examples and pairs of models/data, cleaned. No text of train, in whatever role, stands in dev."""
    splits: Splits = {"train": [], "dev": []}
    for example in clean(written_examples(), cleaner):
        split = "train" if example.source.startswith("short") else written_split(example.fold)
        splits[split].append(example)
    pairs: Pairs = {"train": [], "dev": []}
    for pair in clean_pairs(written_pairs(), cleaner):
        pairs[written_split(fold(pair["a"]))].append(pair)
    held = {example.text for example in splits["dev"]} | {text for pair in pairs["dev"] for text in sides(pair)}
    splits["train"] = [example for example in splits["train"] if example.text not in held]
    pairs["train"] = [pair for pair in pairs["train"] if held.isdisjoint(sides(pair))]
    return splits, pairs


def write(path: Path, records: Iterable[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def report(name: str, counts: Counter[tuple[str, str]]) -> None:
    for (source, field), count in sorted(counts.items()):
        print(f"{name}\t{source}\t{field}\t{count}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cleaner", default=str(MODELS.parent / lite.CLEANER))
    parser.add_argument("--work", type=Path, default=MODELS / "work" / "base")
    options = parser.parse_args()

    public, (written, pairs) = read_public(options.data, options.cleaner), read_written(options.cleaner)
    splits = {split: public[split] + written[split] for split in public}
    # Cleaning makes some texts equal that were not: what stands in a dev set does not train.
    judged = {example.text for example in splits["dev"]}
    splits["train"] = [example for example in splits["train"] if example.text not in judged]
    add_emoji(splits["train"])
    for split, rows in pairs.items():
        rows += clean_pairs(product_pairs(options.data, split), options.cleaner)

    write(options.work / "answers.jsonl", answers(options.cleaner))
    for split, examples in splits.items():
        records = [example.record() for example in examples]
        write(options.work / f"{split}.jsonl", records)
        write(options.work / f"pairs.{split}.jsonl", pairs[split])
        unlisted = {"source", "language", "fold", "classes"}
        report(split, Counter((record["source"], field) for record in records for field in record.keys() - unlisted))
        report(f"pairs.{split}", Counter((pair.get("source", "written"), pair["kind"]) for pair in pairs[split]))


if __name__ == "__main__":
    main()
