//! Rules of a technology.

use super::Technology;
use crate::ctxt::Ctxt;
use syn::LitInt;

pub(super) fn check(cx: &Ctxt, technology: &Technology) {
    name_is_a_word(cx, technology);
    tile_has_cells(cx, &technology.tile.rows, 2);
    tile_has_cells(cx, &technology.tile.cols, 1);
    resistors_can_be_made(cx, technology);
    wires_do_not_amplify(cx, technology);
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
fn tile_has_cells(cx: &Ctxt, lines: &LitInt, least: u32) {
    if !lines.base10_parse::<u32>().is_ok_and(|n| n >= least) {
        cx.error(lines.span(), format!("a tile of `{lines}` lines holds no weight; write {least} or more"));
    }
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

/// A wire segment's resistance is zero or more; zero leaves wires out.
fn wires_do_not_amplify(cx: &Ctxt, technology: &Technology) {
    let text = &technology.r_wire.text;
    cx.at_least(
        &technology.r_wire,
        0.0,
        format!("`r_wire = {text}` is negative; write a value such as `2.5 ohm`"),
    );
}
