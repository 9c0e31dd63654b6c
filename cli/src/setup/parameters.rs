//! Every parameter: its name, what it is, and how its text is read.

use super::Setup;
use memloom::technology::SignScheme;
use memloom_sim::chip::{Drift, Levels, ProgrammingError, ReadNoise, Temperature};

/// A parameter of a [`Setup`].
pub(crate) struct Parameter {
    /// Its name; with `-` for `_` its flag.
    pub(crate) name: &'static str,
    /// What its value looks like.
    pub(crate) value: &'static str,
    /// What it is, a sentence.
    pub(crate) about: &'static str,
    /// Reads a value.
    pub(crate) set: fn(&mut Setup, &str) -> Result<(), String>,
}

const fn parameter(
    name: &'static str,
    value: &'static str,
    about: &'static str,
    set: fn(&mut Setup, &str) -> Result<(), String>,
) -> Parameter {
    Parameter { name, value, about, set }
}

/// Every parameter, in the order of the help.
pub(crate) const PARAMETERS: &[Parameter] = &[
    parameter("tile", "RxC", "Largest crossbar, wordlines by bitlines", |s, t| {
        put(&mut s.tile, Some(tile(t)?))
    }),
    parameter("scheme", "NAME", "Sign scheme, `dual_rail` or `differential`", |s, t| {
        put(&mut s.scheme, Some(scheme(t)?))
    }),
    parameter("r_wire", "OHM", "Resistance of a wire segment between neighbouring cells", |s, t| {
        put(&mut s.r_wire, Some(at_least(t, 0.0)?))
    }),
    parameter(
        "compensation",
        "on|off",
        "Whether cells and resistors make up for wires and op-amps",
        |s, t| put(&mut s.uncompensated, !on(t)?),
    ),
    parameter("levels", "N", "Conductance levels that a programmer can hit, evenly spaced", |s, t| {
        put(&mut s.chip.levels, Some(Levels::Uniform { count: whole(t)? }))
    }),
    parameter("program_error", "SHARE", "Deviation of a programmed conductance, relative to it", |s, t| {
        put(&mut s.chip.programming_error, Some(ProgrammingError::Relative { sigma: at_least(t, 0.0)? }))
    }),
    parameter("program_error_abs", "S", "Deviation of a programmed conductance, siemens", |s, t| {
        put(&mut s.chip.programming_error, Some(ProgrammingError::Absolute { sigma: at_least(t, 0.0)? }))
    }),
    parameter(
        "spread",
        "NAME=LAW:WIDTH,..",
        "Spread of the cell's own parameters, such as `r_off=lognormal:5%`, programmed without verify",
        |s, t| put(&mut s.spread, list(t)),
    ),
    parameter(
        "cycle_spread",
        "NAME=LAW:WIDTH,..",
        "The same from one programming cycle to the next",
        |s, t| put(&mut s.cycle_spread, list(t)),
    ),
    parameter(
        "stuck",
        "SHARE",
        "Cells stuck, half of them at the lowest conductance, half at the highest",
        |s, t| {
            let half = at_least(t, 0.0)? / 2.0;
            (s.chip.faults.stuck_at_g_min, s.chip.faults.stuck_at_g_max) = (half, half);
            Ok(())
        },
    ),
    parameter("stuck_low", "SHARE", "Cells stuck at the lowest conductance", |s, t| {
        put(&mut s.chip.faults.stuck_at_g_min, at_least(t, 0.0)?)
    }),
    parameter("stuck_high", "SHARE", "Cells stuck at the highest conductance", |s, t| {
        put(&mut s.chip.faults.stuck_at_g_max, at_least(t, 0.0)?)
    }),
    parameter("open", "SHARE", "Cells that are open: one less the yield", |s, t| {
        put(&mut s.chip.faults.open, at_least(t, 0.0)?)
    }),
    parameter(
        "repair",
        "on|off",
        "Whether the cell across from a stuck or open one is programmed to make up for it",
        |s, t| put(&mut s.chip.repair, on(t)?),
    ),
    parameter("read_noise", "SHARE", "Noise of a cell's conductance at each read, relative to it", |s, t| {
        put(&mut s.chip.read_noise, Some(ReadNoise::Relative { sigma: at_least(t, 0.0)? }))
    }),
    parameter("drift_time", "S", "Time since programming, at least 1 s", |s, t| {
        let time = at_least(t, 1.0)?;
        put(&mut s.chip.drift, Some(Drift { time, t0: 1.0, nu: s.drift.nu, nu_sigma: s.drift.nu_sigma }))
    }),
    parameter("drift_nu", "NU", "Mean exponent of drift", |s, t| {
        s.drift.nu = number(t)?;
        s.chip.drift.iter_mut().for_each(|drift| drift.nu = s.drift.nu);
        Ok(())
    }),
    parameter("drift_nu_sigma", "NU", "Deviation of the exponent from cell to cell", |s, t| {
        s.drift.nu_sigma = at_least(t, 0.0)?;
        s.chip.drift.iter_mut().for_each(|drift| drift.nu_sigma = s.drift.nu_sigma);
        Ok(())
    }),
    parameter("temperature", "CELSIUS", "Temperature of the chip; it was programmed at 25", |s, t| {
        let celsius = number(t)?;
        let coefficient = s.temperature_coefficient;
        put(&mut s.chip.temperature, Some(Temperature { celsius, reference: 25.0, coefficient }))
    }),
    parameter("temperature_coefficient", "PER_K", "Relative change of conductance per kelvin", |s, t| {
        s.temperature_coefficient = number(t)?;
        s.chip.temperature.iter_mut().for_each(|t| t.coefficient = s.temperature_coefficient);
        Ok(())
    }),
    parameter("gain", "A0", "Open-loop gain of the op-amps; `ideal` for infinite", |s, t| {
        put(&mut s.chip.gain, Some(gain(t)?))
    }),
    parameter("offset", "V", "Deviation of the op-amps' input-referred offset", |s, t| {
        put(&mut s.chip.offset_sigma, at_least(t, 0.0)?)
    }),
    parameter("op_amp_noise", "V", "Input-referred noise of each op-amp, rms", |s, t| {
        put(&mut s.chip.op_amp_noise, at_least(t, 0.0)?)
    }),
    parameter("resistor_error", "SHARE", "Deviation of resistors, those of feedback among them", |s, t| {
        put(&mut s.chip.resistor_sigma, at_least(t, 0.0)?)
    }),
    parameter("rails", "on|off", "Whether op-amps stop at the ends of their swing", |s, t| {
        put(&mut s.chip.ignore_rails, !on(t)?)
    }),
    parameter("dac_bits", "N", "Bits of the converters at the input, over `v_ref +- v_read`", |s, t| {
        put(&mut s.dac_bits, Some(whole(t)?))
    }),
    parameter("adc_bits", "N", "Bits of the converters at the logits, over the readout's swing", |s, t| {
        put(&mut s.adc_bits, Some(whole(t)?))
    }),
    parameter(
        "fill_absent",
        "on|off",
        "Whether cross-points without a cell hold one at the lowest conductance",
        |s, t| put(&mut s.chip.fill_absent, on(t)?),
    ),
];

