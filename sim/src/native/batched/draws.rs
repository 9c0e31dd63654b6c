//! The noise of sixteen images.

use super::super::noise::polar;
use super::lanes::LANES;
use super::sums::Noise;
use pulp::Simd;

/// Where the numbers of a group of images come from; see [`super::super::noise`].
pub(super) struct Draws {
    pub(super) seed: u64,
    pub(super) images: [u32; LANES],
}

/// Where the numbers of a step stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Positions {
    /// Position of row 0 at tick 0.
    pub(super) first: u32,
    pub(super) ticks: usize,
}

/// The noise of one partial sum, apart from what its inputs add to the variance.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Draw {
    constant: f32,
    sign: f32,
    /// Position of the number of tick 0.
    position: u32,
}

impl Positions {
    pub(super) fn draw(&self, noise: Noise) -> Draw {
        let position = self.first.wrapping_add(noise.row.wrapping_mul(self.ticks as u32));
        Draw { constant: noise.constant as f32, sign: noise.sign as f32, position }
    }
}

impl Draws {
    /// `x` with the noise of `draw` at `tick`, `variance` being what inputs add, for vector `part` of the images.
    #[inline(always)]
    pub(super) fn perturb<S: Simd>(
        &self,
        simd: S,
        draw: &Draw,
        (x, variance): (S::f32s, S::f32s),
        tick: usize,
        part: usize,
    ) -> S::f32s {
        let position = draw.position.wrapping_add(tick as u32);
        let (mut squares, mut cosines) = ([0.0; LANES], [0.0; LANES]);
        let images = &self.images[part * S::F32_LANES..][..S::F32_LANES];
        for ((square, cosine), image) in squares.iter_mut().zip(&mut cosines).zip(images) {
            (*square, *cosine) = polar(self.seed, *image, position);
        }
        let (squares, cosines) = (S::as_simd_f32s(&squares).0[0], S::as_simd_f32s(&cosines).0[0]);
        let variance = simd.add_f32s(variance, simd.splat_f32s(draw.constant));
        let radius = simd.sqrt_f32s(simd.mul_f32s(variance, squares));
        simd.mul_add_f32s(simd.mul_f32s(radius, cosines), simd.splat_f32s(draw.sign), x)
    }
}
