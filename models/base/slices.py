"""Sentiment as it ships, by length, by whom a text speaks of and by script; and errors to read.

    python -m base.slices [--form float|integer|pack] [--errors N]     # from the folder models

In:  the predictions of base.evaluate of that form, models/work/base/calibration.json, models/lite.
Prints a Markdown table of dev accuracy; with --errors, that many texts judged wrongly of the written and of the public
sets.
"""

import argparse
import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from base.calibrate import RESULT, read_calibrations
from base.fusion import both_of, calibrated
from base.predictions import FORMS, Selection, load, path_of
from base.scores import accuracy
from dataset import LABELS
from pack import load as load_pack
from reference import PACK, Reference

Array = np.ndarray

LENGTHS = (0, 12, 40, 120, 1 << 20)  # characters
WORDS = {
    "of women": (r"\b(she|her|wife|mom|mother|daughter|girlfriend)\b", r"她|妈|老婆|女儿|妻"),
    "of men": (r"\b(he|his|husband|dad|father|son|boyfriend)\b", r"他|爸|老公|儿子|丈夫"),
    "with an emoji": ("[\U0001f300-\U0001faff]",) * 2,
    "with a Latin word": (None, "[a-zA-Z]{4,}"),
}
LANGUAGES = ("en", "zh")
UNJUDGED = ("questions", "aspect")  # sets that were not made for sentiment


def slices(texts: Array, language: Array) -> Iterator[tuple[str, Array]]:
    sizes = np.array([len(text) for text in texts])
    for index, name in enumerate(LANGUAGES):
        own = language == name
        yield f"{name}, all", own
        for least, limit in pairwise(LENGTHS):
            yield f"{name}, {least} to {limit - 1} characters", own & (sizes >= least) & (sizes < limit)
        for what, patterns in WORDS.items():
            if pattern := patterns[index]:
                found = [bool(re.search(pattern, text, re.IGNORECASE)) for text in texts]
                yield f"{name}, {what}", own & np.array(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--form", choices=FORMS, default="float")
    parser.add_argument("--errors", type=int, default=0, help="of the written messages, and as many of the public sets")
    options = parser.parse_args()
    dev = load(path_of(options.form, Selection())).parts["dev"]
    both = both_of(dev, Reference(load_pack(PACK)))
    logits = calibrated(both, read_calibrations(RESULT)["sentiment"])
    guessed = np.where(both.classes == 2, 2 * (logits[:, 2] > logits[:, 0]), logits.argmax(1))
    right = guessed == both.target
    texts = np.array([dev.records[row]["text"] for row in dev.known["sentiment"].tolist()])

    print("| texts | rows | accuracy | judged negative | are negative |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, chosen in slices(texts, both.language):
        if chosen.any():
            shares = [100 * np.mean(labels[chosen] == 0) for labels in (guessed, both.target)]
            print(f"| {name} | {chosen.sum()} | {accuracy(right[chosen]):.1f} | {shares[0]:.1f} | {shares[1]:.1f} |")

    rng, written = np.random.default_rng(1), np.char.startswith(both.source, "written")
    public = ~written & ~np.any([np.char.startswith(both.source, each) for each in UNJUDGED], axis=0)
    for part in (written, public):
        for row in rng.permutation(np.flatnonzero(part & ~right))[: options.errors]:
            text = texts[row].replace("\n", " ")
            print(f"{both.source[row]}: {LABELS[both.target[row]]} judged {LABELS[guessed[row]]}: {text}")


if __name__ == "__main__":
    main()
