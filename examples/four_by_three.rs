//! A fully connected layer of 4 inputs and 3 outputs: a dual-rail crossbar, a TIA per column, a hard swish each.

use anyhow::Context;
use memloom::ir::{BuildError, Design};
use memloom::prelude::*;
use memloom_codegen::{Circuit, Ngspice, dc_deck};
use memloom_sim::native::{Options, evaluate_module};

/// HfO2 filamentary cell, linear below 0.3 V.
#[memristor(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V, model = vteam)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

/// 4 inputs by 3 outputs, each wire segment 2.5 ohm.
#[crossbar(cell = HfO2, r_wire = 2.5 ohm, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Weights {
    g: Conductance<4, 3>,
}

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

/// x * relu6(x + 3) / 6, with 1.0 drawn as 100 mV about v_ref.
#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct HardSwish;

/// y = hard_swish(W x).
#[module]
struct FullyConnected {
    #[input]
    x: Bus<Voltage, 4>,
    #[output]
    y: Bus<Voltage, 3>,
    #[net]
    i: Bus<Current, 3>,
    #[net]
    v: Bus<Voltage, 3>,
    #[inst(row = x, col = i)]
    xbar: Weights,
    #[inst(inp = i, out = v)]
    tia: [Readout; 3],
    #[inst(inp = v, out = y)]
    act: [HardSwish; 3],
}

const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;

/// `WEIGHTS[input][output]`.
const WEIGHTS: [[f64; 3]; 4] = [[0.8, -0.4, 0.1], [-0.6, 0.9, 0.0], [0.3, 0.2, -1.0], [0.5, -0.7, 0.6]];

/// Activations of 1.0, of one input or several.
const INPUTS: [[f64; 4]; 3] = [[1.0, 0.0, 0.0, 0.0], [0.5, -1.0, 0.25, 1.0], [-0.75, 0.5, 1.0, -0.5]];

fn layer() -> Result<Design, BuildError> {
    // The TIA inverts, so a weight is a conductance of the other sign; `r_f` makes 1.0 of 100 uS.
    let siemens = WEIGHTS.map(|row| row.map(|w| -w / R_F.get()));
    let weights = Weights::program(siemens);
    elaborate("layer", &FullyConnected { xbar: weights, tia: [Readout; 3], act: [HardSwish; 3] })
}

fn vectors() -> Vec<Vec<f64>> {
    INPUTS.iter().map(|input| input.iter().map(|x| V_REF + UNIT * x).collect()).collect()
}

fn main() -> anyhow::Result<()> {
    let design = layer()?;
    let top = design.top.context("the design has a top")?;
    print!("{}", dc_deck(&Ngspice, &design, top, &vectors(), Circuit::Embedded)?.text);
    let outputs = evaluate_module(&design, top, &Options::default(), &vectors())?;
    for (input, output) in INPUTS.iter().zip(outputs) {
        let output: Vec<String> = output.iter().map(|v| format!("{:.4}", (v - V_REF) / UNIT)).collect();
        println!("* x = {input:?}: y = [{}]", output.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_examples::{in_ngspice, largest_difference};

    /// `v_ref + unit hard_swish(W x)`, volts.
    fn by_hand() -> Vec<Vec<f64>> {
        let output = |input: &[f64; 4], k: usize| {
            let sum: f64 = (0..4).map(|r| WEIGHTS[r][k] * input[r]).sum();
            V_REF + UNIT * sum * (sum + 3.0).clamp(0.0, 6.0) / 6.0
        };
        INPUTS.iter().map(|input| (0..3).map(|k| output(input, k)).collect()).collect()
    }

    #[test]
    fn the_circuit_computes_the_layer() {
        let design = layer().expect("a good design");
        let top = design.top.expect("a top");
        // Wires of 2.5 ohm against cells of 10 kohm and more, gains of 10 000: two millivolts at most.
        let native =
            evaluate_module(&design, top, &Options::default(), &vectors()).expect("an operating point");
        assert!(largest_difference(&native, &by_hand()) < 2e-3, "{native:?} is not {:?}", by_hand());
    }

    #[test]
    fn ngspice_agrees() {
        let design = layer().expect("a good design");
        let top = design.top.expect("a top");
        let native =
            evaluate_module(&design, top, &Options::default(), &vectors()).expect("an operating point");
        if let Some(spice) = in_ngspice(&design, top, &vectors()).expect("a run in ngspice") {
            assert!(largest_difference(&native, &spice) < 1e-6, "{native:?} is not {spice:?}");
        }
    }
}
