"""Score the base model on every dev set, beside the bars it has to reach and the lite model or the pretrained encoder.

    python -m base.evaluate [--checkpoint FILE] [--form float|integer|pack] [--bits N] [--sets PREFIX,…] [--rows N]
    python -m base.evaluate --reuse [--form float|integer|pack] [--calibration FILE]     # the predictions made before

In:  what base.predictions reads, models/work/base/teacher.npz, models/lite/eval-dev.json.
Out: models/work/base/predictions-<form>.npz and scores-<form>.json (of a part of the texts, …-part); a Markdown table
on the screen.
Thresholds are 0.5, or where a score is called `tuned`, chosen on the calibration part of train, never on dev.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

import metrics as lite_metrics
from base.calibrate import Calibrations, read_calibrations
from base.dataset import read_heads
from base.encode import MULTI_LABEL_PROBES
from base.fusion import both_of, calibrated
from base.predictions import Evidence, Part, Predictions, add_options, load, path_of, run, selection_of
from base.retrieval import retrieval_scores
from base.scores import (
    Entry,
    accuracy,
    f1,
    macro_f1,
    macro_marks,
    mark_thresholds,
    micro_f1,
    overlap_f1,
    polarity_right,
    refusal,
    token_spans,
)
from evaluate import RESULT as LITE_RESULT
from pack import load as load_pack
from reference import PACK, Reference

Array = np.ndarray

NEUTRAL = 1
WRITTEN, AIRLINE, SST = "written", "sent_en_airline_complaints", "sent_en_sst5"
IN_SCOPE_LOSS = 0.02  # of the calibration texts in scope, refused so as to find those out of it
RARE = 5  # a label with fewer calibration texts gets no threshold of its own

# What the base model has to reach, by set and metric.
BARS = {
    ("sent_zh_online_shopping_10cats", "accuracy"): 95.0,
    ("sent_zh_chnsenticorp", "accuracy"): 91.0,
    ("sent_zh_waimai", "accuracy"): 92.5,
    ("sent_zh_hotel", "accuracy"): 94.0,
    ("sent_zh_eprstmt", "accuracy"): 91.0,
    ("sent_zh_book_review", "accuracy"): 88.0,
    ("sent_en_sst2", "accuracy"): 88.5,
    ("sent_en_customer_reviews_cr", "accuracy"): 90.0,
    ("sent_en_amazon_14domains", "accuracy"): 92.0,
    ("sent_en_womens_clothing", "macro-F1"): 68.0,
    (SST, "macro-F1"): 60.0,
    ("sent_en_vader_amazon_snippets", "macro-F1"): 66.0,
    (f"{AIRLINE}, polar", "accuracy"): 85.0,
    ("emotion_en_goemotions", "goemotions macro-F1, tuned"): 48.0,
    ("emotion_zh_smp2020_usual", "smp2020 macro-F1"): 75.0,
    ("intent_en_banking77", "banking77 accuracy"): 91.5,
    ("intent_en_clinc150", "accuracy in scope"): 94.0,
    ("intent_en_clinc150", "recall out of scope"): 70.0,
    ("aspect_zh_zhejianglab_cosmetics", "cosmetics micro-F1"): 89.0,
    ("aspect_zh_car_bdci2018", "car micro-F1"): 89.0,
    ("aspect_en_acos", "acos micro-F1"): 60.0,
    ("topic_en_ecommerce_complaints", "topics accuracy"): 90.0,
    (WRITTEN, "accuracy"): 85.0,
    (WRITTEN, "aspects micro-F1"): 75.0,
    (WRITTEN, "intent accuracy"): 72.0,
    (WRITTEN, "urgency accuracy"): 80.0,
    ("questions_zh", "recall@1 [384]"): 75.0,
    ("questions_en", "recall@1 [384]"): 75.0,
    ("questions", "recall@1 [384]"): 75.0,
    ("questions_zh", "recall@3 [384]"): 90.0,
    ("questions_en", "recall@3 [384]"): 90.0,
    ("questions", "recall@3 [384]"): 90.0,
    ("questions", "no answer, balanced accuracy, tuned [384]"): 70.0,
    ("parallel", "top-1 among dev, zh → en [384]"): 92.0,
    ("parallel", "top-1 among dev, en → zh [384]"): 92.0,
}


def groups(sources: Array) -> Iterator[tuple[str, Array]]:
    """Each set and its rows, and the written messages of all languages together."""
    for source in np.unique(sources):
        yield str(source), sources == source
    written = np.char.startswith(sources, WRITTEN)
    if len(np.unique(sources[written])) > 1:
        yield WRITTEN, written


def one_sentiment(name: str, logits: Array, target: Array, classes: int, lite: dict) -> Iterator[Entry]:
    peer = lite.get(name, {})
    if {0, 2} <= set(target.tolist()):
        score = lite_metrics.score(lite_metrics.softmax(logits), target, classes)
        yield Entry(name, score.rows, "accuracy", score.accuracy, peer.get("accuracy"))
        if classes == 3:
            yield Entry(name, score.rows, "macro-F1", score.macro_f1, peer.get("macro_f1"))
    else:
        yield Entry(name, len(target), "accuracy", accuracy(logits.argmax(1) == target), peer.get("accuracy"))


def sentiment_scores(part: Part) -> Iterator[Entry]:
    """Sets of two classes are judged between negative and positive."""
    lite = json.loads(LITE_RESULT.read_text())["dev"]["int8"]
    logits, target = part.logits["sentiment"], part.target("sentiment")
    classes = part.rows.classes[part.known["sentiment"]]
    for name, rows in groups(part.source("sentiment")):
        yield from one_sentiment(name, logits[rows], target[rows], int(classes[rows].max()), lite)
        polar = rows & (target != NEUTRAL)
        if name == SST:
            yield from one_sentiment("sent_en_sst2", logits[polar], target[polar], 2, lite)
        if name == AIRLINE:
            yield from one_sentiment(f"{AIRLINE}, polar", logits[polar], target[polar], 2, lite)


def mark_scores(part: Part, head: str) -> Iterator[Entry]:
    for name, rows in groups(part.source(head)):
        guessed, target = part.logits[head][rows] > 0, part.target(head)[rows]
        yield Entry(name, int(rows.sum()), f"{head} micro-F1", micro_f1(guessed, target))
        yield Entry(name, int(rows.sum()), f"{head} macro-F1", macro_marks(guessed, target))


def strongest_emotion(part: Part) -> Iterator[Entry]:
    """The set of one emotion a text, in which nothing trains: the likeliest of the emotions that it knows."""
    rows = part.source("emotions") == "emotion_en_dair_twitter"
    if rows.any():
        target = part.target("emotions")[rows]
        ours = (target == 1).any(0)
        guessed = part.logits["emotions"][rows][:, ours].argmax(1)
        right = (target[:, ours] == 1)[np.arange(len(target)), guessed]
        yield Entry("emotion_en_dair_twitter", len(target), f"accuracy of {ours.sum()} emotions", accuracy(right))


def choice_scores(part: Part, head: str) -> Iterator[Entry]:
    label = head.removeprefix("probe_")
    for name, rows in groups(part.source(head)):
        guessed, target = part.logits[head][rows].argmax(1), part.target(head)[rows]
        yield Entry(name, len(target), f"{label} accuracy", accuracy(guessed == target))
        if len(np.unique(target)) > 1:
            yield Entry(name, len(target), f"{label} macro-F1", macro_f1(guessed, target))


def escalate_scores(part: Part) -> Iterator[Entry]:
    for name, rows in groups(part.source("escalate")):
        guessed, target = part.logits["escalate"][rows, 0] > 0, part.target("escalate")[rows] == 1
        yield Entry(name, len(target), "escalate accuracy", accuracy(guessed == target))
        yield Entry(name, len(target), "escalate F1", micro_f1(guessed, target.astype(int)))


def polarity_scores(part: Part) -> Iterator[Entry]:
    for name, rows in groups(part.source("polarity")):
        target = part.target("polarity")[rows]
        right = polarity_right(part.logits["polarity"][rows], target)
        yield Entry(name, len(right), "polarity accuracy of true aspects", accuracy(right))


def marks_probe_scores(part: Part, calibration: Part, head: str, labels: list[str]) -> Iterator[Entry]:
    """Rare labels, which have no output, count as not found."""
    probe = head.removeprefix("probe_")
    tuned = None
    if len(calibration.known[head]):
        tuned = mark_thresholds(calibration.logits[head], calibration.target(head), RARE)
    for name, rows in groups(part.source(head)):
        logits, target = part.logits[head][rows], part.target(head)[rows]
        raw = [part.records[row]["probe"][probe] for row in part.known[head][rows].tolist()]
        unseen = sum(len(set(each) - set(labels)) for each in raw)
        for thresholds, suffix in ((0, ""), (tuned, ", tuned")):
            if thresholds is not None:
                guessed = logits > thresholds
                yield Entry(name, len(target), f"{probe} micro-F1{suffix}", micro_f1(guessed, target, unseen))
                yield Entry(name, len(target), f"{probe} macro-F1{suffix}", macro_marks(guessed, target))


def scope_scores(part: Part, calibration: Part, labels: list[str]) -> Iterator[Entry]:
    """CLINC150: refuse where no intent in scope is likely, as seldom as set on texts in scope."""
    head, outside = "probe_clinc150", labels.index("oos")

    def confidence(of: Part) -> tuple[Array, Array]:
        probabilities = lite_metrics.softmax(of.logits[head])
        probabilities[:, outside] = 0
        return probabilities.max(1), probabilities.argmax(1)

    kept = calibration.target(head) != outside
    threshold = float(np.quantile(confidence(calibration)[0][kept], IN_SCOPE_LOSS))
    target = part.target(head)
    surest, guessed = confidence(part)
    result = refusal(surest, guessed == target, target == outside, threshold)
    yield Entry("intent_en_clinc150", int((target != outside).sum()), "accuracy in scope", result.in_scope)
    if (target == outside).any():
        yield Entry("intent_en_clinc150", int((target == outside).sum()), "recall out of scope", result.recall)


def evidence_scores(part: Part) -> Iterator[Entry]:
    rows = np.array(sorted(part.evidence), np.int64)
    for name, chosen in groups(part.rows.source[rows]):
        found: list[Evidence] = [part.evidence[row] for row in rows[chosen].tolist()]
        true = sum((each.target() & (each.logits > 0)).sum() for each in found)
        made, wanted = (
            sum(marks.sum() for marks in all_marks)
            for all_marks in ([each.logits > 0 for each in found], [each.target() for each in found])
        )
        spans = [token_spans(each.logits > 0, each.offsets.tolist()) for each in found]
        yield Entry(name, len(found), "evidence token-F1", f1(int(true), int(made), int(wanted)))
        yield Entry(name, len(found), "evidence span overlap F1", overlap_f1(spans, [each.wanted for each in found]))


def label_scores(predictions: Predictions) -> Iterator[Entry]:
    dev, train, heads = predictions.parts["dev"], predictions.parts["train"], read_heads()
    present = [head for head in heads if len(dev.known[head])]
    for head in present:
        if head == "sentiment":
            yield from sentiment_scores(dev)
        elif head == "escalate":
            yield from escalate_scores(dev)
        elif head == "polarity":
            yield from polarity_scores(dev)
        elif head in ("emotions", "aspects"):
            yield from mark_scores(dev, head)
        elif head.removeprefix("probe_") in MULTI_LABEL_PROBES:
            yield from marks_probe_scores(dev, train, head, heads[head])
        else:
            yield from choice_scores(dev, head)
    if "emotions" in present:
        yield from strongest_emotion(dev)
    if len(train.known["probe_clinc150"]) and "probe_clinc150" in present:
        yield from scope_scores(dev, train, heads["probe_clinc150"])
    if dev.evidence:
        yield from evidence_scores(dev)


def apply(calibrations: Calibrations, part: Part) -> None:
    """Calibrated logits in place of the raw ones."""
    if any(each.lite_factor for each in calibrations["sentiment"].values()):
        part.logits["sentiment"] = calibrated(both_of(part, Reference(load_pack(PACK))), calibrations["sentiment"])
    else:
        apply_head(calibrations, part, "sentiment")
    for head in (calibrations.keys() - {"sentiment"}) & part.logits.keys():
        apply_head(calibrations, part, head)
    for row, each in part.evidence.items():
        each.logits[:] = calibrations["evidence"][str(part.rows.language[row])].apply(each.logits)


def apply_head(calibrations: Calibrations, part: Part, head: str) -> None:
    for language, fitted in calibrations[head].items():
        rows = part.language(head) == language
        part.logits[head][rows] = fitted.apply(part.logits[head][rows])


def print_table(entries: list[Entry]) -> None:
    def cell(value: float | None) -> str:
        return "" if value is None else f"{value:.1f}"

    print("| set | rows | metric | score | bar | lite, or pretrained |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for entry in entries:
        bar = BARS.get((entry.set, entry.metric))
        mark = "" if bar is None or entry.score >= bar else " ✗"
        score = f"{entry.score:.1f}{mark}"
        print(f"| {entry.set} | {entry.rows} | {entry.metric} | {score} | {cell(bar)} | {cell(entry.peer)} |")
    judged = [(entry.score, bar) for entry in entries if (bar := BARS.get((entry.set, entry.metric)))]
    print(f"\n{sum(score >= bar for score, bar in judged)} of {len(judged)} bars reached")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--reuse", action="store_true", help="score the predictions made before")
    parser.add_argument("--calibration", type=Path, help="score calibrated logits")
    options = parser.parse_args()
    path = path_of(options.form, selection_of(options))
    predictions = load(path) if options.reuse else run(options)
    if options.calibration:
        for part in predictions.parts.values():
            apply(read_calibrations(options.calibration), part)
    entries = [*label_scores(predictions), *retrieval_scores(predictions.vectors)]
    print_table(entries)
    scores = [{**asdict(entry), "bar": BARS.get((entry.set, entry.metric))} for entry in entries]
    out = path.with_name(path.stem.replace("predictions", "scores") + ".json")
    out.write_text(json.dumps(scores, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
