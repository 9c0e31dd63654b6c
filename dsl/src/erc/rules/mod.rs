//! The rules, one file each.

mod conductance;
mod double_driven;
mod name_clash;
mod single_pin;
mod sunk_current;
mod undriven;

use super::{Finding, Rule, connections};
use crate::ir::{Design, Nature};

type Check = fn(&Design, &'static Rule) -> Vec<Finding>;

/// Every rule and its check, by code.
pub(super) const ALL: &[(&Rule, Check)] = &[
    (&undriven::RULE, undriven::check),
    (&double_driven::RULE, double_driven::check),
    (&single_pin::RULE, single_pin::check),
    (&conductance::RULE, conductance::check),
    (&name_clash::RULE, name_clash::check),
    (&sunk_current::RULE, sunk_current::check),
];

/// A finding at every wire for which `breach` has something to say.
fn per_wire(
    design: &Design,
    rule: &'static Rule,
    breach: impl Fn(Nature, &connections::Wire) -> Option<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, module_name, module) in design.modules.iter() {
        let wires = connections::of(design, module);
        for ((_, net_name, net), wires) in module.nets.iter().zip(&wires) {
            for (bit, wire) in wires.iter().enumerate() {
                let Some(what) = breach(net.nature, wire) else { continue };
                let bit = if net.width > 1 { format!("[{bit}]") } else { String::new() };
                let path = format!("{module_name}.{net_name}{bit}");
                findings.push(Finding { rule, path, origin: net.origin.clone(), what });
            }
        }
    }
    findings
}
