use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Element, Origin, Value};

/// Capacitors are the largest parts of a chip.
pub(super) const RULE: Rule = Rule {
    code: "ML024",
    level: Level::Warning,
    text: "capacitors fit on the chip",
    help: "hold less at a time, take smaller capacitors, or give the process limit more `area`",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let (Some(process), Some(top)) = (scope.limits.process, scope.design.top) else { return Vec::new() };
    let holds = scope.design.inventory(top).holds as f64 * scope.design.sample_hold.c_hold;
    let farads = holds + capacitors(scope);
    let area = farads / process.capacitance;
    if area <= process.area {
        return Vec::new();
    }
    let path = scope.design.modules.name(top).to_owned();
    let what = format!(
        "capacitors of {farads:.3e} F, of them {holds:.3e} F in sample-and-holds, take {:.4} mm2 of {:.4} mm2",
        1e6 * area,
        1e6 * process.area
    );
    vec![Breach { path, places: 1, origin: Origin::Library, what }]
}

/// All capacitors of known value, farad; one that a module's user sets counts as the module declares it.
fn capacitors(scope: &Scope<'_>) -> f64 {
    let mut sum = 0.0;
    for (id, _, module) in scope.design.modules.iter() {
        let (_, places) = scope.places.of(id);
        for (.., instance) in module.instances.iter() {
            let farads = match &instance.element {
                Element::Capacitor(Value::Number(farads)) => *farads,
                Element::Capacitor(Value::Param(name)) => module.params.get(name).copied().unwrap_or(0.0),
                _ => continue,
            };
            sum += farads * f64::from(instance.count) * places as f64;
        }
    }
    sum
}
