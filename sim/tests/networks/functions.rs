//! Networks with activations beyond MobileNetV3's, a user's own among them: built in a technology that has circuits of
//! them, evaluated as the reference computes them, and the same in both simulators.

use super::judge::{self, make_graph};
use super::recipe::{Block, Kernel, Recipe};
use super::simulated::Simulators;
use memloom::functions::{ALL, LEAKY_RELU};
use memloom::ir::{Behaviour, Function};
use memloom::prelude::*;
use memloom::technology::{Named, SignScheme};
use memloom_network::graph::Act;
use memloom_network::technologies;

/// A bounded activation of a user's own, x / sqrt(1 + x^2).
#[activation(
    unit = 100 mV, v_ref = 0.9 V, native = bounded,
    spice = "Bx x 0 V=(v(inp)-v(v_ref))/{unit_in}\nBout out 0 V=v(v_ref)+{unit_out}*v(x)/sqrt(1+v(x)*v(x))",
    verilog_a = "    V(out) <+ V(v_ref) + unit_out * V(inp, v_ref) / sqrt(unit_in * unit_in + V(inp, v_ref) * V(inp, v_ref));",
)]
struct Bounded;

fn bounded(x: f64) -> f64 {
    x / (1.0 + x * x).sqrt()
}

/// The default technology with a circuit of every function of the library, and the user's own.
fn technology() -> TechnologySpec {
    let mut technology = technologies::all().swap_remove(0);
    let more = ALL.iter().copied().chain([LEAKY_RELU.with(0.2).unwrap()]);
    for (k, function) in more.enumerate() {
        if technology.circuit(function.into()).is_none() {
            let behaviour = Behaviour { function: function.into(), swing: (0.0, 1.8), unit: 0.1 };
            technology.functions.push(Named::new(format!("Function{k}"), behaviour));
        }
    }
    technology.functions.push(Bounded::behaviour());
    technology
}

/// One inverted residual with `act` behind two of its layers.
fn recipe(act: Act) -> Recipe {
    let kernel = |size| Kernel { size, stride: 1, bare: 0 };
    let block = Block { kernel: kernel(3), wide: 4, out: 3, squeezed: 2, residual: false, act };
    Recipe {
        frame: (4, 3),
        channels: 2,
        stem: kernel(3),
        width: 3,
        blocks: vec![block],
        hidden: 4,
        classes: 3,
        zeros: 0,
        tile: (16, 16),
        scheme: SignScheme::DualRail,
        r_wire: 0.0,
        compensated: true,
        seed: 7,
    }
}

fn made(act: Act) -> judge::Made {
    let recipe = recipe(act);
    let graph = recipe.graph().unwrap();
    match make_graph(graph, recipe.images(2), &technology(), true) {
        Ok(made) => made,
        Err(judge::Unmade::Refused { text, .. } | judge::Unmade::Broken(text)) => panic!("{act}: {text}"),
    }
}

#[test]
fn every_function_and_a_users_own_are_in_a_network_what_the_reference_has() {
    let own = Act::own(Bounded::behaviour().spec.function).expect("one input and a native function");
    let all = ALL.iter().copied().chain([LEAKY_RELU.with(0.2).unwrap()]).map(Act::of);
    for act in all.chain([own]) {
        made(act).judge().unwrap_or_else(|what| panic!("{act}: {what}"));
    }
}

#[test]
fn networks_with_gelu_and_with_a_users_own_agree_in_ngspice_and_vacask() {
    let simulators = Simulators::find();
    let own = Act::own(Bounded::behaviour().spec.function).unwrap();
    for act in [Act::of(memloom::functions::GELU), own] {
        let layers = simulators.agree(&made(act), |_| true).unwrap_or_else(|what| panic!("{act}: {what}"));
        assert!(layers >= 6, "{layers}");
    }
}

#[test]
fn a_function_without_a_circuit_is_named() {
    let recipe = recipe(Act::of(memloom::functions::SILU));
    let technology = technologies::all().swap_remove(0);
    let made = make_graph(recipe.graph().unwrap(), recipe.images(1), &technology, true);
    let Err(judge::Unmade::Refused { text, .. }) = made else { panic!("it was built") };
    assert!(text.contains("needs `silu`") && text.contains("functions = ["), "{text}");
    let mut twice = technology;
    twice.functions.push(Named { name: "Another".into(), ..twice.functions[0].clone() });
    let relu = super::functions::recipe(Act::RELU);
    let made = make_graph(relu.graph().unwrap(), relu.images(1), &twice, true);
    let Err(judge::Unmade::Refused { text, .. }) = made else { panic!("it was built") };
    assert!(text.contains("two circuits of `relu`"), "{text}");
    assert_eq!(Act::own(Function::Multiplier), None);
}
