//! Rules of a behavioural block.

use super::Activation;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, block: &Activation) {
    unit_is_positive(cx, block);
    default_swing_needs_a_reference(cx, block);
}

/// 1.0 is drawn as a voltage above zero.
fn unit_is_positive(cx: &Ctxt, block: &Activation) {
    let text = &block.unit.text;
    cx.positive(&block.unit, format!("`unit = {text}` is not above zero; write a value such as `100 mV`"));
}

/// Without `swing` the output ranges over `0 ..= 2 v_ref`, so `v_ref` is above zero.
fn default_swing_needs_a_reference(cx: &Ctxt, block: &Activation) {
    if block.swing.is_some() {
        return;
    }
    let text = &block.v_ref.text;
    let message = format!(
        "`v_ref = {text}` leaves no output range; write it above zero, or write `swing = -1 V ..= 1 V`"
    );
    cx.positive(&block.v_ref, message);
}
