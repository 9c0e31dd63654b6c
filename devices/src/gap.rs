//! What the models of a tunnelling gap share: Stanford and ASU.

use crate::smooth::{OVERSHOOT, exp_to, sinh, stop};

/// Exponent beyond which a hopping ion's velocity grows linearly. A positive exponent means that the field has taken
/// the barrier away; here the velocity is 22,000 times that of an attempt at each vibration.
pub(crate) const FREE: f64 = 10.0;

/// The current-voltage law `i = i_0 e^(-gap/g_0) sinh(v/v_0)`, amperes, metres, volts.
pub(crate) struct Law {
    pub(crate) i_0: f64,
    pub(crate) g_0: f64,
    pub(crate) v_0: f64,
}

impl Law {
    /// Current through a gap of `gap` nm, A.
    pub(crate) fn current(&self, v: f64, gap: f64) -> f64 {
        self.i_0 * (-gap / (self.g_0 * 1e9)).exp() * sinh(v / self.v_0)
    }

    /// The gap of conductance `g` siemens at `v` volts, nm.
    pub(crate) fn gap_for(&self, g: f64, v: f64) -> f64 {
        self.g_0 * 1e9 * (self.i_0 * sinh(v / self.v_0) / (g * v)).ln()
    }
}

/// The gap's range, nm.
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Range {
    /// Of a gap between `low` and `high` metres.
    pub(crate) fn new(low: f64, high: f64) -> Self {
        Self { low: low * 1e9, high: high * 1e9 }
    }

    /// `gap`, held near the range.
    pub(crate) fn near(&self, gap: f64) -> f64 {
        let slack = OVERSHOOT * (self.high - self.low);
        gap.clamp(self.low - slack, self.high + slack)
    }

    /// `velocity`, braked at the bound that it moves the gap to.
    pub(crate) fn braked(&self, velocity: f64, gap: f64) -> f64 {
        let room = if velocity > 0.0 { self.high - gap } else { gap - self.low };
        velocity * stop(room / (self.high - self.low))
    }

    /// What a user must do about a gap that is none.
    pub(crate) fn check(&self, t_ox: f64) -> Result<(), String> {
        if self.low < self.high && self.high < t_ox * 1e9 {
            return Ok(());
        }
        let (low, high) = (self.low, self.high);
        Err(format!("`gap_min = {low} nm`, `gap_max = {high} nm`; give them in rising order, below `t_ox`"))
    }
}

/// Local field enhancement `gamma_0 - beta (gap/1 nm)^3` of a gap of `gap` nm.
pub(crate) fn enhancement(gamma_0: f64, beta: f64, gap: f64) -> f64 {
    gamma_0 - beta * gap * gap * gap
}

/// The enhancement keeps its sign as far as the gap opens.
pub(crate) fn check_enhancement(gamma_0: f64, beta: f64, range: &Range) -> Result<(), String> {
    if enhancement(gamma_0, beta, range.high + OVERSHOOT * (range.high - range.low)) > 0.0 {
        return Ok(());
    }
    Err(format!("`gamma_0 = {gamma_0}` falls below 0 before `gap_max`; give a smaller `beta = {beta}`"))
}

/// `e^(-barrier/kt)`, electronvolts, made linear beyond [`FREE`].
pub(crate) fn hop(barrier: f64, kt: f64) -> f64 {
    exp_to(-barrier / kt, FREE)
}
