//! Single cells by their formulas.

use crate::kit::{GAIN, Kit, V_REF, assert_close, resistor, wire, wires};
use memloom::ir::{Element, Id, Module, Nature, Slice, Value, siemens};
use memloom_sim::native::{Gain, Options, Program, evaluate_module};

fn run(kit: &Kit, module: Id<Module>, options: &Options, vectors: &[Vec<f64>]) -> Vec<f64> {
    evaluate_module(&kit.design, module, options, vectors).unwrap().concat()
}

/// An inverter about `v_ref` of two resistors of 10 kohm.
fn inverter(kit: &mut Kit) -> Id<Module> {
    let (op_amp, v_ref) = (kit.op_amp, kit.v_ref);
    kit.module("inverter", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let s = m.net("s", Nature::Voltage, 1);
        resistor(m, "r_in", 1e4, wire(x, 0), wire(s, 0));
        resistor(m, "r_f", 1e4, wire(s, 0), wire(y, 0));
        m.instance("amp", Element::OpAmp(op_amp)).supply("inp", v_ref).net("inn", s).net("out", y).add();
    })
}

#[test]
fn a_divider_takes_two_thirds() {
    let mut kit = Kit::new();
    let gnd = kit.gnd;
    let divider = kit.module("divider", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        resistor(m, "upper", 1e3, wire(x, 0), wire(y, 0));
        resistor(m, "lower", 2e3, wire(y, 0), Slice::Supply(gnd));
    });
    let got = run(&kit, divider, &Options::default(), &[vec![0.3], vec![-1.2]]);
    assert_close(&got, &[0.2, -0.8], 1e-15);
}

#[test]
fn an_inverter_has_the_gain_of_its_loop() {
    let mut kit = Kit::new();
    let inverter = inverter(&mut kit);
    let vectors = [vec![V_REF + 0.1], vec![V_REF - 0.3]];
    let gain = 1.0 + 2.0 / GAIN;
    let got = run(&kit, inverter, &Options::default(), &vectors);
    assert_close(&got, &[V_REF - 0.1 / gain, V_REF + 0.3 / gain], 1e-14);
    let got = run(&kit, inverter, &Options { gain: Gain::Value(10.0), ..Options::default() }, &vectors);
    assert_close(&got, &[V_REF - 0.1 / 1.2, V_REF + 0.3 / 1.2], 1e-14);
    let got = run(&kit, inverter, &Options::ideal(), &vectors);
    assert_close(&got, &[V_REF - 0.1, V_REF + 0.3], 1e-14);
}

#[test]
fn an_offset_is_multiplied_by_the_noise_gain() {
    let mut kit = Kit::new();
    let inverter = inverter(&mut kit);
    let options = Options { offset: Some(1e-3), ..Options::ideal() };
    let got = run(&kit, inverter, &options, &[vec![V_REF]]);
    assert_close(&got, &[V_REF + 2e-3], 1e-14);
}

#[test]
fn outputs_stop_at_the_rails_and_are_counted() {
    let mut kit = Kit::new();
    let inverter = inverter(&mut kit);
    let vectors = [vec![V_REF - 2.0], vec![V_REF + 2.0], vec![V_REF + 0.5]];
    let program = Program::compile(&kit.design, inverter, &Options::default()).unwrap();
    let (got, tally) = program.run_tallied(&vectors).unwrap();
    assert_close(&got.concat(), &[1.7, 0.1, V_REF - 0.5 / (1.0 + 2.0 / GAIN)], 1e-14);
    assert_eq!((tally.outputs, tally.clipped), (3, 2));
    let free = Options { ignore_rails: true, ..Options::default() };
    let got = run(&kit, inverter, &free, &vectors[..1]);
    assert_close(&got, &[V_REF + 2.0 / (1.0 + 2.0 / GAIN)], 1e-14);
}

#[test]
fn a_clipped_output_moves_its_summing_node() {
    let mut kit = Kit::new();
    let (op_amp, v_ref) = (kit.op_amp, kit.v_ref);
    let module = kit.module("seen", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let s = m.output("s", Nature::Voltage, 1);
        resistor(m, "r_in", 1e4, wire(x, 0), wire(s, 0));
        resistor(m, "r_f", 1e4, wire(s, 0), wire(y, 0));
        m.instance("amp", Element::OpAmp(op_amp)).supply("inp", v_ref).net("inn", s).net("out", y).add();
    });
    let got = run(&kit, module, &Options::default(), &[vec![3.0]]);
    assert_close(&got, &[0.1, 0.5 * (3.0 + 0.1)], 1e-14);
}

