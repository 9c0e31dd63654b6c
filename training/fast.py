"""A bfloat16 forward and backward pass of torchvision's MobileNetV3 for CPUs, several times faster than eager PyTorch.

Tensors are NHWC; the weights stay in the torchvision module, in float32. Runs in training mode only (batch statistics).
One thread: run one process per core (`train.py --workers`).
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torchvision.models.mobilenetv3 import InvertedResidual, MobileNetV3
from torchvision.ops import SqueezeExcitation

ACTS: dict[type, int] = {nn.ReLU: 1, nn.Hardswish: 2}


@cache
def kernels() -> ModuleType:
    """Compiles `kernels.cpp` for this CPU (once; needs a C++ compiler and ninja)."""
    from torch.utils.cpp_extension import load

    # Finds the ninja of a virtual environment that is not activated.
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    source = Path(__file__).with_name("kernels.cpp")
    flags = ["-O3", "-march=native", "-ffast-math", "-std=c++17"]
    return load("memloom_training_kernels", [str(source)], extra_cflags=flags)


class Depthwise(torch.autograd.Function):
    """`x` [B, H, W, C] bfloat16, `weight` [C, 1, k, k] float32, padding (k - 1) / 2."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, stride: int) -> Tensor:
        k = weight.shape[-1]
        taps = weight.reshape(-1, k * k).t().contiguous()
        ctx.save_for_backward(x, taps)
        ctx.args = (stride, k)
        return kernels().dw_forward(x, taps, stride, k)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor, Tensor, None]:
        x, taps = ctx.saved_tensors
        stride, k = ctx.args
        gx, gw = kernels().dw_backward(grad.contiguous(), x, taps, stride, k)
        return gx, gw.t().reshape(-1, 1, k, k), None


class BatchNormAct(torch.autograd.Function):
    """Batch norm over all but the last dimension of `x` (bfloat16), then an activation; also its mean and variance."""

    @staticmethod
    def forward(ctx, x: Tensor, gamma: Tensor, beta: Tensor, eps: float, act: int) -> tuple[Tensor, Tensor, Tensor]:
        y, mean, var = kernels().bn_forward(x, gamma, beta, eps, act)
        ctx.save_for_backward(x, gamma, beta, mean, var)
        ctx.args = (eps, act)
        ctx.mark_non_differentiable(mean, var)
        return y, mean, var

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        x, gamma, beta, mean, var = ctx.saved_tensors
        gx, ggamma, gbeta = kernels().bn_backward(grad.contiguous(), x, mean, var, gamma, beta, *ctx.args)
        return gx, ggamma, gbeta, None, None


class PlaneMean(torch.autograd.Function):
    """Mean over H and W: [B, H, W, C] bfloat16 to [B, C] float32."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.shape = x.shape
        return kernels().plane_sum(x, None) / (x.shape[1] * x.shape[2])

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> Tensor:
        _, h, w, _ = ctx.shape
        return (grad / (h * w)).bfloat16()[:, None, None, :].expand(ctx.shape)


class Gate(torch.autograd.Function):
    """`x` [B, H, W, C] bfloat16 times `s` [B, C] float32."""

    @staticmethod
    def forward(ctx, x: Tensor, s: Tensor) -> Tensor:
        gate = s.bfloat16()[:, None, None, :]
        ctx.save_for_backward(x, gate)
        return x * gate

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor, Tensor]:
        x, gate = ctx.saved_tensors
        grad = grad.contiguous()
        return grad * gate, kernels().plane_sum(x, grad)


def conv(x: Tensor, layer: nn.Conv2d) -> Tensor:
    """A dense 1x1, depthwise or (the stem) full convolution of an NHWC tensor."""
    if layer.groups > 1:
        return Depthwise.apply(x, layer.weight, layer.stride[0])
    if layer.kernel_size == (1, 1):
        return F.linear(x, layer.weight.flatten(1).bfloat16())
    y = F.conv2d(x.permute(0, 3, 1, 2), layer.weight.bfloat16(), None, layer.stride, layer.padding)
    return y.permute(0, 2, 3, 1).contiguous()


def norm_act(x: Tensor, layer: nn.BatchNorm2d, act: int) -> Tensor:
    """Normalises by the batch, updates the running statistics as `nn.BatchNorm2d` does, and activates."""
    y, mean, var = BatchNormAct.apply(x.contiguous(), layer.weight, layer.bias, layer.eps, act)
    n = x.numel() // x.shape[-1]
    layer.running_mean.lerp_(mean, layer.momentum)
    layer.running_var.lerp_(var * (n / max(1, n - 1)), layer.momentum)
    return y


def conv_norm_act(x: Tensor, layer: nn.Sequential) -> Tensor:
    """torchvision's `Conv2dNormActivation`."""
    return norm_act(conv(x, layer[0]), layer[1], ACTS[type(layer[2])] if len(layer) > 2 else 0)


def squeeze_excite(x: Tensor, layer: SqueezeExcitation) -> Tensor:
    """torchvision's `SqueezeExcitation`; the gate is computed in float32."""
    s = F.relu(F.linear(PlaneMean.apply(x), layer.fc1.weight.flatten(1), layer.fc1.bias))
    s = F.linear(s, layer.fc2.weight.flatten(1), layer.fc2.bias)
    return Gate.apply(x, F.hardsigmoid(s))


def forward(model: MobileNetV3, x: Tensor) -> Tensor:
    """Logits [B, classes] float32 of images `x` [B, H, W, 3] float32, normalised."""
    x = conv_norm_act(x.bfloat16(), model.features[0])
    for block in model.features[1:-1]:
        assert isinstance(block, InvertedResidual)
        y = x
        for layer in block.block:
            y = squeeze_excite(y, layer) if isinstance(layer, SqueezeExcitation) else conv_norm_act(y, layer)
        x = x + y if block.use_res_connect else y
    x = PlaneMean.apply(conv_norm_act(x, model.features[-1]))
    hidden, _, dropout, last = model.classifier
    x = F.hardswish(F.linear(x.bfloat16(), hidden.weight.bfloat16(), hidden.bias.bfloat16()).float())
    return F.linear(F.dropout(x, dropout.p), last.weight, last.bias)
