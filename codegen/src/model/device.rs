//! Memristor models: a Verilog-A module for each model, and what the twin of each cell type is given.
//!
//! The templates hold equations only: names, units, ranges and values come from the tables of `memloom_ir::device`.

use crate::error::Error;
use crate::number::{Number, number};
use crate::template::{Place, Placed, Values, render, values};
use memloom_ir::device::smooth::{EDGE, KNEE, LIMIT, OVERSHOOT, SIGN};
use memloom_ir::device::{Device, Spec};
use memloom_ir::{Cell, Design};

/// The models that the cells of `design` are of, each once, in order of first use.
pub(super) fn models(design: &Design) -> Vec<&'static Spec> {
    let mut models: Vec<&Spec> = Vec::new();
    for (.., cell) in super::leaf::own(design, design.cells.iter()) {
        let spec = cell.device.spec();
        if models.iter().all(|known| known.name != spec.name) {
            models.push(spec);
        }
    }
    models
}

/// The Verilog-A module `ml_<model>`, whose parameters default to the first published set.
///
/// # Errors
/// [`Error::Template`].
pub fn device_verilog_a(spec: &Spec) -> Result<String, Error> {
    let device = &spec.sets[0].device;
    let template = format!("verilog_a/devices/{}.j2", spec.name);
    Ok(render(&template, placed(device, &device.initial()))?.into_string())
}

/// Parameters of the Verilog-A module of `device` and its states at the start, as names and texts.
pub fn device_parameters(device: &Device, start: &[f64]) -> Vec<(String, String)> {
    let spec = device.spec();
    let values = spec.parameters.iter().zip(device.values());
    let mut all: Vec<_> =
        values.map(|(p, value)| (p.name.to_owned(), setting(p.words, value).to_string())).collect();
    all.push(("c_x".into(), number(device.capacitance())));
    all.extend(start_arguments(device, start).into_iter().map(|(name, value)| (name, number(value))));
    all
}

/// Arguments that start an instance of `device` in the states `start`: `x_0` and so on.
pub fn start_arguments(device: &Device, start: &[f64]) -> Vec<(String, f64)> {
    let states = device.spec().states.iter().zip(start);
    states.map(|(state, x)| (format!("{}_0", state.name), *x)).collect()
}

/// A cell starts at its highest conductance unless an instance says otherwise.
pub(crate) fn start(cell: &Cell) -> Vec<f64> {
    // Validated before printing: the highest conductance is in reach.
    cell.device.state_for(cell.g_max, cell.v_read).unwrap_or_else(|_| cell.device.initial())
}

/// `name=value` for each parameter of the Verilog-A module of `device` and its states at the start.
pub(super) fn pairs(device: &Device, start: &[f64]) -> Vec<Placed> {
    let spec = device.spec();
    let parameters = spec.parameters.iter().zip(device.values());
    let mut pairs: Vec<_> = parameters
        .map(|(p, value)| match p.words {
            [] => Placed::word((p.name, "=", Number(value))),
            _ => Placed::word((p.name, "=", value as usize)),
        })
        .collect();
    pairs.push(Placed::word(("c_x=", Number(device.capacitance()))));
    pairs.extend(spec.states.iter().zip(start).map(|(s, x)| Placed::word((s.name, "_0=", Number(*x)))));
    pairs
}

/// A parameter's value: the index of its word where it chooses among words.
fn setting(words: &[&str], value: f64) -> Placed {
    if words.is_empty() { Number(value).place() } else { (value as usize).place() }
}

/// What the templates of `device` are given; its states are `start` at the start.
pub(crate) fn placed(device: &Device, start: &[f64]) -> Values {
    let spec = device.spec();
    let parameter = |(p, value): (&memloom_ir::device::Parameter, f64)| {
        values! {
            name => p.name, about => p.about, unit => p.dimension.symbol(), value => setting(p.words, value),
            low => Number(p.low), high => Number(p.high), words => p.words.to_vec(),
            word => value as usize, first => p.low as usize, last => p.high as usize,
        }
    };
    let state = |((s, (low, high)), x): ((&memloom_ir::device::State, (f64, f64)), &f64)| {
        // Bounds that parameters move are no range of the argument.
        let bounded = (low, high) == (0.0, 1.0);
        values! {
            name => s.name, about => s.about, unit => s.unit, start => Number(*x), settles => s.settles,
            low => bounded.then_some(Number(low)), high => bounded.then_some(Number(high)),
        }
    };
    let constant = |(name, value)| values! { name, value => Number(value) };
    let chosen = spec
        .parameters
        .iter()
        .zip(device.values())
        .filter_map(|(p, value)| p.words.get(value as usize).map(|word| (p.name, *word)));
    values! {
        model => spec.name, title => spec.title, source => spec.source, licence => spec.licence,
        parameters => spec.parameters.iter().zip(device.values()).map(parameter).collect::<Vec<_>>(),
        states => spec.states.iter().zip(device.bounds()).zip(start).map(state).collect::<Vec<_>>(),
        constants => device.constants().into_iter().map(constant).collect::<Vec<_>>(),
        chosen => chosen.collect::<Values>(),
        c_x => Number(device.capacitance()),
        edge => Number(EDGE), knee => Number(KNEE), limit => Number(LIMIT), sign => Number(SIGN),
        overshoot => Number(OVERSHOOT),
    }
}
