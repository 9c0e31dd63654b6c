//! Ranges from the weights alone: interval arithmetic, channel by channel, from the input's range to the logits.

use crate::{
    calibrate::{Range, Ranges, RangesError},
    graph::Act,
    stage::{Matrix, Stage, StageKind},
};

/// Part of a sum's magnitude by which its bound is widened, far above the rounding of `f64` sums.
const ROUNDING: f64 = 1e-9;

/// From `lo` to `hi`, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval {
    lo: f64,
    hi: f64,
}

impl Interval {
    const ZERO: Self = Self { lo: 0.0, hi: 0.0 };

    fn hull(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    fn plus(self, other: Self) -> Self {
        Self { lo: self.lo + other.lo, hi: self.hi + other.hi }
    }

    fn times(self, other: Self) -> Self {
        let corners = [self.lo * other.lo, self.lo * other.hi, self.hi * other.lo, self.hi * other.hi];
        let hull = |a: Self, x: f64| a.hull(Self { lo: x, hi: x });
        corners.into_iter().fold(Self { lo: corners[0], hi: corners[0] }, hull)
    }

    fn magnitude(self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    fn widened(self, by: f64) -> Self {
        Self { lo: self.lo - by, hi: self.hi + by }
    }

    /// The values of an activation; `None` for one of which it is not known where it turns.
    fn through(self, act: Act) -> Option<Self> {
        act.range(self.lo, self.hi).map(|(lo, hi)| Self { lo, hi })
    }
}

impl Ranges {
    /// A bound that no input within `input` (least and largest value of each channel) can pass, from the weights
    /// alone. It is loose: each layer assumes the worst of all its inputs at once.
    ///
    /// # Errors
    /// Where `input` has not one bound per channel, or the bounds overflow.
    pub fn from_bounds(stages: &[Stage], input: &[(f64, f64)]) -> Result<Self, RangesError> {
        let mut outputs: Vec<Vec<Interval>> = Vec::with_capacity(stages.len());
        let mut ranges = Vec::with_capacity(stages.len());
        for stage in stages {
            let (pre, out) = bound(stage, input, &outputs)?;
            let side = stage.matrix().map(|matrix| side(matrix, &outputs[stage.inputs[0].index()]));
            ranges.push(range(&pre, side, &out));
            outputs.push(out);
        }
        Self::checked("bound from the weights", 0, stages, ranges)
    }
}

type Channels = Vec<Interval>;

/// Each channel's interval before the activation and after it.
fn bound(
    stage: &Stage,
    input: &[(f64, f64)],
    outputs: &[Channels],
) -> Result<(Channels, Channels), RangesError> {
    let x = |place: usize| &outputs[stage.inputs[place].index()];
    let pairs = || x(0).iter().zip(x(1));
    let out: Channels = match &stage.kind {
        StageKind::Input if input.len() != stage.out_shape.channels => {
            return Err(RangesError::Channels { expected: stage.out_shape.channels, found: input.len() });
        }
        StageKind::Input => input.iter().map(|&(lo, hi)| Interval { lo, hi }).collect(),
        StageKind::Matrix(matrix) => {
            let pre: Channels = (0..matrix.out).map(|o| product(matrix, o, x(0))).collect();
            let Some(act) = matrix.activation else { return Ok((pre.clone(), pre)) };
            let out: Option<Channels> = pre.iter().map(|x| x.through(act)).collect();
            let unknown = || RangesError::Unbounded { stage: stage.name.clone(), function: act.to_string() };
            return Ok((pre, out.ok_or_else(unknown)?));
        }
        StageKind::Pool => x(0).iter().map(|x| x.widened(ROUNDING * x.magnitude())).collect(),
        StageKind::Scale => pairs().map(|(a, b)| a.times(*b)).collect(),
        StageKind::Add => pairs().map(|(a, b)| a.plus(*b)).collect(),
    };
    Ok((out.clone(), out))
}

/// The interval of one output channel of a matrix; a tap on the padding reads 0.
fn product(matrix: &Matrix, out: usize, x: &[Interval]) -> Interval {
    let bias = matrix.bias[out];
    let mut sum = Interval { lo: bias, hi: bias };
    let mut magnitude = bias.abs();
    let taps = matrix.kernel * matrix.kernel;
    let inputs = &x[matrix.first_input(out)..][..matrix.in_per_group];
    for (weights, &x) in matrix.row(out).chunks_exact(taps).zip(inputs) {
        let x = if matrix.padding > 0 { x.hull(Interval::ZERO) } else { x };
        for &weight in weights {
            let term = x.times(Interval { lo: weight, hi: weight });
            magnitude += term.magnitude();
            sum = sum.plus(term);
        }
    }
    sum.widened(ROUNDING * magnitude)
}

fn range(pre: &[Interval], side: Option<f64>, out: &[Interval]) -> Range {
    let hull = out.iter().fold(out[0], |a, b| a.hull(*b));
    let pre = pre.iter().map(|x| x.magnitude()).fold(0.0, f64::max);
    Range { pre, side: side.unwrap_or(pre).max(pre), out: hull.magnitude(), min: hull.lo, max: hull.hi }
}

/// What the weights of one sign can add up to at most, over all outputs of a matrix: as if all had that sign.
fn side(matrix: &Matrix, x: &[Interval]) -> f64 {
    let taps = matrix.kernel * matrix.kernel;
    let output = |o: usize| {
        let inputs = &x[matrix.first_input(o)..][..matrix.in_per_group];
        let terms = matrix.row(o).chunks_exact(taps).zip(inputs);
        let sum: f64 = terms.map(|(w, x)| w.iter().map(|w| w.abs()).sum::<f64>() * x.magnitude()).sum();
        (sum + matrix.bias[o].abs()) * (1.0 + ROUNDING)
    };
    (0..matrix.out).map(output).fold(0.0, f64::max)
}
