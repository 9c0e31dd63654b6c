"""What a chip is made of and how it errs, as flags."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

MARGIN = 1.25
"""A wordline has room for a signal so much larger than the largest that occurs."""


@dataclass(frozen=True)
class Chip:
    """What a cell and an op-amp are and how they err; the defaults are memloom's `hfo2` without an error."""

    g_min: float = 1e-6  # lowest conductance, siemens
    g_max: float = 1e-4  # highest conductance, siemens
    tile_inputs: int = 64  # inputs of a tile, the bias counted: rows / 2 for `dual_rail`, rows for `differential`
    levels: int = 0  # conductances that can be programmed, evenly from g_min to g_max; 0: any
    program_error: float = 0.0  # standard deviation of a programmed conductance, relative to it
    program_error_abs: float = 0.0  # the same, siemens: 2 % of g_max is 2e-6
    stuck_low: float = 0.0  # share of cells that stay at g_min
    stuck_high: float = 0.0  # share of cells that stay at g_max
    open: float = 0.0  # share of cells that do not conduct
    repair: bool = False  # whether the complementary cell of a faulty one is programmed to compensate it
    read_noise: float = 0.0  # standard deviation of a conductance from read to read, relative to it
    dac_bits: int = 0  # bits of the converters at the image, over the largest value +- the margin; 0: none
    adc_bits: int = 0  # bits of the converters at the logits, likewise; 0: none
    v_read: float = 0.2  # the largest voltage on a wordline about v_ref, volts: a layer's range takes all of it
    swing: float = 0.8  # the largest voltage at an op-amp's output about v_ref, volts
    percentile: float = 100.0  # share of a layer's values, %, that its range holds; those beyond saturate
    offset: float = 0.0  # standard deviation of each op-amp's input-referred offset, after any trim, volts
    op_amp_noise: float = 0.0  # input-referred noise of each op-amp at each read, volts rms
    resistor_error: float = 0.0  # standard deviation of a feedback resistor, relative
    activation_gain: float = 0.0  # standard deviation of the gain of an activation or multiplier circuit, relative
    activation_offset: float = 0.0  # standard deviation of the offset at the output of such a circuit, volts

    @property
    def exact_cells(self) -> bool:
        """Whether every cell has the conductance that it is meant to have."""
        errors = ("levels", "program_error", "program_error_abs", "stuck_low", "stuck_high", "open")
        return not any(getattr(self, name) for name in errors)

    @property
    def ideal(self) -> bool:
        """Whether nothing errs."""
        errors = ("read_noise", "dac_bits", "adc_bits", "offset", "op_amp_noise", "resistor_error",
                  "activation_gain", "activation_offset")
        return self.exact_cells and self.percentile == 100 and not any(getattr(self, name) for name in errors)

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        """A flag for each field."""
        group = parser.add_argument_group("errors of the chip (see chip.py for their units)")
        for f in fields(cls):
            how = dict(action="store_true") if f.default is False else dict(type=type(f.default), default=f.default)
            group.add_argument("--" + f.name.replace("_", "-"), **how)

    @classmethod
    def of(cls, args: argparse.Namespace) -> Chip:
        """From the command line."""
        return cls(**{f.name: getattr(args, f.name) for f in fields(cls)})
