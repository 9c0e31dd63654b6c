//! The block library: amplifiers made of an op-amp and resistors, as modules of a design.
//!
//! Every amplifier works about a reference rail `v_ref`, its virtual ground. The gains in the comments are those of
//! an ideal op-amp; with a gain `A0` the error is `noise gain / A0`.

mod leaf;

pub use leaf::{behaviour, cell, foreign, op_amp, supply};

use crate::technology::{Named, TiaSpec};
use crate::{
    BuildError, Design, Element, Id, Module, ModuleBuilder, Nature, Net, OpAmp, Origin, Supply, Value,
};

/// A transimpedance amplifier: `v(out) = v_ref - r_f i(inp)`. Ports `inp` (current), `out`; parameter `r_f`, ohm.
///
/// # Errors
/// If a name is taken.
pub fn tia(design: &mut Design, tia: &Named<TiaSpec>, origin: Origin) -> Result<Id<Module>, BuildError> {
    let amp = op_amp(design, &tia.spec.op_amp)?;
    let v_ref = supply(design, &reference_name(design, tia.spec.v_ref), tia.spec.v_ref)?;
    let mut m = design.module(&tia.name);
    m.origin(origin).doc("transimpedance amplifier: v(out) = v_ref - r_f i(inp)").param("r_f", tia.spec.r_f);
    let inp = m.input("inp", Nature::Current, 1);
    let out = m.output("out", Nature::Voltage, 1);
    if let Some((low, high)) = tia.spec.i_in {
        let current = m.all(inp);
        m.range(current, low, high);
    }
    transimpedance(&mut m, ("", "r_f"), &tia.spec, (amp, v_ref), inp, out);
    m.finish()
}

/// A subtracting pair of TIAs: `v(out) = v_ref - r_f (i(p) - i(n))`. The first turns the current into `n` to a
/// voltage, the second sums it with the current into `p`. Ports `p`, `n` (currents), `out`; parameters, ohm: `r_f`,
/// and `r_n`, the first one's feedback, which is as large unless it makes up for the op-amp's gain.
///
/// # Errors
/// If a name is taken.
pub fn differential_tia(
    design: &mut Design,
    name: &str,
    spec: &TiaSpec,
    origin: Origin,
) -> Result<Id<Module>, BuildError> {
    let amp = op_amp(design, &spec.op_amp)?;
    let v_ref = supply(design, &reference_name(design, spec.v_ref), spec.v_ref)?;
    let mut m = design.module(name);
    m.origin(origin).doc("subtracting TIA: v(out) = v_ref - r_f (i(p) - i(n))");
    m.param("r_f", spec.r_f).param("r_n", spec.r_f);
    let p = m.input("p", Nature::Current, 1);
    let n = m.input("n", Nature::Current, 1);
    let out = m.output("out", Nature::Voltage, 1);
    let inverse = m.net("inverse", Nature::Voltage, 1);
    transimpedance(&mut m, ("_n", "r_n"), spec, (amp, v_ref), n, inverse);
    m.instance("r_sum", param("r_f")).net("p", inverse).net("n", p).add();
    transimpedance(&mut m, ("_p", "r_f"), spec, (amp, v_ref), p, out);
    m.finish()
}

/// The op-amp, the feedback resistor (a parameter) and `c_f` that turn the current into `inp` to the voltage `out`.
fn transimpedance(
    m: &mut ModuleBuilder<'_>,
    (suffix, feedback): (&str, &str),
    spec: &TiaSpec,
    (amp, v_ref): (Id<OpAmp>, Id<Supply>),
    inp: Id<Net>,
    out: Id<Net>,
) {
    close_loop(m, suffix, (amp, v_ref), param(feedback), inp, out);
    if spec.c_f > 0.0 {
        let c_f = Element::Capacitor(Value::Number(spec.c_f));
        m.instance(format!("c_f{suffix}"), c_f).net("p", inp).net("n", out).add();
    }
}

/// Name of the reference rail at `volts`: `v_ref`, or `v_ref_2`, .. where a design has several.
pub fn reference_name(design: &Design, volts: f64) -> String {
    let at = |name: &str| design.supplies.find(name).map(|id| design.supplies[id].volts);
    let names = std::iter::once("v_ref".to_string()).chain((2..).map(|k| format!("v_ref_{k}")));
    names.into_iter().find(|name| at(name).is_none_or(|v| v == volts)).expect("an endless list")
}

/// What amplifiers other than TIAs are made of.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// The op-amp.
    pub amp: Id<OpAmp>,
    /// The virtual ground.
    pub v_ref: Id<Supply>,
    /// Input resistor, ohm.
    pub r: f64,
    /// Feedback resistor of inverting stages, ohm: `r`, or what makes up for the op-amp's gain.
    pub r_f: f64,
}

impl Parts {
    /// Parts whose inverting stages have two equal resistors of `r` ohm.
    pub fn new(amp: Id<OpAmp>, v_ref: Id<Supply>, r: f64) -> Self {
        Self { amp, v_ref, r, r_f: r }
    }
}

/// A follower: `v(out) = v(inp)`. Ports `inp`, `out`.
///
/// # Errors
/// If the name is taken.
pub fn follower(design: &mut Design, name: &str, parts: Parts) -> Result<Id<Module>, BuildError> {
    let mut m = library(design, name, "follower: v(out) = v(inp)");
    let inp = m.input("inp", Nature::Voltage, 1);
    let out = m.output("out", Nature::Voltage, 1);
    m.instance("amp", Element::OpAmp(parts.amp)).net("inp", inp).net("inn", out).net("out", out).add();
    m.finish()
}

