//! Programming: pulses of rising amplitude, a read after each, until the conductance is within a tolerance of its target
//! (incremental step pulse programming with write-verify); trains of pulses without verify; what reading disturbs.
//!
//! ```
//! use memloom_ir::device::{Device, Vteam};
//! use memloom_sim::device::program::{Schedule, program, read_disturb};
//! let device = Device::from(Vteam::MAGIC);
//! let start = device.state_for(20e-6, 0.1)?;
//! let schedule = Schedule { tolerance: 0.005, ..Schedule::of(&device, 50e-6, 0.1)? };
//! let done = program(&device, &start, &schedule)?;
//! assert!((done.conductance / 50e-6 - 1.0).abs() < 0.005);
//! // A tenth of a volt is below VTEAM's thresholds.
//! assert_eq!(read_disturb(&device, &done.state, schedule.timing, 1_000_000)?, 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bench;
mod schedule;

pub use bench::{Programmed, Pulse};
pub use schedule::{Schedule, Staircase, Timing};

use super::Error as Halt;
use bench::{Bench, follow};
use memloom_ir::device::{Device, Error as DeviceError};
use schedule::{Stair, check_pulse};

/// Why a device was not programmed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The target is out of the device's reach.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The pulses cannot be integrated.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// The schedule is not one that a programmer can follow.
    #[error("{what}")]
    Schedule {
        /// What is wrong, and what to give.
        what: String,
    },
    /// The target was not met, for reads move the state.
    #[error(
        "`{model}` was not programmed, for reading disturbs it: a read of {width:e} s at {v_read} V changes its conductance by \
         {:.3} %; {cure}", 100.0 * .change
    )]
    Disturbed {
        /// The model.
        model: &'static str,
        /// Voltage of a read, volts.
        v_read: f64,
        /// Length of a read, seconds.
        width: f64,
        /// Relative change of conductance by one read.
        change: f64,
        /// What would do.
        cure: String,
    },
    /// The target was not met.
    #[error(
        "after {pulses} pulses `{model}` is at {given:.4e} S, {:.3} % from {wanted:.4e} S; allow more pulses, a larger \
         tolerance, or choose other amplitudes or widths", 100.0 * (.given / .wanted - 1.0)
    )]
    Missed {
        /// The model.
        model: &'static str,
        /// Pulses given.
        pulses: usize,
        /// Conductance after the last, siemens.
        given: f64,
        /// Target, siemens.
        wanted: f64,
    },
}

/// Programs `device` from the states `start`. After an overshoot the amplitudes of that polarity are taken back by four steps,
/// and their step is halved, four times at most, so that pulses of alternating sign close in.
///
/// # Errors
/// [`Error::Missed`] when [`Schedule::most`] pulses do not do; those of a wrong schedule and of integration.
pub fn program(device: &Device, start: &[f64], schedule: &Schedule) -> Result<Programmed, Error> {
    schedule.check(device)?;
    let mut bench = Bench::new(device, start, schedule.timing)?;
    let mut read = bench.done.before;
    let mut stairs = [Stair::new(schedule.raise), Stair::new(schedule.lower)];
    let mut last: Option<usize> = None;
    for _ in 0..schedule.most {
        if (read / schedule.target - 1.0).abs() <= schedule.tolerance {
            break;
        }
        let way = usize::from(read > schedule.target);
        if let Some(before) = last.filter(|before| *before != way) {
            stairs[before].retreat();
        }
        let volts = stairs[way].climb();
        read = bench.pulse(volts)?;
        last = Some(way);
    }
    if (read / schedule.target - 1.0).abs() <= schedule.tolerance {
        return Ok(bench.done);
    }
    disturbed(device, &device.state_for(schedule.target, schedule.timing.v_read)?, schedule)?;
    let pulses = bench.done.pulses.len();
    Err(Error::Missed { model: device.spec().name, pulses, given: read, wanted: schedule.target })
}

/// Part of a tolerance that a read may change.
const UNNOTICED: f64 = 0.1;
/// Halvings of a read's voltage, and tenths of its width, until it is given up.
const HALVINGS: i32 = 10;

