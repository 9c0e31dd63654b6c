//! Rules of a crossbar type.

use super::Crossbar;
use super::model::Scheme;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, crossbar: &Crossbar) {
    wires_do_not_amplify(cx, crossbar);
    inverters_have_resistors(cx, crossbar);
}

/// A wire segment's resistance is zero or more; zero leaves wires out.
fn wires_do_not_amplify(cx: &Ctxt, crossbar: &Crossbar) {
    let text = &crossbar.r_wire.text;
    cx.at_least(
        &crossbar.r_wire,
        0.0,
        format!("`r_wire = {text}` is negative; write a value such as `2.5 ohm`"),
    );
}

/// The resistors of a row driver's inverter are above zero.
fn inverters_have_resistors(cx: &Ctxt, crossbar: &Crossbar) {
    if let Scheme::DualRail(drivers) = &crossbar.scheme {
        let r_unit = &drivers.r_unit;
        let text = &r_unit.text;
        cx.positive(r_unit, format!("`r_unit = {text}` is not above zero; write a value such as `100 kohm`"));
    }
}
