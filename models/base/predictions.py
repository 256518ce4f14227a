"""What the base model says of every labelled dev text, of the calibration part of train, and of the texts of pairs.

    python -m base.predictions [--checkpoint FILE] [--form float|integer|pack] [--bits N] [--sets PREFIX,…] [--rows N]

In:  models/work/base/{train,dev}.{jsonl,npz}, pairs.{train,dev}.jsonl, answers.jsonl, tokenizer.model, a checkpoint.
Out: models/work/base/predictions-<form>.npz, of a part of the texts predictions-<form>-part.npz.
Texts are read whole, in windows, as the engine does. `--rows` takes the first of each set only, `--sets` the sets whose
names begin so; the pairs written for the project are the set `written_pairs`.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece as spm

from base import simulate
from base.dataset import Rows, read_heads
from base.export import SETTINGS as EXPORT
from base.labels import ASPECTS
from base.network import Network
from base.pretrained import WORK
from base.reference import PACK
from base.train import CALIBRATION_FOLDS
from encode import SETTINGS as LITE
from features import cut
from pack import load as load_pack
from prepare import read_jsonl

SPLITS = ("train", "dev")
WRITTEN_PAIRS = "written_pairs"
FORMS = ("float", "integer", "pack")  # of a checkpoint; rounded; the exported packs

Array = np.ndarray
Record = dict[str, Any]


@dataclass(frozen=True)
class Selection:
    sets: tuple[str, ...] = ()  # prefixes of names; none: all
    rows: int | None = None  # of each set

    def takes(self, source: str) -> bool:
        return not self.sets or source.startswith(self.sets)


@dataclass(frozen=True)
class Evidence:
    """Of one text: logits and byte spans of its pieces, and the spans that it should mark (aspect, start, end)."""

    logits: Array  # [pieces, aspects]
    offsets: Array  # [pieces, 2]
    wanted: list[tuple[int, int, int]]

    def target(self) -> Array:
        """Which pieces share a byte with which aspect's spans."""
        marked = np.zeros(self.logits.shape, bool)
        for aspect, start, end in self.wanted:
            marked[:, aspect] |= (self.offsets[:, 0] < end) & (self.offsets[:, 1] > start)
        return marked


@dataclass
class Part:
    """One split: the rows that were read, and the logits of each head for those of which it has a label."""

    rows: Rows
    records: dict[int, Record]
    known: dict[str, Array] = field(default_factory=dict)  # by head: rows, ascending
    logits: dict[str, Array] = field(default_factory=dict)
    evidence: dict[int, Evidence] = field(default_factory=dict)

    def target(self, head: str) -> Array:
        return self.rows.targets[head][self.known[head]]

    def source(self, head: str) -> Array:
        return self.rows.source[self.known[head]]

    def language(self, head: str) -> Array:
        return self.rows.language[self.known[head]]


@dataclass
class Predictions:
    parts: dict[str, Part]
    vectors: dict[str, Array]  # embedding by text


def choose(rows: Rows, split: str, selection: Selection) -> Array:
    """The labelled rows of the sets: of dev all, of train those of the calibration folds."""
    usable = rows.labelled()
    if split == "train":
        usable &= (rows.fold >= CALIBRATION_FOLDS) & ~np.char.startswith(rows.source, "lexicon")
    names = [source for source in np.unique(rows.source[usable]) if selection.takes(source)]
    parts = [np.flatnonzero(usable & (rows.source == name))[: selection.rows] for name in names]
    return np.sort(np.concatenate([np.zeros(0, np.int64), *parts]))


def read_records(split: str, chosen: Array) -> dict[int, Record]:
    wanted = set(chosen.tolist())
    with (WORK / f"{split}.jsonl").open(encoding="utf-8") as file:
        return {index: json.loads(line) for index, line in enumerate(file) if index in wanted}


def known_rows(rows: Rows, records: dict[int, Record], head: str) -> Array:
    """The rows that say something of the head. A probe's row does so even if its label is too rare for an output."""
    if head.startswith("probe_"):
        name = head.removeprefix("probe_")
        return np.array([row for row, record in sorted(records.items()) if name in record.get("probe", {})], np.int64)
    chosen = np.array(sorted(records), np.int64)
    target = rows.targets[head][chosen].reshape(len(chosen), -1)
    return chosen[(target > 0 if head == "polarity" else target >= 0).any(1)]


def input_text(text: str) -> str:
    return cut(text, LITE.max_bytes).replace("\n", " ")


def evidence_of(record: Record, logits: Array, pieces: spm.SentencePieceProcessor) -> Evidence:
    text = record["text"]
    proto = pieces.encode(input_text(text), return_type="proto")
    offsets = np.array([(piece.begin, piece.end) for piece in proto.pieces], np.int64).reshape(-1, 2)
    wanted = [
        (ASPECTS.index(aspect), len(text[:start].encode()), len(text[:end].encode()))
        for aspect, start, end in record["evidence"]
    ]
    return Evidence(logits, offsets, wanted)


def has_evidence(record: Record) -> bool:
    """Evidence of a text that is cut would not be where it was."""
    return "evidence" in record and len(record["text"].encode()) <= LITE.max_bytes


