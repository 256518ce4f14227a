"""Average the weights of checkpoints of one training's course (Wortsman et al. 2022, "Model soups", arXiv:2203.05482).

    python -m base.average FILE FILE … [--out FILE]   # from models

In:  checkpoints of base.train with the same heads.
Out: models/work/base/network.pt, a checkpoint like them.
"""

import argparse
from pathlib import Path

import torch

from base.pretrained import WORK


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=WORK / "network.pt")
    options = parser.parse_args()
    states = [torch.load(path, map_location="cpu") for path in options.checkpoints]
    if any(state["heads"] != states[0]["heads"] for state in states):
        raise SystemExit("The checkpoints have different heads.")
    averaged = {
        name: torch.stack([state["network"][name].float() for state in states]).mean(0).to(weight.dtype)
        for name, weight in states[0]["network"].items()
    }
    torch.save({**states[-1], "network": averaged}, options.out)


if __name__ == "__main__":
    main()
