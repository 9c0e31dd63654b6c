//! A memristor on its own: its response to a voltage, by an implicit Runge-Kutta method that takes stiff models.
//!
//! ```
//! use memloom_ir::device::{Device, Vteam};
//! use memloom_sim::device::respond;
//! // 0.6 V for 10 ns drive MAGIC's VTEAM from LRS towards HRS.
//! let wave = [(0.0, 0.0), (1e-9, 0.6), (11e-9, 0.6), (12e-9, 0.0)];
//! let trace = respond(&Device::from(Vteam::MAGIC), &[0.0], &wave, 1e-9)?;
//! assert!((0.30..0.33).contains(&trace.states[3][0]));
//! # Ok::<(), memloom_sim::device::Error>(())
//! ```

pub mod program;

use differential_equations::error::Error as Halt;
use differential_equations::prelude::{IVP, ImplicitRungeKutta};
use memloom_ir::device::Device;

/// Most states that a model may have.
pub(crate) const MOST_STATES: usize = 3;

/// Why a response could not be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The drive or the start is not one that a device can have.
    #[error("{what}")]
    Input {
        /// What is wrong, and what to give.
        what: String,
    },
    /// The integration came to a halt.
    #[error(
        "`{model}` cannot be integrated beyond {time:e} s: {why}; check its parameters, or allow a larger tolerance"
    )]
    Stuck {
        /// The model.
        model: &'static str,
        /// Start of the stretch where, seconds.
        time: f64,
        /// What the integrator says.
        why: String,
    },
}

/// A device's response at the points of its drive.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// Time, seconds.
    pub time: Vec<f64>,
    /// Drive, volts.
    pub volts: Vec<f64>,
    /// Current, amperes.
    pub current: Vec<f64>,
    /// States, as `[point][state]`.
    pub states: Vec<Vec<f64>>,
}

impl Trace {
    fn push(&mut self, device: &Device, (time, volts): (f64, f64), state: &[f64]) {
        self.time.push(time);
        self.volts.push(volts);
        self.current.push(device.current(volts, state));
        self.states.push(state.to_vec());
    }
}

/// The response of `device`, from the states `start`, to straight lines between the points `(seconds, volts)` of `wave`,
/// with local errors of the states of at most `tolerance` (relative to 1.0 and to their size).
///
/// # Errors
/// [`Error::Input`] for a wave whose time does not rise or a start of the wrong length; [`Error::Stuck`].
pub fn respond(device: &Device, start: &[f64], wave: &[(f64, f64)], tolerance: f64) -> Result<Trace, Error> {
    check(device, start, wave)?;
    let mut trace = Trace::default();
    let mut state = start.to_vec();
    if let Some(first) = wave.first() {
        trace.push(device, *first, &state);
    }
    for pair in wave.windows(2) {
        let line = (pair[0], pair[1]);
        // The integrator wants arrays.
        state = match state.len() {
            1 => stretch::<1>(device, &state, line, tolerance)?,
            2 => stretch::<2>(device, &state, line, tolerance)?,
            _ => stretch::<3>(device, &state, line, tolerance)?,
        };
        trace.push(device, pair[1], &state);
    }
    Ok(trace)
}

/// The state after one straight line of the drive. Time runs from 0 to 1, so that picoseconds and minutes are alike.
fn stretch<const N: usize>(
    device: &Device,
    state: &[f64],
    ((t0, v0), (t1, v1)): ((f64, f64), (f64, f64)),
    tolerance: f64,
) -> Result<Vec<f64>, Error> {
    let span = t1 - t0;
    let mut start = [0.0; N];
    start.copy_from_slice(state);
    let slope = |part: f64, x: &[f64; N], dx: &mut [f64; N]| {
        device.rate(v0 + (v1 - v0) * part, x, dx);
        dx.iter_mut().for_each(|rate| *rate *= span);
    };
    let stuck = |why: String| Error::Stuck { model: device.spec().name, time: t0, why };
    let method = ImplicitRungeKutta::radau5().rtol(tolerance).atol(tolerance).h_min(1e-14).max_steps(100_000);
    let solution = IVP::ode_from_fn(slope, 0.0, 1.0, start).method(method).solve();
    let solution = solution.map_err(|halt| stuck(reason(&halt)))?;
    let last = solution.y.last().ok_or_else(|| stuck("it made no step".into()))?;
    // Steps add up to 1 but for rounding.
    let whole = solution.t.last().is_some_and(|t| *t > 1.0 - 1e-12) && last.iter().all(|x| x.is_finite());
    if whole { Ok(last.to_vec()) } else { Err(stuck("it stopped early".into())) }
}

fn reason<const N: usize>(halt: &Halt<f64, [f64; N]>) -> String {
    match halt {
        Halt::MaxSteps { .. } => "it takes too many steps".into(),
        Halt::StepSize { .. } => "its step becomes too small".into(),
        Halt::BadInput { msg } | Halt::LinearAlgebra { msg, .. } => msg.clone(),
        _ => "the method does not fit".into(),
    }
}

fn check(device: &Device, start: &[f64], wave: &[(f64, f64)]) -> Result<(), Error> {
    let (given, wanted) = (start.len(), device.spec().states.len());
    if given != wanted {
        let what =
            format!("`{}` has {wanted} states, not {given}; give a start for each", device.spec().name);
        return Err(Error::Input { what });
    }
    if wanted > MOST_STATES {
        let what = format!(
            "`{}` has {wanted} states; models of up to {MOST_STATES} are integrated",
            device.spec().name
        );
        return Err(Error::Input { what });
    }
    let finite =
        wave.iter().all(|(t, v)| t.is_finite() && v.is_finite()) && start.iter().all(|x| x.is_finite());
    let rises = wave.windows(2).all(|pair| pair[0].0 < pair[1].0);
    if finite && rises {
        return Ok(());
    }
    Err(Error::Input {
        what: "the drive's times do not rise; give finite numbers, each time after the one before".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::device::Vteam;

    #[test]
    fn a_constant_drive_moves_vteam_by_its_rate() {
        let device = Device::from(Vteam::MAGIC);
        let trace = respond(&device, &[0.2], &[(0.0, 0.6), (1e-8, 0.6)], 1e-10).unwrap();
        let wanted = 0.2 + 0.091 / 3e-9 * 1e-8;
        assert!((trace.states[1][0] - wanted).abs() < 1e-9, "{:?}", trace.states);
        assert_eq!(trace.current[0], 0.6 / (1e3 + 2.99e5 * 0.2));
    }

    #[test]
    fn what_is_no_drive_is_an_error() {
        let device = Device::from(Vteam::MAGIC);
        for (start, wave) in [
            (&[0.5, 0.5][..], &[(0.0, 0.0), (1.0, 1.0)][..]),
            (&[0.5], &[(0.0, 0.0), (0.0, 1.0)]),
            (&[0.5], &[(0.0, 0.0), (1.0, f64::NAN)]),
        ] {
            assert!(matches!(respond(&device, start, wave, 1e-9), Err(Error::Input { .. })));
        }
        assert_eq!(respond(&device, &[0.5], &[], 1e-9).unwrap(), Trace::default());
    }
}
