"""How often the urgency that lite gives is that of the written messages: the rule of src/tasks/urgency_cues.h for P1,
its head else; with a pack that has no head, the rule alone.

    cd models && python urgency.py        # needs npm run build

In: models/data/messages_*.jsonl. Prints, for the messages that may train and for those of dev, agreement, and each
level's precision and recall; for each kind of reason, in how many texts of each level it is found. The rule's
precisions of dev stand in src/tasks/urgency_phrases.h; they were measured with pack 1.0.0, which had no head.
"""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from base.prepare import WRITTEN, WRITTEN_PARTS, written_split
from prepare import clean_texts, fold, read_jsonl

ROOT = Path(__file__).parents[1]
CLEANER = str(ROOT / "build/native-release/bin/aftersense_clean")
LEVELS = ("P1", "P2", "P3", "P4")


def read_messages() -> list[dict[str, Any]]:
    parts = [part for _, names in WRITTEN_PARTS for part in names]
    return [row for part in parts for row in read_jsonl(WRITTEN / f"messages_{part}.jsonl")]


def analyze(texts: list[str]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    command = ["node", str(ROOT / "bin/aftersense.mjs"), "analyze", "-", "--model", "lite", "--format", "jsonl"]
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True).stdout.decode()
    return [json.loads(line)["analysis"] for line in done.splitlines()]


def report(split: str, judged: list[tuple[str, dict[str, Any]]]) -> None:
    """`judged`: the level as written, and the urgency as analysed."""
    pairs = Counter((urgency.get("level"), level) for level, urgency in judged)
    right = sum(pairs[level, level] for level in LEVELS)
    print(f"{split}: {len(judged)} messages, agreement {right / len(judged):.3f}")
    for level in LEVELS:
        given = sum(pairs[level, other] for other in LEVELS)
        wanted = sum(count for (_, other), count in pairs.items() if other == level)
        precision, recall = pairs[level, level] / max(1, given), pairs[level, level] / max(1, wanted)
        print(f"  {level}  given {given:5}  precision {precision:.3f}  recall {recall:.3f}")
    found = Counter(
        (kind, level) for level, urgency in judged for kind in {reason["kind"] for reason in urgency.get("reasons", [])}
    )
    for kind in sorted({kind for kind, _ in found}):
        print(f"  {kind:17}", *(f"{level} {found[kind, level]:4}" for level in LEVELS))


def main() -> None:
    rows = read_messages()
    texts = [row["text"] for row in rows]
    splits = [written_split(fold(text)) for text in clean_texts(texts, CLEANER)]
    urgencies = [analysis.get("urgency", {}) for analysis in analyze(texts)]
    for split in ("train", "dev"):
        report(
            split,
            [
                (row["urgency"], urgency)
                for row, urgency, own in zip(rows, urgencies, splits, strict=True)
                if own == split
            ],
        )


if __name__ == "__main__":
    main()
