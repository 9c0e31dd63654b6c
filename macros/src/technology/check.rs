//! Rules of a technology.

use super::Technology;
use crate::ctxt::Ctxt;
use crate::whole::Whole;

pub(super) fn check(cx: &Ctxt, technology: &Technology) {
    name_is_a_word(cx, technology);
    tile_has_cells(cx, &technology.tile.rows, 2);
    tile_has_cells(cx, &technology.tile.cols, 1);
    resistors_can_be_made(cx, technology);
    held_values_have_a_capacitor(cx, technology);
    technology.parasitics.check(cx);
    sizes_are_plausible(cx, technology);
}

/// The name goes on a command line and into file names: letters, digits, `_` and `-`.
fn name_is_a_word(cx: &Ctxt, technology: &Technology) {
    let name = technology.name.value();
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || !name.chars().all(good) {
        let message =
            format!("`{name}` is not a name for a command line; write letters, digits, `_` and `-`");
        cx.error(technology.name.span(), message);
    }
}

/// A tile has a bitline, and two wordlines at least: dual rail takes a pair for each input.
fn tile_has_cells(cx: &Ctxt, lines: &Whole, least: u32) {
    let text = lines.text();
    lines.at_least(cx, least, format!("a tile of `{text}` lines holds no weight; write {least} or more"));
}

/// The feedback resistor's range is above zero; the unit resistor is above zero.
fn resistors_can_be_made(cx: &Ctxt, technology: &Technology) {
    let low = &technology.r_f.0;
    let a = &low.text;
    cx.positive(low, format!("`r_f` starts at `{a}`, not above zero; write a value such as `100 ohm`"));
    let text = &technology.r_unit.text;
    cx.positive(
        &technology.r_unit,
        format!("`r_unit = {text}` is not above zero; write a value such as `100 kohm`"),
    );
}

/// A sample-and-hold holds a value on a capacitor.
fn held_values_have_a_capacitor(cx: &Ctxt, technology: &Technology) {
    if let Some(c_hold) = &technology.c_hold {
        let text = &c_hold.text;
        cx.positive(c_hold, format!("`c_hold = {text}` is not above zero; write a value such as `1 pF`"));
        cx.plausible("c_hold", c_hold, 1e-16, 1e-6);
    }
}

/// An amplifier's resistors lie between 1 ohm and 100 Gohm.
fn sizes_are_plausible(cx: &Ctxt, technology: &Technology) {
    cx.plausible("r_f", &technology.r_f.0, 1.0, 1e11);
    cx.plausible("r_f", &technology.r_f.1, 1.0, 1e11);
    cx.plausible("r_unit", &technology.r_unit, 1.0, 1e11);
}
