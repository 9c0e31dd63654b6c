//! Rules of an op-amp model.

use super::Opamp;
use crate::ctxt::Ctxt;
use crate::quantity::Quantity;

pub(super) fn check(cx: &Ctxt, amp: &Opamp) {
    gain_amplifies(cx, amp);
    bandwidth_and_slew_are_positive(cx, amp);
    swing_rises(cx, &amp.swing);
}

/// An op-amp amplifies: `gain >= 1`.
fn gain_amplifies(cx: &Ctxt, amp: &Opamp) {
    let text = &amp.gain.text;
    cx.at_least(&amp.gain, 1.0, format!("`gain = {text}` is below 1; write the open-loop gain, such as `10_000`"));
}

/// Bandwidth and slew rate are above zero.
fn bandwidth_and_slew_are_positive(cx: &Ctxt, amp: &Opamp) {
    let text = &amp.gbw.text;
    cx.positive(&amp.gbw, format!("`gbw = {text}` is not above zero; write a value such as `10 MHz`"));
    let text = &amp.slew.text;
    cx.positive(&amp.slew, format!("`slew = {text}` is not above zero; write a value such as `10 V/us`"));
}

/// The lowest output comes first in `swing`, the highest second.
pub(crate) fn swing_rises(cx: &Ctxt, (low, high): &(Quantity, Quantity)) {
    let (a, b) = (&low.text, &high.text);
    cx.less(low, high, format!("the swing ends at `{b}`, not above its start `{a}`; write the lower voltage first"));
}
