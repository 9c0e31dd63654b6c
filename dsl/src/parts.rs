//! Types that stand for a model: a cell, an op-amp, a TIA, a behavioural block. The attributes implement these.

use crate::block::Block;
use crate::ir::{Behaviour, Body, Cell, Direction, Foreign, ForeignPin, Nature, OpAmp, PinRole, SupplyPin};
use crate::ports::PortSpec;
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
pub const UNKNOWN_OP_AMP: OpAmp = OpAmp::PLAIN;

/// An op-amp's output can stand at `volts`, which the user wrote as `what`.
#[doc(hidden)]
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
#[doc(hidden)]
pub fn activation<B: ActivationType>() -> Named<Behaviour> {
    B::behaviour()
}

/// The model of a multiplier.
#[doc(hidden)]
pub fn multiplier<B: MultiplierType>() -> Named<Behaviour> {
    B::behaviour()
}

/// A cell of a user's file; `#[subcircuit]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a subcircuit of a file",
    label = "a foreign cell goes here",
    note = "declare one with #[subcircuit(file = \"ota.sp\", name = \"ota\", ports(inp: input, out: output))]"
)]
pub trait SubcircuitType: Block {
    /// Whether its declaration has a mistake: it then breaks no rule of its users.
    #[doc(hidden)]
    const UNKNOWN: bool = false;
    /// Its parameters, by the file.
    const PARAMS: &'static [&'static str];
    /// Those that the declaration sets, SI units.
    const ARGS: &'static [(&'static str, f64)];
    /// The cell.
    fn foreign() -> Foreign;
    /// What a model is made of that has this cell in netlists.
    fn body() -> Body {
        let args = Self::ARGS.iter().map(|(name, value)| ((*name).into(), *value));
        Body::foreign(Self::foreign(), args.collect())
    }
}

/// What a model is made of that has these supply pins, each with its rail, and memloom's own circuit.
pub fn supplied(pins: &[(&str, &str)]) -> Body {
    let pin = |(pin, rail): &(&str, &str)| SupplyPin { pin: (*pin).into(), rail: (*rail).into() };
    Body::supplied(pins.iter().map(pin).collect())
}

/// A signal pin of a foreign cell.
pub fn signal(name: &str, direction: Direction, nature: Option<Nature>) -> ForeignPin {
    ForeignPin { name: name.into(), role: PinRole::Signal { direction, nature } }
}

/// A supply pin of a foreign cell.
pub fn supply(name: &str, rail: &str) -> ForeignPin {
    ForeignPin { name: name.into(), role: PinRole::Supply { rail: rail.into() } }
}

/// A foreign cell that stands for a model has the model's ports: all of `inputs` and `outputs`, maybe some of `optional`.
#[doc(hidden)]
#[track_caller]
pub const fn check_body(
    unknown: bool,
    cell: &str,
    ports: &[PortSpec],
    what: &str,
    inputs: &[&str],
    outputs: &[&str],
    optional: &[&str],
) {
    if unknown {
        return;
    }
    let sides = [(inputs, Direction::Input), (outputs, Direction::Output)];
    let mut side = 0;
    while side < sides.len() {
        let (names, direction) = sides[side];
        let mut at = 0;
        while at < names.len() {
            check_port(cell, ports, what, names[at], direction);
            at += 1;
        }
        side += 1;
    }
    let mut at = 0;
    while at < ports.len() {
        let name = ports[at].name;
        if !(has(inputs, name) || has(outputs, name) || has(optional, name)) {
            let mut text = Text::new();
            text.push("`").push(cell).push("` has a port `").push(name).push("` that ").push(what);
            text.push(" does not have; make it a supply pin, `supplies(").push(name).push(" = vdd)`");
            panic!("{}", text.as_str())
        }
        at += 1;
    }
}

#[track_caller]
const fn check_port(cell: &str, ports: &[PortSpec], what: &str, name: &str, direction: Direction) {
    let mut text = Text::new();
    text.push("`").push(cell).push("` ");
    let mut at = 0;
    while at < ports.len() {
        if crate::__private::wiring::same(ports[at].name, name) {
            match (direction, ports[at].direction) {
                (Direction::Input, Direction::Output) => {
                    text.push("drives its port `").push(name).push("`, which ").push(what);
                    text.push(" reads; make it an input");
                }
                (Direction::Output, Direction::Input) => {
                    text.push("reads its port `").push(name).push("`, which ").push(what);
                    text.push(" drives; make it an output");
                }
                _ => return,
            }
            panic!("{}", text.as_str())
        }
        at += 1;
    }
    text.push("has no port `").push(name).push("`, which ").push(what);
    text.push(" has; name the pin so in the file, or wrap the cell in a subcircuit that does");
    panic!("{}", text.as_str())
}

/// A foreign cell that stands at a cross-point has a parameter for its target: `g`, siemens, or `r`, ohm.
#[doc(hidden)]
#[track_caller]
pub const fn check_target(unknown: bool, cell: &str, params: &[&str]) {
    if unknown || has(params, "g") != has(params, "r") {
        return;
    }
    let mut text = Text::new();
    text.push("`").push(cell).push("` has ").push(if has(params, "g") { "both" } else { "neither" });
    text.push(" of the parameters `g` and `r`; give the subcircuit one of them, ");
    text.push("the conductance that the cell is programmed to or its inverse");
    panic!("{}", text.as_str())
}

const fn has(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if crate::__private::wiring::same(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}
