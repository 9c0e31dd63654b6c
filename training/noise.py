"""A forward pass through the network as a chip would hold it, to train weights that bear a chip's errors.

Batch norm is folded into the weights, as memloom does, with its running statistics held still. Every weight becomes
one or two cells by memloom's rule; the cells are made with errors drawn anew at each step, and the gradient goes
straight through to the weights (Joshi et al., "Accurate deep neural network inference using computational phase-change
memory", 2020). Poolings and element-wise circuits are taken as ideal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.mobilenetv3 import InvertedResidual, MobileNetV3
from torchvision.ops import SqueezeExcitation

from amplifiers import adder, columns, pairs, pooling, sizes
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
    for part in rows.split(sizes(rows.shape[1], chip.tile_inputs), 1):
        target, scale = place(part, chip)
        positive, negative = make(target, chip)
        values.append((positive - negative) * scale)
        variances.append((positive.square() + negative.square()) * (chip.read_noise * scale).square())
    return torch.cat(values, 1), torch.cat(variances, 1)


def through(ideal: Tensor, actual: Tensor) -> Tensor:
    """The value of `actual`, the gradient of `ideal`."""
    return ideal + (actual - ideal).detach()


def product(x: Tensor, most: Tensor, weight: Tensor, bias: Tensor, chip: Chip, stride: int = 1, groups: int = 1) -> Tensor:
    """A convolution [B, C, H, W] with weights and bias as cells; the bias cell sees `most`, what `v_read` stands for."""
    geometry = dict(stride=stride, padding=weight.shape[-1] // 2, groups=groups)
    if chip.exact_cells and not chip.read_noise:
        return F.conv2d(x, weight, bias, **geometry)
    voltage = most.clamp_min(1e-12)
    with torch.no_grad():
        rows = torch.cat([weight.flatten(1), (bias / voltage)[:, None]], 1)
        actual, variance = made(rows, chip)
    held = through(weight, actual[:, :-1].view_as(weight))
    y = F.conv2d(x, held, through(bias, actual[:, -1] * voltage), **geometry)
    if chip.read_noise:
        with torch.no_grad():
            v = F.conv2d(x.square(), variance[:, :-1].reshape(weight.shape), variance[:, -1] * voltage**2, **geometry)
            noise = v.sqrt() * torch.randn_like(v)
        y = y + noise
    return y


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


@dataclass(frozen=True)
class Activation:
    """An activation, and how far below zero its input counts: beyond, the op-amp before it may saturate."""

    function: Callable[[Tensor], Tensor]
    room: float


ACTIVATIONS = {nn.ReLU: Activation(F.relu, 0.0), nn.Hardswish: Activation(F.hardswish, 3.0),
               nn.Hardsigmoid: Activation(F.hardsigmoid, 3.0)}


def plain(x: Tensor) -> Tensor:
    """No activation."""
    return x


class Circuit:
    """One pass through the network on a chip drawn from torch's generator."""

    def __init__(self, chip: Chip, ranges: Ranges, outliers: bool = False):
        """`outliers`: whether to measure how far they stand out, in `crests`."""
        self.chip, self.ranges, self.outliers = chip, ranges, outliers
        self.layers, self.crests = 0, []

    def reach(self, x: Tensor, act: Callable[[Tensor], Tensor] = plain) -> Tensor:
        """The next layer's range, its values being `act(x)` but for the errors of its op-amps."""
        self.layers += 1
        return self.ranges.of(self.layers - 1, x, act, self.chip.percentile)

    def limit(self, x: Tensor, most: Tensor) -> Signal:
        """Values as wordlines carry them: those beyond the range saturate."""
        if self.outliers:
            self.crests.append(crest(x, most))
        if self.chip.percentile < 100:
            x = x.clamp(-most, most)
        return Signal(x, most)

    def input(self, images: Tensor) -> Signal:
        """The image [B, H, W, 3] as [B, 3, H, W]."""
        x = convert(images.permute(0, 3, 1, 2), self.chip.dac_bits)
        return self.limit(x, self.reach(x))

    def amplified(self, y: Tensor, per_volt: Tensor) -> Tensor:
        """`y` with the offsets, noise and gain errors of the op-amps that it comes from; `per_volt` [channels] or a
        scalar, see `amplifiers.py`.
        """
        chip, per_volt = self.chip, per_volt.expand(y.shape[1])[:, None, None]
        drawn = torch.randn(2, y.shape[1], 1, 1, device=y.device)
        if chip.resistor_error:
            y = y * (1 + chip.resistor_error * drawn[0])
        if chip.offset:
            y = y + chip.offset * per_volt * drawn[1]
        if chip.op_amp_noise:
            y = y + chip.op_amp_noise * per_volt * torch.randn_like(y)
        return y

    def behaved(self, y: Tensor, per_volt: Tensor) -> Tensor:
        """`y` with the gain and offset errors of an activation circuit or a multiplier for each channel."""
        chip, drawn = self.chip, torch.randn(2, y.shape[1], 1, 1, device=y.device)
        if chip.activation_gain:
            y = y * (1 + chip.activation_gain * drawn[0])
        if chip.activation_offset:
            y = y + chip.activation_offset * per_volt * drawn[1]
        return y

    def product(self, x: Signal, weight: Tensor, bias: Tensor, act: nn.Module | None = None, stride: int = 1,
                groups: int = 1) -> Signal:
        """A convolution with weights and bias as cells, and an activation."""
        chip, act = self.chip, ACTIVATIONS.get(type(act))
        y = product(x.values, x.range, weight, bias, chip, stride, groups)
        most = self.reach(y, act.function if act else plain)
        out = most / chip.v_read
        pre = most.clamp_min(act.room) / chip.swing if act else out
        circuit = pairs if groups > 1 else columns
        y = self.amplified(y, circuit(weight.flatten(1), bias, chip, x.per_volt(chip), pre))
        return self.limit(self.behaved(act.function(y), out) if act else y, most)

    def normed(self, x: Signal, layer: nn.Sequential) -> Signal:
        """torchvision's `Conv2dNormActivation`."""
        conv, act = layer[0], layer[2] if len(layer) > 2 else None
        return self.product(x, *folded(conv, layer[1]), act, conv.stride[0], conv.groups)

    def pool(self, x: Signal) -> Signal:
        """The mean of each channel."""
        y = x.values.mean((2, 3), keepdim=True)
        most = self.reach(y)
        pixels = x.values.shape[2] * x.values.shape[3]
        per_volt = pooling(pixels, self.chip, x.per_volt(self.chip), most / self.chip.v_read)
        return self.limit(self.amplified(y, per_volt), most)

    def gated(self, x: Signal, layer: SqueezeExcitation) -> Signal:
        """torchvision's `SqueezeExcitation`."""
        s = self.product(self.pool(x), layer.fc1.weight, layer.fc1.bias, layer.activation)
        s = self.product(s, layer.fc2.weight, layer.fc2.bias, layer.scale_activation)
        y = x.values * s.values
        most = self.reach(y)
        return self.limit(self.behaved(y, most / self.chip.v_read), most)

    def sum(self, a: Signal, b: Signal) -> Signal:
        """A residual sum."""
        y, chip = a.values + b.values, self.chip
        most = self.reach(y)
        return self.limit(self.amplified(y, adder(chip, a.per_volt(chip), b.per_volt(chip), most / chip.v_read)), most)

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
