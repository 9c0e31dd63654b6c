//! Rules of a transimpedance amplifier.

use super::Tia;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, tia: &Tia) {
    feedback_is_a_resistor(cx, tia);
    feedback_capacitor_is_not_negative(cx, tia);
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
