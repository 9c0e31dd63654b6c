//! A small design, shared by the tests.
#![allow(dead_code, unreachable_pub, missing_docs)]

use memloom_ir::functions::{HARD_SWISH, RELU};
use memloom_ir::*;

/// One crossbar, `Weights.array`, of `rows x cols` cells at rising conductances; the first cross-point has none.
pub fn array(rows: u32, cols: u32) -> Design {
    let mut design = Design::new("array");
    let cell = Cell { levels: Some(64), ..Cell::new(1e-6, 1e-4, 0.2) };
    let cell = design.cells.insert("HfO2", cell).unwrap();
    let all = (rows * cols) as f32;
    let g: Vec<f32> =
        (0..rows * cols).map(|k| if k == 0 { ABSENT } else { 1e-6 + 99e-6 * k as f32 / all }).collect();
    let mut m = design.module("Weights");
    m.doc("wordlines in, bitlines out");
    let row = m.input("row", Nature::Voltage, rows);
    let col = m.output("col", Nature::Current, cols);
    let crossbar = Crossbar::new(rows, cols, cell, 0.0, g);
    m.instance("array", Element::Crossbar(crossbar)).net("row", row).net("col", col).add();
    design.top = Some(m.finish().unwrap());
    design
}

/// The array, a readout with a value of its user's per bitline, and two activations by turns.
pub fn layer(rows: u32, cols: u32) -> Design {
    let mut design = array(rows, cols);
    let weights = design.top.unwrap();
    let v_ref = design.supplies.insert("v_ref", Supply { volts: 0.9 }).unwrap();
    let ota = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
    let ota = design.op_amps.insert("Ota", ota).unwrap();
    let mut activation = |name: &str, function| {
        let block = Behaviour { function: Function::Activation(function), swing: (0.1, 1.7), unit: 0.1 };
        design.behaviours.insert(name, block).unwrap()
    };
    let activations = [activation("Relu", RELU), activation("HardSwish", HARD_SWISH)];
    let mut m = design.module("Readout");
    m.param("r_f", 1e4);
    let inp = m.input("inp", Nature::Current, 1);
    let out = m.output("out", Nature::Voltage, 1);
    let amp = m.instance("amp", Element::OpAmp(ota)).supply("inp", v_ref).net("inn", inp);
    amp.net("out", out).add();
    m.instance("r_f", Element::Resistor(Value::Param("r_f".into()))).net("p", inp).net("n", out).add();
    m.instance("c_f", Element::Capacitor(Value::Number(1e-12))).net("p", inp).net("n", out).add();
    let readout = m.finish().unwrap();
    let mut m = design.module("Layer");
    m.doc("a layer").section("top");
    let x = m.input("x", Nature::Voltage, rows);
    let y = m.output("y", Nature::Voltage, cols);
    let i = m.net("i", Nature::Current, cols);
    let v = m.net("v", Nature::Voltage, cols);
    m.instance("xbar", Element::Module(weights)).net("row", x).net("col", i).add();
    let tia = m.instance("tia", Element::Module(readout)).array(cols).net("inp", i).net("out", v);
    tia.arg("r_f", (0..cols).map(|k| 1e4 + 100.0 * f64::from(k)).collect::<Vec<_>>()).add();
    for k in 0..cols {
        let wire = |net| vec![Slice::Net { net, start: k, len: 1 }];
        let block = Element::Behaviour(activations[k as usize % 2]);
        let act = m.instance(format!("act_{k}"), block).pin("inp", wire(v)).pin("out", wire(y));
        act.supply("v_ref", v_ref).add();
    }
    design.top = Some(m.finish().unwrap());
    design
}