/// An inverter about `v_ref`: `v(out) - v_ref = -(r_f / r) (v(inp) - v_ref)`. Ports `inp`, `out`.
///
/// # Errors
/// If the name is taken.
pub fn inverter(design: &mut Design, name: &str, parts: Parts) -> Result<Id<Module>, BuildError> {
    let mut m = library(design, name, "inverter: v(out) - v_ref = -(v(inp) - v_ref)");
    let inp = m.input("inp", Nature::Voltage, 1);
    let out = m.output("out", Nature::Voltage, 1);
    invert(&mut m, "", parts, inp, out);
    m.finish()
}

/// A row driver: both rails of a wordline pair from one signal. Ports `inp`, `pos`, `neg`.
///
/// # Errors
/// If the name is taken.
pub fn row_driver(design: &mut Design, name: &str, parts: Parts) -> Result<Id<Module>, BuildError> {
    let mut m = library(design, name, "row driver: pos follows inp, neg is its inverse about v_ref");
    let inp = m.input("inp", Nature::Voltage, 1);
    let pos = m.output("pos", Nature::Voltage, 1);
    let neg = m.output("neg", Nature::Voltage, 1);
    m.instance("amp", Element::OpAmp(parts.amp)).net("inp", inp).net("inn", pos).net("out", pos).add();
    invert(&mut m, "_inv", parts, pos, neg);
    m.finish()
}

/// A summing amplifier of `inputs` signals: `v(out) - v_ref = -(r_f / r_in) sum (v(inp) - v_ref)`.
/// Ports `inp`, `out`; parameters `r_in`, `r_f`, ohm.
///
/// # Errors
/// If the name is taken.
pub fn summer(design: &mut Design, name: &str, inputs: u32, parts: Parts) -> Result<Id<Module>, BuildError> {
    let mut m =
        library(design, name, "summing amplifier: v(out) - v_ref = -(r_f / r_in) sum (v(inp) - v_ref)");
    m.param("r_in", parts.r).param("r_f", parts.r);
    let inp = m.input("inp", Nature::Voltage, inputs);
    let out = m.output("out", Nature::Voltage, 1);
    let sum = m.net("sum", Nature::Current, 1);
    m.instance("r_in", param("r_in")).array(inputs).net("p", inp).net("n", sum).add();
    close_loop(&mut m, "", (parts.amp, parts.v_ref), param("r_f"), sum, out);
    m.finish()
}

/// An adder of two signals, each with its own gain, that keeps the sign:
/// `v(out) - v_ref = (r_f / r_a) (v(a) - v_ref) + (r_f / r_b) (v(b) - v_ref)`.
/// Ports `a`, `b`, `out`; parameters `r_a`, `r_b`, `r_f`, ohm.
///
/// # Errors
/// If the name is taken.
pub fn adder(design: &mut Design, name: &str, parts: Parts) -> Result<Id<Module>, BuildError> {
    let mut m =
        library(design, name, "adder: v(out) - v_ref = (r_f/r_a) (v(a) - v_ref) + (r_f/r_b) (v(b) - v_ref)");
    m.param("r_a", parts.r).param("r_b", parts.r).param("r_f", parts.r);
    let a = m.input("a", Nature::Voltage, 1);
    let b = m.input("b", Nature::Voltage, 1);
    let out = m.output("out", Nature::Voltage, 1);
    let sum = m.net("sum", Nature::Current, 1);
    let inverse = m.net("inverse", Nature::Voltage, 1);
    m.instance("r_a", param("r_a")).net("p", a).net("n", sum).add();
    m.instance("r_b", param("r_b")).net("p", b).net("n", sum).add();
    close_loop(&mut m, "", (parts.amp, parts.v_ref), param("r_f"), sum, inverse);
    invert(&mut m, "_inv", parts, inverse, out);
    m.finish_distinct()
}

fn library<'d>(design: &'d mut Design, name: &str, doc: &str) -> ModuleBuilder<'d> {
    let mut m = design.module(name);
    m.origin(Origin::Library).doc(doc);
    m
}

fn param(name: &str) -> Element {
    Element::Resistor(Value::Param(name.into()))
}

/// An inverting stage of gain -1 from `inp` to `out`; its parts' names end in `suffix`.
fn invert(m: &mut ModuleBuilder<'_>, suffix: &str, parts: Parts, inp: Id<Net>, out: Id<Net>) {
    let resistor = |ohms| Element::Resistor(Value::Number(ohms));
    let node = m.net(format!("sum{suffix}"), Nature::Current, 1);
    m.instance(format!("r_in{suffix}"), resistor(parts.r)).net("p", inp).net("n", node).add();
    close_loop(m, suffix, (parts.amp, parts.v_ref), resistor(parts.r_f), node, out);
}

/// The op-amp and the feedback resistor that turn the current into `sum` to the voltage `out`.
fn close_loop(
    m: &mut ModuleBuilder<'_>,
    suffix: &str,
    (amp, v_ref): (Id<OpAmp>, Id<Supply>),
    r_f: Element,
    sum: Id<Net>,
    out: Id<Net>,
) {
    m.instance(format!("r_f{suffix}"), r_f).net("p", sum).net("n", out).add();
    let amp = m.instance(format!("amp{suffix}"), Element::OpAmp(amp));
    amp.supply("inp", v_ref).net("inn", sum).net("out", out).add();
}
