"""A forward pass through the network as a chip would hold it, to train weights that bear a chip's errors.

Batch norm is folded into the weights, as memloom does, with its running statistics held still. Every weight becomes
one or two cells by memloom's rule; the cells are made with errors drawn anew at each step, and the gradient goes
straight through to the weights (Joshi et al., "Accurate deep neural network inference using computational phase-change
memory", 2020). Op-amps, resistors and activation circuits have errors of their own, whose size follows from how values
are drawn as voltages (`amplifiers.py`, `signals.py`); values beyond a layer's range saturate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.mobilenetv3 import InvertedResidual, MobileNetV3
from torchvision.ops import SqueezeExcitation

from amplifiers import adder, bias_parts, columns, pairs, pooling, sizes
from chip import MARGIN, Chip
from signals import LAYERS, Ranges, Signal, crest


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
    """`target` [2, outputs, inputs] with the complementary cell of each faulty one compensating it, as well as it can."""
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
    for part in rows.split(sizes(rows.shape[1], chip.tile_inputs), 1):
        target, scale = place(part, chip)
        positive, negative = make(target, chip)
        values.append((positive - negative) * scale)
        variances.append((positive.square() + negative.square()) * (chip.read_noise * scale).square())
    return torch.cat(values, 1), torch.cat(variances, 1)


def through(ideal: Tensor, actual: Tensor) -> Tensor:
    """The value of `actual`, the gradient of `ideal`."""
    return ideal + (actual - ideal).detach()


def cells(weight: Tensor, bias: Tensor, most: Tensor, chip: Chip) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor] | None]:
    """Weights and biases as cells hold them, and the variance of both from read to read if they have noise.

    `most` is what `v_read` stands for; a bias cell is on a rail of a part of that.
    """
    if chip.exact_cells and not chip.read_noise:
        return weight, bias, None
    with torch.no_grad():
        rows = weight.flatten(1)
        rail = most / bias_parts(bias / most, rows.abs().amax(1))
        held, variance = made(torch.cat([rows, (bias / rail)[:, None]], 1), chip)
    noise = (variance[:, :-1].reshape(weight.shape), variance[:, -1] * rail.square()) if chip.read_noise else None
    return through(weight, held[:, :-1].view_as(weight)), through(bias, held[:, -1] * rail), noise


@torch.no_grad()
def read_noise(x: Tensor, variance: tuple[Tensor, Tensor], geometry: dict) -> Tensor:
    """What cells add to a convolution at a read: normal, with the variance of their sum."""
    deviation = F.conv2d(x.square(), *variance, **geometry).sqrt()
    return deviation * torch.randn_like(deviation)


def channelwise(y: Tensor, gains: Tensor | float, offsets: Tensor | float) -> Tensor:
    """`y` [B, C, ..] with a gain and an offset for each channel [C]; a gain of 1 and an offset of 0 cost nothing."""
    shape = (-1,) + (1,) * (y.ndim - 2)
    gains, offsets = (v.view(shape) if isinstance(v, Tensor) else v for v in (gains, offsets))
    if isinstance(gains, Tensor) and isinstance(offsets, Tensor):
        return torch.addcmul(offsets, y, gains)
    y = y * gains if isinstance(gains, Tensor) else y
    return y + offsets if isinstance(offsets, Tensor) else y


def convert(x: Tensor, bits: int) -> Tensor:
    """Rounds to `2^bits` codes over the largest magnitude and its margin; straight through."""
    if bits == 0:
        return x
    most = x.detach().abs().amax() * MARGIN
    step = 2 * most / (2**bits - 1)
    return through(x, ((x + most) / step).round() * step - most)


def folded(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weights and biases with batch norm in them."""
    gain = norm.weight * (norm.running_var + norm.eps).rsqrt()
    return conv.weight * gain[:, None, None, None], norm.bias - norm.running_mean * gain


ACTIVATIONS = {nn.ReLU: (F.relu, 0.0), nn.Hardswish: (F.hardswish, 3.0), nn.Hardsigmoid: (F.hardsigmoid, 3.0)}
"""The function of each, and how far below zero its input counts: beyond, the op-amp before it may saturate."""


