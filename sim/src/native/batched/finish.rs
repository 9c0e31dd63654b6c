//! What happens to a sum before it is stored: limits and an activation.

use super::sums::{Segment, Shape, Sum, UNLIMITED};
use pulp::Simd;

/// Limits and activation of one output; see [`super::sums::Post`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Finish {
    limit: (f32, f32),
    gain: f32,
    shift: f32,
    post_limit: (f32, f32),
}

fn single((lo, hi): (f64, f64)) -> (f32, f32) {
    (lo as f32, hi as f32)
}

impl Finish {
    pub(super) fn new(sum: &Sum) -> Self {
        let limit = single(sum.limit);
        match &sum.post {
            None => Self { limit, gain: 1.0, shift: 0.0, post_limit: single(UNLIMITED) },
            Some(post) => Self {
                limit,
                gain: post.gain as f32,
                shift: post.shift as f32,
                post_limit: single(post.limit),
            },
        }
    }

    /// The output of the sum `x`.
    #[inline(always)]
    pub(super) fn apply<S: Simd>(&self, simd: S, shape: Option<Shape>, x: S::f32s) -> S::f32s {
        let x = clamp(simd, x, self.limit);
        let Some(shape) = shape else { return x };
        let y = shape.apply(simd, x);
        let y = simd.mul_add_f32s(y, simd.splat_f32s(self.gain), simd.splat_f32s(self.shift));
        clamp(simd, y, self.post_limit)
    }
}

/// What happens to a segment's sum: its limits, and those of the group that it ends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Fold {
    pub(super) offset: f32,
    limit: (f32, f32),
    /// Offset and limits.
    close: Option<(f32, (f32, f32))>,
}

impl Fold {
    pub(super) fn new(segment: &Segment) -> Self {
        let close = segment.close.map(|close| (close.offset as f32, single(close.limit)));
        Self { offset: segment.offset as f32, limit: single(segment.limit), close }
    }

    /// Adds the sum `x` of a segment, its offset included, to its group; a group that ends, to the total.
    #[inline(always)]
    pub(super) fn add<S: Simd>(&self, simd: S, x: S::f32s, group: &mut S::f32s, total: &mut S::f32s) {
        *group = simd.add_f32s(*group, clamp(simd, x, self.limit));
        if let Some((offset, limit)) = self.close {
            let sum = simd.add_f32s(*group, simd.splat_f32s(offset));
            *total = simd.add_f32s(*total, clamp(simd, sum, limit));
            *group = simd.splat_f32s(0.0);
        }
    }
}

#[inline(always)]
pub(super) fn clamp<S: Simd>(simd: S, x: S::f32s, (lo, hi): (f32, f32)) -> S::f32s {
    simd.min_f32s(simd.max_f32s(x, simd.splat_f32s(lo)), simd.splat_f32s(hi))
}
