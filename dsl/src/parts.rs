//! Types that stand for a model: a cell, an op-amp, a TIA, a behavioural block. The attributes implement these.

use crate::ir::{Behaviour, Cell, OpAmp};
use crate::technology::{Named, TiaSpec};
use crate::text::Text;
use crate::units::Volts;

/// A memristor cell type; `#[memristor]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a memristor",
    label = "a cell type goes here",
    note = "declare one with #[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]"
)]
pub trait CellType {
    /// The model, under the struct's name.
    fn cell() -> Named<Cell>;
}

/// An op-amp model; `#[opamp]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an op-amp",
    label = "an op-amp goes here",
    note = "declare one with #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]"
)]
pub trait OpAmpType {
    /// The model.
    const MODEL: OpAmp;
    /// Its swing as the user wrote it, for messages.
    const SWING: &'static str;
    /// The model, under the struct's name.
    fn op_amp() -> Named<OpAmp>;
}

/// What stands in for an op-amp whose declaration has a mistake, so that its users break no rule.
#[doc(hidden)]
pub const UNKNOWN_OP_AMP: OpAmp =
    OpAmp { gain: 1.0, gbw: 1.0, slew: 1.0, offset: 0.0, swing: (f64::NEG_INFINITY, f64::INFINITY) };

/// An op-amp's output can stand at `volts`, which the user wrote as `what`.
#[track_caller]
pub const fn check_swing(op_amp: &str, model: &OpAmp, swing: &str, what: &str, volts: f64) {
    let (low, high) = model.swing;
    if low <= volts && volts <= high {
        return;
    }
    let mut text = Text::new();
    text.push(what).push(" is outside the swing `").push(swing).push("` of `").push(op_amp);
    text.push("`; move it inside, or take an op-amp that swings further");
    panic!("{}", text.as_str())
}

/// A transimpedance amplifier; `#[tia]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transimpedance amplifier",
    label = "a TIA goes here",
    note = "declare one with #[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]"
)]
pub trait TiaType {
    /// The model, under the struct's name.
    fn tia() -> Named<TiaSpec>;
}

/// A behavioural block; `#[activation]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an activation circuit",
    label = "an activation circuit goes here",
    note = "declare one with #[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]"
)]
pub trait BehaviourType {
    /// The model, under the struct's name.
    fn behaviour() -> Named<Behaviour>;
    /// The voltage that stands for 0.0.
    fn v_ref() -> Volts;
}

/// A behavioural block of one input; `#[activation]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an activation of one input",
    label = "an activation circuit goes here",
    note = "declare one with #[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]; a multiplier goes to `multiplier = ..`"
)]
pub trait ActivationType: BehaviourType {}

/// A multiplier; `#[activation(multiplier, ..)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a multiplier",
    label = "a multiplier goes here",
    note = "declare one with #[activation(multiplier, unit = 100 mV, v_ref = 0.9 V)]; activations go to `functions = [..]`"
)]
pub trait MultiplierType: BehaviourType {}

/// The model of an activation of one input.
pub fn activation<B: ActivationType>() -> Named<Behaviour> {
    B::behaviour()
}

/// The model of a multiplier.
pub fn multiplier<B: MultiplierType>() -> Named<Behaviour> {
    B::behaviour()
}
