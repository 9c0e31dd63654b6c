"""The network, its engines, and the file that memloom reads."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import torch
import torchvision
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torchvision.models.mobilenetv3 import MobileNetV3

import data
import wide

METADATA = {
    "arch": "mobilenet_v3_small",
    "input": "3x32x32",
    "num_classes": "10",
    "classes": data.CLASSES,
    "stem_stride": "1",
    "first_block_stride": "1",
    "bn_eps": "0.001",
    "mean": "0.4914,0.4822,0.4465",
    "std": "0.2470,0.2435,0.2616",
}


def build(name: str = "small") -> MobileNetV3 | wide.Wide:
    """The network of that name, `small` or `wide`, in training mode."""
    return wide.Wide().train() if name == "wide" else small()


def small() -> MobileNetV3:
    """torchvision's MobileNetV3 Small for 32x32 images: stem and first block at stride 1.

    The strides are changed after torchvision has settled, by stride 2, that the first block has no residual.
    """
    model = torchvision.models.mobilenet_v3_small(weights=None, num_classes=10, dropout=0.2)
    model.features[0][0].stride = (1, 1)
    model.features[1].block[0][0].stride = (1, 1)
    return model.train()


def load(model: nn.Module, file: Path) -> None:
    """Takes every tensor of a safetensors file, which must have them all (but for the batch counters)."""
    missing, unexpected = model.load_state_dict(load_file(file), strict=False)
    missing = [name for name in missing if not name.endswith(".num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"`{file}`: missing {missing}, unexpected {unexpected}; give a file of this network")


def export(model: nn.Module, file: Path) -> None:
    """Writes the weights with the module's names, float32, and what they do not say as metadata."""
    tensors = {k: v.detach().cpu().contiguous().clone() for k, v in model.state_dict().items() if v.is_floating_point()}
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    save_file(tensors, part, wide.METADATA if isinstance(model, wide.Wide) else METADATA)
    os.replace(part, file)


def compile_kernels() -> None:
    """Compiles the fast engine's kernels."""
    import fast

    fast.kernels()


def is_fast(name: str, device: str) -> bool:
    """Whether that engine is the one of `kernels.cpp`: by itself only where the CPU multiplies in bfloat16."""
    return name == "fast" or name == "auto" and device == "cpu" and wide.has_bfloat16()


def engine(name: str, model: nn.Module, device: str) -> Callable[[Tensor], Tensor]:
    """A function from normalised images [B, 32, 32, 3] to logits, in training mode."""
    if isinstance(model, wide.Wide):
        model.to(device)
        return lambda x: model(x.permute(0, 3, 1, 2))
    if is_fast(name, device):
        import fast

        return lambda x: fast.forward(model, x)
    model.to(device, memory_format=torch.channels_last)

    def logits(x: Tensor) -> Tensor:
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            return model(x.permute(0, 3, 1, 2)).float()

    return logits


def teacher(name: str, file: Path, device: str) -> Callable[[Tensor], Tensor]:
    """A function from normalised images [B, 32, 32, 3] to the probabilities that the network in `file` gives classes.

    In training mode, for the images are a training's, but without dropout (Beyer et al., "Knowledge distillation: a good
    teacher is patient and consistent", CVPR 2022: it sees the very image that the student sees).
    """
    with safe_open(file, "pt") as opened:
        model = build("wide" if (opened.metadata() or {}).get("arch") == "wide" else "small")
    load(model, file)
    for dropout in (m for m in model.modules() if isinstance(m, nn.Dropout)):
        dropout.p = 0.0
    logits = engine(name, model, device)

    @torch.no_grad()
    def probabilities(x: Tensor) -> Tensor:
        return logits(x).softmax(1)

    return probabilities


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor, batch: int = 250) -> float:
    """The share of images [N, 32, 32, 3] uint8 that the network gets right, in float32."""
    model = model.eval().to(memory_format=torch.channels_last)
    hits = 0
    for x, y in zip(images.split(batch), labels.split(batch), strict=True):
        hits += (model(data.normalise(x).permute(0, 3, 1, 2)).argmax(1) == y).sum().item()
    return hits / len(labels)
