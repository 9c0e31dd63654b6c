//! What reading does to the cells of a circuit.

use memloom_ir::Cell;
use memloom_sim::device::program::{Timing, read_disturb};
use serde::Serialize;

/// Conductances that are looked at, evenly from `g_min` to `g_max`.
const TARGETS: u32 = 5;

/// How far many reads move a cell, by its model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReadDisturb {
    /// Reads of a cell.
    pub reads: u64,
    /// Length of a read, seconds.
    pub t_read: f64,
    /// Voltage across the cell, volts.
    pub v_read: f64,
    /// By target, from the lowest.
    pub cells: Vec<Disturbed>,
}

/// A cell that was read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Disturbed {
    /// Conductance that it was programmed to, siemens.
    pub target: f64,
    /// Relative change of it.
    pub change: f64,
}

impl ReadDisturb {
    /// Of `reads` reads of `t_read` seconds at the cell's `v_read`, the largest voltage that a circuit reads it at.
    ///
    /// # Errors
    /// If the model cannot be integrated, or does not reach the cell's range.
    pub fn of(cell: &Cell, reads: u64, t_read: f64) -> crate::Result<Self> {
        let timing = Timing { v_read: cell.v_read, width: t_read, edge: 0.1 * t_read };
        let disturbed = |k: u32| -> crate::Result<Disturbed> {
            let target = cell.g_min + (cell.g_max - cell.g_min) * f64::from(k) / f64::from(TARGETS - 1);
            let state = cell.device.state_for(target, cell.v_read)?;
            Ok(Disturbed { target, change: read_disturb(&cell.device, &state, timing, reads)? })
        };
        let cells = (0..TARGETS).map(disturbed).collect::<crate::Result<_>>()?;
        Ok(Self { reads, t_read, v_read: cell.v_read, cells })
    }

    /// The cell that moves furthest; none if no cell moves.
    pub fn worst(&self) -> Option<&Disturbed> {
        let moved = self.cells.iter().filter(|cell| cell.change != 0.0);
        moved.max_by(|a, b| a.change.abs().total_cmp(&b.change.abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::device::Device;

    fn cell(model: &str, v_read: f64) -> Cell {
        let device = Device::named(model, None, &[]).unwrap().stretched(1e-5, 1e-4);
        Cell { device, ..Cell::new(1e-5, 1e-4, v_read) }
    }

    #[test]
    fn a_threshold_protects_and_drift_does_not() {
        let quiet = ReadDisturb::of(&cell("vteam", 0.2), 1_000_000, 1e-6).unwrap();
        assert_eq!((quiet.cells.len(), quiet.worst()), (5, None), "0.2 V is below the threshold");
        assert_eq!((quiet.cells[0].target, quiet.cells[4].target), (1e-5, 1e-4));
        let moved = |reads| {
            let found = ReadDisturb::of(&cell("hp", 0.2), reads, 1e-6).unwrap();
            found.worst().expect("linear ion drift has no threshold").change
        };
        assert!(moved(10) > 0.0 && moved(1000) > moved(10), "{} {}", moved(10), moved(1000));
    }
}
