"""How far a run is, and what learning rate goes with it."""

from __future__ import annotations

import argparse
import datetime as dt
import math
import time


class Clock:
    """How far the run is, from 0 to 1: by steps, or by the clock, so that it ends in time under any load."""

    def __init__(self, args: argparse.Namespace, done: float):
        self.epochs, self.start, self.done = args.epochs, time.time(), done
        self.end: float | None = None
        if args.hours is not None:
            self.end = self.start + 3600 * args.hours * (1 - done)
        elif args.until is not None:
            now = dt.datetime.now(dt.UTC)
            hour, minute = map(int, args.until.split(":"))
            end = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
            self.end = (end if end > now else end + dt.timedelta(days=1)).timestamp()

    def progress(self, epochs: float) -> float:
        """The share of the run that is over after so many epochs."""
        if self.end is None:
            return epochs / self.epochs
        return self.done + (1 - self.done) * (time.time() - self.start) / (self.end - self.start)


def learning_rate(args: argparse.Namespace, progress: float) -> float:
    """A straight line up to `--lr`, then half a cosine down to 0."""
    if progress < args.warm_up:
        return args.lr * (progress / args.warm_up)
    return args.lr * 0.5 * (1 + math.cos(math.pi * min(1, (progress - args.warm_up) / (1 - args.warm_up))))
