use crate::erc::islands::Islands;
use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Direction, Element, Id, Instance, Module, Supply, Value};
use std::collections::HashMap;

/// Two supplies joined by a wire, or a supply that an output drives too, burn.
pub(super) const RULE: Rule = Rule {
    code: "ML008",
    level: Level::Error,
    text: "a supply is driven by nothing else",
    help: "put a resistor between supplies, and give the output a net of its own",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (id, _, module) in scope.design.modules.iter() {
        let mut islands = Islands::new(module, scope.design.supplies.len());
        for (_, name, instance) in module.instances.iter() {
            for what in driven(scope, instance) {
                breaches.push(scope.breach(id, name, &instance.origin, what));
            }
            if is_wire(scope, module, instance) {
                islands.join_ends(instance);
                let Some((a, b)) = joined(scope, &mut islands) else { continue };
                let names = &scope.design.supplies;
                let what = format!("joins the supplies `{}` and `{}`", names.name(a), names.name(b));
                breaches.push(scope.breach(id, name, &instance.origin, what));
                // The others would be told of the same two.
                break;
            }
        }
    }
    breaches
}

/// Outputs of an instance that are wired to a supply.
fn driven(scope: &Scope<'_>, instance: &Instance) -> Vec<String> {
    let pins = instance.element.pins(scope.design);
    let mut whats = Vec::new();
    for (pin, bits) in pins.iter().zip(&instance.pins).filter(|(pin, _)| pin.direction == Direction::Output) {
        for slice in bits {
            if let crate::Slice::Supply(id) = slice {
                whats.push(format!(
                    "output `{}` drives the supply `{}`",
                    pin.name,
                    scope.design.supplies.name(*id)
                ));
            }
        }
    }
    whats
}

/// Whether an instance is a resistor as good as a wire.
fn is_wire(scope: &Scope<'_>, module: &Module, instance: &Instance) -> bool {
    let ohms = match &instance.element {
        Element::Resistor(Value::Number(ohms)) => *ohms,
        Element::Resistor(Value::Param(name)) => module.params.get(name).copied().unwrap_or(f64::INFINITY),
        _ => return false,
    };
    ohms.abs() < scope.limits.short
}

/// Two supplies of different voltage that are joined.
fn joined(scope: &Scope<'_>, islands: &mut Islands) -> Option<(Id<Supply>, Id<Supply>)> {
    let mut seen: HashMap<usize, (Id<Supply>, f64)> = HashMap::new();
    for (id, _, supply) in scope.design.supplies.iter() {
        let (first, volts) = *seen.entry(islands.find(islands.supply(id))).or_insert((id, supply.volts));
        if volts != supply.volts {
            return Some((first, id));
        }
    }
    None
}
