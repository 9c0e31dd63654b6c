//! A voltage divider: the smallest module, with two resistors and a supply.

use anyhow::Context;
use memloom::ir::Design;
use memloom::prelude::*;
use memloom_codegen::{Circuit, Ngspice, dc_deck};
use memloom_sim::native::{Options, evaluate_module};

/// `v(mid) = v(top) r2 / (r1 + r2)`.
#[module]
struct Divider {
    #[input]
    top: Bus<Voltage>,
    #[output]
    mid: Bus<Voltage>,
    #[inst(p = top, n = mid)]
    r1: Resistor,
    #[inst(p = mid, n = ground)]
    r2: Resistor,
}

fn divider() -> Result<Design, memloom::ir::BuildError> {
    elaborate("divider", &Divider { r1: Resistor(Ohms::new(30e3)), r2: Resistor(Ohms::new(10e3)) })
}

fn main() -> anyhow::Result<()> {
    let design = divider()?;
    let top = design.top.context("the design has a top")?;
    let vectors = [vec![1.0], vec![1.8]];
    print!("{}", dc_deck(&Ngspice, &design, top, &vectors, Circuit::Embedded)?.text);
    for (input, output) in vectors.iter().zip(evaluate_module(&design, top, &Options::default(), &vectors)?) {
        println!("* v(top) = {} V, v(mid) = {} V", input[0], output[0]);
    }
    Ok(())
}

#[test]
fn a_quarter_of_the_input() {
    let design = divider().expect("a good design");
    let top = design.top.expect("a top");
    let vectors = [vec![1.0], vec![1.8], vec![-0.4]];
    let by_hand = [vec![0.25], vec![0.45], vec![-0.1]];
    let native = evaluate_module(&design, top, &Options::default(), &vectors).expect("an operating point");
    assert!(memloom_examples::largest_difference(&native, &by_hand) < 1e-12, "{native:?}");
    if let Some(spice) = memloom_examples::in_ngspice(&design, top, &vectors).expect("a run in ngspice") {
        assert!(memloom_examples::largest_difference(&spice, &by_hand) < 1e-9, "{spice:?}");
    }
}
