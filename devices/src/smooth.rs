//! Zones where a published equation gives way to a smooth one. The same formulas, under names with `ml_` before them, are
//! in the Verilog-A models and the SPICE twins.

/// Width of the zone at either end of a state's range where a window closes.
pub const EDGE: f64 = 1e-2;

/// Width of the zone above a threshold where a ramp sets in, relative to the threshold.
pub const KNEE: f64 = 1e-3;

/// Half the width of the zone about 0 V where a sign changes, volts.
pub const SIGN: f64 = 1e-3;

/// Share of its range by which a state may pass a bound in a simulator's iteration before the equations stop following it.
pub const OVERSHOOT: f64 = 0.1;

/// Argument beyond which [`exp`] and [`sinh`] go on straight.
pub const LIMIT: f64 = 80.0;

/// From 0 at `u <= 0` to 1 at `u >= 1`, with a continuous derivative: half a wave of a cosine, in which `u` stands once,
/// so that a SPICE twin is quick to differentiate.
pub fn step(u: f64) -> f64 {
    0.5 - 0.5 * (std::f64::consts::PI * u.clamp(0.0, 1.0)).cos()
}

/// 1 while a state is `room` away from the bound it moves to, falling to 0 within [`EDGE`] of it.
pub fn window(room: f64) -> f64 {
    step(room / EDGE)
}

/// 1 while a state is `room` of its range away from the bound it moves to, falling to 0 at the bound with a slope, and
/// negative beyond it. For models whose velocity spans so many decades that a Newton iteration would halve its way to a
/// bound where [`window`] is flat.
pub fn stop(room: f64) -> f64 {
    let u = (room / EDGE).clamp(-1.0, 1.0);
    u * (2.0 - u)
}

/// `max(u, 0)` with a continuous derivative: exact outside 0 to [`KNEE`].
pub fn ramp(u: f64) -> f64 {
    u.max(0.0) * step(u / KNEE)
}

/// `max(u, 0)^power` with a continuous derivative for any power from 1 on: exact outside 0 to [`KNEE`].
pub fn over(u: f64, power: f64) -> f64 {
    u.max(0.0).powf(power) * step(u / KNEE)
}

/// 1 at positive voltage, 0 at negative, half at 0; exact outside [`SIGN`] volts of 0.
pub fn positive(v: f64) -> f64 {
    step(0.5 + v / (2.0 * SIGN))
}

/// `e^u`, beyond [`LIMIT`] its tangent there: never infinite.
pub fn exp(u: f64) -> f64 {
    exp_to(u, LIMIT)
}

/// `e^u`, beyond `limit` its tangent there.
pub fn exp_to(u: f64, limit: f64) -> f64 {
    u.min(limit).exp() * (1.0 + (u - limit).max(0.0))
}

/// `sinh u`, beyond [`LIMIT`] of either sign its tangent there: never infinite.
pub fn sinh(u: f64) -> f64 {
    let inner = u.clamp(-LIMIT, LIMIT);
    inner.sinh() + inner.cosh() * (u - inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest jump of `f`'s difference quotient over a fine grid about `at`.
    fn kink(f: fn(f64) -> f64, at: f64, width: f64) -> f64 {
        let h = width / 1e3;
        let slope = |k: i32| (f(at + f64::from(k + 1) * h) - f(at + f64::from(k) * h)) / h;
        (-5..5).map(|k| (slope(k + 1) - slope(k)).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn slopes_are_continuous_where_zones_begin_and_end() {
        for at in [0.0, 1.0] {
            assert!(kink(step, at, 1.0) < 1e-2);
            assert!(kink(window, at * EDGE, EDGE) < 1e-2 / EDGE);
            assert!(kink(stop, EDGE, EDGE) < 1e-2 / EDGE);
            assert!(kink(ramp, at * KNEE, KNEE) < 2e-2);
        }
        assert!(kink(exp, LIMIT, 1e-3) < 1e-5 * LIMIT.exp());
        assert!(kink(sinh, -LIMIT, 1e-3) < 1e-5 * LIMIT.cosh());
    }

    #[test]
    fn exact_outside_their_zones() {
        assert_eq!((ramp(-1.0), ramp(KNEE), ramp(2.0)), (0.0, KNEE, 2.0));
        assert_eq!((window(0.0), window(EDGE), window(-1.0)), (0.0, 1.0, 0.0));
        assert_eq!((stop(0.0), stop(EDGE), stop(-EDGE)), (0.0, 1.0, -3.0));
        assert_eq!((exp(1.0), sinh(1.0)), (1f64.exp(), 1f64.sinh()));
        assert!(exp(1e6).is_finite() && sinh(-1e6).is_finite());
    }
}
