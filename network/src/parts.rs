//! Partial sums: what each of the tiles that a matrix is cut into gives, in the network's numbers.
//!
//! How inputs are cut depends on nothing but the number of pieces ([`crate::plan::Grid`]), so that partial sums can be
//! measured before the tile's size is known: for those cuts that usual tiles ask for.

use crate::graph::{Conv, Shape};
use crate::plan::cut;
use crate::reference::convolve;
use crate::stage::{Matrix, Stage, StageKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Largest magnitude of partial sums by the number of pieces.
pub(crate) type Parts = BTreeMap<usize, f64>;

/// Inputs of a tile for which partial sums are measured.
const TILES: [usize; 3] = [32, 64, 128];

/// Into how many pieces the inputs of `stage` are cut by usual tiles, where it is more than one.
pub(crate) fn cuts(stage: &Stage) -> BTreeSet<usize> {
    let inputs = match &stage.kind {
        StageKind::Matrix(matrix) => matrix.taps() + 1,
        StageKind::Pool => stage.in_shapes[0].plane(),
        StageKind::Input | StageKind::Scale | StageKind::Add => 0,
    };
    TILES.iter().map(|most| inputs.div_ceil(*most)).filter(|pieces| *pieces > 1).collect()
}

/// The largest partial sum of a cut into `pieces`: the larger of those of the nearest cuts that were measured.
pub(crate) fn largest(parts: &Parts, pieces: usize) -> Option<f64> {
    let fewer = parts.range(..=pieces).next_back();
    let more = parts.range(pieces..).next();
    let found = fewer.into_iter().chain(more).map(|(_, magnitude)| *magnitude);
    found.reduce(f64::max)
}

/// Magnitudes of all partial sums of `stage` on one image, given its input `[C][H][W]`.
pub(crate) fn magnitudes(stage: &Stage, input: &[f64], pieces: usize) -> Vec<f64> {
    match &stage.kind {
        StageKind::Matrix(matrix) => {
            let of_piece = |range| of_matrix(matrix, (stage.in_shapes[0], stage.out_shape), input, range);
            cut(matrix.taps() + 1, pieces).flat_map(of_piece).collect()
        }
        StageKind::Pool => {
            let plane = stage.in_shapes[0].plane();
            let share = |x: &[f64]| (x.iter().sum::<f64>() / plane as f64).abs();
            let channels = input.chunks_exact(plane);
            channels.flat_map(|x| cut(plane, pieces).map(move |range| share(&x[range]))).collect()
        }
        StageKind::Input | StageKind::Scale | StageKind::Add => Vec::new(),
    }
}

/// What the inputs `range` of a matrix, its bias counted behind them, add to each output.
fn of_matrix(matrix: &Matrix, (from, to): (Shape, Shape), input: &[f64], range: Range<usize>) -> Vec<f64> {
    let taps = matrix.kernel * matrix.kernel;
    let with_bias = range.end > matrix.taps();
    let wires = range.start..range.end.min(matrix.taps());
    // Whole channels, with zeros in place of the taps that other pieces hold.
    let channels = wires.start / taps..wires.end.div_ceil(taps);
    let weight = |at: usize, weight: f64| if wires.contains(&at) { weight as f32 } else { 0.0 };
    let row = |out: usize| {
        let row = &matrix.row(out)[channels.start * taps..channels.end * taps];
        row.iter().enumerate().map(move |(at, w)| weight(channels.start * taps + at, *w)).collect::<Vec<_>>()
    };
    let conv = Conv {
        out: matrix.out,
        in_per_group: channels.len(),
        kernel: matrix.kernel,
        stride: matrix.stride,
        padding: matrix.padding,
        groups: 1,
        weight: (0..matrix.out).flat_map(row).collect(),
        bias: with_bias.then(|| matrix.bias.iter().map(|bias| *bias as f32).collect()),
    };
    let mut sums = vec![0.0; to.elements()];
    let x = &input[channels.start * from.plane()..channels.end * from.plane()];
    convolve(
        &conv,
        Shape { channels: channels.len(), ..from },
        x.as_chunks::<1>().0,
        to,
        sums.as_chunks_mut::<1>().0,
    );
    sums.iter_mut().for_each(|sum| *sum = sum.abs());
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::NodeId;
    use crate::stage::{MatrixKind, StageId};

    #[test]
    fn pieces_add_up_to_the_sum() {
        let matrix = Matrix {
            kind: MatrixKind::Conv,
            out: 1,
            in_per_group: 3,
            groups: 1,
            kernel: 2,
            stride: 1,
            padding: 0,
            weight: (1..=12).map(f64::from).collect(),
            bias: vec![100.0],
            activation: None,
        };
        let shape = Shape::new(3, 2, 2);
        let (from, to) = (shape, Shape::new(1, 1, 1));
        let x = vec![1.0; 12];
        let sums: Vec<f64> = cut(13, 4).flat_map(|range| of_matrix(&matrix, (from, to), &x, range)).collect();
        // 1 + 2 + 3; 4 + 5 + 6; 7 + 8 + 9; 10 + 11 + 12 and the bias.
        assert_eq!(sums, [6.0, 15.0, 24.0, 133.0]);
        let stage = Stage {
            name: "pool".into(),
            kind: StageKind::Pool,
            inputs: vec![StageId(0)],
            in_shapes: vec![shape],
            out_shape: Shape::vector(3),
            pre_node: NodeId(1),
            out_node: NodeId(1),
        };
        assert_eq!(magnitudes(&stage, &x, 2), [0.5; 6]);
    }

    #[test]
    fn a_cut_that_was_not_measured_takes_the_larger_neighbour() {
        let parts = Parts::from([(2, 3.0), (5, 1.0), (10, 2.0)]);
        assert_eq!(
            [2, 3, 5, 7, 12, 1].map(|pieces| largest(&parts, pieces)),
            [3.0, 3.0, 1.0, 2.0, 2.0, 3.0].map(Some)
        );
        assert_eq!(largest(&Parts::new(), 4), None);
    }
}
