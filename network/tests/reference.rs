//! The digital reference against PyTorch, and the folded stages against the reference.

mod common;

use memloom_network::{
    Network, Reference,
    graph::Shape,
    sidecar::Hints,
    stage::{Matrix, Stage, StageKind, stages},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    logits: Vec<Vec<f64>>,
}

fn class(logits: &[f64]) -> usize {
    (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap()
}

#[test]
fn logits_are_those_of_pytorch() {
    let expected: Expected = serde_json::from_str(include_str!("data/reference_logits.json")).unwrap();
    let (images, labels) = common::cifar("test_batch.bin", 100);
    let network = common::small();
    let found = Reference::new(&network.graph).run_all(&images);
    assert_eq!((expected.logits.len(), found.len()), (100, 100));
    for (image, (expected, found)) in expected.logits.iter().zip(&found).enumerate() {
        let span = expected.iter().copied().fold(f64::MIN, f64::max)
            - expected.iter().copied().fold(f64::MAX, f64::min);
        let worst = expected.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-9 * span, "image {image}: off by {worst:e} of a span of {span}");
        assert_eq!(class(expected), class(found), "image {image}");
    }
    let right = found.iter().zip(&labels).filter(|(logits, label)| class(logits) == **label).count();
    assert!(right > 80, "{right} of 100 are right");
}

/// A stage by its definition, pixel by pixel: slow and plain.
fn evaluate(stage: &Stage, before: &[Vec<f64>], image: &[f64]) -> Vec<f64> {
    let x = |place: usize| &before[stage.inputs[place].index()];
    match &stage.kind {
        StageKind::Input => image.to_vec(),
        StageKind::Matrix(matrix) => multiply(matrix, stage.in_shapes[0], x(0), stage.out_shape),
        StageKind::Pool => {
            let plane = stage.in_shapes[0].plane();
            x(0).chunks(plane).map(|x| x.iter().sum::<f64>() / plane as f64).collect()
        }
        StageKind::Scale => (0..x(0).len()).map(|i| x(0)[i] * x(1)[i / stage.out_shape.plane()]).collect(),
        StageKind::Add => x(0).iter().zip(x(1)).map(|(a, b)| a + b).collect(),
    }
}

fn multiply(matrix: &Matrix, input: Shape, x: &[f64], output: Shape) -> Vec<f64> {
    let pixel = |channel: usize, row: Option<usize>, column: Option<usize>| match (row, column) {
        (Some(row), Some(column)) if row < input.height && column < input.width => {
            x[(channel * input.height + row) * input.width + column]
        }
        _ => 0.0,
    };
    let at = |i: usize| {
        let (out, row, column) = (i / output.plane(), i / output.width % output.height, i % output.width);
        let tap = |(t, weight): (usize, &f64)| {
            let size = matrix.kernel * matrix.kernel;
            let (channel, ky, kx) =
                (matrix.first_input(out) + t / size, t % size / matrix.kernel, t % matrix.kernel);
            let row = (row * matrix.stride + ky).checked_sub(matrix.padding);
            let column = (column * matrix.stride + kx).checked_sub(matrix.padding);
            weight * pixel(channel, row, column)
        };
        let sum = matrix.row(out).iter().enumerate().map(tap).sum::<f64>() + matrix.bias[out];
        matrix.activation.map_or(sum, |act| act.apply(sum))
    };
    (0..output.elements()).map(at).collect()
}

fn assert_stages_agree(network: &Network) {
    let mut noise = common::Noise(7);
    let image: Vec<f64> = (0..network.settings.input.elements()).map(|_| 2.0 * noise.next()).collect();
    let trace = Reference::new(&network.graph).trace(&image);
    let mut outputs: Vec<Vec<f64>> = Vec::new();
    for stage in stages(&network.graph).unwrap() {
        let found = evaluate(&stage, &outputs, &image);
        let expected = &trace[stage.out_node.index()];
        let scale = expected.iter().fold(1e-12, |scale: f64, x| scale.max(x.abs()));
        assert_eq!(found.len(), expected.len(), "{}", stage.name);
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-9 * scale, "stage {}: {a} is not {b}", stage.name);
        }
        outputs.push(found);
    }
}

#[test]
fn folded_stages_compute_what_the_graph_does() {
    assert_stages_agree(&common::small());
    // An odd, oblong image puts every edge of the padding to work.
    let tiny = common::safetensors(&common::tiny(), &common::metadata("3x13x10"));
    assert_stages_agree(&Network::parse("tiny", &tiny, Hints::default()).unwrap());
}

#[test]
#[should_panic(expected = "the network takes a 3x32x32 image")]
fn an_image_of_another_length_is_refused() {
    Reference::new(&common::small().graph).run(&[0.0; 3]);
}