#[test]
fn a_tia_turns_a_current_into_a_voltage() {
    let mut kit = Kit::new();
    let tia = kit.tia(1e4);
    let got = run(&kit, tia, &Options::default(), &[vec![20e-6]]);
    // The current has no source conductance: the noise gain is 1.
    assert_close(&got, &[V_REF - 0.2 / (1.0 + 1.0 / GAIN)], 1e-14);
}

#[test]
fn a_buffer_and_an_open_loop_comparator() {
    let mut kit = Kit::new();
    let (op_amp, v_ref) = (kit.op_amp, kit.v_ref);
    let module = kit.module("pair", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let z = m.output("z", Nature::Voltage, 1);
        m.instance("buffer", Element::OpAmp(op_amp)).net("inp", x).net("inn", y).net("out", y).add();
        m.instance("compare", Element::OpAmp(op_amp)).net("inp", x).supply("inn", v_ref).net("out", z).add();
    });
    let got = run(&kit, module, &Options::default(), &[vec![V_REF + 0.4], vec![V_REF + 1e-5]]);
    let buffer = |x: f64| (V_REF + GAIN * (V_REF + x)) / (GAIN + 1.0);
    assert_close(&got, &[buffer(0.4), 1.7, buffer(1e-5), V_REF + 0.1], 1e-11);
}

#[test]
fn a_differential_pair_of_columns_subtracts() {
    let mut kit = Kit::new();
    let (op_amp, v_ref) = (kit.op_amp, kit.v_ref);
    let (plus, minus) = ([10e-6, 40e-6], [25e-6, 5e-6]);
    let array = kit.crossbar(2, 2, 0.0, &[plus[0], minus[0], plus[1], minus[1]]);
    let r_f = 1e4;
    let module = kit.module("pair", |m| {
        let x = m.input("x", Nature::Voltage, 2);
        let y = m.output("y", Nature::Voltage, 1);
        let i = m.net("i", Nature::Current, 2);
        let v = m.net("v", Nature::Voltage, 1);
        m.instance("array", array).net("row", x).net("col", i).add();
        resistor(m, "r_1", r_f, wire(i, 1), wire(v, 0));
        resistor(m, "r_2", r_f, wire(v, 0), wire(i, 0));
        resistor(m, "r_3", r_f, wire(i, 0), wire(y, 0));
        for (name, inn, out) in [("a", wire(i, 1), v), ("b", wire(i, 0), y)] {
            let amp = m.instance(name, Element::OpAmp(op_amp));
            amp.supply("inp", v_ref).pin("inn", vec![inn]).net("out", out).add();
        }
    });
    let x = [0.15, -0.1];
    let got = run(&kit, module, &Options::ideal(), &[x.map(|x| x + V_REF).to_vec()]);
    let sum: f64 = (0..2).map(|k| (siemens(plus[k] as f32) - siemens(minus[k] as f32)) * x[k]).sum();
    assert_close(&got, &[V_REF - r_f * sum], 1e-14);
}

#[test]
fn parameters_reach_resistors_and_units_reach_behaviours() {
    let mut kit = Kit::new();
    let (relu, multiplier, v_ref, gnd) = (kit.relu, kit.multiplier, kit.v_ref, kit.gnd);
    let divider = kit.module("divider", |m| {
        m.param("r", 1e3);
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        resistor(m, "upper", 1e3, wire(x, 0), wire(y, 0));
        let lower = m.instance("lower", Element::Resistor(Value::Param("r".into())));
        lower.net("p", y).supply("n", gnd).add();
    });
    let module = kit.module("top", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 4);
        let d = m.net("d", Nature::Voltage, 2);
        let dividers = m.instance("d", Element::Module(divider)).array(2);
        dividers.net("x", x).net("y", d).arg("r", vec![1e3, 3e3]).add();
        let relus = m.instance("relu", Element::Behaviour(relu)).array(3);
        let inputs = [wires(d, 0, 2), wires(x, 0, 1)].concat();
        let relus = relus.pin("inp", inputs).pin("out", wires(y, 0, 3)).supply("v_ref", v_ref);
        relus.arg("unit_out", vec![0.1, 0.2, 0.05]).add();
        let product =
            m.instance("mul", Element::Behaviour(multiplier)).net("a", x).pin("b", vec![wire(d, 1)]);
        product.pin("out", vec![wire(y, 3)]).supply("v_ref", v_ref).arg("unit", vec![0.4]).add();
    });
    let got = run(&kit, module, &Options::default(), &[vec![1.6]]);
    let want = [V_REF, V_REF + 2.0 * (1.2 - V_REF), V_REF + 0.5 * (1.6 - V_REF), V_REF + 0.7 * 0.3 / 0.4];
    assert_close(&got, &want, 1e-14);
}
