//! A summing amplifier of three inputs with a gain each: resistors into one node, an op-amp that holds it at `v_ref`.
//! Currents may sum on a net; two voltages on one would not compile.
//!
//!     cargo run -p memloom-examples --example summing_amplifier

use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

#[opamp(gain = 100_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

/// `y - v_ref = -(r_f / r_a) (a - v_ref) - (r_f / r_b) (b - v_ref) - (r_f / r_c) (c - v_ref)`.
#[module]
struct Summer {
    #[input]
    a: Bus<Voltage>,
    #[input]
    b: Bus<Voltage>,
    #[input]
    c: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    sum: Bus<Current>,
    #[inst(p = a, n = sum)]
    r_a: Resistor,
    #[inst(p = b, n = sum)]
    r_b: Resistor,
    #[inst(p = c, n = sum)]
    r_c: Resistor,
    #[inst(p = sum, n = y)]
    r_f: Resistor,
    #[inst(inp = 0.9 V, inn = sum, out = y)]
    amp: Ota,
}

fn kohm(value: f64) -> Resistor {
    Resistor(Ohms::new(value * 1e3))
}

/// Gains of 1, 2 and a half.
fn summer() -> Result<Design, BuildError> {
    let summer = Summer { r_a: kohm(100.0), r_b: kohm(50.0), r_c: kohm(200.0), r_f: kohm(100.0), amp: Ota };
    elaborate("summer", &summer)
}

fn main() -> anyhow::Result<()> {
    let vectors = [vec![1.0, 0.9, 0.9], vec![0.9, 1.0, 0.9], vec![0.9, 0.9, 1.0], vec![0.8, 0.95, 1.1]];
    for (x, y) in vectors.iter().zip(memloom_examples::evaluate(&summer()?, &vectors)?) {
        println!("a = {} V, b = {} V, c = {} V: y = {:.4} V", x[0], x[1], x[2], y[0]);
    }
    Ok(())
}

#[test]
fn gains_are_ratios_of_resistors() -> anyhow::Result<()> {
    let vectors = [vec![1.0, 0.9, 0.9], vec![0.9, 1.0, 0.9], vec![0.9, 0.9, 1.0], vec![0.8, 0.95, 1.1]];
    // 0.9 - 0.1; 0.9 - 2 x 0.1; 0.9 - 0.1 / 2; 0.9 + 0.1 - 2 x 0.05 - 0.2 / 2.
    let by_hand = [vec![0.8], vec![0.7], vec![0.85], vec![0.8]];
    // The noise gain is 1 + 1 + 2 + 0.5 = 4.5, the error 4.5 / 100 000 of a volt at most.
    memloom_examples::confirm(&summer()?, &vectors, &by_hand, 5e-5)
}
