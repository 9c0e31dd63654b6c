use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Id, Instance, Module};

/// An active cell without its supply does nothing, and a netlist with an open pin does not run.
pub(super) const RULE: Rule = Rule {
    code: "ML017",
    level: Level::Error,
    text: "a supply pin hangs on a rail",
    help: "declare the rail at the #[technology], or at the #[module] on top: `supplies(vdd = 1.8 V)`",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let design = scope.design;
    let of_module = |(id, _, module): (Id<Module>, _, &Module)| {
        let breach = |(_, name, instance): (_, &str, &Instance)| {
            let pins = instance.element.pins(design);
            let open = pins.iter().zip(&instance.pins).filter(|(_, bits)| bits.is_empty());
            let open: Vec<String> = open.map(|(pin, _)| wanted(&pin.name, pin.rail)).collect();
            let what = format!("there is no rail for {}", open.join(", "));
            (!open.is_empty()).then(|| scope.breach(id, name, &instance.origin, what))
        };
        module.instances.iter().filter_map(breach).collect::<Vec<_>>()
    };
    design.modules.iter().flat_map(of_module).collect()
}

/// A pin, and the rail it asks for where that has another name.
fn wanted(pin: &str, rail: Option<&str>) -> String {
    match rail.filter(|rail| *rail != pin) {
        Some(rail) => format!("supply pin `{pin}` (`{rail}`)"),
        None => format!("supply pin `{pin}`"),
    }
}
