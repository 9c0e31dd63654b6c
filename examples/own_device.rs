//! A device of one's own: a bipolar differential pair, transistor by transistor in SPICE, by its law in Verilog-A and in
//! Rust. A body may hold any cards of the language, nodes and models of its own among them.
//!
//!     cargo run -p memloom-examples --example own_device

use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

/// A tail current of 1 mA and two loads of 400 ohm: `v(out) - v_ref = 0.4 V tanh((v(inp) - v_ref) / 2 V_T)`, with `V_T`
/// the thermal voltage (Gray, Hurst, Lewis, Meyer: Analysis and Design of Analog Integrated Circuits, section 3.5.1).
#[activation(
    unit = 10 mV,
    v_ref = 0.9 V,
    swing = 0.5 V ..= 1.3 V,
    native = pair,
    spice = "\
.model bipolar npn is=1e-16 bf=1e6
Vcc cc 0 3
R1 cc c1 400
R2 cc c2 400
Q1 c1 inp e bipolar
Q2 c2 v_ref e bipolar
Itail e 0 1m
Eout out v_ref c2 c1 1",
    verilog_a = "V(out) <+ V(v_ref) + 0.4 * tanh(V(inp, v_ref) / (2 * $vt));"
)]
struct DifferentialPair;

const V_REF: f64 = 0.9;
/// What the key `unit` says, volts.
const UNIT: f64 = 10e-3;
/// `k T / q` at 27 degrees Celsius, volts.
const V_T: f64 = 1.380649e-23 * 300.15 / 1.602176634e-19;

/// The law in units of 10 mV, as the native evaluator asks for it.
fn pair(x: f64) -> f64 {
    0.4 / UNIT * (x * UNIT / (2.0 * V_T)).tanh()
}

/// Two stages; a divider between them takes off what the first gains.
#[module]
struct Chain {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x, out = y[0])]
    first: DifferentialPair,
    #[inst(p = y[0], n = middle)]
    upper: Resistor,
    #[inst(p = middle, n = 0.9 V)]
    lower: Resistor,
    #[net]
    middle: Bus<Voltage>,
    #[inst(inp = middle, out = y[1])]
    second: DifferentialPair,
}

fn chain() -> Result<Design, BuildError> {
    let (upper, lower) = (Resistor(Ohms::new(9e3)), Resistor(Ohms::new(1e3)));
    elaborate("chain", &Chain { first: DifferentialPair, upper, lower, second: DifferentialPair })
}

const INPUTS: [f64; 4] = [-60e-3, 0.0, 5e-3, 20e-3];

fn main() -> anyhow::Result<()> {
    let outputs = memloom_examples::evaluate(&chain()?, &INPUTS.map(|x| vec![V_REF + x]))?;
    for (x, y) in INPUTS.iter().zip(outputs) {
        let above = |v: f64| (v - V_REF) * 1e3;
        println!("{:5.1} mV in, {:7.2} mV and {:7.2} mV out", x * 1e3, above(y[0]), above(y[1]));
    }
    Ok(())
}

/// 0.4 V tanh(x / 51.73 mV), then the same of a tenth.
#[cfg(test)]
const BY_HAND: [[f64; 2]; 4] = [[-0.32840, -0.22455], [0.0, 0.0], [0.03854, 0.02975], [0.14738, 0.11097]];

#[test]
fn the_transistors_follow_the_law() -> anyhow::Result<()> {
    let by_hand = BY_HAND.map(|y| y.map(|v| V_REF + v).to_vec());
    memloom_examples::confirm(&chain()?, &INPUTS.map(|x| vec![V_REF + x]), &by_hand, 1e-4)
}

/// Where VACASK and OpenVAF are installed.
#[test]
fn so_does_the_verilog_a() -> anyhow::Result<()> {
    use memloom_codegen::{Circuit, dc_deck};
    use memloom_sim::external::{Limits, OpenVaf, Vacask, check};
    let folder = tempfile::tempdir()?;
    let (Ok(vacask), Ok(openvaf)) = (Vacask::find(), OpenVaf::find(folder.path().join("cache"))) else {
        return Ok(());
    };
    let (design, vectors) = (chain()?, INPUTS.map(|x| vec![V_REF + x]));
    let top = design.top.expect("an elaborated design has a top");
    let deck = dc_deck(&memloom_codegen::Vacask, &design, top, &vectors, Circuit::Embedded)?;
    let outputs = check::outputs(&vacask.compiling(openvaf), &deck, 4, folder.path(), &Limits::default())?;
    let by_hand = BY_HAND.map(|y| y.map(|v| V_REF + v).to_vec());
    assert!(memloom_examples::largest_difference(&outputs, &by_hand) < 1e-4, "{outputs:?}");
    Ok(())
}
