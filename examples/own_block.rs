//! A block of one's own: a leaky ReLU, made of memloom's ReLU and an adder. Any type that is a `Block` can stand in a
//! module; a block that is a subcircuit says so by `Subcircuit`, and builds itself with `ModuleBuilder`.
//!
//!     cargo run -p memloom-examples --example own_block

use memloom::block::Part;
use memloom::blocks::{self, Parts};
use memloom::ir::{BuildError, Design, Element, Id, Module};
use memloom::ports;
use memloom::prelude::*;

#[opamp(gain = 100_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

/// `max(x, slope x)`, for a slope between 0 and 1: `(1 - slope) relu(x) + slope x`.
#[derive(Debug, Clone)]
struct LeakyRelu {
    slope: f64,
}

/// Feedback resistor of the adder.
const R: f64 = 100e3;
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;

impl Block for LeakyRelu {
    type Ports = ports::Activation;

    fn part(&self, design: &mut Design) -> Result<Part, BuildError> {
        Part::subcircuit(self, design)
    }
}

impl Subcircuit for LeakyRelu {
    fn define(&self, design: &mut Design) -> Result<Id<Module>, BuildError> {
        let v_ref = memloom::wire::rail(design, V_REF)?;
        let amp = blocks::op_amp(design, &Ota::op_amp())?;
        let adder = blocks::adder(design, "adder", Parts::new(amp, v_ref, R))?;

        let mut m = design.module("LeakyRelu");
        m.doc("leaky ReLU");
        let inp = m.input_bus::<Voltage>("inp", 1);
        let out = m.output_bus::<Voltage>("out", 1);
        let positive = m.bus::<Voltage>("positive", 1);
        m.place("relu", &Relu, ports::Activation { inp: inp.pin(), out: positive.pin() });
        m.instance("sum", Element::Module(adder))
            .pin("a", &positive)
            .pin("b", &inp)
            .pin("out", &out)
            .arg("r_a", [R / (1.0 - self.slope)])
            .arg("r_b", [R / self.slope])
            .add();
        // Copies of an array ask one by one: of each slope the first defines, the others find.
        m.finish_distinct()
    }
}

/// A module that uses it like any other block.
#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x, out = y)]
    act: [LeakyRelu; 2],
}

fn layer() -> Result<Design, BuildError> {
    elaborate("layer", &Layer { act: [LeakyRelu { slope: 0.1 }, LeakyRelu { slope: 0.1 }] })
}

fn volts(x: [f64; 2]) -> Vec<f64> {
    x.map(|x| V_REF + UNIT * x).to_vec()
}

fn main() -> anyhow::Result<()> {
    let inputs = [[-4.0, -2.0], [-1.0, 0.0], [1.0, 3.0]];
    for (x, y) in inputs.iter().zip(memloom_examples::evaluate(&layer()?, &inputs.map(volts))?) {
        println!("x = {x:?}: y = [{:.4}, {:.4}]", (y[0] - V_REF) / UNIT, (y[1] - V_REF) / UNIT);
    }
    Ok(())
}

#[test]
fn each_slope_is_a_module_of_its_own() -> anyhow::Result<()> {
    let act = [0.1, 0.5].map(|slope| LeakyRelu { slope });
    let vectors = [[-4.0, -2.0], [1.0, 3.0]].map(volts);
    let by_hand = [[-0.4, -1.0], [1.0, 3.0]].map(volts);
    memloom_examples::confirm(&elaborate("layer", &Layer { act })?, &vectors, &by_hand, 5e-5)
}

#[test]
fn a_tenth_below_zero() -> anyhow::Result<()> {
    let vectors = [[-4.0, -2.0], [-1.0, 0.0], [1.0, 3.0]].map(volts);
    let by_hand = [[-0.4, -0.2], [-0.1, 0.0], [1.0, 3.0]].map(volts);
    memloom_examples::confirm(&layer()?, &vectors, &by_hand, 5e-5)
}
