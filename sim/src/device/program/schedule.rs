//! How a device is programmed: the shape of pulses, and the staircase of their amplitudes.

use super::Error;
use memloom_ir::device::{Device, V_MAX};

/// Steps by which amplitudes are taken back after an overshoot, which also halves the steps.
const BACK: f64 = 4.0;
/// How often a step is halved at most: a device that switches at once is at the same amplitude again and again otherwise.
const HALVINGS: i32 = 4;

/// Amplitudes of pulses of one polarity, volts with their sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Staircase {
    /// Of the first pulse, and the smallest there is.
    pub first: f64,
    /// Of the strongest.
    pub last: f64,
    /// From one pulse to the next, > 0.
    pub step: f64,
}

/// The shape of pulses and reads. A pause as long as a pulse follows each of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Voltage of a read, volts.
    pub v_read: f64,
    /// Length of a pulse, and of a read, seconds.
    pub width: f64,
    /// Length of an edge, seconds.
    pub edge: f64,
}

/// How a device is programmed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Wanted conductance at `v_read`, siemens.
    pub target: f64,
    /// Largest relative error of it.
    pub tolerance: f64,
    /// Pulses and reads.
    pub timing: Timing,
    /// Pulses that raise the conductance.
    pub raise: Staircase,
    /// Pulses that lower it.
    pub lower: Staircase,
    /// Most pulses.
    pub most: usize,
}

impl Schedule {
    /// A schedule that suits `device`: 64 steps to the amplitudes of its sweep, beginning at a tenth of them; pulses of an
    /// eighth of the sweep's period, edges of a tenth of that; 1 % tolerance, 500 pulses.
    ///
    /// # Errors
    /// [`Error::Device`] for a target out of reach; [`Error::Schedule`] for a device that no voltage of its sweep moves both
    /// ways.
    pub fn of(device: &Device, target: f64, v_read: f64) -> Result<Self, Error> {
        let timing = Timing::of(device, v_read);
        timing.check()?;
        let state = device.state_for(target, v_read)?;
        let sweep = device.sweep();
        let (low, high) = device.bounds()[0];
        let range = if low.is_finite() && high.is_finite() { high - low } else { 10.0 };
        // Which way a state leads to more current, and which way voltages move it.
        let small = 1e-4 * range;
        let beside = |by: f64| {
            let mut x = state.clone();
            x[0] = (x[0] + by).clamp(low, high);
            device.conductance(v_read, &x)
        };
        let rises = beside(small) - beside(-small);
        let moves = |v: f64| {
            let mut dx = vec![0.0; state.len()];
            // From the middle: at an end one way is closed.
            let mut x = state.clone();
            x[0] = if low.is_finite() && high.is_finite() { 0.5 * (low + high) } else { 0.0 };
            device.rate(v, &x, &mut dx);
            dx[0]
        };
        let (up, down) = (moves(sweep.up), moves(sweep.down));
        if !(up * down < 0.0 && rises != 0.0) {
            let what = format!(
                "{} V and {} V do not move `{}` in opposite ways; give amplitudes that do",
                sweep.up,
                sweep.down,
                device.spec().name
            );
            return Err(Error::Schedule { what });
        }
        let staircase = |last: f64| Staircase { first: 0.1 * last, last, step: 0.9 * last.abs() / 64.0 };
        let (raise, lower) = if up * rises > 0.0 { (sweep.up, sweep.down) } else { (sweep.down, sweep.up) };
        Ok(Self {
            target,
            tolerance: 0.01,
            timing,
            raise: staircase(raise),
            lower: staircase(lower),
            most: 500,
        })
    }

    pub(super) fn check(&self, device: &Device) -> Result<(), Error> {
        self.timing.check()?;
        let fail = |what: String| Err(Error::Schedule { what });
        positive("tolerance", self.tolerance)?;
        for (name, Staircase { first, last, step }) in [("raise", self.raise), ("lower", self.lower)] {
            let rises = first * last > 0.0 && first.abs() <= last.abs() && last.abs() <= V_MAX;
            if !(rises && step.is_finite() && step > 0.0) {
                return fail(format!(
                    "pulses that {name} go from {first} V to {last} V by {step} V; give two voltages of one sign, the \
                     second not smaller and within {V_MAX} V, and a step above 0"
                ));
            }
        }
        if self.raise.last * self.lower.last > 0.0 {
            return fail(
                "pulses that raise and that lower have the same sign; give them opposite ones".into(),
            );
        }
        device.state_for(self.target, self.timing.v_read)?;
        Ok(())
    }
}

impl Timing {
    /// What suits `device`: pulses of an eighth of its sweep's period, edges of a tenth of that.
    pub fn of(device: &Device, v_read: f64) -> Self {
        let width = device.sweep().period / 8.0;
        Self { v_read, width, edge: 0.1 * width }
    }

    /// Whether a programmer can follow it.
    ///
    /// # Errors
    /// [`Error::Schedule`].
    pub fn check(&self) -> Result<(), Error> {
        let Self { v_read, width, edge } = *self;
        if !drives(v_read) {
            let what = format!(
                "a read at `{v_read}` V tells nothing; give a voltage other than 0, within {V_MAX} V"
            );
            return Err(Error::Schedule { what });
        }
        positive("width", width)?;
        positive("edge", edge)
    }
}

/// Whether a voltage is one that a device is driven by.
fn drives(volts: f64) -> bool {
    volts != 0.0 && volts.abs() <= V_MAX
}

pub(super) fn check_pulse(volts: f64) -> Result<(), Error> {
    if drives(volts) {
        return Ok(());
    }
    let what = format!("a pulse of `{volts}` V is none; give amplitudes other than 0, within {V_MAX} V");
    Err(Error::Schedule { what })
}

fn positive(name: &str, value: f64) -> Result<(), Error> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(Error::Schedule { what: format!("the {name} `{value}` is not above 0; give a positive one") })
}

/// The amplitude of one polarity.
pub(super) struct Stair {
    range: Staircase,
    level: f64,
    step: f64,
}

impl Stair {
    pub(super) fn new(range: Staircase) -> Self {
        Self { range, level: range.first.abs(), step: range.step }
    }

    /// The next amplitude, with its sign.
    pub(super) fn climb(&mut self) -> f64 {
        let volts = self.level;
        self.level = (self.level + self.step).min(self.range.last.abs());
        volts * self.range.last.signum()
    }

    pub(super) fn retreat(&mut self) {
        self.level = (self.level - BACK * self.step).max(self.range.first.abs());
        self.step = (0.5 * self.step).max(self.range.step * 0.5f64.powi(HALVINGS));
    }
}
