"""Trains torchvision's MobileNetV3 Small for CIFAR-10 and writes a safetensors file that memloom reads.

    python training/train.py --data DIR --out FILE

The same command goes on where it was cut off. See README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import os
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F
from torch import Tensor, nn

import data
import model as net
import noise
from chip import Chip
from flat import Flat
from schedule import Clock, learning_rate
from signals import LAYERS, Ranges


def arguments() -> argparse.Namespace:
    """The command line."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, required=True, help="folder of data_batch_*.bin")
    p.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    p.add_argument("--test", type=Path, help="test_batch.bin: scores of the averaged weights for the log, nothing else")
    p.add_argument("--test-every", type=int, default=5, help="epochs between scores")
    p.add_argument("--network", choices=["small", "wide"], default="small", help="wide: a teacher for the other")
    p.add_argument("--init", type=Path, help="start from this safetensors file instead of from nothing")
    p.add_argument("--run", type=Path, help="folder of the checkpoint and the log (default: FILE.run)")
    length = p.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=int, default=100, help="passes over the data (default 100)")
    length.add_argument("--until", help="train until this time of day, HH:MM in UTC, instead")
    length.add_argument("--hours", type=float, help="train for so long, instead")
    p.add_argument("--images", type=int, help="images an epoch, chosen anew for each (default: all)")
    p.add_argument("--batch", type=int, default=128, help="images a step, all workers together")
    p.add_argument("--lr", type=float, default=0.1, help="largest learning rate")
    p.add_argument("--warm-up", type=float, default=0.03, help="share of the run until the largest learning rate")
    p.add_argument("--weight-decay", type=float, default=5e-4)
    p.add_argument("--smoothing", type=float, default=0.1, help="label smoothing")
    p.add_argument("--small-until", type=float, default=0.0, help="share of the run that trains on 24x24 crops")
    p.add_argument("--skip-easy", type=float, default=0.0,
                   help="share left out, each epoch, of the images whose last loss is below the mean; the others of "
                   "these count for more. All are used in the last eighth of the run (InfoBatch, Qin et al. 2024)")
    p.add_argument("--cut-mix", type=float, default=0.5, help="share of steps whose images get a box of another each")
    p.add_argument("--mix-free", type=float, default=0.1, help="share of the run, at its end, without these boxes")
    p.add_argument("--distort", type=float, default=0.0, help="how far images are turned, sheared, zoomed, 0 to 1")
    p.add_argument("--teacher", type=Path, nargs="+", default=[], help="safetensors files whose mean answer is learnt")
    p.add_argument("--teaching", type=float, default=0.7, help="the teachers' share of the loss, if there are some")
    p.add_argument("--average", type=float, default=0.99, help="decay of the averaged weights, every 4 steps")
    p.add_argument("--seed", type=int, default=0)
    cores = 1 if torch.cuda.is_available() else os.cpu_count() or 1
    p.add_argument("--workers", type=int, default=cores, help="processes, one core each (default: all; with a GPU 1)")
    p.add_argument("--noise-from", type=float, default=2 / 3, help="share of the run from which the chip errs")
    p.add_argument("--outliers", type=float, default=0.0,
                   help="share in the loss of how far each layer's largest values stand out, while the chip errs")
    Chip.add_arguments(p)
    p.add_argument("--engine", choices=["auto", "fast", "torch"], default="auto", help="fast: kernels.cpp, CPU only")
    return p.parse_args()


def worker(rank: int, args: argparse.Namespace, store: str) -> None:
    """One process of the run: its share of every batch; all processes hold the same weights."""
    torch.set_num_threads(1)
    if args.workers > 1:
        dist.init_process_group("gloo", f"file://{store}", rank=rank, world_size=args.workers,
                                timeout=dt.timedelta(days=2))
    trainer = Trainer(rank, args)
    while trainer.epoch():
        pass
    if rank == 0:
        net.export(trainer.averaged(), args.out)
        print(json.dumps({"written": str(args.out), **trainer.score()}), flush=True)


