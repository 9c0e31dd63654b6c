"""A forward pass through the network as a chip would hold it, to train weights that bear a chip's errors.

Batch norm is folded into the weights, as memloom does, with its running statistics held still. Every weight becomes
one or two cells by memloom's rule; the cells are made with errors drawn anew at each step, and the gradient goes
straight through to the weights (Joshi et al., "Accurate deep neural network inference using computational phase-change
memory", 2020). Poolings and element-wise circuits are taken as ideal.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.mobilenetv3 import MobileNetV3
from torchvision.ops import SqueezeExcitation

MARGIN = 1.25
"""A wordline has room for a signal so much larger than the largest that occurs."""


@dataclass(frozen=True)
class Chip:
    """What a cell is and how it errs; the defaults are memloom's `hfo2` without an error."""

    g_min: float = 1e-6  # lowest conductance, siemens
    g_max: float = 1e-4  # highest conductance, siemens
    tile_inputs: int = 64  # inputs of a tile, the bias counted: rows / 2 for `dual_rail`, rows for `differential`
    levels: int = 0  # conductances that can be programmed, evenly from g_min to g_max; 0: any
    program_error: float = 0.0  # standard deviation of a programmed conductance, relative to it
    program_error_abs: float = 0.0  # the same, siemens: 2 % of g_max is 2e-6
    stuck_low: float = 0.0  # share of cells that stay at g_min
    stuck_high: float = 0.0  # share of cells that stay at g_max
    open: float = 0.0  # share of cells that do not conduct
    repair: bool = False  # whether the cell across from a faulty one is programmed to make up for it
    read_noise: float = 0.0  # standard deviation of a conductance from read to read, relative to it
    dac_bits: int = 0  # bits of the converters at the image, over the largest value +- the margin; 0: none
    adc_bits: int = 0  # bits of the converters at the logits, likewise; 0: none

    @property
    def ideal(self) -> bool:
        """Whether nothing errs."""
        no_error = ("g_min", "g_max", "tile_inputs", "repair")
        return all(not getattr(self, f.name) for f in fields(self) if f.name not in no_error)

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """A flag for each field."""
        group = parser.add_argument_group("errors of the chip (see noise.py for their units)")
        for f in fields(cls):
            how = dict(action="store_true") if f.default is False else dict(type=type(f.default), default=f.default)
            group.add_argument("--" + f.name.replace("_", "-"), **how)

    @classmethod
    def of(cls, args: argparse.Namespace) -> Chip:
        """From the command line."""
        return cls(**{f.name: getattr(args, f.name) for f in fields(cls)})


