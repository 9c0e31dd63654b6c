use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Element, Instance, Module, Value};
use indexmap::IndexSet;

/// An amplifier's output stage does not drive a small resistor over its swing, and a large one is no resistor of a chip.
pub(super) const RULE: Rule = Rule {
    code: "ML023",
    level: Level::Warning,
    text: "an amplifier's resistors are those that its process makes and its op-amp drives",
    help: "narrow the technology's `r_f` and set `r_unit` within it, so that the scale goes into conductances",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let Some(process) = scope.limits.process else { return Vec::new() };
    let out = |ohms: f64| {
        !(process.resistor.0 * (1.0 - ROUNDING)..=process.resistor.1 * (1.0 + ROUNDING)).contains(&ohms)
    };
    let mut breaches = Vec::new();
    for (id, _, module) in scope.design.modules.iter() {
        for (_, name, instance) in module.instances.iter() {
            let found: Vec<f64> = resistors(scope, instance).into_iter().filter(|ohms| out(*ohms)).collect();
            let Some(worst) = found.iter().copied().reduce(|a, b| further(process.resistor, a, b)) else {
                continue;
            };
            let (least, most) = process.resistor;
            let many = if found.len() > 1 {
                format!("{} resistors, such as one", found.len())
            } else {
                "a resistor".into()
            };
            let what = format!("{many} of {worst:.4e} ohm; the process has {least:.4e} to {most:.4e} ohm");
            breaches.push(scope.breach(id, name, &instance.origin, what));
        }
    }
    breaches
}

/// Room for what an op-amp's finite gain is compensated by, as a part of a resistor.
const ROUNDING: f64 = 0.01;

/// The one that is further out, by its ratio.
fn further((least, most): (f64, f64), a: f64, b: f64) -> f64 {
    let ratio = |ohms: f64| (least / ohms).max(ohms / most);
    if ratio(b) > ratio(a) { b } else { a }
}

/// The resistors of an instance: its own, or those that it gives the module that it is of.
fn resistors(scope: &Scope<'_>, instance: &Instance) -> Vec<f64> {
    match &instance.element {
        Element::Resistor(Value::Number(ohms)) => vec![*ohms],
        Element::Module(id) => {
            let inner = &scope.design.modules[*id];
            let given = |param: &String| match instance.args.get(param) {
                Some(values) => values.clone(),
                None => inner.params.get(param).copied().into_iter().collect(),
            };
            of_resistors(inner).into_iter().flat_map(given).collect()
        }
        _ => Vec::new(),
    }
}

/// The parameters that resistors of `module` take their value from.
fn of_resistors(module: &Module) -> IndexSet<&String> {
    let mut params = IndexSet::new();
    for (.., instance) in module.instances.iter() {
        if let Element::Resistor(Value::Param(name)) = &instance.element {
            params.insert(name);
        }
    }
    params
}
