"""Texts with personal data, and texts that only look as if: what `analyze` must mark, and must not.

    python tests/golden/redaction.py        # writes redaction_zh.jsonl and redaction_en.jsonl beside it

Each carrier sentence (redaction_carriers_*.txt; those after "- " hold nothing personal) is filled with generated values: numbers with
valid check digits where a kind has one, in the ways people write them. A row is {"text", "entities": [{"kind", "start", "end"}],
"half"}, offsets in UTF-16 units. Rules were tuned on the carriers of half "a" only. All persons and numbers are made up.
"""

import json
import random
import re
from pathlib import Path

from redaction_values import EMOJI, OWN, PERSONAL, VALUES, to_full_width

FOLDER = Path(__file__).parent
SEED = 20240607
PERSONAL_TEXTS = 720
HARMLESS_TEXTS = 420
NOISE = 0.15
MORE = 0.35
SLOT = re.compile(r"\{(\w+)\}")
# Kinds whose values people break into groups.
SPACED = {"phone", "bank_card", "id_number"}

GAP = {"zh": "，", "en": ". "}
# Of a choice of fillers, those that the language would not use.
FOREIGN = {"zh": re.compile("[a-z]{4}|the "), "en": re.compile("[一-鿿]")}

Entity = dict[str, str | int]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def space_out(rng: random.Random, value: str) -> str:
    """A run of digits in groups of three to five."""
    if not value.isdigit():
        return value
    groups, at = [], 0
    while at < len(value):
        size = rng.choice([3, 4, 4, 5])
        groups.append(value[at : at + size])
        at += size
    return " ".join(groups)


def misspell(rng: random.Random, carrier: str) -> str:
    """Two neighbouring letters of one word change places; of a Chinese text, a character is typed twice."""
    words = [
        match
        for match in re.finditer(
            r"[a-z]{5,}", SLOT.sub(lambda m: " " * len(m[0]), carrier)
        )
    ]
    if words:
        word = rng.choice(words)
        at = rng.randrange(word.start() + 1, word.end() - 2)
        return carrier[:at] + carrier[at + 1] + carrier[at] + carrier[at + 2 :]
    plain = [
        i
        for i, c in enumerate(SLOT.sub(lambda m: " " * len(m[0]), carrier))
        if "一" <= c <= "鿿"
    ]
    at = rng.choice(plain) if plain else 0
    return carrier[:at] + carrier[at] + carrier[at:] if plain else carrier


class Filler:
    """Fills carriers of one language with values."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng = rng
        self.own = OWN[language]
        self.gap = GAP[language]
        self.foreign = FOREIGN[language]

    def value(self, slot: str, noise: str | None) -> tuple[str, str | None]:
        kind, make = VALUES[self.own.get(slot, slot)]
        value = make(self.rng)
        while kind is None and self.foreign.search(value):
            value = make(self.rng)
        if noise == "wide" and kind is not None:
            value = to_full_width(value)
        if noise == "spaces" and kind in SPACED:
            value = space_out(self.rng, value)
        return value, kind

    def fill(self, carrier: str, noise: str | None) -> tuple[str, list[Entity]]:
        if noise == "typo":
            carrier = misspell(self.rng, carrier)
        text, at, entities = "", 0, []
        for slot in SLOT.finditer(carrier):
            value, kind = self.value(slot[1], noise)
            text += carrier[at : slot.start()]
            if noise == "emoji" and kind in PERSONAL and self.rng.random() < 0.5:
                text += self.rng.choice(EMOJI)
            start = utf16_length(text)
            text += value
            if kind is not None:
                entities.append(
                    {"kind": kind, "start": start, "end": utf16_length(text)}
                )
            if noise == "emoji" and kind in PERSONAL:
                text += self.rng.choice(EMOJI)
            at = slot.end()
        return text + carrier[at:], entities


def join(
    first: tuple[str, list[Entity]], second: tuple[str, list[Entity]], gap: str
) -> tuple[str, list[Entity]]:
    if first[0].endswith(gap[0]):
        gap = gap[1:]
    shift = utf16_length(first[0] + gap)
    moved = [
        {
            **entity,
            "start": int(entity["start"]) + shift,
            "end": int(entity["end"]) + shift,
        }
        for entity in second[1]
    ]
    return first[0] + gap + second[0], first[1] + moved


def noise_of(rng: random.Random) -> str | None:
    return (
        rng.choice(["wide", "spaces", "emoji", "typo"])
        if rng.random() < NOISE
        else None
    )


def make_rows(
    filler: Filler, carriers: list[str], harmless: list[str], seen: set[str], count: int
) -> list[dict[str, object]]:
    """`count` texts that are not in `seen`; some have a harmless sentence more, of the same half."""
    rng, rows, turn = filler.rng, [], 0
    while len(rows) < count:
        at = turn % len(carriers)
        turn += 1
        filled = filler.fill(carriers[at], noise_of(rng))
        if rng.random() < MORE:
            own_half = [
                other for other in harmless[at % 2 :: 2] if other != carriers[at]
            ]
            other = filler.fill(rng.choice(own_half), None)
            filled = (
                join(other, filled, filler.gap)
                if rng.random() < 0.5
                else join(filled, other, filler.gap)
            )
        if filled[0] not in seen:
            seen.add(filled[0])
            rows.append(
                {"text": filled[0], "entities": filled[1], "half": "ab"[at % 2]}
            )
    return rows


def main() -> None:
    for language in ("zh", "en"):
        lines = (
            (FOLDER / f"redaction_carriers_{language}.txt")
            .read_text("utf-8")
            .splitlines()
        )
        harmless = [line[2:] for line in lines if line.startswith("- ")]
        personal = [line for line in lines if not line.startswith("- ")]
        filler, seen = Filler(random.Random(SEED), language), set[str]()
        rows = make_rows(filler, personal, harmless, seen, PERSONAL_TEXTS) + make_rows(
            filler, harmless, harmless, seen, HARMLESS_TEXTS
        )
        with (FOLDER / f"redaction_{language}.jsonl").open(
            "w", encoding="utf-8"
        ) as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    main()
