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
from chip import Chip


BATCH = 250
CALIBRATION = 500
"""So many images are enough for ranges."""


@torch.no_grad()
def main() -> None:
    """Prints a line of JSON: scores in %."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("weights", type=Path)
    p.add_argument("--test", type=Path, required=True, help="images and labels")
    p.add_argument("--images", type=int, help="only so many, from the first on")
    p.add_argument("--chips", type=int, default=0, help="how many chips to draw; --seed is the first one's")
    p.add_argument("--calibration", type=Path, help="images on which ranges are measured (default: the test images)")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--logits", type=Path, help="JSON file for the logits of the first 100 images, in float64")
    Chip.add_arguments(p)
    args = p.parse_args()
    model = net.build()
    net.load(model, args.weights)
    images, labels = (part[:args.images] for part in data.read([args.test]))
    if args.logits:
        write_logits(args.logits, model, images[:100])
    ideal = net.accuracy(model, images, labels)
    seen = data.read([args.calibration])[0] if args.calibration else images
    chips = accuracies(model, (images, labels), seen, Chip.of(args), range(args.seed, args.seed + args.chips))
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


def accuracies(model: net.MobileNetV3, test: tuple[Tensor, Tensor], seen: Tensor, chip: Chip, seeds: range) -> list[float]:
    """The share of the test images and labels that each chip gets right, its ranges those of the first images `seen`.

    A seed draws the same chip for every batch.
    """
    model.eval().to(memory_format=torch.channels_last)
    ranges = noise.measure(model, data.normalise(seen[:CALIBRATION]), chip) if seeds else None
    hits = [0] * len(seeds)
    for x, y in zip(*(part.split(BATCH) for part in test), strict=True):
        x = data.normalise(x)
        for k, seed in enumerate(seeds):
            torch.manual_seed(seed)
            hits[k] += (noise.forward(model, x, chip, ranges).argmax(1) == y).sum().item()
    return [h / len(test[1]) for h in hits]


if __name__ == "__main__":
    main()
