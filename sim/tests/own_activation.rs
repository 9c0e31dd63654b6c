//! A user's own activation: its bodies in both simulators and its function in the native evaluator are one circuit.

use memloom::ir::{Design, Id, Module};
use memloom::prelude::*;
use memloom_codegen::{Circuit, TestBench, dc_deck};
use memloom_sim::external::check::{compare, outputs};
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Vacask};
use memloom_sim::native::{self, Options};

/// tanh(x), within the rails.
#[activation(
    unit = 100 mV, v_ref = 0.9 V, native = f64::tanh,
    spice = "Bout out 0 V=min(max(v(v_ref)+{unit_out}*tanh((v(inp)-v(v_ref))/{unit_in}),{low}),{high})",
    verilog_a = "    V(out) <+ min(max(V(v_ref) + unit_out * tanh((V(inp) - V(v_ref)) / unit_in), low), high);",
)]
struct Tanh {
    unit_out: Volts,
}

/// Two inputs: x y / (1 + y^2).
#[activation(
    unit = 100 mV, v_ref = 0.9 V, inputs = [x, y], native = gated,
    spice = "By yy 0 V=(v(y)-v(v_ref))/{unit_in}\nBout out 0 V=v(v_ref)+{unit_out}*(v(x)-v(v_ref))/{unit_in}*v(yy)/(1+v(yy)*v(yy))",
    verilog_a = "    V(out) <+ V(v_ref) + unit_out * (V(x, v_ref) / unit_in) * (V(y, v_ref) / unit_in) / (1 + V(y, v_ref) * V(y, v_ref) / (unit_in * unit_in));",
)]
struct Gate;

fn gated(x: f64, y: f64) -> f64 {
    x * y / (1.0 + y * y)
}

#[module]
struct Cell {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    z: Bus<Voltage>,
    #[net]
    h: Bus<Voltage, 2>,
    #[inst(inp = x, out = h)]
    tanh: [Tanh; 2],
    #[inst(x = h[0], y = h[1], out = z)]
    gate: Gate,
}

fn design() -> (Design, Id<Module>) {
    let tanh = [Tanh { unit_out: Volts::new(0.2) }, Tanh { unit_out: Volts::new(0.3) }];
    let design = elaborate("own", &Cell { tanh, gate: Gate }).expect("a good design");
    let top = design.top.expect("a top");
    (design, top)
}

fn vectors() -> Vec<Vec<f64>> {
    (0..15).map(|k| vec![0.7 + 0.03 * f64::from(k), 1.05 - 0.02 * f64::from(k)]).collect()
}

#[test]
fn the_native_evaluator_calls_the_function() {
    let (design, top) = design();
    let native = native::evaluate_module(&design, top, &Options::default(), &vectors()).expect("an answer");
    for (input, output) in vectors().iter().zip(&native) {
        let unit = |v: f64| (v - 0.9) / 0.1;
        let (a, b) = (2.0 * unit(input[0]).tanh(), 3.0 * unit(input[1]).tanh());
        let hand = 0.9 + 0.1 * gated(a, b);
        assert!((output[0] - hand).abs() < 1e-12, "{} and {hand}", output[0]);
    }
}

#[test]
fn simulators_agree_with_the_function() {
    let (design, top) = design();
    simulators_agree(&design, top);
}

/// Compares both simulators with the native evaluator; gives the native outputs.
fn simulators_agree(design: &Design, top: Id<Module>) -> Vec<Vec<f64>> {
    let native = native::evaluate_module(design, top, &Options::default(), &vectors()).expect("an answer");
    let dir = tempfile::tempdir().expect("a folder");
    let openvaf = OpenVaf::find(dir.path().join("cache")).expect("OpenVAF");
    let vacask = Vacask::find().expect("VACASK").compiling(openvaf);
    let ngspice = Ngspice::find().expect("ngspice");
    let pairs: [(&dyn TestBench, &dyn Engine); 2] =
        [(&memloom_codegen::Ngspice, &ngspice), (&memloom_codegen::Vacask, &vacask)];
    for (dialect, engine) in pairs {
        let deck = dc_deck(dialect, design, top, &vectors(), Circuit::Embedded).expect("a deck");
        let simulated = outputs(engine, &deck, 15, dir.path(), &Limits::default()).expect("a run");
        let difference = compare(&deck.outputs, &native, &simulated).expect("the same outputs");
        // A simulator stops within its own tolerance where circuits are curved.
        assert!(difference.of_span < 1e-5, "{}: {difference}", engine.name());
    }
    native
}