class Circuit:
    """One pass through the network on a chip drawn from torch's generator."""

    def __init__(self, chip: Chip, ranges: Ranges, outliers: bool = False):
        """`outliers`: whether to measure how far they stand out, in `crests`."""
        self.chip, self.ranges, self.outliers = chip, ranges, outliers
        self.layers, self.crests = 0, []

    def range(self) -> Tensor:
        """The range of the layer that is next to have an output."""
        return self.ranges.values[self.layers].clone()

    def limit(self, x: Tensor) -> Signal:
        """A layer's output as wordlines carry it: values beyond its range saturate."""
        self.ranges.see(self.layers, x, self.chip.percentile)
        most = self.range()
        self.layers += 1
        if self.outliers:
            self.crests.append(crest(x, most))
        return Signal(x.clamp(-most, most) if self.chip.percentile < 100 else x, most)

    def input(self, images: Tensor) -> Signal:
        """The image [B, H, W, 3] as [B, 3, H, W]."""
        return self.limit(convert(images.permute(0, 3, 1, 2), self.chip.dac_bits))

    def gains(self, like: Tensor) -> Tensor | float:
        """The gain of each channel's amplifier, of 1 but for its resistor; `like` [channels]."""
        error = self.chip.resistor_error
        return 1 + error * torch.randn_like(like) if error else 1.0

    def offsets(self, per_volt: Tensor) -> Tensor | float:
        """The offset of each channel; `per_volt` [channels], see `amplifiers.py`."""
        return self.chip.offset * per_volt * torch.randn_like(per_volt) if self.chip.offset else 0.0

    def noisy(self, y: Tensor, per_volt: Tensor) -> Tensor:
        """`y` with the noise of the op-amps that it comes from."""
        if self.chip.op_amp_noise == 0:
            return y
        return torch.addcmul(y, torch.randn_like(y), self.chip.op_amp_noise * per_volt[:, None, None])

    def amplified(self, y: Tensor, per_volt: Tensor) -> Tensor:
        """`y` with all errors of amplifiers, one for each channel; `per_volt` a scalar."""
        per_volt = per_volt.expand(y.shape[1])
        gains, offsets = self.gains(per_volt), self.offsets(per_volt)
        return self.noisy(channelwise(y, gains, offsets), per_volt)

    def behaved(self, y: Tensor, per_volt: Tensor) -> Tensor:
        """`y` with the gain and offset errors of an activation circuit or a multiplier for each channel."""
        chip, drawn = self.chip, torch.randn(2, y.shape[1], device=y.device)
        gains = 1 + chip.activation_gain * drawn[0] if chip.activation_gain else 1.0
        return channelwise(y, gains, chip.activation_offset * per_volt * drawn[1] if chip.activation_offset else 0.0)

    def product(self, x: Signal, weight: Tensor, bias: Tensor, act: nn.Module | None = None, stride: int = 1,
                groups: int = 1) -> Signal:
        """A convolution with weights and bias as cells, and an activation."""
        chip, most = self.chip, self.range()
        function, room = ACTIVATIONS.get(type(act), (None, 0.0))
        out = most / chip.v_read
        pre = most.clamp_min(room) / chip.swing if function else out
        per_volt = (pairs if groups > 1 else columns)(weight.flatten(1), bias, chip, x.per_volt(chip), pre)
        held, bias, variance = cells(weight, bias, x.range, chip)
        # Gains and offsets are a channel's own, so that they may be had with the weights, at no cost for each pixel.
        gains = self.gains(bias)
        held = channelwise(held.transpose(0, 1), gains, 0.0).transpose(0, 1)
        bias = bias * gains + self.offsets(per_volt)
        geometry = dict(stride=stride, padding=weight.shape[-1] // 2, groups=groups)
        y = F.conv2d(x.values, held, bias, **geometry)
        if variance:
            y = y + read_noise(x.values, variance, geometry)
        y = self.noisy(y, per_volt)
        return self.limit(self.behaved(function(y), out) if function else y)

    def normed(self, x: Signal, layer: nn.Sequential) -> Signal:
        """torchvision's `Conv2dNormActivation`."""
        conv, act = layer[0], layer[2] if len(layer) > 2 else None
        return self.product(x, *folded(conv, layer[1]), act, conv.stride[0], conv.groups)

    def pool(self, x: Signal) -> Signal:
        """The mean of each channel."""
        y, most = x.values.mean((2, 3), keepdim=True), self.range()
        pixels = x.values.shape[2] * x.values.shape[3]
        per_volt = pooling(pixels, self.chip, x.per_volt(self.chip), most / self.chip.v_read)
        return self.limit(self.amplified(y, per_volt))

    def gated(self, x: Signal, layer: SqueezeExcitation) -> Signal:
        """torchvision's `SqueezeExcitation`."""
        s = self.product(self.pool(x), layer.fc1.weight, layer.fc1.bias, layer.activation)
        s = self.product(s, layer.fc2.weight, layer.fc2.bias, layer.scale_activation)
        return self.limit(self.behaved(x.values * s.values, self.range() / self.chip.v_read))

    def sum(self, a: Signal, b: Signal) -> Signal:
        """A residual sum."""
        chip, most = self.chip, self.range()
        per_volt = adder(chip, a.per_volt(chip), b.per_volt(chip), most / chip.v_read)
        return self.limit(self.amplified(a.values + b.values, per_volt))

    def block(self, x: Signal, block: InvertedResidual) -> Signal:
        """torchvision's `InvertedResidual`."""
        y = x
        for layer in block.block:
            y = self.gated(y, layer) if isinstance(layer, SqueezeExcitation) else self.normed(y, layer)
        return self.sum(x, y) if block.use_res_connect else y

    def network(self, model: MobileNetV3, images: Tensor) -> Tensor:
        """Logits [B, classes] of normalised images [B, H, W, 3]."""
        x = self.normed(self.input(images), model.features[0])
        for block in model.features[1:-1]:
            x = self.block(x, block)
        x = self.pool(self.normed(x, model.features[-1]))
        hidden, act, dropout, last = model.classifier
        x = self.product(x, hidden.weight[:, :, None, None], hidden.bias, act)
        x = Signal(dropout(x.values), x.range)
        logits = self.product(x, last.weight[:, :, None, None], last.bias).values
        return convert(logits.flatten(1), self.chip.adc_bits)


@torch.no_grad()
def measure(model: MobileNetV3, images: Tensor, chip: Chip) -> Ranges:
    """The ranges of all layers over normalised images, without errors but for the values that saturate."""
    ranges = Ranges(torch.zeros(LAYERS, device=images.device), keep=0.0, sample=1 << 20)
    Circuit(Chip(percentile=chip.percentile, v_read=chip.v_read, swing=chip.swing), ranges).network(model, images)
    return Ranges(ranges.values)


def forward(model: MobileNetV3, images: Tensor, chip: Chip, ranges: Ranges | None = None) -> Tensor:
    """Logits [B, classes] of normalised images [B, H, W, 3] on a chip drawn from torch's generator.

    `ranges` as [`measure`] gives them; without, they are measured on these images.
    """
    return Circuit(chip, ranges or measure(model, images, chip)).network(model, images)
