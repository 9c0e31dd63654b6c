//! Programming: pulses of rising amplitude, a read after each, until the conductance is within a tolerance of its target
//! (incremental step pulse programming with write-verify).

use super::{Error as Halt, Trace, respond};
use memloom::device::{Device, Error as DeviceError, V_MAX};

/// Local error of the states while pulses are integrated; the looser ones where a model's own iterations are rougher.
const EXACT: [f64; 3] = [1e-10, 1e-8, 1e-6];
/// Steps by which amplitudes are taken back after an overshoot, which also halves the steps.
const BACK: f64 = 4.0;
/// How often a step is halved at most: a device that switches at once is at the same amplitude again and again otherwise.
const HALVINGS: i32 = 4;

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

/// How a device is programmed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Wanted conductance at `v_read`, siemens.
    pub target: f64,
    /// Largest relative error of it.
    pub tolerance: f64,
    /// Voltage of a read, volts.
    pub v_read: f64,
    /// Pulses that raise the conductance.
    pub raise: Staircase,
    /// Pulses that lower it.
    pub lower: Staircase,
    /// Length of a pulse, and of a read, seconds.
    pub width: f64,
    /// Length of an edge, seconds. A pause as long as a pulse follows each pulse and each read.
    pub edge: f64,
    /// Most pulses.
    pub most: usize,
}

/// A write pulse and what was read after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// Amplitude, volts.
    pub volts: f64,
    /// Conductance read after it, siemens.
    pub conductance: f64,
}

/// A device programmed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Programmed {
    /// Conductance read before the first pulse, siemens.
    pub before: f64,
    /// The pulses in order.
    pub pulses: Vec<Pulse>,
    /// Conductance read last, siemens.
    pub conductance: f64,
    /// The states at the end.
    pub state: Vec<f64>,
    /// Voltage of all pulses and reads, `(seconds, volts)`, straight between.
    pub wave: Vec<(f64, f64)>,
    /// Time of each read, seconds: the end of the read's flat part, one before the first pulse and one after each.
    pub reads: Vec<f64>,
}

impl Schedule {
    /// A schedule that suits `device`: 64 steps to the amplitudes of its sweep, beginning at a tenth of them; pulses of an
    /// eighth of the sweep's period, edges of a tenth of that; 1 % tolerance, 500 pulses.
    ///
    /// # Errors
    /// [`Error::Device`] for a target out of reach; [`Error::Schedule`] for a device that no voltage of its sweep moves both
    /// ways.
    pub fn of(device: &Device, target: f64, v_read: f64) -> Result<Self, Error> {
        check_read(v_read)?;
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
        let width = sweep.period / 8.0;
        Ok(Self {
            target,
            tolerance: 0.01,
            v_read,
            raise: staircase(raise),
            lower: staircase(lower),
            width,
            edge: 0.1 * width,
            most: 500,
        })
    }

    fn check(&self, device: &Device) -> Result<(), Error> {
        check_read(self.v_read)?;
        let fail = |what: String| Err(Error::Schedule { what });
        let times = [("width", self.width), ("edge", self.edge), ("tolerance", self.tolerance)];
        for (name, value) in times {
            if !(value.is_finite() && value > 0.0) {
                return fail(format!("the {name} `{value}` is not above 0; give a positive one"));
            }
        }
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
        device.state_for(self.target, self.v_read)?;
        Ok(())
    }
}

fn check_read(v_read: f64) -> Result<(), Error> {
    if v_read != 0.0 && v_read.abs() <= V_MAX {
        return Ok(());
    }
    let what = format!("a read at `{v_read}` V tells nothing; give a voltage other than 0, within {V_MAX} V");
    Err(Error::Schedule { what })
}

/// Programs `device` from the states `start`. After an overshoot the amplitudes of that polarity are taken back by four steps,
/// and their step is halved, four times at most, so that pulses of alternating sign close in.
///
/// # Errors
/// [`Error::Missed`] when [`Schedule::most`] pulses do not do; those of a wrong schedule and of integration.
pub fn program(device: &Device, start: &[f64], schedule: &Schedule) -> Result<Programmed, Error> {
    schedule.check(device)?;
    let mut bench =
        Bench { device, schedule, done: Programmed { state: start.to_vec(), ..Default::default() } };
    bench.done.wave.push((0.0, 0.0));
    let mut read = bench.read()?;
    bench.done.before = read;
    let mut stairs = [Stair::new(schedule.raise), Stair::new(schedule.lower)];
    let mut last = None;
    for _ in 0..schedule.most {
        if (read / schedule.target - 1.0).abs() <= schedule.tolerance {
            break;
        }
        let way = usize::from(read > schedule.target);
        if let Some(before) = last.filter(|before| *before != way) {
            let stair: &mut Stair = &mut stairs[before];
            stair.retreat();
        }
        let volts = stairs[way].climb();
        bench.hold(volts)?;
        read = bench.read()?;
        bench.done.pulses.push(Pulse { volts, conductance: read });
        last = Some(way);
    }
    bench.done.conductance = read;
    if (read / schedule.target - 1.0).abs() <= schedule.tolerance {
        return Ok(bench.done);
    }
    let pulses = bench.done.pulses.len();
    Err(Error::Missed { model: device.spec().name, pulses, given: read, wanted: schedule.target })
}

