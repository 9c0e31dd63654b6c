//! Rules of a transimpedance amplifier.

use super::Tia;
use crate::ctxt::Ctxt;
use proc_macro2::{Span, TokenStream};
use quote::quote;

pub(super) fn check(cx: &Ctxt, tia: &Tia) {
    feedback_is_a_resistor(cx, tia);
    feedback_capacitor_is_not_negative(cx, tia);
    op_amp_reaches_the_output(cx, tia);
    sizes_are_plausible(cx, tia);
}

/// The feedback resistance is above zero; at zero there is no transimpedance.
fn feedback_is_a_resistor(cx: &Ctxt, tia: &Tia) {
    let text = &tia.r_f.text;
    cx.positive(&tia.r_f, format!("`r_f = {text}` is not above zero; write a value such as `10 kohm`"));
}

/// The feedback capacitance is zero or more; zero leaves the capacitor out.
fn feedback_capacitor_is_not_negative(cx: &Ctxt, tia: &Tia) {
    if let Some(c_f) = &tia.c_f {
        let text = &c_f.text;
        cx.at_least(c_f, 0.0, format!("`c_f = {text}` is negative; write a value such as `1 pF`"));
    }
}

/// The op-amp's swing holds the output: `v_ref` without a current, `v_ref - r_f i` at both ends of `i_in`.
fn op_amp_reaches_the_output(cx: &Ctxt, tia: &Tia) {
    let v_ref = tia.v_ref.si();
    let text = format!("`v_ref = {}`", tia.v_ref.text);
    swing_holds(cx, tia, tia.v_ref.span, &text, &v_ref);
    let Some((low, high)) = &tia.i_in else { return };
    let r_f = tia.r_f.si();
    for current in [low, high] {
        let i = current.si();
        let text = format!("the output `v_ref - r_f i` at `i = {}`", current.text);
        swing_holds(cx, tia, current.span, &text, &quote!((#v_ref) - (#r_f) * (#i)));
    }
}

fn swing_holds(cx: &Ctxt, tia: &Tia, span: Span, what: &str, volts: &TokenStream) {
    cx.swing(span, &tia.op_amp, what, volts);
}

/// A feedback resistor lies between 1 ohm and 100 Gohm, its capacitor below 1 mF, a reference below 100 V,
/// its input below 10 A.
fn sizes_are_plausible(cx: &Ctxt, tia: &Tia) {
    cx.plausible("r_f", &tia.r_f, 1.0, 1e11);
    cx.plausible("v_ref", &tia.v_ref, 1e-6, 100.0);
    if let Some(c_f) = &tia.c_f {
        cx.plausible("c_f", c_f, 1e-18, 1e-3);
    }
    if let Some((low, high)) = &tia.i_in {
        cx.plausible("i_in", low, 1e-15, 10.0);
        cx.plausible("i_in", high, 1e-15, 10.0);
    }
}
