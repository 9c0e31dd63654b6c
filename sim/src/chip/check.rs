//! Which values make sense.

use super::spec::{Converter, Levels, NonIdealities, ProgrammingError, ReadNoise};

/// A value that makes no sense.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("non-ideality `{field}` is {value}; write {wanted}")]
pub struct ChipError {
    /// Which, as in the text form.
    pub field: String,
    /// Its value.
    pub value: String,
    /// What to write instead.
    pub wanted: &'static str,
}

/// Most levels of a list, and points of a table.
const MOST: usize = 1 << 16;
/// Most bits of a converter, and levels of a cell as bits.
const BITS: u32 = 24;

const POSITIVE: &str = "a finite number of zero or more";
const FRACTION: &str = "a fraction from 0 to 1";
const ASCENDING: &str = "at least two ascending conductances, at most 65536, none below zero";

fn rule(holds: bool, field: &str, value: impl ToString, wanted: &'static str) -> Result<(), ChipError> {
    if holds { Ok(()) } else { Err(ChipError { field: field.into(), value: value.to_string(), wanted }) }
}

fn sigma(field: &str, value: f64) -> Result<(), ChipError> {
    rule(value >= 0.0 && value.is_finite(), field, value, POSITIVE)
}

fn above_zero(field: &str, value: f64) -> Result<(), ChipError> {
    rule(value > 0.0 && value.is_finite(), field, value, "a finite number above zero")
}

fn finite(field: &str, value: f64) -> Result<(), ChipError> {
    rule(value.is_finite(), field, value, "a finite number")
}

/// Checks every value of `spec`; the first that makes no sense.
pub(super) fn check(spec: &NonIdealities) -> Result<(), ChipError> {
    levels(spec)?;
    programming_error(spec)?;
    faults(spec)?;
    if let Some(drift) = &spec.drift {
        above_zero("drift.time", drift.time)?;
        above_zero("drift.t0", drift.t0)?;
        finite("drift.nu", drift.nu)?;
        sigma("drift.nu_sigma", drift.nu_sigma)?;
        let later = drift.time >= drift.t0;
        rule(later, "drift.time", drift.time, "a time of `t0` or later")?;
    }
    if let Some(temperature) = &spec.temperature {
        finite("temperature.celsius", temperature.celsius)?;
        finite("temperature.reference", temperature.reference)?;
        finite("temperature.coefficient", temperature.coefficient)?;
        finite("temperature.resistor", temperature.resistor)?;
        finite("temperature.rail", temperature.rail)?;
        sigma("temperature.offset", temperature.offset)?;
        let left = temperature.change(temperature.resistor);
        rule(
            left > 0.0,
            "temperature.resistor",
            temperature.resistor,
            "a change that leaves resistors above zero",
        )?;
    }
    if let Some(supply) = spec.supply {
        finite("supply.shift", supply.shift)?;
        above_zero("supply.rejection", supply.rejection)?;
    }
    if let Some(tracking) = spec.tracking {
        let step = tracking.step;
        rule((0.0..=0.5).contains(&step), "tracking.step", step, "a relative step from 0 to 0.5")?;
        let factor = spec.tracked();
        let holds = factor > 0.0 && factor.is_finite();
        rule(holds, "tracking", factor, "a drift and a temperature that leave cells something to follow")?;
    }
    if let Some(gain) = spec.gain {
        rule(gain >= 1.0, "gain", gain, "1 or more; infinity is the ideal op-amp")?;
    }
    sigma("offset_sigma", spec.offset_sigma)?;
    let spread = spec.resistor_sigma;
    rule((0.0..=0.2).contains(&spread), "resistor_sigma", spread, "a relative deviation from 0 to 0.2")?;
    sigma("op_amp_noise", spec.op_amp_noise)?;
    sigma("noise_density", spec.noise_density.unwrap_or(0.0))?;
    sigma("flicker.corner", spec.flicker.corner.unwrap_or(0.0))?;
    sigma("flicker.cell", spec.flicker.cell.unwrap_or(0.0))?;
    sigma("flicker.time", spec.flicker.time)?;
    let gain = spec.block_gain_sigma;
    rule((0.0..=0.2).contains(&gain), "block_gain_sigma", gain, "a relative deviation from 0 to 0.2")?;
    sigma("block_offset_sigma", spec.block_offset_sigma)?;
    if let Some(trim) = spec.trim {
        rule(trim.reads >= 1, "trim.reads", trim.reads, "a number of reads of 1 or more")?;
    }
    match spec.read_noise {
        Some(ReadNoise::Absolute { sigma: s }) => sigma("read_noise.absolute.sigma", s)?,
        Some(ReadNoise::Relative { sigma: s }) => sigma("read_noise.relative.sigma", s)?,
        None => {}
    }
    converter("dac", spec.dac)?;
    converter("adc", spec.adc)
}

fn ascending(numbers: impl Iterator<Item = f64> + Clone) -> bool {
    let sound = numbers.clone().all(|g| g >= 0.0 && g.is_finite());
    sound && numbers.clone().zip(numbers.skip(1)).all(|(a, b)| a < b)
}

fn levels(spec: &NonIdealities) -> Result<(), ChipError> {
    match &spec.levels {
        None => Ok(()),
        Some(Levels::Uniform { count }) => {
            let most = 1 << BITS;
            rule((2..=most).contains(count), "levels.uniform.count", count, "a number from 2 to 16777216")
        }
        Some(Levels::List { siemens }) => {
            let holds = (2..=MOST).contains(&siemens.len()) && ascending(siemens.iter().copied());
            rule(holds, "levels.list.siemens", format!("{siemens:?}"), ASCENDING)
        }
    }
}

fn programming_error(spec: &NonIdealities) -> Result<(), ChipError> {
    match &spec.programming_error {
        None => Ok(()),
        Some(ProgrammingError::Absolute { sigma: s }) => sigma("programming_error.absolute.sigma", *s),
        Some(ProgrammingError::Relative { sigma: s }) => sigma("programming_error.relative.sigma", *s),
        Some(ProgrammingError::Table { points }) => {
            let holds = (2..=MOST).contains(&points.len()) && ascending(points.iter().map(|point| point.0));
            rule(holds, "programming_error.table.points", format!("{points:?}"), ASCENDING)?;
            points.iter().try_for_each(|point| sigma("programming_error.table.points", point.1))
        }
    }
}

fn faults(spec: &NonIdealities) -> Result<(), ChipError> {
    let faults = &spec.faults;
    let fraction = |field, value: f64| rule((0.0..=1.0).contains(&value), field, value, FRACTION);
    fraction("faults.stuck_at_g_min", faults.stuck_at_g_min)?;
    fraction("faults.stuck_at_g_max", faults.stuck_at_g_max)?;
    fraction("faults.open", faults.open)?;
    let sum = faults.stuck_at_g_min + faults.stuck_at_g_max + faults.open;
    rule(sum <= 1.0, "faults", sum, "fractions that add up to 1 at most")
}

fn converter(field: &str, converter: Option<Converter>) -> Result<(), ChipError> {
    let Some(Converter { bits, range: (lo, hi) }) = converter else { return Ok(()) };
    rule((1..=BITS).contains(&bits), &format!("{field}.bits"), bits, "a number of bits from 1 to 24")?;
    let holds = lo < hi && lo.is_finite() && hi.is_finite();
    rule(holds, &format!("{field}.range"), format!("{lo} to {hi}"), "a lowest and a higher voltage")
}
