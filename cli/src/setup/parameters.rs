//! Every parameter: its name, what it is, and how its text is read.

use super::Setup;
use super::wires::{self, Wire};
use crate::quantity::{Range, Whole, limits};
use memloom::ir::CellNetlist;
use memloom::technology::SignScheme;
use memloom_sim::chip::{Drift, Levels, ProgrammingError, ReadNoise, Supply, Temperature, Tracking, Trim};

/// A parameter of a [`Setup`].
pub(crate) struct Parameter {
    /// Its name; with `-` for `_` its flag.
    pub(crate) name: &'static str,
    /// What it is, a sentence.
    about: &'static str,
    /// What its value may be, and what that sets.
    value: Value,
}

/// Values of a kind, and what one of them sets.
enum Value {
    Quantity(&'static Range, fn(&mut Setup, f64)),
    Wire(&'static Wire),
    Whole(&'static Whole, fn(&mut Setup, u32)),
    Switch(fn(&mut Setup, bool)),
    /// What it looks like, in general and as an example.
    Text(&'static str, fn(&mut Setup, &str) -> Result<(), String>),
}

use Value::{Quantity, Switch, Text};

impl Parameter {
    /// Sets the parameter to the value that `text` says.
    ///
    /// # Errors
    /// If it says none, or one that is out of range: why, and what to write.
    pub(crate) fn set(&self, setup: &mut Setup, text: &str) -> Result<(), String> {
        match &self.value {
            Quantity(range, set) => set(setup, range.read(text)?),
            Value::Wire(wire) => (wire.set)(&mut setup.wires, wire.range.read(text)?),
            Value::Whole(range, set) => set(setup, range.read(text)?),
            Switch(set) => set(setup, on(text)?),
            Text(_, set) => set(setup, text)?,
        }
        Ok(())
    }

    /// What stands for the value in a usage line.
    pub(crate) fn placeholder(&self) -> String {
        match &self.value {
            Quantity(range, _) | Value::Wire(Wire { range, .. }) => range.placeholder(),
            Value::Whole(..) => "N".into(),
            Switch(_) => "on|off".into(),
            Text(form, _) => (*form).into(),
        }
    }

    /// What it is, and what may be written.
    pub(crate) fn help(&self) -> String {
        match &self.value {
            Quantity(range, _) | Value::Wire(Wire { range, .. }) => range.help(self.about),
            Value::Whole(range, _) => range.help(self.about),
            Switch(_) | Text(..) => self.about.into(),
        }
    }

    /// A value as a number to plot, SI; a tile by its wordlines.
    pub(crate) fn number(&self, text: &str) -> Option<f64> {
        match &self.value {
            Quantity(range, _) | Value::Wire(Wire { range, .. }) => range.read(text).ok(),
            Value::Whole(range, _) => range.read(text).ok().map(|number: u32| f64::from(number)),
            Switch(_) => None,
            Text(..) => text.split('x').next()?.trim().parse().ok(),
        }
    }
}

const fn parameter(name: &'static str, about: &'static str, value: Value) -> Parameter {
    Parameter { name, about, value }
}

const fn wire(wire: &'static Wire) -> Parameter {
    parameter(wire.name, wire.about, Value::Wire(wire))
}

/// Every parameter, in the order of the help.
pub(crate) static PARAMETERS: &[Parameter] = &[
    parameter(
        "tile",
        "Largest crossbar, wordlines by bitlines, each `1` to `4096`, such as `128x128`",
        Text("RxC", |s, t| put(&mut s.tile, Some(tile(t)?))),
    ),
    parameter(
        "scheme",
        "Sign scheme, `dual_rail` or `differential`",
        Text("NAME", |s, t| put(&mut s.scheme, Some(scheme(t)?))),
    ),
    wire(&wires::R_WIRE),
    wire(&wires::R_WORDLINE),
    wire(&wires::R_BITLINE),
    wire(&wires::R_DRIVER),
    wire(&wires::R_SENSE),
    wire(&wires::R_CONTACT),
    wire(&wires::C_WIRE),
    wire(&wires::C_CELL),
    parameter(
        "cells",
        "What cells are, `resistor` at its target or `device`, the cell's model programmed to it",
        Text("NAME", |s, t| put(&mut s.cells, Some(cells(t)?))),
    ),
    parameter(
        "compensation",
        "Whether cells and resistors are chosen for what wires and op-amps lose",
        Switch(|s, on| s.uncompensated = !on),
    ),
    parameter(
        "levels",
        "Conductance levels that a programmer can hit, evenly spaced",
        Value::Whole(&limits::LEVELS, |s, count| s.chip.levels = Some(Levels::Uniform { count })),
    ),
    parameter(
        "program_error",
        "Deviation of a programmed conductance, relative to it",
        Quantity(&limits::PROGRAM_ERROR, |s, sigma| {
            s.chip.programming_error = Some(ProgrammingError::Relative { sigma });
        }),
    ),
    parameter(
        "program_error_abs",
        "Deviation of a programmed conductance",
        Quantity(&limits::PROGRAM_ERROR_ABS, |s, sigma| {
            s.chip.programming_error = Some(ProgrammingError::Absolute { sigma });
        }),
    ),
    parameter(
        "spread",
        "Spread of the cell's own parameters, such as `r_off=lognormal:5%`, programmed without verify",
        Text("NAME=LAW:WIDTH,..", |s, t| put(&mut s.spread, list(t))),
    ),
    parameter(
        "cycle_spread",
        "The same from one programming cycle to the next",
        Text("NAME=LAW:WIDTH,..", |s, t| put(&mut s.cycle_spread, list(t))),
    ),
    parameter(
        "stuck",
        "Cells stuck, half of them at the lowest conductance, half at the highest",
        Quantity(&limits::CELLS, |s, share| {
            (s.chip.faults.stuck_at_g_min, s.chip.faults.stuck_at_g_max) = (share / 2.0, share / 2.0);
        }),
    ),
    parameter(
        "stuck_low",
        "Cells stuck at the lowest conductance",
        Quantity(&limits::CELLS, |s, share| s.chip.faults.stuck_at_g_min = share),
    ),
    parameter(
        "stuck_high",
        "Cells stuck at the highest conductance",
        Quantity(&limits::CELLS, |s, share| s.chip.faults.stuck_at_g_max = share),
    ),
    parameter(
        "open",
        "Cells that are open: one less the yield",
        Quantity(&limits::CELLS, |s, share| s.chip.faults.open = share),
    ),
    parameter(
        "repair",
        "Whether the complementary cell of a stuck or open one is programmed to compensate it",
        Switch(|s, on| s.chip.repair = on),
    ),
    parameter(
        "read_noise",
        "Noise of a cell's conductance at each read, relative to it",
        Quantity(&limits::READ_NOISE, |s, sigma| s.chip.read_noise = Some(ReadNoise::Relative { sigma })),
    ),
    parameter(
        "drift_time",
        "Time since programming",
        Quantity(&limits::DRIFT_TIME, |s, time| {
            s.chip.drift = Some(Drift { time, t0: 1.0, nu: s.drift.nu, nu_sigma: s.drift.nu_sigma });
        }),
    ),
    parameter(
        "drift_nu",
        "Mean exponent of drift",
        Quantity(&limits::DRIFT_NU, |s, nu| {
            s.drift.nu = nu;
            s.chip.drift.iter_mut().for_each(|drift| drift.nu = nu);
        }),
    ),
    parameter(
        "drift_nu_sigma",
        "Deviation of the exponent from cell to cell",
        Quantity(&limits::DRIFT_NU_SIGMA, |s, sigma| {
            s.drift.nu_sigma = sigma;
            s.chip.drift.iter_mut().for_each(|drift| drift.nu_sigma = sigma);
        }),
    ),
    parameter(
        "temperature",
        "Temperature of the chip, degrees Celsius; it was programmed at 25",
        Quantity(&limits::TEMPERATURE, |s, celsius| {
            s.chip.temperature = Some(Temperature { celsius, reference: 25.0, ..s.warm });
        }),
    ),
    parameter(
        "temperature_coefficient",
        "Relative change of conductance per kelvin",
        Quantity(&limits::TEMPERATURE_COEFFICIENT, |s, coefficient| {
            s.warmed(|t| t.coefficient = coefficient)
        }),
    ),
    parameter(
        "resistor_coefficient",
        "Relative change of resistors per kelvin",
        Quantity(&limits::TEMPERATURE_COEFFICIENT, |s, coefficient| s.warmed(|t| t.resistor = coefficient)),
    ),
    parameter(
        "rail_coefficient",
        "Relative change per kelvin of the bias rails about `v_ref`: that of the reference they are made from",
        Quantity(&limits::TEMPERATURE_COEFFICIENT, |s, coefficient| s.warmed(|t| t.rail = coefficient)),
    ),
    parameter(
        "offset_drift",
        "Deviation of the change of an op-amp's offset per kelvin",
        Quantity(&limits::OFFSET_DRIFT, |s, volts| s.warmed(|t| t.offset = volts)),
    ),
    parameter(
        "supply_shift",
        "How far the supply is above what it was at the trim",
        Quantity(&limits::SUPPLY_SHIFT, |s, shift| {
            let rejection = s.supply_rejection.unwrap_or(1000.0);
            s.chip.supply = Some(Supply { shift, rejection });
        }),
    ),
    parameter(
        "supply_rejection",
        "Supply's shift over that of the offset that it makes in each op-amp; 1000, which is 60 dB, where not given",
        Quantity(&limits::SUPPLY_REJECTION, |s, rejection| {
            s.supply_rejection = Some(rejection);
            s.chip.supply.iter_mut().for_each(|supply| supply.rejection = rejection);
        }),
    ),
    parameter(
        "tracking",
        "Step of the codes by which feedback follows mean drift and temperature, as reference cells show them",
        Quantity(&limits::TRACKING, |s, step| s.chip.tracking = Some(Tracking { step })),
    ),
    parameter(
        "gain",
        "Open-loop gain of the op-amps, `1` to `1e12`, or `ideal` for infinite",
        Text("ideal|GAIN", |s, t| put(&mut s.chip.gain, Some(gain(t)?))),
    ),
    parameter(
        "offset",
        "Deviation of the op-amps' input-referred offset",
        Quantity(&limits::OFFSET, |s, volts| s.chip.offset_sigma = volts),
    ),
    parameter(
        "trim",
        "Whether offsets are trimmed after programming, by cells on the bias rails",
        Switch(|s, on| s.chip.trim = on.then(Trim::default)),
    ),
    parameter(
        "retrim",
        "Whether offsets are trimmed again after the drift and at the temperature that are given",
        Switch(|s, on| s.chip.retrim = on),
    ),
    parameter(
        "block_gain",
        "Deviation of the gain of activation circuits and multipliers",
        Quantity(&limits::BLOCK_GAIN, |s, sigma| s.chip.block_gain_sigma = sigma),
    ),
    parameter(
        "block_offset",
        "Deviation of the offset at the output of activation circuits and multipliers",
        Quantity(&limits::OFFSET, |s, volts| s.chip.block_offset_sigma = volts),
    ),
    parameter(
        "op_amp_noise",
        "Input-referred noise of each op-amp, rms",
        Quantity(&limits::OP_AMP_NOISE, |s, volts| s.chip.op_amp_noise = volts),
    ),
    parameter(
        "noise",
        "Whether parts have the noise that they declare: of op-amps, thermal, flicker, and k T / C of sample-and-holds",
        Switch(|s, on| s.chip.noise = on),
    ),
    parameter(
        "noise_density",
        "Input-referred noise of each op-amp in volts per root hertz, with thermal noise and k T / C of sample-and-holds",
        Quantity(&limits::NOISE_DENSITY, |s, volts| s.chip.noise_density = Some(volts)),
    ),
    parameter(
        "flicker_corner",
        "Frequency at which flicker noise of each op-amp is as large as its white noise",
        Quantity(&limits::FLICKER_CORNER, |s, hertz| s.chip.flicker.corner = Some(hertz)),
    ),
    parameter(
        "cell_flicker",
        "Flicker noise of a cell's current over the current, squared, at 1 Hz",
        Quantity(&limits::CELL_FLICKER, |s, share| s.chip.flicker.cell = Some(share)),
    ),
    parameter(
        "flicker_time",
        "Time since offsets were trimmed, over which flicker noise has grown",
        Quantity(&limits::FLICKER_TIME, |s, time| s.chip.flicker.time = time),
    ),
    parameter(
        "resistor_error",
        "Deviation of resistors, those of feedback among them",
        Quantity(&limits::RESISTOR_ERROR, |s, sigma| s.chip.resistor_sigma = sigma),
    ),
    parameter(
        "rails",
        "Whether op-amps stop at the ends of their swing",
        Switch(|s, on| s.chip.ignore_rails = !on),
    ),
    parameter(
        "dac_bits",
        "Bits of the converters at the input, over `v_ref +- v_read`",
        Value::Whole(&limits::BITS, |s, bits| s.dac_bits = Some(bits)),
    ),
    parameter(
        "adc_bits",
        "Bits of the converters at the logits, over the readout's swing",
        Value::Whole(&limits::BITS, |s, bits| s.adc_bits = Some(bits)),
    ),
    parameter(
        "fill_absent",
        "Whether cross-points without a cell hold one at the lowest conductance",
        Switch(|s, on| s.chip.fill_absent = on),
    ),
];

fn put<T>(place: &mut T, value: T) -> Result<(), String> {
    *place = value;
    Ok(())
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

fn on(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("`{text}` is neither; write `on` or `off`")),
    }
}

fn scheme(text: &str) -> Result<SignScheme, String> {
    SignScheme::ALL
        .into_iter()
        .find(|scheme| scheme.name() == text)
        .ok_or_else(|| format!("`{text}` is no scheme; write `dual_rail` or `differential`"))
}

fn cells(text: &str) -> Result<CellNetlist, String> {
    match text {
        "resistor" => Ok(CellNetlist::Resistor),
        "device" => Ok(CellNetlist::Device),
        _ => Err(format!("cells are no `{text}`; write `resistor` or `device`")),
    }
}

/// An op-amp's open-loop gain, V/V; `ideal` for infinite.
pub(crate) fn gain(text: &str) -> Result<f64, String> {
    if text.trim() == "ideal" {
        return Ok(f64::INFINITY);
    }
    limits::GAIN.read(text).map_err(|what| format!("{what}, or `ideal`"))
}

/// `64x64`, or `64` for a square.
pub(crate) fn tile(text: &str) -> Result<(u32, u32), String> {
    let (rows, cols) = text.split_once('x').unwrap_or((text, text));
    let line = |text: &str| limits::TILE.read(text).map_err(|what| format!("{what}, for a tile `128x128`"));
    Ok((line(rows)?, line(cols)?))
}

#[cfg(test)]
mod tests;
