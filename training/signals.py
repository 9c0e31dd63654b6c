"""How values are drawn as voltages: ranges of the layers, values that saturate, and how large they are beside the rest."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

from chip import MARGIN, Chip

LAYERS = 128
"""Room for so many layers' ranges; MobileNetV3 Small has 80, counted in the order in which they are computed."""

SAMPLE = 1 << 14
"""A percentile is read off so many of a layer's values in training."""


@dataclass(frozen=True)
class Signal:
    """A layer's output: values [B, C, H, W], and the magnitude that is drawn as `v_read`."""

    values: Tensor
    range: Tensor  # a scalar

    def per_volt(self, chip: Chip) -> Tensor:
        """How much one volt is of these values."""
        return self.range / chip.v_read


class Ranges:
    """The magnitude that each layer's wordlines have room for; a running one in training."""

    def __init__(self, values: Tensor, keep: float = 1.0, sample: int = SAMPLE):
        """`keep`: decay of the running `values` [LAYERS] at each batch, 0 where none was seen; 1: they stay as they are."""
        self.values, self.keep, self.sample = values, keep, sample

    def average(self, workers: int) -> None:
        """Makes all workers' ranges their mean."""
        if workers > 1:
            dist.all_reduce(self.values)
            self.values /= workers

    def see(self, layer: int, values: Tensor, percentile: float) -> None:
        """Takes a batch's values of `layer`, as they are without a limit, into account."""
        if self.keep < 1:
            seen = magnitude(values.detach(), percentile, self.sample).clamp_min(1e-6)
            self.values[layer] = seen if self.values[layer] == 0 else torch.lerp(seen, self.values[layer], self.keep)


def magnitude(x: Tensor, percentile: float, sample: int) -> Tensor:
    """The magnitude that `percentile` % of values [B, C, H, W] do not exceed, read off about `sample` of them; at 100 the
    largest of all, with memloom's margin.
    """
    if percentile >= 100:
        return x.abs().amax() * MARGIN
    flat = x.permute(0, 2, 3, 1).reshape(-1)  # as it lies in memory, so that it is no copy
    flat = flat[:: max(1, flat.numel() // sample) | 1].abs()
    beyond = max(1, round(flat.numel() * (1 - percentile / 100)))
    return flat.topk(beyond).values[-1]


def crest(x: Tensor, range: Tensor, images: int = 4) -> Tensor:
    """How far a layer's outliers stand out: the 8-norm of its values over their 2-norm, both as means; on every
    `images`-th image. 1 for values all of one magnitude, 1.8 for normal ones.
    """
    square = (x[::images] / range).square()
    return (square.pow(4).mean() + 1e-12).pow(1 / 8) / (square.mean() + 1e-12).sqrt()
