use std::sync::LazyLock;

use memloom_network::{
    Graph, Ranges,
    arch::Arch,
    graph::{Act, Linear, Op, Shape},
    plan::plan,
    sidecar::{Hints, Settings, Told},
    stage::{Stage, stages},
    technologies,
};

/// The network that the ranges are of.
static STAGES: LazyLock<Vec<Stage>> = LazyLock::new(|| {
    let mut graph = Graph::default();
    let linear = Linear { out: 2, weight: [0.5, -1.0, 0.25, 1.0, 0.0, -0.5].into(), bias: None };
    let input = graph.push("input", "", Op::Input(Shape::vector(3)), &[]);
    let linear = input.and_then(|input| graph.push("fc", "", Op::Linear(linear), &[input]));
    let act = linear.and_then(|fc| graph.push("fc.act", "", Op::Activation(Act::HARD_SWISH), &[fc]));
    act.expect("layers that fit each other");
    stages(&graph).expect("an activation behind its matrix")
});

/// JSON beside the weights: settings, and ranges with the plan that comes of them.
pub fn sidecar(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let settled = settings(text);
    ranges(text) || settled
}

fn settings(text: &str) -> bool {
    let Ok(said) = Hints::from_json(text) else { return false };
    let (arch, outputs) = (said.arch.unwrap_or(Arch::Small), said.num_classes.unwrap_or(2).min(1000));
    let settings =
        Settings::resolve(Hints::default(), said, Hints::default(), Told { arch, outputs, bn_eps: 1e-3 });
    settings.is_ok_and(|(settings, _)| settings.input_range().len() == settings.input.channels)
}

fn ranges(text: &str) -> bool {
    let Ok(ranges) = Ranges::from_json(text, &STAGES) else { return false };
    let again = Ranges::from_json(&ranges.to_json(), &STAGES).expect("what was written is read");
    assert_eq!(again, ranges, "written and read again");
    let plans = technologies::all().into_iter().map(|technology| plan(&STAGES, &ranges, &technology));
    plans.filter(Result::is_ok).count() > 0
}
