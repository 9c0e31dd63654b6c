"""The mean of several files of weights, such as the ends of a run and of a second one from there.

    python training/average.py FILE FILE.. --out FILE

P. Izmailov et al., "Averaging weights leads to wider optima and better generalization" (2018). Statistics of batch
norm are averaged too, so files should be near each other; `evaluate.py` says whether they were.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.torch import load_file

import model as net


def main() -> None:
    """Writes the mean."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("weights", type=Path, nargs="+")
    p.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    args = p.parse_args()
    model = net.build()
    for file in args.weights:
        net.load(model, file)  # refuses what is not of this network
    files = [load_file(file) for file in args.weights]
    model.load_state_dict({name: sum(f[name] for f in files) / len(files) for name in files[0]}, strict=False)
    net.export(model, args.out)


if __name__ == "__main__":
    main()
