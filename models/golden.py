"""Write the golden file: what the reference computes for about 200 texts, for every engine to repeat.

    python models/golden.py [--cleaner build/native-release/bin/aftersense_clean]

In:  models/lite/aftersense-lite.aspack, models/lite/tokenizer.model, models/data.
Out: tests/golden/lite.tsv, tests/golden/lite_heads.tsv.
Columns: cleaned text, language, piece ids, number of distinct n-gram buckets, s[k], g[k], logits as hex floats; of the
heads beside sentiment, for a third of the texts: cleaned text, task, g[k], logits.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from pack import Float32, Pack, load
from prepare import CLEANER, clean_texts
from reference import PACK, Reference, Trace

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests" / "golden" / "lite.tsv"
HEADS_GOLDEN = GOLDEN.with_name("lite_heads.tsv")
HEADS_COLUMNS = ("text", "task", "ngrams", "logits")
COLUMNS = ("text", "language", "pieces", "bucket_count", "dense", "ngrams", "logits")

# Cleaned texts at the edges of the arithmetic: empty, one character, no Latin or Han letters, mixed scripts, marks.
EDGES = (
    ("", "other"),
    ("a", "en"),
    ("好", "zh"),
    ("。", "zh"),
    ("?", "other"),
    ("😊", "other"),
    ("😠", "other"),
    ("😐", "other"),
    ("😊😊😊", "other"),
    ("😠 物流太慢,盒子都破了", "zh"),
    ("not good", "en"),
    ("not bad at all 😊", "en"),
    ("不好", "zh"),
    ("质量很好,下次还会来", "zh"),
    ("where is my order 12345?", "en"),
    ("请问可以开发票吗", "zh"),
    ("it's don't can't 'quoted' 12'34", "en"),
    ("iphone15promax很好用but the case broke", "zh"),
    ("товар пришёл сломанным", "other"),
    ("η παραγγελία δεν ήρθε ποτέ", "other"),
    ("المنتج ممتاز", "other"),
    ("המוצר שבור", "other"),
    ("สินค้าดีมาก", "other"),
    ("상품이 마음에 들어요", "other"),
    ("この商品は最高です。また買います", "other"),
    ("très déçu × 2 ÷ 3 ¿qué? ¡no!", "other"),
    ("𠮷野家的𪚥很好吃", "zh"),
    ("龘靐齉爩 鱻麤", "zh"),
    ("e\u0301te\u0301 cafe\u0301", "other"),
    ("\ue000\uf8ff ⚡ ★★★★★ ①②③ → ∞", "other"),
    ("100% cotton, 3.5 stars, $19.99 (was $29.99)!!!", "en"),
    ("(((  )))", "other"),
    ("the the the the the the", "en"),
    ("哈哈哈", "zh"),
    ("good " * 300, "en"),
    ("质量不错但是物流太慢了。" * 300, "zh"),
    ("x" * 9000, "en"),
    ("é" * 5000, "other"),
    ("很" * 2731, "zh"),  # 8,193 bytes: one more than max_bytes
    ("很" * 2730 + "ab", "zh"),  # 8,192 bytes: not cut
    ("bad " * 2100 + "好评" * 900, "en"),
    ("😊" * 2100, "other"),
)
LONG = 400  # characters
FILES = {"messages_zh_a": 45, "messages_zh_b": 45, "messages_en": 70}


def texts(cleaner: str) -> list[tuple[str, str]]:
    """The edges, then written messages spread over their files, cleaned."""
    messages = []
    for name, count in FILES.items():
        lines = (HERE / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        language = "en" if name.endswith("en") else "zh"
        messages += [(json.loads(line)["text"], language) for line in lines[:: len(lines) // count][:count]]
    cleaned = clean_texts([text for text, _ in messages], cleaner)
    edges = [(" ".join(text.split()), language) for text, language in EDGES]
    return edges + [(text, language) for text, (_, language) in zip(cleaned, messages, strict=True)]


def hex_floats(values: Float32) -> str:
    return ",".join(float(np.float32(z)).hex() for z in values)


def head_lines(pack: Pack, chosen: list[str]) -> list[str]:
    lines = []
    for head in pack.heads[1:]:
        reference = Reference(pack, task=head.task)
        for text in chosen:
            trace = reference.trace(text)
            lines.append(
                "\t".join((text, head.task, ",".join(map(str, trace.ngrams)), hex_floats(trace.logits))) + "\n"
            )
    return lines


def line_of(text: str, language: str, trace: Trace) -> str:
    fields = (
        text,
        language,
        " ".join(map(str, trace.pieces)),
        str(trace.bucket_count),
        ",".join(map(str, trace.dense)),
        ",".join(map(str, trace.ngrams)),
        hex_floats(trace.logits),
    )
    return "\t".join(fields) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cleaner", default=CLEANER)
    options = parser.parse_args()
    pack = load(PACK)
    reference = Reference(pack)
    chosen = texts(options.cleaner)
    lines = [line_of(text, language, reference.trace(text)) for text, language in chosen]
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text("\t".join(COLUMNS) + "\n" + "".join(lines), encoding="utf-8")
    short = [text for text, _ in chosen[1:] if len(text) < LONG][::3]
    lines = head_lines(pack, short)
    HEADS_GOLDEN.write_text("\t".join(HEADS_COLUMNS) + "\n" + "".join(lines), encoding="utf-8")
    print(f"{len(chosen)} texts, {len(short)} of them by all heads")


if __name__ == "__main__":
    main()
