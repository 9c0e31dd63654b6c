//! What a build says of reading its cells.

use crate::report::thousands;
use memloom::ir::Cell;
use memloom_codegen::visible;
use memloom_flow::ReadDisturb;
use serde::Serialize;

/// What reading does to the cells, or why that is not known, as JSON.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Reading {
    Known(ReadDisturb),
    Unknown { unknown: String },
}

impl Reading {
    /// Of so many reads of a cell, each of `t_read` seconds.
    pub(crate) fn of(cell: &Cell, reads: u64, t_read: f64) -> Self {
        match ReadDisturb::of(cell, reads, t_read) {
            Ok(disturb) => Self::Known(disturb),
            Err(why) => Self::Unknown { unknown: why.to_string() },
        }
    }

    /// The same as a line for people.
    pub(crate) fn text(&self) -> String {
        let disturb = match self {
            Self::Known(disturb) => disturb,
            Self::Unknown { unknown } => {
                return format!("what reading does to a cell is not known: {}\n", visible(unknown));
            }
        };
        let ReadDisturb { reads, t_read, v_read, .. } = disturb;
        let what = format!("{} reads of {t_read:e} s at {v_read} V", thousands(*reads));
        match disturb.worst() {
            None => format!("{what} move no cell\n"),
            Some(worst) => format!(
                "{what} move a cell by up to {:+.3} %, worst at {:.3e} S; lower `v_read`, or program it again in time\n",
                100.0 * worst.change,
                worst.target
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom::device::Device;

    #[test]
    fn a_cell_that_moves_is_told_with_what_to_do() {
        let device = Device::named("hp", None, &[]).unwrap().stretched(1e-5, 1e-4);
        let cell = Cell { device, ..Cell::new(1e-5, 1e-4, 0.2) };
        let said = Reading::of(&cell, 100, 1e-6).text();
        assert!(said.starts_with("100 reads of 1e-6 s at 0.2 V move a cell by up to +"), "{said}");
        assert!(said.contains(" %, worst at ") && said.contains("lower `v_read`"), "{said}");
        let unknown = Reading::Unknown { unknown: "a\u{1b}b".into() }.text();
        assert_eq!(unknown, "what reading does to a cell is not known: a\\u{1b}b\n");
    }
}
