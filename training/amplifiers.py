"""What op-amps add to a layer: for each of its outputs, the root of the sum of squares, over all op-amps on the way, of
how much one volt at an op-amp's input is at the output, in the network's own numbers.

An offset at the input of a TIA comes out times its noise gain, `1 + R_f sum(G)` (sum over the cells of its bitline). With
1.0 drawn as `u_in` volts on the wordlines and as `u_out` volts behind the TIA, `R_f G` is `|w| u_out / u_in`, so that one
volt is `1 / u_out + sum|w| / u_in`. All other stages follow the same rule. The formulas are those of memloom's blocks
(`network/src/lower/`), for tiles of two wordlines an input, or, for a channel of its own, of two bitlines.
"""

from __future__ import annotations

import torch
from torch import Tensor

from chip import Chip

BIAS_RAILS = 3
"""Rails of bias cells in each direction, each at a quarter of the one before."""


def sizes(inputs: int, most: int) -> list[int]:
    """Sizes of the tiles, as even as they come, that `inputs` is cut into."""
    pieces = -(-inputs // most)
    ends = [k * inputs // pieces for k in range(pieces + 1)]
    return [b - a for a, b in zip(ends, ends[1:], strict=False)]


def bias_parts(bias: Tensor, largest: Tensor) -> Tensor:
    """What part of `v_read` the rail of each output's bias cell is: one over this, on the lowest rail on which the cell is no
    larger than that of the `largest` weight. A bias is in units of a weight at the input's whole range.
    """
    rail = (largest / bias.abs().clamp_min(1e-12)).clamp_min(1).log2().div(2).floor()
    return 4 ** rail.clamp(max=BIAS_RAILS - 1)


def bias_cells(bias: Tensor, largest: Tensor, chip: Chip) -> Tensor:
    """What the bias cell of each output adds to its noise gain, per volt; `largest` of the weights' shares."""
    share = bias.abs() / chip.v_read
    return share * bias_parts(share, largest)


def conductances(shares: Tensor, chip: Chip) -> Tensor:
    """What cells that hold `shares` [outputs, inputs] of one tile add to noise gains; one that is too small for a cell is
    the difference of two.
    """
    least = shares.detach().abs().amax(1, keepdim=True) * (chip.g_min / chip.g_max)
    size = shares.abs()
    return torch.where((size < least) & (size > 0), size + 2 * least, size)


def columns(weight: Tensor, bias: Tensor, chip: Chip, x: Tensor, pre: Tensor) -> Tensor:
    """Of a matrix [outputs, inputs] and its bias, signed by inverted wordlines: [outputs].

    `x` and `pre`: how much a volt is of the input and of the sum before the activation.
    """
    shares = weight * x
    constant = bias_cells(bias, shares.detach().abs().amax(1), chip)
    tiles = torch.cat([shares, constant[:, None]], 1).split(sizes(shares.shape[1] + 1, chip.tile_inputs), 1)
    gains = torch.stack([conductances(tile, chip).sum(1) for tile in tiles], 1)
    # An op-amp that drives a wordline, and one more behind it, with a noise gain of 2, for each inverted wordline.
    drivers = (shares.square() + 4 * shares.clamp_min(0).square()).sum(1)
    if len(tiles) == 1:
        return ((pre + gains[:, 0]).square() + drivers).sqrt()
    part = largest_part(shares, bias, chip)
    return ((part + gains).square().sum(1) + (pre + len(tiles) * part).square() + drivers).sqrt()


@torch.no_grad()
def largest_part(shares: Tensor, bias: Tensor, chip: Chip) -> Tensor:
    """How much a volt is of the partial sums, which have a unit of their own: each could be as large as its weights allow,
    and takes all of the swing then.
    """
    values = torch.cat([shares.abs() * chip.v_read, bias.abs()[:, None]], 1)
    tiles = values.split(sizes(values.shape[1], chip.tile_inputs), 1)
    return torch.stack([tile.sum(1).amax() for tile in tiles]).amax() / chip.swing


def pairs(weight: Tensor, bias: Tensor, chip: Chip, x: Tensor, pre: Tensor) -> Tensor:
    """As [`columns`], of channels with a pair of bitlines each: weights [channels, taps]."""
    shares = weight * x
    constant = bias_cells(bias, shares.detach().abs().amax(1), chip) * bias.sign()
    cells = torch.cat([shares, constant[:, None]], 1)
    first, second = pre + cells.clamp_min(0).sum(1), 2 * pre + (-cells).clamp_min(0).sum(1)
    return (first.square() + second.square() + shares.square().sum(1)).sqrt()


def pooling(pixels: int, chip: Chip, x: Tensor, y: Tensor) -> Tensor:
    """Of a mean over so many pixels, whose cells stand on the frame memory's own wordlines: a scalar."""
    parts = -(-pixels // (2 * chip.tile_inputs))
    if parts == 1:
        return y + x
    part = x * chip.v_read / chip.swing
    return (parts * (part + x / parts).square() + (y + parts * part).square()).sqrt()


def adder(chip: Chip, a: Tensor, b: Tensor, y: Tensor) -> Tensor:
    """Of a sum of two signals: an inverting sum and an inverter: a scalar."""
    return ((a + b + y).square() + (2 * y).square()).sqrt()
