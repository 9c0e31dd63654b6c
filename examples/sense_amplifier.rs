//! A sense amplifier from a library of one's own, in two corners: a foreign cell with sections, bias and supply pins.
//!
//!     cargo run -p memloom-examples --example sense_amplifier

use anyhow::Context;
use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

/// The typical corner.
#[subcircuit(
    file = "cells/sense_amplifier.lib", library = "tt", name = "sense",
    ports(bl: input, blr: input, q: output, qb: output), supplies(vdd, vss, vbias), params(r_load = 20 kohm)
)]
struct Typical;

/// The slow one, with loads of each instance's own.
#[subcircuit(
    file = "cells/sense_amplifier.lib", library = "ss", name = "sense",
    ports(bl: input, blr: input, q: output, qb: output), supplies(vdd, vss, vbias), params(r_load = 20 kohm)
)]
struct Slow {
    r_load: Ohms,
}

/// A bitline and its reference, and what the amplifier says of them.
#[module(supplies(vdd = 1.8 V, vss = 0 V, vbias = 0.8 V))]
struct Read {
    #[input]
    bl: Bus<Voltage, 2>,
    #[output]
    q: Bus<Voltage, 2>,
    #[inst(bl = bl[0], blr = bl[1], q = q[0], qb = q[1])]
    amp: Typical,
}

#[module(supplies(vdd = 1.8 V, vss = 0 V, vbias = 0.8 V))]
struct SlowRead {
    #[input]
    bl: Bus<Voltage, 2>,
    #[output]
    q: Bus<Voltage, 2>,
    #[inst(bl = bl[0], blr = bl[1], q = q[0], qb = q[1])]
    amp: Slow,
}

fn typical() -> Result<Design, BuildError> {
    elaborate("read", &Read { amp: Typical })
}

fn slow() -> Result<Design, BuildError> {
    elaborate("read", &SlowRead { amp: Slow { r_load: Ohms::new(30e3) } })
}

/// Bitline and reference, volts: a cell in its low state, one in its high state, and one that is nearly the reference.
const READS: [[f64; 2]; 3] = [[1.3, 1.2], [1.0, 1.2], [1.21, 1.2]];

fn in_ngspice(design: &Design) -> anyhow::Result<Option<Vec<Vec<f64>>>> {
    let top = design.top.context("an elaborated design has a top")?;
    memloom_examples::in_ngspice(design, top, &READS.map(|v| v.to_vec()))
}

fn main() -> anyhow::Result<()> {
    for (corner, design) in [("typical", typical()?), ("slow", slow()?)] {
        for (v, q) in READS.iter().zip(in_ngspice(&design)?.context("install ngspice")?) {
            println!("{corner}: {:+.2} V on the bitline: q - qb = {:+.4} V", v[0] - v[1], q[0] - q[1]);
        }
    }
    Ok(())
}

/// A differential pair of the square law (Gray, Hurst, Lewis, Meyer: Analysis and Design of Analog Integrated Circuits,
/// section 3.5.3): the currents differ by `beta/2 d sqrt(4 i_tail / beta - d^2)`, and by all of it beyond
/// `d = sqrt(2 i_tail / beta)`. The tail transistor, a fifth as wide, is saturated.
#[cfg(test)]
fn by_hand(v_t: f64, k_p: f64, load: f64) -> Vec<Vec<f64>> {
    let (beta, tail) = (10.0 * k_p, 0.5 * 2.0 * k_p * (0.8 - v_t) * (0.8 - v_t));
    let split = |v: [f64; 2]| {
        let d = v[0] - v[1];
        let all = d.abs() >= (2.0 * tail / beta).sqrt();
        let difference =
            if all { tail * d.signum() } else { 0.5 * beta * d * (4.0 * tail / beta - d * d).sqrt() };
        // The more the bitline's side takes, the lower is `qb`.
        let (own, other) = (0.5 * (tail + difference), 0.5 * (tail - difference));
        vec![1.8 - load * other, 1.8 - load * own]
    };
    READS.map(split).to_vec()
}

#[test]
fn both_corners_follow_the_square_law() -> anyhow::Result<()> {
    let corners = [(typical()?, by_hand(0.5, 200e-6, 20e3)), (slow()?, by_hand(0.55, 160e-6, 30e3))];
    for (design, by_hand) in corners {
        assert_eq!(memloom::erc::check(&design), []);
        let spice = in_ngspice(&design)?.context("ngspice is not installed")?;
        let off = memloom_examples::largest_difference(&spice, &by_hand);
        assert!(off < 1e-5, "off by {off} V: {spice:?}, by hand {by_hand:?}");
    }
    Ok(())
}

/// The two corners are one name in text, so a circuit takes one of them.
#[test]
fn a_circuit_has_one_corner() -> anyhow::Result<()> {
    let mut design = typical()?;
    let error = Slow { r_load: Ohms::new(30e3) }
        .part(&mut design)
        .expect_err("the same subcircuit of another section");
    assert!(error.to_string().contains("two foreign cells called `sense`"), "{error}");
    Ok(())
}
