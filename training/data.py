"""CIFAR-10's binary files, and the augmentation of training batches."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

MEAN = (0.4914, 0.4822, 0.4465)
STD = (0.2470, 0.2435, 0.2616)
CLASSES = "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck"
SIDE, PAD = 32, 4
RECORD = 1 + 3 * SIDE * SIDE


def read(files: list[Path]) -> tuple[Tensor, Tensor]:
    """Images [N, 32, 32, 3] uint8 and labels [N] int64 of files in CIFAR-10's binary layout."""
    parts = []
    for file in files:
        records = np.fromfile(file, np.uint8)
        if records.size == 0 or records.size % RECORD:
            raise ValueError(f"`{file}` is not a whole number of {RECORD}-byte records; give CIFAR-10's binary files")
        parts.append(records.reshape(-1, RECORD))
    records = np.concatenate(parts)
    images = records[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)
    return torch.from_numpy(np.ascontiguousarray(images)), torch.from_numpy(records[:, 0].astype(np.int64))


def training_files(folder: Path) -> list[Path]:
    """`data_batch_*.bin` of a folder, in order."""
    files = sorted(folder.glob("data_batch_*.bin"))
    if not files:
        raise FileNotFoundError(f"no data_batch_*.bin in `{folder}`; unpack CIFAR-10's binary version there")
    return files


def normalise(images: Tensor) -> Tensor:
    """Images uint8 [..., 3] as the network takes them, float32."""
    return (images.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)


def pad(images: Tensor) -> Tensor:
    """Reflects 4 pixels about every edge: [N, 40, 40, 3]."""
    at = torch.tensor([*range(PAD, 0, -1), *range(SIDE), *range(SIDE - 2, SIDE - 2 - PAD, -1)])
    return images[:, at][:, :, at].contiguous()


def distort(x: Tensor, rng: torch.Generator, strength: float) -> Tensor:
    """Turns, shears and zooms half of the images [B, side, side, 3] and changes their saturation.

    At strength 1 by up to 29 degrees, 0.3, exp(0.3) along each axis, and all of it.
    """
    turn, shear, wide, high, colour = strength * (2 * torch.rand(5, len(x), generator=rng) - 1)
    turn, shear, wide, high = (torch.stack([turn / 0.6, shear, wide, high]) * 0.3
                               * (torch.rand(len(x), generator=rng) < 0.5))
    cos, sin, none = turn.cos(), turn.sin(), torch.zeros_like(turn)
    rows = [cos * wide.exp(), shear - sin * high.exp(), none, sin * wide.exp(), cos * high.exp(), none]
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), [len(x), 3, *x.shape[1:3]], align_corners=False)
    x = F.grid_sample(x.permute(0, 3, 1, 2), grid, padding_mode="reflection", align_corners=False)
    x = x.permute(0, 2, 3, 1)
    grey = x.mean(-1, keepdim=True)
    return (grey + (x - grey) * (1 + colour)[:, None, None, None]).contiguous()


def augment(padded: Tensor, index: Tensor, rng: torch.Generator, side: int = SIDE, jitter: float = 0.2,
            strength: float = 0.0) -> Tensor:
    """Normalised images [B, side, side, 3] of a padded set: random crops, flips, contrast, brightness, cutout.

    And turned, sheared, zoomed and recoloured by `strength`, if it is above zero.
    """
    n, line, width = len(index), torch.arange(side), SIDE + 2 * PAD
    contrast, brightness = jitter * (2 * torch.rand(2, n, 1, 1, 1, generator=rng) - 1)
    top, left = torch.randint(0, width - side + 1, (2, n, 1), generator=rng)
    flip = torch.rand(n, 1, generator=rng) < 0.5
    rows, cols = top + line, left + torch.where(flip, line.flip(0), line)
    pixels = (index[:, None, None] * width + rows[:, :, None]) * width + cols[:, None, :]
    x = normalise(padded.view(-1, 3).index_select(0, pixels.flatten()).view(n, side, side, 3))
    x = x * (1 + contrast) + brightness
    if strength > 0:
        x = distort(x, rng, strength)
    hole = side // 4
    y0, x0 = torch.randint(0, side, (2, n, 1), generator=rng) - hole // 2
    cut = ((line >= y0) & (line < y0 + hole))[:, :, None] & ((line >= x0) & (line < x0 + hole))[:, None, :]
    return x.masked_fill_(cut[..., None], 0.0)


def cut_mix(x: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor, float]:
    """Pastes a box of another image of the batch into each (CutMix, Yun et al., ICCV 2019).

    Images [B, side, side, 3]; also the index of each one's partner, and the share of the image that is its own.
    """
    side, partner = x.shape[1], torch.randperm(len(x), generator=rng)
    length = int(side * math.sqrt(torch.rand((), generator=rng).item()))
    y0, x0 = (torch.randint(0, side - length + 1, (2,), generator=rng)).tolist()
    mixed = x.clone()
    mixed[:, y0 : y0 + length, x0 : x0 + length] = x[partner, y0 : y0 + length, x0 : x0 + length]
    return mixed, partner, 1 - (length / side) ** 2