/// Conductances that `device`, from the states `start`, has at the reads of another device's pulses `done`: programming
/// without verify.
///
/// # Errors
/// [`Error::Halt`].
pub fn replay(
    device: &Device,
    start: &[f64],
    done: &Programmed,
    schedule: &Schedule,
) -> Result<Vec<f64>, Error> {
    let trace = follow(device, start, &done.wave)?;
    let points = done.wave.iter().zip(&trace.current);
    // Both are in the order of time.
    let mut reads = done.reads.iter().peekable();
    let read = points.filter(|(point, _)| reads.next_if(|at| **at == point.0).is_some());
    Ok(read.map(|(_, current)| current / schedule.v_read).collect())
}

/// Relative change of conductance by `count` reads of `width` seconds at `v_read`: the device is held there for as long as
/// they take together.
///
/// # Errors
/// [`Error::Halt`].
pub fn read_disturb(
    device: &Device,
    state: &[f64],
    v_read: f64,
    width: f64,
    count: u64,
) -> Result<f64, Error> {
    let before = device.conductance(v_read, state);
    let held = follow(device, state, &[(0.0, v_read), (width * count as f64, v_read)])?;
    Ok(held.states.last().map_or(0.0, |after| device.conductance(v_read, after) / before - 1.0))
}

/// The response as exactly as it can be had.
fn follow(device: &Device, start: &[f64], wave: &[(f64, f64)]) -> Result<Trace, Halt> {
    let [first, others @ ..] = EXACT;
    let first = respond(device, start, wave, first);
    others.into_iter().fold(first, |done, error| match done {
        Err(Halt::Stuck { .. }) => respond(device, start, wave, error),
        done => done,
    })
}

/// The amplitude of one polarity.
struct Stair {
    range: Staircase,
    level: f64,
    step: f64,
}

impl Stair {
    fn new(range: Staircase) -> Self {
        Self { range, level: range.first.abs(), step: range.step }
    }

    /// The next amplitude, with its sign.
    fn climb(&mut self) -> f64 {
        let volts = self.level;
        self.level = (self.level + self.step).min(self.range.last.abs());
        volts * self.range.last.signum()
    }

    fn retreat(&mut self) {
        self.level = (self.level - BACK * self.step).max(self.range.first.abs());
        self.step = (0.5 * self.step).max(self.range.step * 0.5f64.powi(HALVINGS));
    }
}

struct Bench<'a> {
    device: &'a Device,
    schedule: &'a Schedule,
    done: Programmed,
}

impl Bench<'_> {
    /// A pulse of `volts` and a pause; the conductance at its end, siemens.
    fn hold(&mut self, volts: f64) -> Result<f64, Error> {
        let Schedule { width, edge, .. } = *self.schedule;
        let from = self.done.wave.last().map_or(0.0, |point| point.0);
        let level = |after: f64, volts: f64| (from + after, volts);
        let points =
            [level(0.0, 0.0), level(edge, volts), level(edge + width, volts), level(2.0 * edge + width, 0.0)];
        let pause = level(2.0 * edge + 2.0 * width, 0.0);
        let wave = [points[0], points[1], points[2], points[3], pause];
        let trace = follow(self.device, &self.done.state, &wave)?;
        self.done.wave.extend(&wave[1..]);
        self.done.state.clone_from(&trace.states[4]);
        Ok(trace.current[2] / volts)
    }

    fn read(&mut self) -> Result<f64, Error> {
        let read = self.hold(self.schedule.v_read)?;
        let end = self.done.wave[self.done.wave.len() - 3].0;
        self.done.reads.push(end);
        Ok(read)
    }
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
        assert!(text(Schedule { v_read: 0.0, ..good }).contains("read at `0` V"));
        assert!(Schedule::of(&device, 1e-4, f64::NAN).unwrap_err().to_string().contains("read at `NaN` V"));
        assert!(text(Schedule { width: 0.0, ..good }).contains("width `0`"));
        assert!(text(Schedule { lower: good.raise, ..good }).contains("same sign"));
        let steep = Staircase { last: 11.0 * good.raise.last.signum(), ..good.raise };
        assert!(text(Schedule { raise: steep, ..good }).contains("within 10 V"));
        // Too weak to move anything.
        let weak = Staircase { last: good.lower.first, ..good.lower };
        assert!(text(Schedule { lower: weak, ..good }).contains("from"));
    }

    #[test]
    fn reads_below_a_threshold_disturb_nothing() {
        let device = vteam();
        let state = device.state_for(1e-4, 0.2).unwrap();
        assert_eq!(read_disturb(&device, &state, 0.2, 1e-6, 1_000_000).unwrap(), 0.0);
        // Above it the state moves by its rate: MAGIC's towards HRS.
        assert!(read_disturb(&device, &state, 0.4, 1e-9, 100).unwrap() < -0.01);
        let drift = Device::named("hp", None, &[]).unwrap();
        let (low, high) = drift.reach(0.1);
        let state = drift.state_for((low * high).sqrt(), 0.1).unwrap();
        assert!(read_disturb(&drift, &state, 0.1, 1e-3, 10).unwrap() > 0.0, "without a threshold it drifts");
    }
}
