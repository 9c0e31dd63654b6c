"""A module's parameters, gradients and statistics as one vector each: one addition updates them all."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn


class Flat:
    """Lays a module's tensors out as views of vectors, in the order of its names."""

    def __init__(self, module: nn.Module):
        params = list(module.parameters())
        size = sum(p.numel() for p in params)
        device = params[0].device
        self.values = torch.empty(size, device=device)
        self.grads_and_extra = torch.zeros(size + 1, device=device)
        self.grads, self.extra = self.grads_and_extra[:size], self.grads_and_extra[size:]
        # Biases and batch norm's scales do not decay.
        self.decays = torch.empty(size, device=device)
        at = 0
        for p in params:
            part = slice(at, at + p.numel())
            self.values[part] = p.detach().flatten()
            self.decays[part] = float(p.ndim > 1)
            p.data = self.values[part].view(p.shape)
            p.grad = self.grads[part].view(p.shape)
            at += p.numel()
        self.buffers = self._lay_out_buffers(module, device)

    @staticmethod
    def _lay_out_buffers(module: nn.Module, device: torch.device) -> Tensor:
        buffers = [(m, name, b) for m in module.modules() for name, b in m._buffers.items() if b.is_floating_point()]
        flat = torch.cat([b.flatten() for _, _, b in buffers]).to(device)
        at = 0
        for owner, name, b in buffers:
            owner._buffers[name] = flat[at:at + b.numel()].view(b.shape)
            at += b.numel()
        return flat

    def zero(self) -> None:
        """Clears the gradients."""
        self.grads.zero_()

    def average_buffers(self, workers: int) -> None:
        """Makes all workers' running statistics their mean."""
        if workers > 1:
            dist.all_reduce(self.buffers)
            self.buffers /= workers

    def descend(self, velocity: Tensor, rate: float, momentum: float, decay: float) -> None:
        """A step of SGD with Nesterov momentum (Sutskever et al. 2013, as `torch.optim.SGD` has it)."""
        self.grads.addcmul_(self.decays, self.values, value=decay)
        velocity.mul_(momentum).add_(self.grads)
        self.values.add_(self.grads.add_(velocity, alpha=momentum), alpha=-rate)
