use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Element, Id, Instance, Module, Value};

/// A resistance that is not positive has no current; a negative capacitance has no stable one.
pub(super) const RULE: Rule = Rule {
    code: "ML018",
    level: Level::Error,
    text: "a resistance is above zero, a capacitance or a line's resistance not below",
    help: "give it a finite positive value, such as `10 kohm` or `1 pF`",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let modules = &scope.design.modules;
    for (id, _, module) in modules.iter() {
        for (_, name, instance) in module.instances.iter() {
            let what = match &instance.element {
                Element::Resistor(Value::Number(ohms)) => wrong(true, *ohms),
                Element::Capacitor(Value::Number(farads)) => wrong(false, *farads),
                Element::Crossbar(array) => {
                    array.parasitics().absurd().map(|(name, value)| format!("its `{name}` is {value:e}"))
                }
                Element::Module(below) => of_args(&modules[*below], instance),
                _ => None,
            };
            breaches.extend(what.map(|what| scope.breach(id, name, &instance.origin, what)));
        }
        let used = |param: &str| scope.design.top == Some(id) || defaulted(scope, id, param);
        for (param, value) in &module.params {
            let what = parts(module, param).find_map(|ohmic| wrong(ohmic, *value)).filter(|_| used(param));
            let what = what.map(|what| format!("parameter `{param}`: {what}"));
            breaches.extend(what.map(|what| scope.breach(id, param, &module.origin, what)));
        }
    }
    breaches
}

/// What is wrong with a resistance, or else a capacitance.
fn wrong(is_resistor: bool, value: f64) -> Option<String> {
    let right = value.is_finite() && if is_resistor { value > 0.0 } else { value >= 0.0 };
    let (what, unit) = if is_resistor { ("resistance", "ohm") } else { ("capacitance", "F") };
    (!right).then(|| format!("its {what} is {value:e} {unit}"))
}

/// The resistors (`true`) and capacitors of `module` that take their value from `param`.
fn parts(module: &Module, param: &str) -> impl Iterator<Item = bool> {
    let of = move |element: &Element| match element {
        Element::Resistor(Value::Param(name)) if name == param => Some(true),
        Element::Capacitor(Value::Param(name)) if name == param => Some(false),
        _ => None,
    };
    module
        .instances
        .iter()
        .filter_map(move |(.., instance)| of(&instance.element))
        .collect::<Vec<_>>()
        .into_iter()
}

/// What is wrong with what an instance of `module` gives its parts.
fn of_args(module: &Module, instance: &Instance) -> Option<String> {
    instance.args.iter().find_map(|(param, values)| {
        let wrong = |ohmic: bool| values.iter().find_map(|value| wrong(ohmic, *value));
        parts(module, param).find_map(wrong).map(|what| format!("parameter `{param}`: {what}"))
    })
}

/// Whether an instance of `module` leaves `param` at its default.
fn defaulted(scope: &Scope<'_>, module: Id<Module>, param: &str) -> bool {
    let mut instances = scope.design.modules.iter().flat_map(|(.., outer)| outer.instances.iter());
    instances.any(|(.., instance)| {
        matches!(instance.element, Element::Module(id) if id == module) && !instance.args.contains_key(param)
    })
}
