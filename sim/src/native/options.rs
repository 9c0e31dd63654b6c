//! What an evaluation assumes about its parts.

use crate::chip::Chip;
use memloom_ir as ir;

/// The open-loop gain to assume for every op-amp.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Gain {
    /// As each op-amp type declares.
    #[default]
    Declared,
    /// Infinite: inputs of a closed loop are equal.
    Ideal,
    /// This value, V/V.
    Value(f64),
}

/// What an evaluation assumes; the default is the circuit as declared.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Options {
    /// Open-loop gain of the op-amps.
    pub gain: Gain,
    /// Input-referred offset of the op-amps, volts; `None` as declared.
    pub offset: Option<f64>,
    /// Whether op-amps and behavioural blocks may leave their swing.
    pub ignore_rails: bool,
    /// Whether to record the largest voltage across the cells of each block, at the cost of solving every bitline.
    pub watch_cells: bool,
}

impl Options {
    /// Ideal op-amps without offset and without rails. A circuit whose resistors compensate their gain is as it was
    /// meant to be with the declared gain instead, and [`Options::ignore_rails`].
    pub fn ideal() -> Self {
        Self { gain: Gain::Ideal, offset: Some(0.0), ignore_rails: true, watch_cells: false }
    }

    /// `1 / A0`; zero for the ideal op-amp.
    pub(super) fn inverse_gain(&self, op_amp: &ir::OpAmp) -> f64 {
        match self.gain {
            Gain::Declared => op_amp.gain.recip(),
            Gain::Ideal => 0.0,
            Gain::Value(gain) => gain.recip(),
        }
    }

    pub(super) fn offset(&self, op_amp: &ir::OpAmp) -> f64 {
        self.offset.unwrap_or(op_amp.offset)
    }

    pub(super) fn swing(&self, declared: (f64, f64)) -> (f64, f64) {
        if self.ignore_rails { (f64::NEG_INFINITY, f64::INFINITY) } else { declared }
    }
}

/// What a compilation assumes of all, and the chip that its parts are made on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'c> {
    pub(super) options: Options,
    pub(super) chip: Option<&'c Chip>,
    /// Whether programs say what offsets can be trimmed with.
    pub(super) levers: bool,
}

impl<'c> Setting<'c> {
    pub(super) fn new(options: &Options, chip: Option<&'c Chip>) -> Self {
        let mut options = *options;
        if let Some(spec) = chip.map(Chip::spec) {
            options.gain = spec.gain.map_or(options.gain, Gain::Value);
            options.ignore_rails |= spec.ignore_rails;
        }
        Self { options, chip, levers: false }
    }
}
