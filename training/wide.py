"""A plain, wide convolutional network, seven times MobileNetV3 Small's work: it errs on other images, so it can teach.

After Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024): fixed whitening filters first, then pairs of
3x3 convolutions that begin as identities; in bfloat16 where that is fast.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import data

METADATA = {"arch": "wide", "input": "3x32x32", "num_classes": "10", "classes": data.CLASSES}
WIDTHS = (64, 256, 256)


def has_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16; PyTorch does it some 15 times slower than in float32 where it does not."""
    return torch.ops.mkldnn._is_mkldnn_bf16_supported()


def dtype(x: Tensor) -> torch.dtype:
    """What to compute with where `x` is."""
    return torch.bfloat16 if x.is_cuda or has_bfloat16() else torch.float32


class Pair(nn.Module):
    """Convolution, halving, convolution: channels `ins` to `outs`."""

    def __init__(self, ins: int, outs: int):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(n, outs, 3, padding=1, bias=False) for n in (ins, outs))
        self.norms = nn.ModuleList(nn.BatchNorm2d(outs) for _ in range(2))
        for conv in self.convs:
            nn.init.dirac_(conv.weight.data[: conv.in_channels])

    def forward(self, x: Tensor) -> Tensor:
        """`x` [B, ins, H, W] to [B, outs, H / 2, W / 2]."""
        first, second = self.convs
        x = F.gelu(self.norms[0](F.max_pool2d(F.conv2d(x, first.weight.to(x.dtype), padding=1), 2)))
        return F.gelu(self.norms[1](F.conv2d(x, second.weight.to(x.dtype), padding=1)))


class Wide(nn.Module):
    """Whitening, three pairs of convolutions, the largest value of each channel, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("filters", torch.zeros(24, 3, 2, 2))
        self.bias = nn.Parameter(torch.zeros(24))
        self.pairs = nn.Sequential(*(Pair(*ends) for ends in zip((24, *WIDTHS[:-1]), WIDTHS, strict=True)))
        self.last = nn.Linear(WIDTHS[-1], 10, bias=False)

    def whiten(self, images: Tensor) -> None:
        """Sets the first filters from images [N, H, W, 3] uint8: their 2x2 patches' main directions, both signs."""
        x = data.normalise(images[:5000]).permute(0, 3, 1, 2)
        patches = F.unfold(x, 2).permute(0, 2, 1).reshape(-1, 12)
        values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
        whitening = (vectors / (values + 5e-4).sqrt()).T.reshape(12, 3, 2, 2)
        self.filters.copy_(torch.cat([whitening, -whitening]))

    def forward(self, x: Tensor) -> Tensor:
        """Logits [B, 10] float32 of normalised images `x` [B, 3, H, W]."""
        x = x.to(dtype(x), memory_format=torch.channels_last)
        x = F.gelu(F.conv2d(x, self.filters.to(x.dtype), self.bias.to(x.dtype)))
        return self.last(self.pairs(x).amax((2, 3)).float()) / 9
