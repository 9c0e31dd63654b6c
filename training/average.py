"""The mean of several files of weights, such as the ends of a run and of a second one from there.

    python training/average.py FILE FILE.. --data DIR --out FILE

P. Izmailov et al., "Averaging weights leads to wider optima and better generalization" (2018). As there, batch norm's
statistics are measured anew if there are images for it; that does a single file good, too, whose statistics are from
several steps' weights. Files should be near each other; `evaluate.py` says whether they were.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

import data
import model as net


def main() -> None:
    """Writes the mean."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("weights", type=Path, nargs="+")
    p.add_argument("--data", type=Path, help="folder of data_batch_*.bin, to measure batch norm's statistics on")
    p.add_argument("--distort", type=float, default=0.0, help="as the training had it")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    args = p.parse_args()
    model = net.build()
    for file in args.weights:
        net.load(model, file)  # refuses what is not of this network
    files = [load_file(file) for file in args.weights]
    model.load_state_dict({name: sum(f[name] for f in files) / len(files) for name in files[0]}, strict=False)
    if args.data:
        images, _ = data.read(data.training_files(args.data))
        measure(model, images, args.distort, torch.Generator().manual_seed(args.seed))
    net.export(model, args.out)


@torch.no_grad()
def measure(model: nn.Module, images: Tensor, distort: float, rng: torch.Generator) -> None:
    """Sets batch norm's running statistics to the means over all images [N, 32, 32, 3] uint8, augmented once each."""
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the plain mean over batches
    model.train().to(memory_format=torch.channels_last)
    padded = data.pad(images)
    for index in torch.randperm(len(images), generator=rng).split(500):
        model(data.augment(padded, index, rng, strength=distort).permute(0, 3, 1, 2))


if __name__ == "__main__":
    main()
