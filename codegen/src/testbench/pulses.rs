//! A deck that drives devices side by side with one voltage: programming pulses, or a spread of devices.

use super::{Deck, deck};
use crate::dialect::{Analysis, Drive, Source, TestBench, Tolerance};
use crate::error::Error;
use crate::model::{start_arguments, verilog_a_of};
use memloom_ir::device::Device;
use memloom_ir::{Cell, Design, Value};

/// A device under test.
#[derive(Debug, Clone, PartialEq)]
pub struct Dut {
    /// The model with the values of its parameters.
    pub device: Device,
    /// Its states at the start.
    pub start: Vec<f64>,
}

/// A deck that drives all of `duts` by `wave`, points `(seconds, volts)` with straight lines between, in steps of at most
/// `step` seconds.
///
/// Every device has a model of its own, `ml_cell_<k>`, with its own parameters: a model line, or a twin. Outputs are `drive` and
/// `sense_<k>`, the voltage across `sense` ohm between device and ground, so that the current is `v(sense_<k>) / sense`; keep that
/// far below the device's resistance.
///
/// # Errors
/// [`Error::Testbench`] for no devices, a wave of fewer than two points or whose times do not rise, a start of the wrong
/// length, a resistor or step that is not positive; [`Error::Unplaceable`] for a `name` that is none.
pub fn pulse_deck(
    dialect: &dyn TestBench,
    name: &str,
    duts: &[Dut],
    wave: &[(f64, f64)],
    sense: f64,
    step: f64,
) -> Result<Deck, Error> {
    let stop = check(name, duts, wave, sense, step)?;
    let mut design = Design::new(name);
    for (k, dut) in duts.iter().enumerate() {
        // Only the device is printed; the range of a cell says what it may be programmed to.
        let cell = Cell { device: dut.device, ..Cell::new(0.0, 1.0 / sense, 1.0) };
        let taken = design.cells.insert(format!("ml_cell_{k}"), cell);
        taken.expect("each has its own number");
    }
    let outputs = std::iter::once("drive".to_owned()).chain((0..duts.len()).map(sense_node)).collect();
    let title = format!("{name}: {} of {}", count(duts.len()), duts[0].device.spec().name);
    let mut deck =
        deck(dialect, name, &title, Analysis::Transient { stop, step }, Tolerance::Exact, outputs, |text| {
            text.lines(&dialect.models(&design, &[], "")?)?;
            for (k, dut) in duts.iter().enumerate() {
                let arguments = start_arguments(&dut.device, &dut.start);
                let arguments: Vec<(&str, f64)> =
                    arguments.iter().map(|(name, x)| (name.as_str(), *x)).collect();
                let node = sense_node(k);
                dialect.syntax().call(
                    text,
                    &format!("ml_dut_{k}"),
                    &["drive", &node],
                    &format!("ml_cell_{k}"),
                    &arguments,
                )?;
                dialect.syntax().resistor(
                    text,
                    &format!("ml_sense_{k}"),
                    &[&node, "0"],
                    &Value::Number(sense),
                )?;
            }
            let source = Source { name: "ml_drive", node: "drive", current: false };
            dialect.source(text, source, Drive::Wave(wave))
        })?;
    if dialect.takes_verilog_a() {
        deck.files = verilog_a_of(&design, false)?;
    }
    Ok(deck)
}

fn sense_node(k: usize) -> String {
    format!("sense_{k}")
}

fn count(devices: usize) -> String {
    if devices == 1 { "a device".into() } else { format!("{devices} devices") }
}

/// The end of the wave.
fn check(name: &str, duts: &[Dut], wave: &[(f64, f64)], sense: f64, step: f64) -> Result<f64, Error> {
    let fail = |what: &str| Err(Error::Testbench { module: name.into(), what: what.into() });
    if duts.is_empty() {
        return fail("there is no device; give at least one");
    }
    if duts.iter().any(|dut| dut.start.len() != dut.device.spec().states.len()) {
        return fail("a device has more or fewer states than its start; give one value for each");
    }
    let rises = wave.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let finite = wave.iter().all(|(t, v)| t.is_finite() && v.is_finite());
    let [_, .., (stop, _)] = wave else { return fail("the wave has no two points; give at least two") };
    if !(rises && finite) {
        return fail("the wave's times do not rise; give finite numbers, each time after the one before");
    }
    let positive = [sense, step].iter().all(|x| x.is_finite() && *x > 0.0);
    if positive {
        Ok(*stop)
    } else {
        fail("the sense resistor and the step must be above 0; give positive ones")
    }
}
