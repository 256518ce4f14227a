"""Write the label tables of `base.labels` for the command that judges the shipped models (tools/eval.mjs).

cd models && python -m base.label_maps && npx biome format --write ../tools/eval_labels.json
"""

import json
from pathlib import Path
from typing import Any

from base import labels
from base.labels import Mark

FILE = Path(__file__).parents[2] / "tools" / "eval_labels.json"


def table(marks: dict[str, Mark]) -> dict[str, Any]:
    return {label: {"true": mark.true, "open": list(mark.open)} for label, mark in marks.items()}


def label_maps() -> dict[str, Any]:
    """By set: what each raw label says, and the ids that the set annotates."""
    topics = {label: mark for label, mark in labels.TOPICS.items() if mark}
    return {
        "emotionIds": list(labels.EMOTIONS),
        "goemotions": table(labels.GOEMOTIONS),
        "singleEmotions": table(labels.SINGLE_EMOTIONS),
        "cosmetics": {"known": list(labels.COSMETICS_KNOWN), "marks": table(labels.COSMETICS)},
        "car": {"known": list(labels.CAR_KNOWN), "marks": table(labels.CAR)},
        "asap": {"known": list(labels.ASAP_KNOWN), "marks": table(labels.ASAP)},
        "acos": {
            "known": {domain: list(ids) for domain, ids in labels.ACOS_KNOWN.items()},
            "prices": table(labels.ACOS_PRICES),
            "entities": table(labels.ACOS_ENTITIES),
            "attributes": table(labels.ACOS_ATTRIBUTES),
        },
        "topics": {"known": list(labels.TOPICS_KNOWN), "marks": table(topics)},
        "bitext": labels.BITEXT_INTENTS,
        "aspectIds": list(labels.ASPECTS),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(label_maps(), ensure_ascii=False), encoding="utf-8")
