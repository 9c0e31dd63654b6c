//! The noise of sixteen images.

use super::super::noise::Pair;
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
    /// Deviation where inputs add nothing, with the sign.
    deviation: f32,
    /// Position of the number of tick 0.
    position: u32,
}

impl Positions {
    pub(super) fn draw(&self, noise: Noise) -> Draw {
        let position = self.first.wrapping_add(noise.row.wrapping_mul(self.ticks as u32));
        let (constant, sign) = (noise.constant as f32, noise.sign as f32);
        Draw { constant, sign, deviation: sign * constant.sqrt(), position }
    }
}

impl Draws {
    /// The sums `x` of `N` ticks from `tick` on with the noise of `draw`, `variance` being what inputs add if they do, for
    /// vector `part` of the images.
    #[inline(always)]
    pub(super) fn perturb<S: Simd, const N: usize>(
        &self,
        simd: S,
        draw: &Draw,
        (mut x, variance): ([S::f32s; N], Option<[S::f32s; N]>),
        tick: usize,
        part: usize,
    ) -> [S::f32s; N] {
        let constant = simd.splat_f32s(draw.constant);
        let (sign, deviation) = (simd.splat_f32s(draw.sign), simd.splat_f32s(draw.deviation));
        // Roots are slow: two numbers of one deviation share that of their radius.
        let root = |squares| if variance.is_none() { simd.sqrt_f32s(squares) } else { squares };
        let mut add = |k: usize, length: S::f32s, direction: S::f32s| match &variance {
            None => x[k] = simd.mul_add_f32s(simd.mul_f32s(length, direction), deviation, x[k]),
            Some(variance) => {
                let variance = simd.add_f32s(variance[k], constant);
                let radius = simd.sqrt_f32s(simd.mul_f32s(variance, length));
                x[k] = simd.mul_add_f32s(simd.mul_f32s(radius, direction), sign, x[k]);
            }
        };
        let first = draw.position.wrapping_add(tick as u32);
        let mut k = 0;
        while k < N {
            let position = first.wrapping_add(k as u32);
            let [squares, cosines, sines] = self.pair::<S>(position / 2, part);
            let length = root(squares);
            if position.is_multiple_of(2) {
                add(k, length, cosines);
                k += 1;
            }
            // The second of a pair: that of the first, or alone.
            let second = k < N && !first.wrapping_add(k as u32).is_multiple_of(2);
            if second {
                add(k, length, sines);
                k += 1;
            }
        }
        x
    }

    /// Squares, cosines and sines of pair `number` for vector `part` of the images.
    #[inline(always)]
    fn pair<S: Simd>(&self, number: u32, part: usize) -> [S::f32s; 3] {
        let (mut squares, mut cosines, mut sines) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let images = &self.images[part * S::F32_LANES..][..S::F32_LANES];
        let places = squares.iter_mut().zip(&mut cosines).zip(&mut sines);
        for (((square, cosine), sine), image) in places.zip(images) {
            Pair { square: *square, cosine: *cosine, sine: *sine } = Pair::draw(self.seed, *image, number);
        }
        // One by one: what is not inlined, as a closure of `map`, is compiled for any processor.
        [S::as_simd_f32s(&squares).0[0], S::as_simd_f32s(&cosines).0[0], S::as_simd_f32s(&sines).0[0]]
    }
}