/// Its body says nothing of the swing, which holds all the same.
#[activation(
    unit = 100 mV,
    v_ref = 0.9 V,
    swing = 0.88 V ..= 0.93 V,
    native = f64::tanh,
    spice = "Bout out 0 V=v(v_ref)+{unit_out}*tanh((v(inp)-v(v_ref))/{unit_in})",
    verilog_a = "    V(out) <+ V(v_ref) + unit_out * tanh((V(inp) - V(v_ref)) / unit_in);",
)]
struct Held;

#[module]
struct HeldPair {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x, out = y)]
    act: [Held; 2],
}

#[test]
fn the_swing_holds_everywhere() {
    let design = elaborate("held", &HeldPair { act: [Held; 2] }).expect("a good design");
    let native = simulators_agree(&design, design.top.expect("a top"));
    let all: Vec<f64> = native.concat();
    assert!(all.contains(&0.88) && all.contains(&0.93), "both rails are met: {all:?}");
    assert!(all.iter().any(|v| (0.89..0.92).contains(v)), "and not everywhere: {all:?}");
}

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = "Eout out 0 inp 0 1")]
struct SpiceAlone;

#[activation(unit = 100 mV, v_ref = 0.9 V, verilog_a = "V(out) <+ V(inp);")]
struct VerilogAlone;

#[module]
struct Alone<A: Block<Ports = memloom::ports::Activation>> {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x, out = y)]
    act: A,
}

#[test]
fn a_missing_body_or_function_is_refused_by_name() {
    let spice = elaborate("alone", &Alone { act: SpiceAlone }).expect("a good design");
    let verilog = elaborate("alone", &Alone { act: VerilogAlone }).expect("a good design");
    memloom_codegen::validate(&memloom_codegen::Ngspice, &spice).expect("it has a SPICE body");
    memloom_codegen::validate(&memloom_codegen::Vacask, &verilog).expect("it has a Verilog-A body");
    let refusal =
        memloom_codegen::validate(&memloom_codegen::Vacask, &spice).expect_err("no Verilog-A").to_string();
    assert!(refusal.contains("`SpiceAlone`") && refusal.contains("`verilog_a = \"..\"`"), "{refusal}");
    let refusal =
        memloom_codegen::validate(&memloom_codegen::Ngspice, &verilog).expect_err("no SPICE").to_string();
    assert!(refusal.contains("`VerilogAlone`") && refusal.contains("`spice = \"..\"`"), "{refusal}");
    let top = spice.top.expect("a top");
    let error =
        native::evaluate_module(&spice, top, &Options::default(), &[vec![1.0]]).expect_err("no function");
    assert!(error.to_string().contains("`act`") && error.to_string().contains("`SpiceAlone`"), "{error}");
}

mod loud {
    use super::*;

    #[activation(unit = 100 mV, v_ref = 0.9 V, verilog_a = "V(out) <+ V(inp);")]
    pub(super) struct VerilogALONE;
}

/// Two activations in a row.
#[module]
struct Pair {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    h: Bus<Voltage>,
    #[inst(inp = x, out = h)]
    first: VerilogAlone,
    #[inst(inp = h, out = y)]
    second: loud::VerilogALONE,
}

#[test]
fn names_that_differ_in_case_alone_are_refused() {
    let pair = Pair { first: VerilogAlone, second: loud::VerilogALONE };
    let design = elaborate("pair", &pair).expect("two names to Rust");
    let refusal =
        memloom_codegen::validate(&memloom_codegen::Vacask, &design).expect_err("one file").to_string();
    assert!(refusal.contains("`VerilogALONE` in case alone"), "{refusal}");
}
