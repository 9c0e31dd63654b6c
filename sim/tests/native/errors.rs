//! What cannot be evaluated is said, with its place.

use crate::kit::{Kit, resistor, wire};
use memloom::ir::{Element, Id, Module, Nature, Slice};
use memloom_sim::native::{Gain, Options, evaluate_module};

#[track_caller]
fn refused(kit: &Kit, module: Id<Module>, options: &Options, message: &str) {
    let error = evaluate_module(&kit.design, module, options, &[]).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_floating_net() {
    let mut kit = Kit::new();
    let module = kit.module("loose", |m| {
        m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 2);
        resistor(m, "r", 1e3, wire(y, 0), wire(y, 1));
    });
    let message = "net `y[0]` floats; drive it, or tie it to a driven net through a resistor";
    refused(&kit, module, &Options::default(), message);
    let relu = kit.relu;
    let v_ref = kit.v_ref;
    let inner = kit.module("inner", |m| {
        let y = m.output("y", Nature::Voltage, 1);
        let a = m.net("a", Nature::Voltage, 1);
        m.instance("f", Element::Behaviour(relu)).net("inp", a).net("out", y).supply("v_ref", v_ref).add();
    });
    let outer = kit.module("outer", |m| {
        let y = m.output("y", Nature::Voltage, 2);
        m.instance("u", Element::Module(inner)).array(2).net("y", y).add();
    });
    let message = "net `u[0].a` floats; drive it, or tie it to a driven net through a resistor";
    refused(&kit, outer, &Options::default(), message);
}

#[test]
fn feedback_through_a_behaviour() {
    let mut kit = Kit::new();
    let (relu, v_ref) = (kit.relu, kit.v_ref);
    let module = kit.module("ring", |m| {
        let y = m.output("y", Nature::Voltage, 1);
        let z = m.net("z", Nature::Voltage, 1);
        m.instance("f", Element::Behaviour(relu)).net("inp", z).net("out", y).supply("v_ref", v_ref).add();
        resistor(m, "r", 1e3, wire(y, 0), wire(z, 0));
    });
    let message = "feedback through `f` is not feed-forward; close loops through op-amps and resistors only";
    refused(&kit, module, &Options::default(), message);
}

#[test]
fn two_drivers() {
    let mut kit = Kit::new();
    let (relu, v_ref) = (kit.relu, kit.v_ref);
    let module = kit.module("fight", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        for name in ["f", "g"] {
            m.instance(name, Element::Behaviour(relu))
                .net("inp", x)
                .net("out", y)
                .supply("v_ref", v_ref)
                .add();
        }
    });
    refused(&kit, module, &Options::default(), "net `y` has two voltage drivers; give each its own net");
}

/// A TIA with its op-amp's inputs swapped, or without feedback.
fn amplifier(kit: &mut Kit, swapped: bool, closed: bool) -> Id<Module> {
    let (op_amp, v_ref) = (kit.op_amp, kit.v_ref);
    kit.module(&format!("amplifier_{swapped}_{closed}"), |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let s = m.net("s", Nature::Voltage, 1);
        resistor(m, "r_in", 1e4, wire(x, 0), wire(s, 0));
        let end = if closed { wire(y, 0) } else { Slice::Supply(v_ref) };
        resistor(m, "r_f", 1e4, wire(s, 0), end);
        let (sense, fixed) = if swapped { ("inp", "inn") } else { ("inn", "inp") };
        m.instance("amp", Element::OpAmp(op_amp)).supply(fixed, v_ref).net(sense, s).net("out", y).add();
    })
}

#[test]
fn swapped_inputs_latch() {
    let mut kit = Kit::new();
    let swapped = amplifier(&mut kit, true, true);
    let message = "op-amp `amp` has positive feedback and would latch; swap its inputs";
    refused(&kit, swapped, &Options::default(), message);
    refused(&kit, swapped, &Options::ideal(), message);
}

#[test]
fn an_ideal_op_amp_needs_feedback() {
    let mut kit = Kit::new();
    let open = amplifier(&mut kit, false, false);
    evaluate_module(&kit.design, open, &Options::default(), &[]).unwrap();
    let message = "the operating point of op-amp `amp` is not unique; close its feedback loop, or give it a finite gain";
    refused(&kit, open, &Options { gain: Gain::Ideal, ..Options::default() }, message);
}

#[test]
fn an_unsunk_current() {
    let mut kit = Kit::new();
    let array = kit.crossbar(1, 1, 0.0, &[1e-5]);
    let module = kit.module("bare", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let i = m.output("i", Nature::Current, 1);
        m.instance("array", array).net("row", x).net("col", i).add();
    });
    refused(&kit, module, &Options::default(), "nothing sinks the current `i`; put a #[tia] after it");
}

#[test]
fn values_out_of_range() {
    let mut kit = Kit::new();
    let negative = kit.crossbar(1, 2, 0.0, &[1e-5, -1e-5]);
    let module = kit.module("negative", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let i = m.net("i", Nature::Current, 2);
        m.instance("array", negative).net("row", x).net("col", i).add();
    });
    let message = "crossbar `array` has a conductance (0, 1) of -0.000009999999747378752; give it a finite positive value";
    refused(&kit, module, &Options::default(), message);
    let module = kit.module("short", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        resistor(m, "r", 0.0, wire(x, 0), wire(y, 0));
    });
    let message = "resistor `r` has 0 ohm; give it a positive resistance";
    refused(&kit, module, &Options::default(), message);
}

#[test]
fn vectors_of_a_wrong_length() {
    let mut kit = Kit::new();
    let tia = kit.tia(1e4);
    let error = evaluate_module(&kit.design, tia, &Options::default(), &[vec![0.0], vec![]]).unwrap_err();
    assert_eq!(error.to_string(), "input `vector 1`: 0 values; give 1, one per input wire");
    let error = evaluate_module(&kit.design, tia, &Options::default(), &[vec![f64::NAN]]).unwrap_err();
    assert_eq!(error.to_string(), "input `vector 0`: value 0 is NaN; give a finite number");
}
