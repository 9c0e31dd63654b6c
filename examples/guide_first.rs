//! The first program of `docs/guide.md`.
//!
//!     cargo run -p memloom-examples --example guide_first

use anyhow::Context;
use memloom::prelude::*;
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

fn report() -> anyhow::Result<String> {
    let divider = Divider { r1: Resistor(Ohms::new(30e3)), r2: Resistor(Ohms::new(10e3)) };
    let design = elaborate("divider", &divider)?;
    let top = design.top.context("a design that was elaborated has a top")?;
    let outputs = evaluate_module(&design, top, &Options::default(), &[vec![1.0], vec![1.8]])?;
    Ok(format!("{outputs:?}\n"))
}

fn main() -> anyhow::Result<()> {
    print!("{}", report()?);
    Ok(())
}

#[test]
fn the_output_is_the_guides() -> anyhow::Result<()> {
    let text = format!("```text\n{}```", report()?);
    assert!(include_str!("../docs/guide.md").contains(&text), "{text}");
    Ok(())
}
