//! cure: (passes)
use memloom::prelude::*;

#[activation(
    unit = 100 mV, v_ref = 0.9 V, inputs = [x, gate], native = gated,
    spice = "Bout out 0 V=v(v_ref)+{unit_out}*(v(x)-v(v_ref))/{unit_in}*u(v(gate)-v(v_ref))",
)]
struct Gate;

fn gated(x: f64, gate: f64) -> f64 {
    if gate > 0.0 { x } else { 0.0 }
}

fn main() {
    assert_eq!(Gate::behaviour().name, "Gate");
}
