//! Rules of an op-amp model.

use super::Opamp;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, amp: &Opamp) {
    gain_amplifies(cx, amp);
    bandwidth_and_slew_are_positive(cx, amp);
    input_capacitance_is_not_negative(cx, amp);
    sizes_are_plausible(cx, amp);
    amp.body.check(cx, "an op-amp", &["inp", "inn"], &["out"], &[]);
}

/// An op-amp amplifies: `gain >= 1`.
fn gain_amplifies(cx: &Ctxt, amp: &Opamp) {
    let text = &amp.gain.text;
    cx.at_least(
        &amp.gain,
        1.0,
        format!("`gain = {text}` is below 1; write the open-loop gain, such as `10_000`"),
    );
}

/// Bandwidth and slew rate are above zero.
fn bandwidth_and_slew_are_positive(cx: &Ctxt, amp: &Opamp) {
    let text = &amp.gbw.text;
    cx.positive(&amp.gbw, format!("`gbw = {text}` is not above zero; write a value such as `10 MHz`"));
    let text = &amp.slew.text;
    cx.positive(&amp.slew, format!("`slew = {text}` is not above zero; write a value such as `10 V/us`"));
}

/// The capacitance of the inverting input is zero or more; zero leaves it out.
fn input_capacitance_is_not_negative(cx: &Ctxt, amp: &Opamp) {
    if let Some(c_in) = &amp.c_in {
        let text = &c_in.text;
        cx.at_least(c_in, 0.0, format!("`c_in = {text}` is negative; write a value such as `1 pF`"));
        cx.plausible("c_in", c_in, 1e-18, 1e-6);
    }
}

/// An op-amp swings over less than 100 V, gains less than 1e12, and is faster than a relay and slower than light.
fn sizes_are_plausible(cx: &Ctxt, amp: &Opamp) {
    cx.plausible("gain", &amp.gain, 1.0, 1e12);
    cx.plausible("gbw", &amp.gbw, 1.0, 1e12);
    cx.plausible("slew", &amp.slew, 1.0, 1e12);
    cx.plausible("swing", &amp.swing.0, 1e-6, 100.0);
    cx.plausible("swing", &amp.swing.1, 1e-6, 100.0);
}