def predict_part(
    network: Network, split: str, selection: Selection, half: bool, pieces: spm.SentencePieceProcessor
) -> Part:
    heads = read_heads()
    rows = Rows(split, heads)
    part = Part(rows, read_records(split, choose(rows, split, selection)))
    chosen = sorted(part.records)
    place = {row: index for index, row in enumerate(chosen)}
    texts = pieces.encode([input_text(part.records[row]["text"]) for row in chosen])
    marked = {place[row] for row in chosen if has_evidence(part.records[row])}
    reading = simulate.read(network, texts, half, marked)
    for head in heads:
        part.known[head] = known_rows(rows, part.records, head)
        at = [place[row] for row in part.known[head].tolist()]
        part.logits[head] = simulate.logits(network, head, reading.pooled[at])
    for index, logits in reading.evidence.items():
        part.evidence[chosen[index]] = evidence_of(part.records[chosen[index]], logits, pieces)
    return part


def pairs(split: str, selection: Selection) -> Iterator[Record]:
    for row in read_jsonl(WORK / f"pairs.{split}.jsonl"):
        if selection.takes(row.get("source", WRITTEN_PAIRS)):
            yield row


def pair_texts(selection: Selection) -> list[str]:
    """The texts of the dev pairs, of the answers, and of train the translations, searches and questions."""
    texts: dict[str, None] = {}
    for split in SPLITS:
        for row in pairs(split, selection):
            if split == "dev" or row["kind"] in ("parallel", "query", "question"):
                texts.update(dict.fromkeys(row[side] for side in ("a", "b") if side in row))
    if selection.takes(WRITTEN_PAIRS):
        for row in read_jsonl(WORK / "answers.jsonl"):
            texts.update(dict.fromkeys((row["zh"], row["en"])))
    return list(texts)


def predict(network: Network, selection: Selection, half: bool) -> Predictions:
    pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
    parts = {split: predict_part(network, split, selection, half, pieces) for split in SPLITS}
    texts = pair_texts(selection)
    reading = simulate.read(network, pieces.encode([input_text(text) for text in texts]), half)
    vectors = simulate.embed(network, reading.pooled)
    return Predictions(parts, dict(zip(texts, vectors, strict=True)))


def save(predictions: Predictions, path: Path) -> None:
    arrays: dict[str, Any] = {}
    for split, part in predictions.parts.items():
        arrays[f"{split}/rows"] = np.array(sorted(part.records), np.int64)
        for head, logits in part.logits.items():
            arrays[f"{split}/{head}"] = logits
        marked = sorted(part.evidence)
        found = [part.evidence[row] for row in marked]
        arrays[f"{split}/evidence_rows"] = np.array(marked, np.int64)
        arrays[f"{split}/evidence_sizes"] = np.array([len(each.offsets) for each in found], np.int64)
        arrays[f"{split}/evidence"] = np.concatenate([np.zeros((0, len(ASPECTS))), *(e.logits for e in found)])
    arrays["texts"] = np.array(list(predictions.vectors))
    arrays["vectors"] = np.array(list(predictions.vectors.values()), np.float32)
    np.savez(path, **arrays)


def load_part(data: Any, split: str, pieces: spm.SentencePieceProcessor) -> Part:
    heads = read_heads()
    rows = Rows(split, heads)
    part = Part(rows, read_records(split, data[f"{split}/rows"]))
    for head in heads:
        part.known[head] = known_rows(rows, part.records, head)
        part.logits[head] = data[f"{split}/{head}"]
    borders = np.cumsum(data[f"{split}/evidence_sizes"])[:-1]
    marked = data[f"{split}/evidence_rows"].tolist()
    if marked:
        for row, logits in zip(marked, np.split(data[f"{split}/evidence"], borders), strict=True):
            part.evidence[row] = evidence_of(part.records[row], logits, pieces)
    return part


def load(path: Path) -> Predictions:
    data = np.load(path)
    pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
    parts = {split: load_part(data, split, pieces) for split in SPLITS}
    return Predictions(parts, dict(zip(data["texts"].tolist(), data["vectors"], strict=True)))


def path_of(form: str, selection: Selection | None = None) -> Path:
    """A run over a part of the texts leaves that over all alone."""
    return WORK / f"predictions-{form}{'-part' if selection and selection != Selection() else ''}.npz"


def selection_of(options: argparse.Namespace) -> Selection:
    return Selection(tuple(filter(None, options.sets.split(","))), options.rows)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, default=WORK / "network.pt")
    parser.add_argument("--form", choices=FORMS, default="float")
    parser.add_argument(
        "--bits", type=int, default=EXPORT.bits, help="of the trained layers' weights, in the integer form"
    )
    parser.add_argument("--sets", default="", help="beginnings of names of sets, comma-separated")
    parser.add_argument("--rows", type=int, help="of each set, the first")


def run(options: argparse.Namespace) -> Predictions:
    """Predict as the options say, and write it down."""
    if options.form == "pack":
        network = simulate.pack_network(load_pack(PACK), load_pack(PACK.with_name("probes.aspack")))
    else:
        network, saved = simulate.load_network(options.checkpoint)
        if options.form == "integer":
            network = simulate.round_as_exported(network, saved, options.bits)
    selection = selection_of(options)
    predictions = predict(network, selection, half=options.form == "float")
    save(predictions, path_of(options.form, selection))
    return predictions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
