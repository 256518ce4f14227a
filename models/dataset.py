"""The work files of the pipeline: one labelled text a line, tab-separated, no quoting."""

from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

LABELS = ("negative", "neutral", "positive")
LANGUAGES = ("zh", "en")
WORK = Path(__file__).parent / "work"
CALIBRATION_FOLDS = 96  # folds from here on calibrate and train nothing

# How much a text of a set counts in training, by prefix of the set's name; 1 where none fits.
SOURCE_WEIGHTS = {"lexicon": 0.2, "questions": 0.5, "intent": 0.3, "emotion": 0.4, "short": 3.0, "written": 2.0}
SOURCE_WEIGHTS |= {"sent_en_sst2_phrases": 0.5, "sent_zh_eprstmt": 3.0, "sent_en_labelled": 2.0}


def source_weight(source: str) -> float:
    return next((weight for prefix, weight in SOURCE_WEIGHTS.items() if source.startswith(prefix)), 1.0)


@dataclass(frozen=True)
class Row:
    """One text. `classes` is 2 (its set knows no neutral), 3, or 0 (no label: label is -1)."""

    source: str
    language: str
    classes: int
    label: int
    fold: int  # 0–99, from a hash of the text: cross-validation folds, calibration part
    text: str


def write_rows(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(map(str, astuple(row))) + "\n" for row in rows), encoding="utf-8")


def read_rows(path: Path) -> list[Row]:
    rows = []
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        source, language, classes, label, fold, text = line.split("\t")
        rows.append(Row(source, language, int(classes), int(label), int(fold), text))
    return rows


class Texts:
    """Encoded texts of one or several splits, with labels and weights."""

    def __init__(self, *splits: str) -> None:
        self.rows: list[Row] = [row for split in splits for row in read_rows(WORK / f"{split}.tsv")]
        parts = [np.load(WORK / f"{split}.npz") for split in splits]
        self.ids = np.concatenate([part["ids"] for part in parts]).astype(np.int64)
        self.grams = np.concatenate([part["grams"] for part in parts]).astype(np.int64)
        self.lengths = np.concatenate([np.diff(part["id_offsets"]) for part in parts])
        self.id_offsets = np.concatenate([[0], np.cumsum(self.lengths)])
        self.gram_offsets = np.cumsum(np.concatenate([[0], *(np.diff(part["gram_offsets"]) for part in parts)]))
        self.bucket_counts = np.concatenate([part["bucket_counts"] for part in parts])
        self.labels = np.array([row.label for row in self.rows])
        self.classes = np.array([row.classes for row in self.rows])
        self.folds = np.array([row.fold for row in self.rows])
        self.weights = np.array([source_weight(row.source) for row in self.rows], np.float32)


def training_rows(texts: Texts) -> np.ndarray:
    """Indices of the texts that train: labelled, not empty, not of the calibration part."""
    return np.flatnonzero((texts.classes > 0) & (texts.lengths > 0) & (texts.folds < CALIBRATION_FOLDS))


def calibration_rows(texts: Texts) -> np.ndarray:
    """Indices of the calibration part."""
    return np.flatnonzero((texts.classes > 0) & (texts.lengths > 0) & (texts.folds >= CALIBRATION_FOLDS))
