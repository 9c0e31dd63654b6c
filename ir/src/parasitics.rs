//! What the lines and cells of a crossbar have besides the cells.

use crate::units::{Farads, Ohms};
use serde::Serialize;

/// Resistances and capacitances of a crossbar's lines and cells. Zero leaves a thing out.
///
/// From its port a wordline goes through `r_driver`, then a segment of `r_wordline` before each cross-point; a bitline
/// goes on from each cross-point by a segment of `r_bitline`, and from the last one through `r_sense` to its port.
/// Each cell has `r_contact` in series.
///
/// ```
/// use memloom_ir::{Parasitics, units::Ohms};
/// let both = Parasitics::wires(Ohms::new(2.5));
/// assert_eq!((both.r_wordline, both.r_bitline), (Ohms::new(2.5), Ohms::new(2.5)));
/// let contacts = Parasitics { r_contact: Ohms::new(1e3), ..Parasitics::NONE };
/// assert_eq!(contacts.through(1e-3), 0.5e-3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Parasitics {
    /// A segment of a wordline.
    pub r_wordline: Ohms,
    /// A segment of a bitline.
    pub r_bitline: Ohms,
    /// Source resistance of a wordline's driver.
    pub r_driver: Ohms,
    /// Terminal resistance at a bitline's end.
    pub r_sense: Ohms,
    /// Contact of a cell.
    pub r_contact: Ohms,
    /// Each line's capacitance to ground at a cross-point, that of the segment there.
    pub c_wire: Farads,
    /// Capacitance of a cell, within its contact; a cross-point without a cell has none.
    pub c_cell: Farads,
}

impl Parasitics {
    /// Nothing besides the cells.
    pub const NONE: Self = Self::wires(Ohms::new(0.0));

    /// Segments of `r` on both kinds of lines.
    pub const fn wires(r: Ohms) -> Self {
        let (none, open) = (Ohms::new(0.0), Farads::new(0.0));
        Self {
            r_wordline: r,
            r_bitline: r,
            r_driver: none,
            r_sense: none,
            r_contact: none,
            c_wire: open,
            c_cell: open,
        }
    }

    /// Whether a line has a resistance, so that a cell's voltage is not that between its ports.
    pub fn has_lines(&self) -> bool {
        let lines = [self.r_wordline, self.r_bitline, self.r_driver, self.r_sense];
        lines.iter().any(|r| r.get() > 0.0)
    }

    /// Whether anything lies between a cell and its ports.
    pub fn resist(&self) -> bool {
        self.has_lines() || self.r_contact.get() > 0.0
    }

    /// A cell of `g` siemens and its contact, in series; siemens.
    pub fn through(&self, g: f64) -> f64 {
        g / (1.0 + g * self.r_contact.get())
    }

    /// Every resistance by its name, ohm.
    pub fn resistances(&self) -> [(&'static str, f64); 5] {
        [
            ("r_wordline", self.r_wordline.get()),
            ("r_bitline", self.r_bitline.get()),
            ("r_driver", self.r_driver.get()),
            ("r_sense", self.r_sense.get()),
            ("r_contact", self.r_contact.get()),
        ]
    }

    /// Every capacitance by its name, farad.
    pub fn capacitances(&self) -> [(&'static str, f64); 2] {
        [("c_wire", self.c_wire.get()), ("c_cell", self.c_cell.get())]
    }

    /// The first value that is none: negative, infinite or no number.
    pub fn absurd(&self) -> Option<(&'static str, f64)> {
        let all = self.resistances().into_iter().chain(self.capacitances());
        let sound = |value: f64| value >= 0.0 && value.is_finite();
        all.into_iter().find(|(_, value)| !sound(*value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_none_is_named() {
        assert_eq!(Parasitics::wires(Ohms::new(2.5)).absurd(), None);
        let sense = Parasitics { r_sense: Ohms::new(-1.0), ..Parasitics::NONE };
        assert_eq!(sense.absurd(), Some(("r_sense", -1.0)));
        let cell = Parasitics { c_cell: Farads::new(f64::INFINITY), ..Parasitics::NONE };
        assert_eq!(cell.absurd(), Some(("c_cell", f64::INFINITY)));
    }

    #[test]
    fn contacts_and_capacitors_are_no_lines() {
        let off = Parasitics { r_contact: Ohms::new(1.0), c_wire: Farads::new(1e-15), ..Parasitics::NONE };
        assert!(!off.has_lines());
        assert!(Parasitics { r_sense: Ohms::new(1.0), ..off }.has_lines());
    }
}
