"""Turn the multi-task rows into piece ids and label arrays, once for all trainings.

    python -m base.encode            # from the folder models

In:  models/work/base/{train,dev}.jsonl, tokenizer.model.
Out: models/work/base/{train,dev}.npz and heads.json (the labels of every head, in order of the logits).

An id or head that a row says nothing about is masked: −1 in a class array, 0 in a bit set of known ids.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece as spm

from base.labels import ASPECTS, EMOTIONS, INTENTS, URGENCIES
from base.pretrained import WORK
from dataset import LABELS
from prepare import read_jsonl

BEGIN, END = 0, 2
MAX_PIECES = 510  # of a row; longer texts are cut here, and shorter still in training
# Labels of these sets are many to a text; all the others have one.
MULTI_LABEL_PROBES = ("goemotions", "cosmetics", "car", "acos")
RARE_LABEL = 3  # labels of a set in fewer training texts get no output


def probe_labels(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The labels of each public set that has a head of its own for measuring."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        for probe, labels in row.get("probe", {}).items():
            for label in [labels] if isinstance(labels, str) else labels:
                counts[probe][label] += 1
    return {
        probe: sorted(label for label, count in labels.items() if count >= RARE_LABEL)
        for probe, labels in sorted(counts.items())
    }


def make_heads(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    details = sorted({row["detail"] for row in rows if "detail" in row})
    heads = {
        "sentiment": list(LABELS),
        "emotions": list(EMOTIONS),
        "aspects": list(ASPECTS),
        "polarity": [f"{aspect}/{label}" for aspect in ASPECTS for label in LABELS],
        "intent": list(INTENTS),
        "detail": details,
        "urgency": list(URGENCIES),
        "escalate": ["escalate"],
    }
    return heads | {f"probe_{name}": labels for name, labels in probe_labels(rows).items()}


def marks(known: dict[str, int], ids: tuple[str, ...]) -> list[int]:
    return [known.get(each, -1) for each in ids]


def polarities(row: dict[str, Any]) -> list[int]:
    """Per aspect the set of its polarities: bit 0 negative, bit 1 neutral, bit 2 positive; 0 unknown."""
    found = row.get("polarity", {})
    return [sum(1 << p for p in set(found.get(aspect, ()))) for aspect in ASPECTS]


def evidence_tokens(row: dict[str, Any], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """(token, aspect) for every token (bytes) that overlaps a span of evidence; token 0 is the begin token."""
    found = set()
    for aspect, *span in row["evidence"]:
        start, end = (len(row["text"][:at].encode()) for at in span)
        for token, (a, b) in enumerate(spans):
            if a < end and b > start:
                found.add((token + 1, ASPECTS.index(aspect)))
    return sorted(found)


def one_of(row: dict[str, Any], field: str, labels: list[str] | tuple[str, ...]) -> int:
    return labels.index(row[field]) if field in row else -1


def encode(
    rows: list[dict[str, Any]], heads: dict[str, list[str]], pieces: spm.SentencePieceProcessor
) -> dict[str, Any]:
    texts = [row["text"].replace("\n", " ") for row in rows]
    ids = [[BEGIN, *each[:MAX_PIECES], END] for each in pieces.encode(texts, num_threads=2)]
    evidence: list[tuple[int, int, int]] = []
    for index, row in enumerate(rows):
        if "evidence" in row:
            proto = pieces.encode(texts[index], return_type="proto")
            spans = [(piece.begin, piece.end) for piece in proto.pieces][:MAX_PIECES]
            evidence += [(index, token, aspect) for token, aspect in evidence_tokens(row, spans)]
    arrays: dict[str, Any] = {
        "ids": np.concatenate([np.array(each, np.uint16) for each in ids]),
        "offsets": np.cumsum([0, *map(len, ids)]),
        "source": np.array([row["source"] for row in rows]),
        "language": np.array([row["language"] for row in rows]),
        "fold": np.array([row["fold"] for row in rows], np.int16),
        "sentiment": np.array([row.get("sentiment", -1) for row in rows], np.int8),
        "classes": np.array([row.get("classes", 0) for row in rows], np.int8),
        "emotions": np.array([marks(row.get("emotions", {}), EMOTIONS) for row in rows], np.int8),
        "aspects": np.array([marks(row.get("aspects", {}), ASPECTS) for row in rows], np.int8),
        "polarity": np.array([polarities(row) for row in rows], np.int8),
        "intent": np.array([one_of(row, "intent", INTENTS) for row in rows], np.int16),
        "detail": np.array([one_of(row, "detail", heads["detail"]) for row in rows], np.int16),
        "urgency": np.array([one_of(row, "urgency", URGENCIES) for row in rows], np.int8),
        "escalate": np.array([row.get("escalate", -1) for row in rows], np.int8),
        "has_evidence": np.array(["evidence" in row for row in rows]),
        "evidence": np.array(evidence, np.int32).reshape(-1, 3),
    }
    for head, labels in heads.items():
        if head.startswith("probe_"):
            arrays[head] = encode_probe(rows, head.removeprefix("probe_"), labels)
    return arrays


def encode_probe(rows: list[dict[str, Any]], probe: str, labels: list[str]) -> Any:
    """Class index, −1 where masked; or (row, label) pairs, label −1 marking a row that the set labels at all."""
    place = {label: i for i, label in enumerate(labels)}
    if probe not in MULTI_LABEL_PROBES:
        return np.array([place.get(row.get("probe", {}).get(probe), -1) for row in rows], np.int16)
    pairs = []
    for index, row in enumerate(rows):
        if (found := row.get("probe", {}).get(probe)) is not None:
            pairs += [(index, -1), *((index, place[label]) for label in set(found) if label in place)]
    return np.array(pairs, np.int32).reshape(-1, 2)


def main() -> None:
    pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
    splits = {split: list(read_jsonl(WORK / f"{split}.jsonl")) for split in ("train", "dev")}
    heads = make_heads(splits["train"])
    Path(WORK / "heads.json").write_text(json.dumps(heads, ensure_ascii=False, indent=1))
    for split, rows in splits.items():
        arrays = encode(rows, heads, pieces)
        np.savez(WORK / f"{split}.npz", **arrays)
        print(f"{split}: {len(rows)} texts, {len(arrays['ids'])} pieces, {len(arrays['evidence'])} evidence marks")
    print({name: len(labels) for name, labels in heads.items()})


if __name__ == "__main__":
    main()
