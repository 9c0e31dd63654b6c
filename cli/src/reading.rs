//! What a build says of reading its cells.

use crate::report::thousands;
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
    pub(crate) fn of(found: &Result<ReadDisturb, String>) -> Self {
        match found {
            Ok(disturb) => Self::Known(disturb.clone()),
            Err(why) => Self::Unknown { unknown: why.clone() },
        }
    }
}

/// The same as a line for people.
pub(crate) fn text(found: &Result<ReadDisturb, String>) -> String {
    let disturb = match found {
        Ok(disturb) => disturb,
        Err(why) => return format!("what reading does to a cell is not known: {}\n", visible(why)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use memloom::device::Device;
    use memloom::ir::Cell;

    #[test]
    fn a_cell_that_moves_is_told_with_what_to_do() {
        let device = Device::named("hp", None, &[]).unwrap().stretched(1e-5, 1e-4);
        let cell = Cell { device, ..Cell::new(1e-5, 1e-4, 0.2) };
        let said = text(&ReadDisturb::of(&cell, 100, 1e-6).map_err(|why| why.to_string()));
        assert!(said.starts_with("100 reads of 1e-6 s at 0.2 V move a cell by up to +"), "{said}");
        assert!(said.contains(" %, worst at ") && said.contains("lower `v_read`"), "{said}");
        let unknown = text(&Err("a\u{1b}b".into()));
        assert_eq!(unknown, "what reading does to a cell is not known: a\\u{1b}b\n");
    }
}
