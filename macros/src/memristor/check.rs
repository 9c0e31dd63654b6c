//! Rules of a cell type.

use super::Memristor;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, cell: &Memristor) {
    conductance_is_positive(cx, cell);
    range_is_not_empty(cx, cell);
    at_least_two_levels(cx, cell);
    sizes_are_plausible(cx, cell);
    read_voltage_is_positive(cx, cell);
    flicker_is_not_negative(cx, cell);
    cell.model.check(cx, cell);
    cell.body.check(cx, "a memristor", &["p", "n"], &[], &[]);
    cell.body.check_target(cx);
}

/// The lowest conductance is above zero: zero stands for a cross-point without a cell.
fn conductance_is_positive(cx: &Ctxt, cell: &Memristor) {
    let text = &cell.g_min.text;
    cx.positive(&cell.g_min, format!("`g_min = {text}` is not above zero; write a value such as `1 uS`"));
}

/// A cell has a range to program: `g_min < g_max`.
fn range_is_not_empty(cx: &Ctxt, cell: &Memristor) {
    let (low, high) = (&cell.g_min.text, &cell.g_max.text);
    let message =
        format!("`g_max = {high}` is not above `g_min = {low}`; the larger conductance goes in `g_max`");
    cx.less(&cell.g_min, &cell.g_max, message);
}

/// One level stores nothing: `levels >= 2`, and few enough for a programmer to count.
fn at_least_two_levels(cx: &Ctxt, cell: &Memristor) {
    let Some(levels) = &cell.levels else { return };
    let text = levels.text();
    levels.at_least(
        cx,
        2,
        format!(
            "`levels = {text}` stores nothing; write 2 or more, or leave `levels` out for a continuous range"
        ),
    );
}

/// Cells are read at a voltage above zero.
fn read_voltage_is_positive(cx: &Ctxt, cell: &Memristor) {
    let text = &cell.v_read.text;
    cx.positive(&cell.v_read, format!("`v_read = {text}` is not above zero; write a value such as `0.2 V`"));
}

/// Flicker noise is a density over the current, squared.
fn flicker_is_not_negative(cx: &Ctxt, cell: &Memristor) {
    if let Some(flicker) = &cell.flicker {
        let text = &flicker.text;
        let message = format!(
            "`flicker = {text}` is negative; write the density of the current's noise over the current, squared, at 1 Hz, such as `1e-6`"
        );
        cx.at_least(flicker, 0.0, message);
        cx.plausible("flicker", flicker, 1e-16, 1e-2);
    }
}

/// A cell conducts between 1 fS and 1 S, and is read below 10 V.
fn sizes_are_plausible(cx: &Ctxt, cell: &Memristor) {
    cx.plausible("g_min", &cell.g_min, 1e-15, 1.0);
    cx.plausible("g_max", &cell.g_max, 1e-15, 1.0);
    cx.plausible("v_read", &cell.v_read, 1e-6, 10.0);
}
