//! How rough the data are by themselves, and the scale on which that is the same everywhere.

use crate::Measurement;

/// The scale of residuals: `knee asinh(i / knee)`, a straight line below the knee and a logarithm above it, so that noise
/// `sqrt(a^2 + (a i / knee)^2)` is the same at all currents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// Amperes; infinite where noise does not grow with current.
    knee: f64,
    /// Highest less lowest value on the scale, amperes.
    span: f64,
    /// Noise over the span.
    pub(crate) noise: f64,
}

impl Scale {
    /// The scale of `data`, from the scatter of each point about the line through its neighbours: medians over the third of
    /// the points with the smallest currents and that with the largest.
    pub(crate) fn of(data: &Measurement) -> Self {
        let mut points: Vec<(f64, f64)> = data
            .current
            .windows(3)
            .zip(data.time.windows(3))
            .map(|(i, t)| {
                let part = (t[1] - t[0]) / (t[2] - t[0]);
                let (before, after) = (1.0 - part, part);
                let scatter = i[1] - before * i[0] - after * i[2];
                (i[1].abs(), scatter.abs() / (1.0 + before * before + after * after).sqrt())
            })
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let third = points.len() / 3;
        let (small, large) = (&points[..third], &points[points.len() - third..]);
        let most = points[points.len() - 1].0;
        let at_small = typical(small).max(1e-9 * most);
        let relative = typical(large) / large[large.len() / 2].0;
        // Thrice: the scatter of a steep sweep is no noise.
        let knee = if typical(large) > 3.0 * at_small { at_small / relative } else { f64::INFINITY };
        let mut scale = Self { knee, span: 1.0, noise: 0.0 };
        let on_scale = data.current.iter().map(|i| scale.map(*i));
        let (low, high) = on_scale.fold((f64::MAX, f64::MIN), |(low, high), y| (y.min(low), y.max(high)));
        scale.span = high - low;
        scale.noise = at_small.max(if knee.is_finite() { 0.0 } else { typical(&points) }) / scale.span;
        scale
    }

    /// A current on the scale, over its span.
    pub(crate) fn map(&self, i: f64) -> f64 {
        let y = if self.knee.is_finite() { self.knee * (i / self.knee).asinh() } else { i };
        y / self.span
    }

    /// Whether large currents are on a logarithm.
    pub(crate) fn is_logarithmic(&self) -> bool {
        self.knee.is_finite()
    }
}

/// Standard deviation of a normal scatter, from its median.
fn typical(points: &[(f64, f64)]) -> f64 {
    let mut scatter: Vec<f64> = points.iter().map(|point| point.1).collect();
    scatter.sort_by(f64::total_cmp);
    scatter[scatter.len() / 2] / 0.6745
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, StandardNormal};

    fn noisy(absolute: f64, relative: f64) -> Measurement {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut data = Measurement::default();
        for k in 0..3000 {
            let t = f64::from(k) * 1e-3;
            let (v, i) = ((2.1 * t).sin(), 1e-3 * (2.1 * t).sin().powi(3));
            let (a, b): (f64, f64) = (StandardNormal.sample(&mut rng), StandardNormal.sample(&mut rng));
            data.time.push(t);
            data.volts.push(v);
            data.current.push(i * (1.0 + relative * b) + absolute * a);
        }
        data
    }

    #[test]
    fn even_noise_keeps_currents_as_they_are() {
        let scale = Scale::of(&noisy(2e-5, 0.0));
        assert!(!scale.is_logarithmic());
        assert!((scale.noise / 1e-2 - 1.0).abs() < 0.1, "2e-5 of a span of 2e-3 and some: {}", scale.noise);
    }

    #[test]
    fn noise_that_grows_with_current_is_even_on_a_logarithm() {
        let scale = Scale::of(&noisy(1e-8, 0.03));
        assert!(scale.is_logarithmic());
        let deviation = |i: f64| (scale.map(1.03 * i) - scale.map(i)) / scale.noise;
        assert!((0.5..2.0).contains(&deviation(1e-3)) && deviation(1e-3) / deviation(1e-4) < 1.5);
    }
}
