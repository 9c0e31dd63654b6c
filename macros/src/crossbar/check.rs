//! Rules of a crossbar type.

use super::Crossbar;
use super::model::{Scheme, Size};
use crate::ctxt::Ctxt;
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(super) fn check(cx: &Ctxt, crossbar: &Crossbar) {
    crossbar.parasitics.check(cx);
    inverters_have_resistors(cx, crossbar);
    a_weight_has_a_cell(cx, crossbar);
    drivers_reach_the_reference(cx, crossbar);
    sizes_are_plausible(cx, crossbar);
}

/// The resistors of a row driver's inverter are above zero.
fn inverters_have_resistors(cx: &Ctxt, crossbar: &Crossbar) {
    if let Scheme::DualRail(drivers) = &crossbar.scheme {
        let r_unit = &drivers.r_unit;
        let text = &r_unit.text;
        cx.positive(r_unit, format!("`r_unit = {text}` is not above zero; write a value such as `100 kohm`"));
    }
}

/// A crossbar has a row and a column.
fn a_weight_has_a_cell(cx: &Ctxt, crossbar: &Crossbar) {
    let (span, Size { rows, cols }) = (crossbar.shape.span(), Size::of(&crossbar.shape));
    cx.rule(span, quote_spanned!(span=> __ml::conductance::check_size(#rows, #cols)));
}

/// The row drivers' op-amp can stand at `v_ref`.
fn drivers_reach_the_reference(cx: &Ctxt, crossbar: &Crossbar) {
    let Scheme::DualRail(drivers) = &crossbar.scheme else { return };
    let v_ref = &drivers.v_ref;
    cx.swing(v_ref.span, &drivers.op_amp, &format!("`v_ref = {}`", v_ref.text), &v_ref.si());
}

/// An inverter's resistor lies between 1 ohm and 100 Gohm.
fn sizes_are_plausible(cx: &Ctxt, crossbar: &Crossbar) {
    if let Scheme::DualRail(drivers) = &crossbar.scheme {
        cx.plausible("r_unit", &drivers.r_unit, 1.0, 1e11);
        cx.plausible("v_ref", &drivers.v_ref, 1e-6, 100.0);
    }
}
