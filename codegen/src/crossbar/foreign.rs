//! Cells of a user's file at cross-points.

use super::Place;
use memloom_ir::{Design, ForeignPin};

/// A foreign cell at a cross-point.
pub(super) struct Foreign<'a> {
    pub(super) master: &'a str,
    /// What each of its pins is wired to, in the file's order.
    pub(super) slots: Vec<Slot<'a>>,
    /// Parameters that all cells set.
    pub(super) args: &'a [(String, f64)],
    /// The parameter that gets the target: a resistance if it is `r`, else a conductance.
    pub(super) target: &'static str,
}

/// What a pin of a foreign cell is wired to.
pub(super) enum Slot<'a> {
    Row,
    Col,
    Rail(&'a str),
}

impl<'a> Foreign<'a> {
    /// The body of the cell type called `name`, if it is foreign.
    pub(super) fn new(design: &'a Design, name: &str, place: Place<'a>) -> Option<Self> {
        let body = design.bodies.get(name)?;
        let cell = body.cell.as_ref()?;
        let slot = |pin: &'a ForeignPin| match pin.name.as_str() {
            "p" => Some(Slot::Row),
            "n" => Some(Slot::Col),
            name => {
                let at = body.supplies.iter().position(|supply| supply.pin == name)?;
                place.rails.get(at).copied().map(Slot::Rail)
            }
        };
        let slots = cell.pins.iter().filter_map(slot).collect();
        let takes = |param: &str| cell.params.iter().any(|known| known.eq_ignore_ascii_case(param));
        let target = if takes("r") { "r" } else { "g" };
        Some(Self { master: &cell.name, slots, args: &body.args, target })
    }
}
