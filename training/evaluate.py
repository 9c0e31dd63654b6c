"""Scores a weights file on images in CIFAR-10's binary layout, as it is and on chips that err.

    python training/evaluate.py FILE --test test_batch.bin [--chips 5 --program-error 0.05 ...]
"""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import torch
from torch import Tensor

import data
import model as net
import noise


@torch.no_grad()
def main() -> None:
    """Prints a line of JSON: scores in %."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("weights", type=Path)
    p.add_argument("--test", type=Path, required=True, help="images and labels")
    p.add_argument("--images", type=int, help="only so many, from the first on")
    p.add_argument("--chips", type=int, default=0, help="how many chips to draw; --seed is the first one's")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--logits", type=Path, help="JSON file for the logits of the first 100 images, in float64")
    noise.Chip.add_arguments(p)
    args = p.parse_args()
    model = net.build()
    net.load(model, args.weights)
    images, labels = (part[:args.images] for part in data.read([args.test]))
    if args.logits:
        write_logits(args.logits, model, images[:100])
    ideal = net.accuracy(model, images, labels)
    chips = [chip_accuracy(model, images, labels, noise.Chip.of(args), args.seed + k) for k in range(args.chips)]
    result = {"images": len(labels), "ideal": round(100 * ideal, 2), "chips": [round(100 * c, 2) for c in chips]}
    if chips:
        result["mean"] = round(100 * sum(chips) / len(chips), 2)
    print(json.dumps(result))


def write_logits(file: Path, model: net.MobileNetV3, images: Tensor) -> None:
    """What memloom's digital reference is tested against."""
    mean, std = (torch.tensor(values, dtype=torch.float64) for values in (data.MEAN, data.STD))
    x = ((images.double() / 255 - mean) / std).permute(0, 3, 1, 2)
    logits = copy.deepcopy(model).eval().double()(x).tolist()
    note = f"logits of the first {len(images)} images of test_batch.bin, PyTorch float64, eval mode"
    file.write_text(json.dumps({"note": note, "logits": logits}) + "\n")


def chip_accuracy(model: net.MobileNetV3, images: Tensor, labels: Tensor, chip: noise.Chip, seed: int) -> float:
    """The share of images that one chip gets right; the seed draws the same chip for every batch."""
    hits = 0
    for x, y in zip(images.split(250), labels.split(250), strict=True):
        torch.manual_seed(seed)
        hits += (noise.forward(model.eval(), data.normalise(x), chip).argmax(1) == y).sum().item()
    return hits / len(labels)


if __name__ == "__main__":
    main()