class Trainer:
    """The state of a run and its epochs."""

    def __init__(self, rank: int, args: argparse.Namespace):
        self.rank, self.args = rank, args
        torch.manual_seed(args.seed)
        self.device = "cuda" if torch.cuda.is_available() and args.engine != "fast" else "cpu"
        images, self.labels = data.read(data.training_files(args.data))
        self.images = data.pad(images)
        self.model = net.build(args.network)
        if args.init:
            net.load(self.model, args.init)
        elif args.network == "wide":
            self.model.whiten(images)
        self.logits = net.engine(args.engine, self.model, self.device)
        self.chip = Chip.of(args)
        self.ranges = Ranges(torch.zeros(LAYERS, device=self.device), keep=0.98)
        self.teachers = [net.teacher(args.engine, file, self.device) for file in args.teacher]
        self.flat = Flat(self.model)
        self.velocity = torch.zeros_like(self.flat.values)
        self.mean = self.flat.values.clone()
        self.mean_buffers = self.flat.buffers.clone()
        self.epochs, self.steps, self.done, self.finished = 0, 0, 0.0, False
        self.losses = torch.full((len(images),), torch.inf)  # of each image when last seen
        self.test = data.read([args.test]) if args.test and rank == 0 else None
        self.run = args.run or args.out.with_name(args.out.name + ".run")
        self.run.mkdir(parents=True, exist_ok=True)
        self.resume()
        self.clock = Clock(args, self.done)

    def state(self) -> dict:
        """What a checkpoint holds, but for the counters: live tensors."""
        return {"values": self.flat.values, "buffers": self.flat.buffers, "velocity": self.velocity,
                "mean": self.mean, "mean_buffers": self.mean_buffers, "losses": self.losses,
                "ranges": self.ranges.values}

    def resume(self) -> None:
        """Takes up the checkpoint, if there is one."""
        file = self.run / "last.pt"
        if not file.exists():
            return
        saved = torch.load(file, weights_only=True, map_location="cpu")
        for name, tensor in self.state().items():
            tensor.copy_(saved[name])
        self.epochs, self.steps, self.done, self.finished = (saved[k] for k in ("epochs", "steps", "done", "finished"))

    def save(self) -> None:
        """Writes the checkpoint whole or not at all."""
        counters = {"epochs": self.epochs, "steps": self.steps, "done": self.done, "finished": self.finished}
        torch.save({**self.state(), **counters}, self.run / "next.pt")
        os.replace(self.run / "next.pt", self.run / "last.pt")

    def epoch(self) -> bool:
        """One pass over the data, and a checkpoint; false once the run is over."""
        if self.finished:
            return False
        start, cpu = time.time(), time.process_time()
        args, share, seed = self.args, self.args.batch // self.args.workers, self.args.seed + 1 + self.epochs
        order, weights = self.choose(torch.Generator().manual_seed(seed))
        rng = torch.Generator().manual_seed(seed * 64 + self.rank)
        torch.manual_seed(seed * 64 + self.rank)  # dropout
        steps, sums, taken, seen = len(order) // args.batch, torch.zeros(2), 0, torch.zeros_like(self.losses)
        for k in range(steps):
            index = order[k * args.batch + self.rank * share:][:share]
            sums += self.step(index, weights[index], rng, self.epochs + k / steps, seen)
            taken += share
            if self.done >= 1:
                break
        self.flat.average_buffers(args.workers)
        self.ranges.average(args.workers)
        if args.workers > 1:
            dist.all_reduce(seen)
        self.losses = torch.where(seen > 0, seen, self.losses)
        self.epochs += 1
        self.finished = self.clock.progress(self.epochs) >= 1 if self.clock.end is None else self.done >= 1
        if self.rank == 0:
            self.save()
            net.export(self.averaged(), args.out)
            self.log(sums / taken, time.time() - start, time.process_time() - cpu)
        return not self.finished

    def choose(self, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """The images of an epoch in order, and every image's weight in the loss."""
        order, weights = torch.randperm(len(self.labels), generator=rng), torch.ones(len(self.labels))
        order = order[:self.args.images]
        known = self.losses.isfinite()
        if self.args.skip_easy == 0 or self.done > 7 / 8 or not known.any():
            return order, weights
        easy = self.losses < self.losses[known].mean()
        skipped = easy & (torch.rand(len(easy), generator=rng) < self.args.skip_easy)
        weights[easy] = 1 / (1 - self.args.skip_easy)
        return order[~skipped[order]], weights

    def step(self, index: Tensor, weights: Tensor, rng: torch.Generator, epochs: float, seen: Tensor) -> Tensor:
        """One step of stochastic gradient descent; this worker's summed loss and hits."""
        args, flat = self.args, self.flat
        side = 24 if self.done < args.small_until else data.SIDE
        x = data.augment(self.images, index, rng, side, strength=args.distort)
        y = self.labels[index].to(self.device)
        mixing = torch.rand((), generator=rng).item() < args.cut_mix and self.done < 1 - args.mix_free
        x, partner, own = data.cut_mix(x, rng) if mixing else (x, None, 1.0)
        flat.zero()
        x = x.to(self.device)
        logits, outliers = self.answer(x)
        cost = functools.partial(F.cross_entropy, logits, label_smoothing=args.smoothing, reduction="none")
        losses = cost(y)
        if mixing:
            losses = own * losses + (1 - own) * cost(y[partner])
        if self.teachers:
            answer = sum(teacher(x) for teacher in self.teachers) / len(self.teachers)
            losses = (1 - args.teaching) * losses + args.teaching * F.cross_entropy(logits, answer, reduction="none")
        ((losses * weights.to(self.device)).mean() + args.outliers * outliers).backward()
        # Rank 0's clock goes with the gradients, so that all processes agree on the rate and on the end.
        flat.extra.fill_(self.clock.progress(epochs) if self.rank == 0 else 0.0)
        if args.workers > 1:
            dist.all_reduce(flat.grads_and_extra)
            flat.grads /= args.workers
        self.done = min(1.0, flat.extra.item())
        flat.descend(self.velocity, learning_rate(args, self.done), 0.9, args.weight_decay)
        self.steps += 1
        if self.steps % 4 == 0:
            # Young averages are short, so that they forget where they began.
            keep = min(args.average, (1 + self.steps / 4) / (10 + self.steps / 4))
            self.mean.lerp_(flat.values, 1 - keep)
            self.mean_buffers.lerp_(flat.buffers, 1 - keep)
        if not mixing:
            seen[index] = losses.detach().cpu()
        return torch.tensor([losses.sum().item(), (logits.argmax(1) == y).sum().item()])

    def answer(self, x: Tensor) -> tuple[Tensor, Tensor | float]:
        """Logits of images, from a chip that errs once it is time, and how far its layers' largest values stand out."""
        if self.chip.ideal or self.done < self.args.noise_from:
            return self.logits(x), 0.0
        circuit = noise.Circuit(self.chip, self.ranges, outliers=self.args.outliers > 0)
        logits = circuit.network(self.model, x)
        return logits, torch.stack(circuit.crests).mean() if circuit.crests else 0.0

    def averaged(self) -> nn.Module:
        """The network with the averaged weights, for evaluation."""
        model = net.build(self.args.network)
        flat = Flat(model)
        flat.values.copy_(self.mean)
        flat.buffers.copy_(self.mean_buffers)
        return model.eval()

    def score(self) -> dict:
        """The test score of the averaged weights, %, if there are test images."""
        return {} if self.test is None else {"test": round(100 * net.accuracy(self.averaged(), *self.test), 2)}

    def log(self, means: Tensor, seconds: float, cpu: float) -> None:
        """A line of JSON: the log's, and the terminal's."""
        line = {"epoch": self.epochs, "progress": round(self.done, 4), "loss": round(means[0].item(), 4),
                "train": round(100 * means[1].item(), 2), "seconds": round(seconds, 1), "cpu": round(cpu, 1)}
        if self.epochs % self.args.test_every == 0:
            line |= self.score()
        print(json.dumps(line), flush=True)
        with (self.run / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")


def main() -> None:
    """Starts the workers."""
    args = arguments()
    if args.batch % args.workers:
        raise SystemExit(f"--batch {args.batch} does not split into {args.workers} workers")
    if args.images is not None and args.images < args.batch:
        raise SystemExit(f"--images {args.images} is not one step of --batch {args.batch}; give more of them")
    if args.network == "wide" and not Chip.of(args).ideal:
        raise SystemExit("a wide network is never a chip's; leave its errors out, or --network wide")
    if net.is_fast(args.engine, "cuda" if torch.cuda.is_available() else "cpu"):
        net.compile_kernels()  # before the workers start, so that they do not wait for each other
    with tempfile.TemporaryDirectory() as folder:
        if args.workers == 1:
            worker(0, args, "")
        else:
            mp.spawn(worker, (args, f"{folder}/store"), nprocs=args.workers)


if __name__ == "__main__":
    main()
