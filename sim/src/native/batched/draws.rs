//! The noise of sixteen images.

use super::super::noise::normal;
use super::lanes::LANES;
use pulp::Simd;

/// Where the numbers of a group of images come from; see [`super::super::noise`].
pub(super) struct Draws {
    pub(super) seed: u64,
    pub(super) images: [u32; LANES],
}

impl Draws {
    /// `x` with noise of the given variance, for vector `part` of the images; the number drawn is that of `position`.
    #[inline(always)]
    pub(super) fn perturb<S: Simd>(
        &self,
        simd: S,
        x: S::f32s,
        variance: S::f32s,
        position: u32,
        part: usize,
    ) -> S::f32s {
        let mut numbers = [0.0; LANES];
        for lane in 0..S::F32_LANES {
            numbers[lane] = normal(self.seed, self.images[part * S::F32_LANES + lane], position);
        }
        let numbers = S::as_simd_f32s(&numbers).0[0];
        // Rounding may leave a variance of nothing just below zero.
        let deviation = simd.sqrt_f32s(simd.max_f32s(variance, simd.splat_f32s(0.0)));
        simd.mul_add_f32s(deviation, numbers, x)
    }
}
