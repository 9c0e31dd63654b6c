//! A program in the form that is computed side by side: sums and products of its inputs.

use super::finish::clamp;
use super::shared::Shared;
use memloom_ir::functions::Activation;
use pulp::{Simd, bytemuck};

/// A program as sums and products of its inputs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fused {
    /// One per output of the program.
    pub(super) outputs: Vec<Output>,
    /// Where the noise of row drivers goes.
    pub(super) shared: Shared,
    pub(super) guards: Vec<Guard>,
}

/// The values of an input within which a sum is what the program computes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Guard {
    pub(super) input: u32,
    pub(super) limit: (f64, f64),
}

/// What an output is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Output {
    Sum(Sum),
    Product(Product),
}

/// `post(limit(offset + sum of segments))`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    pub(super) segments: Vec<Segment>,
    pub(super) offset: f64,
    pub(super) limit: (f64, f64),
    pub(super) post: Option<Post>,
}

/// `limit(offset + sum of coefficient * input + noise)`.
///
/// Consecutive segments up to one that closes are a group, whose sum has limits of its own: an amplifier that adds
/// what others have limited.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Segment {
    /// Ascending by input.
    pub(super) terms: Vec<Term>,
    pub(super) offset: f64,
    pub(super) limit: (f64, f64),
    pub(super) noise: Option<Noise>,
    /// At the end of a group: what is added to it, and its limits.
    pub(super) close: Option<Close>,
}

impl Sum {
    /// Whether it is one segment without noise and without limits of its own.
    pub(super) fn is_plain(&self) -> bool {
        let [segment] = self.segments.as_slice() else { return false };
        segment.noise.is_none() && segment.limit == UNLIMITED && segment.close == OPEN_END
    }
}

/// The end of a group of segments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Close {
    pub(super) offset: f64,
    pub(super) limit: (f64, f64),
}

/// The end of a group of one.
pub(super) const OPEN_END: Option<Close> = Some(Close { offset: 0.0, limit: UNLIMITED });

/// An input's share of a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub(super) input: u32,
    pub(super) coefficient: f64,
    /// Its share of the noise's variance is this times its square.
    pub(super) square: f64,
}

/// Gaussian noise of variance `constant + sum of square * input^2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noise {
    pub(super) constant: f64,
    /// The program's row whose numbers it draws.
    pub(super) row: u32,
    /// 1, or -1 where the sum holds the row inverted.
    pub(super) sign: f64,
}

/// `limit(gain * shape(x) + shift)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Post {
    pub(super) shape: Shape,
    pub(super) gain: f64,
    pub(super) shift: f64,
    pub(super) limit: (f64, f64),
}

/// What an activation does to a number, up to a divisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Shape(pub(super) Activation);

impl Shape {
    /// What [`Shape::apply`] leaves to be divided by.
    pub(super) fn divisor(self) -> f64 {
        self.0.definition().gate.map_or(1.0, |gate| gate.divisor)
    }

    /// `divisor * f(x)`: by the function's kernel, or its exact value lane by lane.
    #[inline(always)]
    pub(super) fn apply<S: Simd>(self, simd: S, x: S::f32s) -> S::f32s {
        match &self.0.definition().gate {
            Some(gate) => {
                let sum = clamp(simd, simd.add_f32s(x, simd.splat_f32s(gate.shift)), (gate.low, gate.high));
                if gate.gated { simd.mul_f32s(x, sum) } else { sum }
            }
            None => exactly(self.0, x),
        }
    }
}

#[inline(never)]
fn exactly<T: bytemuck::Pod>(activation: Activation, mut x: T) -> T {
    let lanes: &mut [f32] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut x));
    lanes.iter_mut().for_each(|x| *x = activation.at(f64::from(*x)) as f32);
    x
}

/// `limit(shift + gain (a - center) (b - center))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Product {
    pub(super) inputs: [u32; 2],
    pub(super) center: f64,
    pub(super) gain: f64,
    pub(super) shift: f64,
    pub(super) limit: (f64, f64),
}

pub(super) const UNLIMITED: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
