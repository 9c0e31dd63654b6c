//! The rules of the graph and of folding, on graphs made by hand.

use memloom_network::{
    Graph, Ranges, Reference,
    graph::{Act, BatchNorm, Conv, Linear, NodeId, Op, Shape},
    stage::{MatrixKind, stages},
};
use pretty_assertions::assert_eq;

fn conv(out: usize, in_per_group: usize, kernel: usize, groups: usize) -> Op {
    let weight = (0..out * in_per_group * kernel * kernel).map(|i| i as f32 - 1.5).collect();
    let padding = kernel / 2;
    Op::Conv(Conv { out, in_per_group, kernel, stride: 1, padding, groups, weight, bias: None })
}

fn norm(channels: usize) -> Op {
    let all = |value: f32| vec![value; channels].into();
    Op::BatchNorm(BatchNorm { gamma: all(-2.0), beta: all(1.0), mean: all(0.5), var: all(3.0), eps: 1.0 })
}

fn input(graph: &mut Graph, shape: Shape) -> NodeId {
    graph.push("x", "", Op::Input(shape), &[]).unwrap()
}

#[test]
fn a_batch_norm_of_negative_gamma_is_folded() {
    let mut graph = Graph::default();
    let x = input(&mut graph, Shape::new(2, 1, 1));
    let c = graph.push("c", "t.0", conv(2, 2, 1, 1), &[x]).unwrap();
    let n = graph.push("c.bn", "t.1", norm(2), &[c]).unwrap();
    graph.push("c.act", "", Op::Activation(Act::RELU), &[n]).unwrap();
    let stages = stages(&graph).unwrap();
    let matrix = stages[1].matrix().unwrap();
    // gamma / sqrt(var + eps) = -2 / 2 = -1, so w' = -w and b' = 1 + 0.5.
    assert_eq!(
        (matrix.weight.as_slice(), matrix.bias.as_slice()),
        (&[1.5, 0.5, -0.5, -1.5][..], &[1.5, 1.5][..])
    );
    assert_eq!((matrix.kind, matrix.activation), (MatrixKind::Pointwise, Some(Act::RELU)));
    assert_eq!((stages[1].pre_node.index(), stages[1].out_node.index()), (2, 3));
    // x = (1, 2): w x = (-2.5, 1.5), so y = relu(2.5 + 1.5, -1.5 + 1.5).
    assert_eq!(Reference::new(&graph).run(&[1.0, 2.0])[0..2], [4.0, 0.0]);
}

#[test]
fn groups_read_their_own_channels() {
    let mut graph = Graph::default();
    let x = input(&mut graph, Shape::new(4, 1, 1));
    graph.push("c", "t", conv(2, 2, 1, 2), &[x]).unwrap();
    // Weights -1.5, -0.5 on channels 0 and 1, then 0.5, 1.5 on channels 2 and 3.
    assert_eq!(Reference::new(&graph).run(&[1.0, 10.0, 100.0, 1000.0]), [-6.5, 1550.0]);
    let stages = stages(&graph).unwrap();
    let matrix = stages[1].matrix().unwrap();
    assert_eq!([0, 1].map(|out| matrix.first_input(out)), [0, 2]);
    let bounds = Ranges::from_bounds(&stages, &[(0.0, 1.0), (0.0, 2.0), (-1.0, 1.0), (0.0, 0.0)]).unwrap();
    let bound = bounds.get("c").unwrap();
    assert!((bound.min + 2.5).abs() < 1e-6 && (bound.max - 0.5).abs() < 1e-6, "{bound:?}");
}

#[test]
fn activations_are_as_defined() {
    let swish = [-4.0, -3.0, -1.5, 0.0, 1.0, 3.0, 5.0].map(|x| Act::HARD_SWISH.apply(x));
    assert_eq!(swish, [0.0, 0.0, -0.375, 0.0, 4.0 / 6.0, 3.0, 5.0]);
    assert_eq!([-4.0, 0.0, 4.0].map(|x| Act::HARD_SIGMOID.apply(x)), [0.0, 0.5, 1.0]);
    assert_eq!([-1.0, 2.0].map(|x| Act::RELU.apply(x)), [0.0, 2.0]);
}

#[test]
fn an_activation_or_batch_norm_without_a_matrix_is_an_error() {
    let mut graph = Graph::default();
    let x = input(&mut graph, Shape::new(2, 3, 3));
    graph.push("n", "", norm(2), &[x]).unwrap();
    assert_eq!(
        stages(&graph).unwrap_err().to_string(),
        "layer `n` does not directly follow a convolution or linear layer (it reads `x`); put it right behind one"
    );
    let mut graph = Graph::default();
    let x = input(&mut graph, Shape::new(2, 3, 3));
    let c = graph.push("c", "", conv(2, 1, 3, 2), &[x]).unwrap();
    let a = graph.push("a", "", Op::Activation(Act::RELU), &[c]).unwrap();
    graph.push("n", "", norm(2), &[a]).unwrap();
    assert!(stages(&graph).unwrap_err().to_string().starts_with("layer `n` does not directly follow"));
}

#[test]
fn a_value_that_another_layer_reads_cannot_be_folded_away() {
    let mut graph = Graph::default();
    let x = input(&mut graph, Shape::new(2, 3, 3));
    let c = graph.push("c", "", conv(2, 1, 3, 2), &[x]).unwrap();
    let n = graph.push("n", "", norm(2), &[c]).unwrap();
    graph.push("s", "", Op::Add, &[n, c]).unwrap();
    assert_eq!(
        stages(&graph).unwrap_err().to_string(),
        "layer `n` cannot join `c`, which `s` reads too; let `s` read `n`"
    );
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let mut graph = Graph::default();
    let x = input(&mut graph, Shape::new(2, 3, 4));
    let mut error = |op, inputs: &[NodeId]| graph.push("y", "t", op, inputs).unwrap_err().to_string();
    let place = "layer `y` (tensor `t`): ";
    let linear = Op::Linear(Linear { out: 1, weight: [1.0; 2].into(), bias: None });
    let cases = [
        (error(conv(2, 3, 1, 1), &[x]), "the count of input channels is 2, expected 3"),
        (error(norm(3), &[x]), "the length of gamma is 3, expected 2"),
        (error(linear, &[x]), "the input is 2x3x4, expected 2x1x1"),
        (error(Op::Scale, &[x, x]), "the vector that scales the frame is 2x3x4, expected 2x1x1"),
        (error(Op::Add, &[x]), "it takes 2 inputs and got 1; connect exactly 2"),
    ];
    for (found, expected) in cases {
        assert_eq!(found, format!("{place}{expected}"));
    }
    let taken = graph.push("x", "", Op::GlobalPool, &[x]).unwrap_err().to_string();
    assert_eq!(taken, "layer `x`: the name is taken by an earlier layer; give each layer its own");
}
