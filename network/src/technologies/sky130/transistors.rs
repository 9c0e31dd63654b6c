//! The cells of `memloom-sky130` in place of the behavioural ones.

use memloom_ir::technology::TechnologySpec;
use memloom_ir::{Body, Direction, Foreign, ForeignPin, Function, Kind, Language, Library, Nature, PinRole};
use std::path::Path;

/// `technology` with the amplifier, and the rectifiers that it has, made of transistors: netlists include the `library`, a
/// file of [`memloom_sky130::CELLS`] with models.
///
/// Other activations and the multiplier stay behavioural. Their transistor cells have units of their own (50 mV in), while a
/// network's layers choose theirs; a rectifier has none.
pub(in super::super) fn with_transistors(mut technology: TechnologySpec, library: &Path) -> TechnologySpec {
    let op_amp = &mut technology.readout.spec.op_amp;
    op_amp.body = cell(library, "sky130_ota", &["inp", "inn"]);
    for function in &mut technology.functions {
        if function.spec.function == Function::from(memloom_ir::functions::RELU) {
            function.body = cell(library, "sky130_relu", &["inp", "v_ref"]);
        }
    }
    technology
}

/// The subcircuit `name`; pins are `inputs`, `out` and supplies, in the order in which the library has them.
fn cell(library: &Path, name: &str, inputs: &[&str]) -> Body {
    let signal = |pin: &str| {
        let direction = if pin == "out" { Direction::Output } else { Direction::Input };
        PinRole::Signal { direction, nature: Some(Nature::Voltage) }
    };
    let header = memloom_sky130::CELLS
        .lines()
        .find_map(|line| line.strip_prefix(".subckt ")?.strip_prefix(name)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("the library has `{name}`"));
    let pins = header.split(' ').map(|pin| {
        let role = match pin {
            "vdd" | "vss" => PinRole::Supply { rail: pin.into() },
            pin if pin == "out" || inputs.contains(&pin) => signal(pin),
            pin => panic!("`{name}` has a pin `{pin}` that nothing is known of"),
        };
        ForeignPin { name: pin.into(), role }
    });
    let libraries =
        vec![Library { language: Language::Spice, path: library.display().to_string(), section: None }];
    let (kind, params) = (Kind::Subckt, Vec::new());
    Body::foreign(Foreign { name: name.into(), kind, libraries, pins: pins.collect(), params }, Vec::new())
}
