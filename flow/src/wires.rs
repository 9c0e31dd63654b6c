//! What lines and cells are to have, where it is not as declared.

use memloom_ir::Parasitics;
use memloom_ir::units::{Farads, Ohms};
use serde::Serialize;

/// Changes of a technology's [`Parasitics`]; ohm and farad.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Wires {
    /// A segment of either line that has no value of its own here.
    pub r_wire: Option<f64>,
    /// A segment of a wordline.
    pub r_wordline: Option<f64>,
    /// A segment of a bitline.
    pub r_bitline: Option<f64>,
    /// Source resistance of a wordline's driver.
    pub r_driver: Option<f64>,
    /// Terminal resistance at a bitline's end.
    pub r_sense: Option<f64>,
    /// Contact of a cell.
    pub r_contact: Option<f64>,
    /// A line's capacitance to ground at a cross-point.
    pub c_wire: Option<f64>,
    /// A cell's capacitance.
    pub c_cell: Option<f64>,
}

impl Wires {
    /// Puts what is given in the place of what is declared.
    pub fn put(&self, parasitics: &mut Parasitics) {
        let ohms = |place: &mut Ohms, given: Option<f64>| *place = given.map_or(*place, Ohms::new);
        let farads = |place: &mut Farads, given: Option<f64>| *place = given.map_or(*place, Farads::new);
        ohms(&mut parasitics.r_wordline, self.r_wordline.or(self.r_wire));
        ohms(&mut parasitics.r_bitline, self.r_bitline.or(self.r_wire));
        ohms(&mut parasitics.r_driver, self.r_driver);
        ohms(&mut parasitics.r_sense, self.r_sense);
        ohms(&mut parasitics.r_contact, self.r_contact);
        farads(&mut parasitics.c_wire, self.c_wire);
        farads(&mut parasitics.c_cell, self.c_cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_its_own_goes_before_both() {
        let mut parasitics = Parasitics { r_sense: Ohms::new(7.0), ..Parasitics::wires(Ohms::new(2.0)) };
        Wires { r_wire: Some(1.0), r_bitline: Some(0.0), ..Wires::default() }.put(&mut parasitics);
        let wanted = Parasitics { r_wordline: Ohms::new(1.0), r_sense: Ohms::new(7.0), ..Parasitics::NONE };
        assert_eq!(parasitics, wanted);
        Wires { c_cell: Some(1e-15), ..Wires::default() }.put(&mut parasitics);
        assert_eq!(parasitics, Parasitics { c_cell: Farads::new(1e-15), ..wanted });
    }
}
