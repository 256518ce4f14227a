"""Puts models/ on the import path and loads the committed pack once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))

from pack import Pack, load
from reference import PACK, Reference


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load(PACK)


@pytest.fixture(scope="session")
def reference(pack: Pack) -> Reference:
    return Reference(pack)