/// # Errors
/// [`Error::Disturbed`] if a read in the wanted state `state` changes the conductance by a good part of the tolerance.
fn disturbed(device: &Device, state: &[f64], schedule: &Schedule) -> Result<(), Error> {
    let (timing, most) = (schedule.timing, UNNOTICED * schedule.tolerance);
    let change = |timing| read_disturb(device, state, timing, 1);
    let now = change(timing)?;
    if now.abs() <= most {
        return Ok(());
    }
    let quiet = |timing: &Timing| change(*timing).is_ok_and(|change| change.abs() <= most);
    let lower = (1..=HALVINGS).map(|k| Timing { v_read: timing.v_read * 0.5f64.powi(k), ..timing });
    let shorter = (1..=HALVINGS).map(|k| Timing { width: timing.width * 0.1f64.powi(k), ..timing });
    let lower = lower.into_iter().find(quiet).map(|timing| format!("read at {:.3} V or less", timing.v_read));
    let shorter = shorter.into_iter().find(quiet);
    let shorter = shorter.map(|timing| format!("read and pulse for {:.1e} s or less", timing.width));
    let cures: Vec<_> = [lower, shorter].into_iter().flatten().collect();
    let cure = match cures.as_slice() {
        [] => "take a model, or a set of it, that can be read".into(),
        cures => cures.join(", or "),
    };
    let (model, Timing { v_read, width, .. }) = (device.spec().name, timing);
    Err(Error::Disturbed { model, v_read, width, change: now, cure })
}

/// Gives `device` pulses of the amplitudes `volts`, from the states `start`, with a read after each: what a train of equal
/// pulses does to the conductance.
///
/// ```
/// # use memloom_ir::device::{Device, Vteam};
/// # use memloom_sim::device::program::{Timing, train};
/// let device = Device::from(Vteam::MAGIC);
/// let done = train(&device, &[0.0], Timing::of(&device, 0.1), &[0.45; 5])?;
/// assert!(done.pulses.is_sorted_by(|a, b| a.conductance > b.conductance), "each pulse leads away from LRS");
/// # Ok::<(), memloom_sim::device::program::Error>(())
/// ```
///
/// # Errors
/// [`Error::Schedule`] for an amplitude or a timing that cannot be; [`Error::Halt`].
pub fn train(device: &Device, start: &[f64], timing: Timing, volts: &[f64]) -> Result<Programmed, Error> {
    timing.check()?;
    volts.iter().try_for_each(|v| check_pulse(*v))?;
    let mut bench = Bench::new(device, start, timing)?;
    volts.iter().try_for_each(|v| bench.pulse(*v).map(drop))?;
    Ok(bench.done)
}

/// Conductances that `device`, from the states `start`, has at the reads of another device's pulses `done`: programming
/// without verify.
///
/// # Errors
/// [`Error::Halt`].
pub fn replay(device: &Device, start: &[f64], done: &Programmed, v_read: f64) -> Result<Vec<f64>, Error> {
    let trace = follow(device, start, &done.wave)?;
    let points = done.wave.iter().zip(&trace.current);
    // Both are in the order of time.
    let mut reads = done.reads.iter().peekable();
    let read = points.filter(|(point, _)| reads.next_if(|at| **at == point.0).is_some());
    Ok(read.map(|(_, current)| current / v_read).collect())
}

