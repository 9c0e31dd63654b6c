//! From target conductances to those of one chip.

use super::Chip;
use super::draw::{Draws, Kind};
use super::repair::repair;
use super::spec::{Faults, Levels, NonIdealities, ProgrammingError};
use memloom_ir::device::Error;
use memloom_ir::{ABSENT, Cell, Crossbar};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

/// What happens to the cells of one crossbar.
pub(super) struct Maker<'a> {
    chip: &'a Chip,
    spec: &'a NonIdealities,
    path: &'a str,
    cell: &'a Cell,
    faults: Draws,
    programming: Draws,
    drift: Draws,
}

/// The crossbar `target` at `path` as made on the chip.
pub(super) fn make(chip: &Chip, path: &str, target: &Crossbar, cell: &Cell) -> Result<Crossbar, Error> {
    let spec = &chip.spec;
    let mut maker = Maker::new(chip, path, cell);
    let absent = if spec.fill_absent { cell.g_min as f32 } else { ABSENT };
    let mut targets: Vec<_> =
        target.conductance().iter().map(|g| if *g == ABSENT { absent } else { *g }).collect();
    let stuck = maker.stuck(targets.len());
    if spec.repair {
        repair(&mut targets, target, cell, &stuck);
    }
    let cells = targets.into_iter().enumerate();
    let trimmed = chip.trimmed.of(path);
    let made = cells.map(|(at, g)| match trimmed.and_then(|cells| cells.get(&at)) {
        Some(g) => Ok(maker.aged(at, f64::from(*g))),
        None => maker.cell(at, g, stuck.get(at).copied().flatten()),
    });
    Ok(target.holding(made.collect::<Result<_, _>>()?))
}

/// Whether cells are other than their targets.
pub(super) fn changes(spec: &NonIdealities) -> bool {
    let NonIdealities { levels, devices, programming_error, faults, drift, temperature, fill_absent, .. } =
        spec;
    let made =
        levels.is_some() || devices.is_some() || programming_error.is_some() || *faults != Faults::default();
    made || drift.is_some() || temperature.is_some() || *fill_absent
}

impl<'a> Maker<'a> {
    pub(super) fn new(chip: &'a Chip, path: &'a str, cell: &'a Cell) -> Self {
        let draws = |kind| Draws::new(chip.spec.seed, kind, path);
        let (faults, programming, drift) = (draws(Kind::Fault), draws(Kind::Programming), draws(Kind::Drift));
        Self { chip, spec: &chip.spec, path, cell, faults, programming, drift }
    }
}

impl Maker<'_> {
    fn cell(&mut self, at: usize, target: f32, stuck: Option<f32>) -> Result<f32, Error> {
        let g = match stuck {
            _ if target == ABSENT => return Ok(ABSENT),
            Some(ABSENT) => return Ok(ABSENT),
            Some(stuck) => f64::from(stuck),
            None => {
                let programmed = self.program(at, f64::from(target))?;
                return Ok(self.aged(at, programmed));
            }
        };
        Ok(self.warm(g).max(0.0) as f32)
    }

    /// What has become of a cell that was programmed to `g`.
    fn aged(&mut self, at: usize, g: f64) -> f32 {
        let drifted = self.drift(at, g);
        self.warm(drifted).max(0.0) as f32
    }

    /// The conductance at which each of the cross-points' cells would be stuck, [`ABSENT`] for an open one; nothing at all if
    /// there are no faults.
    fn stuck(&mut self, cross_points: usize) -> Vec<Option<f32>> {
        if self.spec.faults == Faults::default() {
            return Vec::new();
        }
        (0..cross_points).map(|cell| self.fault(cell)).collect()
    }

    /// The conductance at which a cell is stuck, if it is.
    pub(super) fn fault(&mut self, cell: usize) -> Option<f32> {
        let Faults { stuck_at_g_min, stuck_at_g_max, open } = self.spec.faults;
        let ends = [stuck_at_g_min, stuck_at_g_min + stuck_at_g_max, stuck_at_g_min + stuck_at_g_max + open];
        let at = [self.cell.g_min as f32, self.cell.g_max as f32, ABSENT];
        if ends[2] == 0.0 {
            return None;
        }
        let draw: f64 = self.faults.cell(cell).random();
        ends.iter().position(|end| draw < *end).map(|fault| at[fault])
    }

    fn program(&mut self, at: usize, target: f64) -> Result<f64, Error> {
        if self.spec.programming_error.is_none() {
            return self.programmed(at, target, 0.0);
        }
        let normal: f64 = StandardNormal.sample(self.programming.cell(at));
        self.programmed(at, target, normal)
    }

    /// The conductance that comes of `target`, with an error of so many deviations.
    pub(super) fn programmed(&self, at: usize, target: f64, normal: f64) -> Result<f64, Error> {
        let target = self.spec.levels.as_ref().map_or(target, |levels| nearest(levels, self.cell, target));
        let target = self.of_its_own(at, target)?;
        let Some(error) = &self.spec.programming_error else { return Ok(target) };
        Ok((target + normal * deviation(error, target)).max(0.0))
    }

    /// What the device of this place conducts in the state in which the declared one has `target`.
    fn of_its_own(&self, at: usize, target: f64) -> Result<f64, Error> {
        if self.spec.devices.is_none() {
            return Ok(target);
        }
        let (device, v_read) = (self.chip.device(self.path, self.cell, at)?, self.cell.v_read);
        let state = self.cell.device.state_for(target, v_read)?;
        Ok(device.conductance(v_read, &device.within(&state)))
    }

    fn drift(&mut self, at: usize, g: f64) -> f64 {
        let Some(drift) = self.spec.drift else { return g };
        let normal: f64 = StandardNormal.sample(self.drift.cell(at));
        g * (drift.time / drift.t0).powf(-(drift.nu + drift.nu_sigma * normal))
    }

    /// A cell at its temperature, as the column's feedback shows it.
    fn warm(&self, g: f64) -> f64 {
        g * self.spec.temperature.map_or(1.0, |t| t.change(t.coefficient)) * self.spec.tracked()
    }
}

/// The level nearest to `g`.
fn nearest(levels: &Levels, cell: &Cell, g: f64) -> f64 {
    match levels {
        Levels::Uniform { count } => {
            let step = (cell.g_max - cell.g_min) / f64::from(count - 1);
            let level = ((g - cell.g_min) / step).round().clamp(0.0, f64::from(count - 1));
            cell.g_min + level * step
        }
        Levels::List { siemens } => {
            let above = siemens.partition_point(|level| *level < g).min(siemens.len() - 1);
            let below = above.saturating_sub(1);
            if (g - siemens[below]).abs() <= (siemens[above] - g).abs() {
                siemens[below]
            } else {
                siemens[above]
            }
        }
    }
}

/// Standard deviation of a cell programmed to `g`.
fn deviation(error: &ProgrammingError, g: f64) -> f64 {
    match error {
        ProgrammingError::Absolute { sigma } => *sigma,
        ProgrammingError::Relative { sigma } => sigma * g,
        ProgrammingError::Table { points } => {
            let above = points.partition_point(|point| point.0 < g);
            match (above.checked_sub(1).map(|below| points[below]), points.get(above)) {
                (Some((g0, s0)), Some((g1, s1))) => s0 + (s1 - s0) * (g - g0) / (g1 - g0),
                (Some((_, sigma)), None) => sigma,
                (None, first) => first.map_or(0.0, |(_, sigma)| *sigma),
            }
        }
    }
}
