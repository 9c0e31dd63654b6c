//! Loops compiled for the widest vectors that the machine has.

use pulp::{Arch, Simd, WithSimd};

/// Runs `work`, whose loops vectorise by themselves. It and all it calls must be `#[inline(always)]`.
pub(super) fn wide<R>(work: impl FnMut() -> R) -> R {
    Arch::new().dispatch(Wide(work))
}

struct Wide<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Wide<F> {
    type Output = R;

    // Called as what it is: the call of a closure as one to be called once is not inlined.
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) -> R {
        (self.0)()
    }
}
