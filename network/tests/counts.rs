//! Every layer's shapes, parameters and operations, against a table counted independently.

mod common;

use memloom_network::{
    Graph, Network,
    graph::{Node, Op},
    sidecar::Hints,
    stage::{MatrixKind, StageKind, stages},
};
use pretty_assertions::assert_eq;

/// A node as a line of the table.
fn line(graph: &Graph, node: &Node) -> String {
    let kind = match &node.op {
        Op::Input(_) => "input",
        Op::Conv(conv) if conv.groups > 1 => "dw",
        Op::Conv(conv) if conv.bias.is_some() => "se",
        Op::Conv(conv) if conv.kernel == 1 => "pw",
        Op::Conv(_) => "conv",
        Op::BatchNorm(_) => "bn",
        Op::Activation(act) => match act.to_string().as_str() {
            "relu" => "relu",
            "hard_sigmoid" => "hsigmoid",
            "hard_swish" => "hswish",
            other => panic!("{other}"),
        },
        Op::GlobalPool => "gap",
        Op::Linear(_) => "fc",
        Op::Scale => "mul",
        Op::Add => "add",
    };
    let input = graph[node.inputs[0]].shape;
    let (kernel, stride) = match &node.op {
        Op::Conv(conv) => (conv.kernel.to_string(), conv.stride),
        Op::Linear(_) => ("1".to_owned(), 1),
        Op::GlobalPool => (input.height.to_string(), 1),
        _ => (String::new(), 1),
    };
    let (parameters, macs) = (node.op.parameters(), node.macs());
    format!("{},{kind},{input},{},{kernel},{stride},{parameters},{macs}", node.name, node.shape)
}

fn table(graph: &Graph) -> String {
    let lines = graph.nodes()[1..].iter().map(|node| line(graph, node) + "\n");
    "layer,kind,in,out,kernel,stride,parameters,macs\n".to_owned() + &lines.collect::<String>()
}

const SMALL: &str = include_str!("data/mobilenet_v3_small_cifar10.csv");

#[test]
fn every_layer_of_small_is_as_counted() {
    let graph = common::small().graph;
    // The table is of a network built with stride 1. The trained one was built with stride 2, which leaves the first
    // block without a residual, and changed to 1 afterwards.
    let without_first_sum: String =
        SMALL.lines().filter(|line| !line.starts_with("b0.add,")).map(|l| l.to_owned() + "\n").collect();
    assert_eq!(table(&graph), without_first_sum);
    assert_eq!((graph.parameters(), graph.macs()), (1_528_106, 17_507_328));
}

#[test]
fn the_first_residual_is_there_when_asked_for() {
    let caller = Hints { first_block_residual: Some(true), ..Hints::default() };
    let network = Network::parse("embedded", memloom_network::embedded().0, caller).unwrap();
    assert_eq!(table(&network.graph), SMALL);
}

#[test]
fn every_layer_of_large_is_as_counted() {
    let dict = common::state_dict(&common::LARGE, 16, 960, 1280, 10);
    let file = common::safetensors(&dict, &[("input", "3x32x32".into()), ("stem_stride", "1".into())]);
    let network = Network::parse("large", &file, Hints::default()).unwrap();
    assert_eq!(table(&network.graph), include_str!("data/mobilenet_v3_large_cifar10.csv"));
    assert_eq!(network.graph.parameters(), 4_214_842);
}

#[test]
fn imagenet_is_the_default() {
    let dict = common::state_dict(&common::LARGE, 16, 960, 1280, 1000);
    let network = Network::parse("large", &common::safetensors(&dict, &[]), Hints::default()).unwrap();
    assert_eq!(network.graph.parameters(), 5_483_032);
    // The independent count is known to three decimals of a million.
    assert_eq!(format!("{:.3}", network.graph.macs() as f64 / 1e6), "216.590");
    assert_eq!(network.settings.classes.len(), 1000);
}

#[test]
fn stages_of_small_keep_every_weight_and_fuse_the_rest() {
    let graph = common::small().graph;
    let stages = stages(&graph).unwrap();
    let count = |kind| stages.iter().filter_map(|s| s.matrix()).filter(|m| m.kind == kind).count();
    assert_eq!(count(MatrixKind::Conv), 1);
    assert_eq!(count(MatrixKind::Depthwise), 11);
    assert_eq!(count(MatrixKind::Pointwise), 10 + 11 + 2 * 9 + 1);
    assert_eq!(count(MatrixKind::Linear), 2);
    let other = |kind: StageKind| stages.iter().filter(|stage| stage.kind == kind).count();
    assert_eq!(
        [StageKind::Input, StageKind::Pool, StageKind::Scale, StageKind::Add].map(other),
        [1, 10, 9, 6]
    );
    // As counted for batch norm folded: a weight or a bias is one parameter.
    let parameters: usize =
        stages.iter().filter_map(|s| s.matrix()).map(|m| m.weight.len() + m.bias.len()).sum();
    assert_eq!(parameters, 1_522_050);
    let names: Vec<&str> = stages[..7].iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(names, ["input", "stem", "b0.dw", "b0.se.gap", "b0.se.fc1", "b0.se.fc2", "b0.se.mul"]);
}