fn put<T>(place: &mut T, value: T) -> Result<(), String> {
    *place = value;
    Ok(())
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

/// A finite number; `3%` is 0.03.
fn number(text: &str) -> Result<f64, String> {
    let (digits, scale) = text.strip_suffix('%').map_or((text, 1.0), |digits| (digits, 100.0));
    match digits.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value / scale),
        _ => Err("write a number in SI units such as `0.03` or `1e-6`, or a share such as `3%`".into()),
    }
}

fn at_least(text: &str, low: f64) -> Result<f64, String> {
    let value = number(text)?;
    if value >= low { Ok(value) } else { Err(format!("write a number of at least {low}")) }
}

fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "write a whole number such as `64`".into())
}

fn on(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write `on` or `off`".into()),
    }
}

fn scheme(text: &str) -> Result<SignScheme, String> {
    SignScheme::ALL
        .into_iter()
        .find(|scheme| scheme.name() == text)
        .ok_or_else(|| "write `dual_rail` or `differential`".into())
}

/// An op-amp's open-loop gain, V/V; `ideal` for infinite.
pub(crate) fn gain(text: &str) -> Result<f64, String> {
    match (text, text.parse::<f64>()) {
        ("ideal", _) => Ok(f64::INFINITY),
        (_, Ok(gain)) if gain.is_finite() && gain >= 1.0 => Ok(gain),
        _ => Err("write `ideal`, or a gain of at least 1 such as `10000`".into()),
    }
}

/// `64x64`, or `64` for a square.
pub(crate) fn tile(text: &str) -> Result<(u32, u32), String> {
    let (rows, cols) = text.split_once('x').unwrap_or((text, text));
    match (rows.parse(), cols.parse()) {
        (Ok(rows), Ok(cols)) if (1..=4096).contains(&rows) && (1..=4096).contains(&cols) => Ok((rows, cols)),
        _ => Err("write wordlines by bitlines, each 1 to 4096, such as `128x128`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Result<Setup, String> {
        let mut setup = Setup::default();
        pairs.iter().try_for_each(|(name, text)| setup.set(name, text)).map_err(|e| e.to_string())?;
        Ok(setup)
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        let setup =
            set(&[("tile", "64"), ("program_error", "3%"), ("gain", "ideal"), ("stuck", "1%")]).unwrap();
        assert_eq!(setup.tile, Some((64, 64)));
        assert_eq!(setup.chip.programming_error, Some(ProgrammingError::Relative { sigma: 0.03 }));
        assert_eq!(setup.chip.gain, Some(f64::INFINITY));
        assert_eq!(setup.chip.faults.stuck_at_g_max, 0.005);
    }

    #[test]
    fn the_parts_of_a_law_come_in_any_order() {
        let one = set(&[("drift_time", "1e4"), ("drift_nu", "0.05")]).unwrap();
        assert_eq!(one, set(&[("drift_nu", "0.05"), ("drift_time", "1e4")]).unwrap());
        let warm = set(&[("temperature", "85"), ("temperature_coefficient", "1e-3")]).unwrap();
        assert_eq!(warm, set(&[("temperature_coefficient", "1e-3"), ("temperature", "85")]).unwrap());
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (name, text, said) in [
            ("program_eror", "1%", "there is no parameter `program_eror`; the parameters are `tile`"),
            ("program_error", "much", "`program_error=much`: write a number"),
            ("program_error", "-1%", "at least 0"),
            ("levels", "6.4", "whole number"),
            ("rails", "yes", "write `on` or `off`"),
            ("tile", "0x4", "wordlines by bitlines"),
            ("scheme", "offset", "`dual_rail`"),
            ("drift_time", "0.1", "at least 1"),
        ] {
            let error = set(&[(name, text)]).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
