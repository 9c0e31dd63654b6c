//! Rules of a behavioural block.

use super::Activation;
use super::model::Function;
use crate::ctxt::Ctxt;

pub(super) fn check(cx: &Ctxt, block: &Activation) {
    unit_is_positive(cx, block);
    parameter_is_in_range(cx, block);
    default_swing_needs_a_reference(cx, block);
    zero_is_inside_the_swing(cx, block);
    sizes_are_plausible(cx, block);
    let inputs = block.inputs();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    block.body.check(cx, "an activation", &inputs, &["out"], &["v_ref"]);
}

impl Activation {
    /// Its input ports.
    fn inputs(&self) -> Vec<String> {
        match &self.function {
            Function::Activation(..) => vec!["inp".into()],
            Function::Multiplier => vec!["a".into(), "b".into()],
            Function::Own(own) => own.inputs.clone(),
        }
    }
}

/// 1.0 is drawn as a voltage above zero.
fn unit_is_positive(cx: &Ctxt, block: &Activation) {
    let text = &block.unit.text;
    cx.positive(&block.unit, format!("`unit = {text}` is not above zero; write a value such as `100 mV`"));
}

/// A function's parameter lies where its formula holds.
fn parameter_is_in_range(cx: &Ctxt, block: &Activation) {
    let Function::Activation(function, Some(parameter)) = &block.function else { return };
    let Some(Err(error)) = parameter.number.map(|number| function.with(number)) else { return };
    cx.error(parameter.span, error.to_string());
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

/// The voltage that stands for 0.0 is one that the output can have.
fn zero_is_inside_the_swing(cx: &Ctxt, block: &Activation) {
    let Some((low, high)) = &block.swing else { return };
    let v_ref = &block.v_ref;
    let (text, a, b) = (&v_ref.text, &low.text, &high.text);
    let message = format!("`v_ref = {text}` is outside `swing = {a} ..= {b}`; the output must reach it");
    cx.ordered(v_ref.span, low, v_ref, &message);
    cx.ordered(v_ref.span, v_ref, high, &message);
}

/// 1.0 is drawn between 1 uV and 100 V, within 100 V.
fn sizes_are_plausible(cx: &Ctxt, block: &Activation) {
    cx.plausible("unit", &block.unit, 1e-6, 100.0);
    cx.plausible("v_ref", &block.v_ref, 1e-6, 100.0);
    if let Some((low, high)) = &block.swing {
        cx.plausible("swing", low, 1e-6, 100.0);
        cx.plausible("swing", high, 1e-6, 100.0);
    }
}
