//! Rules of an op-amp model.

use super::Opamp;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, amp: &Opamp) {
    gain_amplifies(cx, amp);
    bandwidth_and_slew_are_positive(cx, amp);
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
