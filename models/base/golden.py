"""Write the base tier's golden file: what the reference computes for some 60 texts, for every engine to repeat.

    python -m base.golden [--cleaner FILE] [--out FILE]      # from the folder models

In:  models/base/{aftersense-base.aspack,tokenizer.model}, models/data.  Out: tests/golden/base.tsv.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from base.reference import PACK, BaseReference, embedding, pieces_of, read_tokenizer
from golden import EDGES, FILES
from pack import Float32, HeadKind, load
from prepare import CLEANER, clean_texts

MODELS = Path(__file__).parents[1]
GOLDEN = MODELS.parent / "tests" / "golden" / "base.tsv"
FIRST = 8  # values of a long vector that stand for it
MESSAGES = 7  # of each file
SHORT = 200  # characters; longer edges of the lite tier would take minutes
LONG = (
    (("the delivery was late and the box was broken, but the product itself is good. " * 14).strip(), "en"),
    ("物流很慢,包装破了,客服态度也不好,但是质量不错。" * 20, "zh"),
    (("充电器 stopped working after 3 days 😠 我要退款, please help. " * 40).strip(), "zh"),
    (("satisfied customer service delivery packaging quality " * 160).strip(), "en"),  # more than max_bytes
)
HEADER = """\
# What the reference computes with models/base/aftersense-base.aspack; after a deliberate change: python -m base.golden
# One text a line, columns separated by tabs. A real is the bit pattern of its float32 as 8 hex digits, reals of one
# vector are separated by commas.
# text, language, pieces (ids, separated by spaces)
# pooled           the first 8 dimensions of the pooled vector
# <task>           logits before calibration of a head
# evidence         logits of the first and of the last piece, separated by a space; none for a text without pieces
# embedding        the first 8 dimensions, of unit length
# leading          the first 8 of the 128 dimensions that serve alone
"""


def texts(cleaner: str) -> list[tuple[str, str]]:
    """Short edges, long texts, then written messages spread over their files, cleaned."""
    messages = []
    for name in FILES:
        lines = (MODELS / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        language = "en" if name.endswith("en") else "zh"
        chosen = lines[:: len(lines) // MESSAGES][:MESSAGES]
        messages += [(json.loads(line)["text"], language) for line in chosen]
    cleaned = clean_texts([text for text, _ in messages], cleaner)
    edges = [(" ".join(text.split()), language) for text, language in EDGES if len(text) < SHORT]
    return [*edges, *LONG, *((text, language) for text, (_, language) in zip(cleaned, messages, strict=True))]


def bits(reals: Float32) -> str:
    return ",".join(f"{each:08x}" for each in np.ascontiguousarray(reals).view(np.uint32))


def columns(reference: BaseReference, pieces: list[int]) -> dict[str, str]:
    answers = reference.answer(pieces)
    result = {"pieces": " ".join(map(str, pieces)), "pooled": bits(answers.pooled[:FIRST])}
    for head, _ in reference.heads:
        logits = answers.logits[head.task]
        if head.kind == HeadKind.TOKEN_MARKS:
            result[head.task] = " ".join(map(bits, logits[[0, -1]])) if len(logits) else ""
        elif head.kind == HeadKind.VECTOR:
            whole, leading = embedding(logits)
            result |= {head.task: bits(whole[:FIRST]), "leading": bits(leading[:FIRST])}
        else:
            result[head.task] = bits(logits)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cleaner", default=str(MODELS.parent / CLEANER))
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--out", type=Path, default=GOLDEN)
    options = parser.parse_args()
    pack, tokenizer = load(options.pack), read_tokenizer(options.pack.with_name("tokenizer.model"))
    reference = BaseReference(pack)
    rows = [
        {"text": text, "language": language, **columns(reference, pieces_of(tokenizer, text, pack.max_bytes))}
        for text, language in texts(options.cleaner)
    ]
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    options.out.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    windows = [len(reference.windows(row["pieces"].split())) for row in rows]  # type: ignore[arg-type]
    print(f"{len(rows)} texts of 1 to {max(windows)} windows")


if __name__ == "__main__":
    main()