/// Relative change of conductance by `count` reads: the device is held at the voltage of a read for as long as they take
/// together.
///
/// # Errors
/// [`Error::Halt`].
pub fn read_disturb(device: &Device, state: &[f64], timing: Timing, count: u64) -> Result<f64, Error> {
    let Timing { v_read, width, .. } = timing;
    let before = device.conductance(v_read, state);
    let held = follow(device, state, &[(0.0, v_read), (width * count as f64, v_read)])?;
    Ok(held.states.last().map_or(0.0, |after| device.conductance(v_read, after) / before - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vteam() -> Device {
        Device::named("vteam", None, &[]).unwrap()
    }

    #[test]
    fn targets_are_met_from_both_sides_and_read_back() {
        for name in ["vteam", "yakopcic"] {
            let device = Device::named(name, None, &[]).unwrap();
            let v_read = 0.1;
            let (low, high) = device.reach(v_read);
            let low = low.max(1e-3 * high);
            let at = |part: f64| low * (high / low).powf(part);
            for (from, to) in [(0.9, 0.5), (0.2, 0.5), (0.5, 0.8)] {
                let start = device.state_for(at(from), v_read).unwrap();
                let schedule = Schedule::of(&device, at(to), v_read).unwrap();
                let done = program(&device, &start, &schedule).unwrap_or_else(|e| panic!("{name}: {e}"));
                let held = device.conductance(v_read, &done.state);
                assert!((held / at(to) - 1.0).abs() <= 0.01, "{name}: {held} for {}", at(to));
                assert_eq!(done.reads.len(), done.pulses.len() + 1);
                let first = done.pulses[0].volts;
                assert_eq!(first > 0.0, (from < to) == (schedule.raise.last > 0.0));
                // The whole wave gives the same state as pulse by pulse.
                let again = follow(&device, &start, &done.wave).unwrap();
                assert_eq!(again.states.last().unwrap(), &done.state);
            }
        }
    }

    #[test]
    fn what_cannot_be_is_an_error() {
        let device = vteam();
        let good = Schedule::of(&device, 1e-4, 0.2).unwrap();
        let start = device.initial();
        let text = |schedule: Schedule| program(&device, &start, &schedule).unwrap_err().to_string();
        assert!(text(Schedule { most: 3, ..good }).contains("after 3 pulses"));
        assert!(text(Schedule { target: 1.0, ..good }).contains("no state of 1e0 S"));
        assert!(
            text(Schedule { timing: Timing { v_read: 0.0, ..good.timing }, ..good })
                .contains("read at `0` V")
        );
        assert!(Schedule::of(&device, 1e-4, f64::NAN).unwrap_err().to_string().contains("read at `NaN` V"));
        assert!(
            text(Schedule { timing: Timing { width: 0.0, ..good.timing }, ..good }).contains("width `0`")
        );
        assert!(text(Schedule { lower: good.raise, ..good }).contains("same sign"));
        let steep = Staircase { last: 11.0 * good.raise.last.signum(), ..good.raise };
        assert!(text(Schedule { raise: steep, ..good }).contains("within 10 V"));
        // Too weak to move anything.
        let weak = Staircase { last: good.lower.first, ..good.lower };
        assert!(text(Schedule { lower: weak, ..good }).contains("from"));
    }

    /// MemTorch's set moves from 20 mV on: a read at 0.1 V undoes what the pulses did.
    #[test]
    fn a_read_that_disturbs_is_named_with_what_would_do() {
        let device = Device::named("vteam", Some("memtorch"), &[]).unwrap();
        let start = device.state_for(15e-3, 0.1).unwrap();
        let schedule = Schedule::of(&device, 5e-3, 0.1).unwrap();
        let error = program(&device, &start, &schedule).unwrap_err();
        let Error::Disturbed { v_read, change, .. } = &error else { panic!("{error}") };
        assert!(*v_read == 0.1 && change.abs() > 1e-3, "{error}");
        let text = error.to_string();
        assert!(
            text.contains("a read of") && text.contains("read at 0.0") && text.contains(" V or less"),
            "{text}"
        );
        let better = Schedule::of(&device, 5e-3, 0.0125).unwrap();
        let done = program(&device, &start, &better).unwrap_or_else(|e| panic!("{e}"));
        assert!((done.conductance / 5e-3 - 1.0).abs() <= better.tolerance);
    }

    #[test]
    fn a_train_moves_the_state_pulse_by_pulse() {
        let device = vteam();
        let timing = Timing { v_read: 0.1, width: 1e-9, edge: 1e-15 };
        let done = train(&device, &[0.2], timing, &[0.6, 0.6, 0.6]).unwrap();
        // 0.6 V is twice the threshold: the state moves by `k_off/d` for a nanosecond, three times.
        for (n, pulse) in done.pulses.iter().enumerate() {
            let x = 0.2 + (n + 1) as f64 * 0.091 / 3e-9 * 1e-9;
            let wanted = 1.0 / (1e3 + 2.99e5 * x);
            assert!((pulse.conductance / wanted - 1.0).abs() < 1e-5, "{pulse:?} for {wanted:e}");
        }
        assert_eq!(done.conductance, done.pulses[2].conductance);
        assert!(train(&device, &[0.2], timing, &[0.6, 11.0]).unwrap_err().to_string().contains("`11` V"));
        let none = train(&device, &[0.2], timing, &[]).unwrap();
        assert_eq!((none.pulses.len(), none.conductance), (0, none.before));
    }

    #[test]
    fn reads_below_a_threshold_disturb_nothing() {
        let device = vteam();
        let state = device.state_for(1e-4, 0.2).unwrap();
        let reads = |v_read, width| Timing { v_read, width, edge: width };
        assert_eq!(read_disturb(&device, &state, reads(0.2, 1e-6), 1_000_000).unwrap(), 0.0);
        // Above it the state moves by its rate: MAGIC's towards HRS.
        assert!(read_disturb(&device, &state, reads(0.4, 1e-9), 100).unwrap() < -0.01);
        let drift = Device::named("hp", None, &[]).unwrap();
        let (low, high) = drift.reach(0.1);
        let state = drift.state_for((low * high).sqrt(), 0.1).unwrap();
        assert!(
            read_disturb(&drift, &state, reads(0.1, 1e-3), 10).unwrap() > 0.0,
            "without a threshold it drifts"
        );
    }
}