def tiles(inputs: int, most: int) -> list[int]:
    """Sizes of the parts, as even as they come, that `inputs` is cut into."""
    pieces = -(-inputs // most)
    ends = [k * inputs // pieces for k in range(pieces + 1)]
    return [b - a for a, b in pairwise(ends)]


def place(rows: Tensor, chip: Chip) -> tuple[Tensor, Tensor]:
    """Target conductances [2, outputs, inputs], siemens, on the positive and the negative side, and `scale`.

    `rows` [outputs, inputs] are one tile's weights. The largest of each output takes g_max; a weight that would need
    less than g_min is the difference of two cells; a weight of zero is no cell. `scale` [outputs, 1]: weight per siemens.
    """
    scale = rows.abs().amax(1, keepdim=True).clamp_min(1e-30) / chip.g_max
    g = rows.abs() / scale
    small = (g < chip.g_min) & (g > 0)
    own, other = torch.where(small, g + chip.g_min, g), torch.where(small, chip.g_min, 0.0)
    positive = rows > 0
    return torch.stack([torch.where(positive, own, other), torch.where(positive, other, own)]), scale


def faults(target: Tensor, chip: Chip) -> Tensor:
    """The conductance at which each cell of `target` is stuck, siemens; not a number where it does as told."""
    ends = [chip.stuck_low, chip.stuck_low + chip.stuck_high, chip.stuck_low + chip.stuck_high + chip.open]
    stuck = torch.full_like(target, torch.nan)
    if ends[2]:
        draw = torch.rand_like(target)
        for end, at in zip(reversed(ends), (0.0, chip.g_max, chip.g_min), strict=True):
            stuck = torch.where(draw < end, at, stuck)
    return stuck


def repaired(target: Tensor, stuck: Tensor, chip: Chip) -> Tensor:
    """`target` [2, outputs, inputs] with each cell across from a faulty one making up for it, as well as it can."""
    across, fault = target.flip(0), stuck.flip(0)
    wanted = target + (fault - across)
    near = torch.where((target == 0) & (wanted < chip.g_min / 2), 0.0, wanted.clamp(chip.g_min, chip.g_max))
    return torch.where(stuck.isnan() & ~fault.isnan() & (across > 0), near, target)


def make(target: Tensor, chip: Chip) -> Tensor:
    """Conductances as they come out for `target`; a conductance of 0 is no cell and stays so."""
    stuck = faults(target, chip)
    g = target = repaired(target, stuck, chip) if chip.repair else target
    if chip.levels:
        step = (chip.g_max - chip.g_min) / (chip.levels - 1)
        g = chip.g_min + ((g - chip.g_min) / step).round().clamp(0, chip.levels - 1) * step
    if chip.program_error or chip.program_error_abs:
        sigma = (chip.program_error**2 * g.square() + chip.program_error_abs**2).sqrt()
        g = (g + sigma * torch.randn_like(g)).clamp_min(0.0)
    return torch.where(target > 0, torch.where(stuck.isnan(), g, stuck), 0.0)


def made(rows: Tensor, chip: Chip) -> tuple[Tensor, Tensor]:
    """What a matrix [outputs, inputs] is on the chip, and the variance of each weight from read to read."""
    values, variances = [], []
    for part in rows.split(tiles(rows.shape[1], chip.tile_inputs), 1):
        target, scale = place(part, chip)
        positive, negative = make(target, chip)
        values.append((positive - negative) * scale)
        variances.append((positive.square() + negative.square()) * (chip.read_noise * scale).square())
    return torch.cat(values, 1), torch.cat(variances, 1)


def through(ideal: Tensor, actual: Tensor) -> Tensor:
    """The value of `actual`, the gradient of `ideal`."""
    return ideal + (actual - ideal).detach()


def convert(x: Tensor, bits: int) -> Tensor:
    """Rounds to `2^bits` codes over the largest magnitude and its margin; straight through."""
    if bits == 0:
        return x
    most = x.detach().abs().amax() * MARGIN
    step = 2 * most / (2**bits - 1)
    return through(x, ((x + most) / step).round() * step - most)


def product(x: Tensor, weight: Tensor, bias: Tensor, chip: Chip, stride: int = 1, groups: int = 1) -> Tensor:
    """A convolution [B, C, H, W] with weights and bias as cells; the bias cell sees the largest input's voltage."""
    voltage = (x.detach().abs().amax() * MARGIN).clamp_min(1e-12)
    with torch.no_grad():
        rows = torch.cat([weight.flatten(1), (bias / voltage)[:, None]], 1)
        actual, variance = made(rows, chip)
    geometry = dict(stride=stride, padding=weight.shape[-1] // 2, groups=groups)
    held = through(weight, actual[:, :-1].view_as(weight))
    y = F.conv2d(x, held, through(bias, actual[:, -1] * voltage), **geometry)
    if chip.read_noise:
        with torch.no_grad():
            v = F.conv2d(x.square(), variance[:, :-1].reshape(weight.shape), variance[:, -1] * voltage**2, **geometry)
            noise = v.sqrt() * torch.randn_like(v)
        y = y + noise
    return y


def folded(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weights and biases with batch norm in them."""
    gain = norm.weight * (norm.running_var + norm.eps).rsqrt()
    return conv.weight * gain[:, None, None, None], norm.bias - norm.running_mean * gain


def normed(x: Tensor, layer: nn.Sequential, chip: Chip) -> Tensor:
    """torchvision's `Conv2dNormActivation` on the chip."""
    y = product(x, *folded(layer[0], layer[1]), chip, layer[0].stride[0], layer[0].groups)
    return layer[2](y) if len(layer) > 2 else y


def gated(x: Tensor, layer: SqueezeExcitation, chip: Chip) -> Tensor:
    """torchvision's `SqueezeExcitation` on the chip."""
    s = F.relu(product(x.mean((2, 3), keepdim=True), layer.fc1.weight, layer.fc1.bias, chip))
    return x * F.hardsigmoid(product(s, layer.fc2.weight, layer.fc2.bias, chip))


def forward(model: MobileNetV3, images: Tensor, chip: Chip) -> Tensor:
    """Logits [B, classes] of normalised images [B, H, W, 3] on a chip drawn from torch's generator."""
    x = normed(convert(images.permute(0, 3, 1, 2), chip.dac_bits), model.features[0], chip)
    for block in model.features[1:-1]:
        y = x
        for layer in block.block:
            y = gated(y, layer, chip) if isinstance(layer, SqueezeExcitation) else normed(y, layer, chip)
        x = x + y if block.use_res_connect else y
    x = normed(x, model.features[-1], chip).mean((2, 3), keepdim=True)
    hidden, act, dropout, last = model.classifier
    x = dropout(act(product(x, hidden.weight[:, :, None, None], hidden.bias, chip)))
    return convert(product(x, last.weight[:, :, None, None], last.bias, chip).flatten(1), chip.adc_bits)
