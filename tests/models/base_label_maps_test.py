"""The label tables that tools/eval.mjs reads are those that the base model is trained with."""

import json

from base.label_maps import FILE, label_maps


def test_the_committed_tables_are_those_of_the_labels() -> None:
    committed = json.loads(FILE.read_text(encoding="utf-8"))
    assert committed == label_maps(), "Regenerate: the command is in models/base/label_maps.py"
