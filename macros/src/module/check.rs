//! Rules of a module that its tokens decide. What depends on types, rustc and `memloom::wiring` decide.

use super::Module;
use super::model::{GROUND, Target};
use crate::ctxt::Ctxt;
use crate::nearest::{list, nearest};
use proc_macro2::Ident;

pub(super) fn check(cx: &Ctxt, module: &Module) {
    names_are_used_once(cx, module);
    ground_is_a_supply(cx, module);
    nets_are_known(cx, module);
}

/// A net or an instance has its name alone: rustc does not see the nets, which are no fields of the value.
fn names_are_used_once(cx: &Ctxt, module: &Module) {
    let names = module.nets.iter().map(|n| &n.name).chain(module.instances.iter().map(|i| &i.name));
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            cx.error(name.span(), format!("`{name}` is declared twice; rename one"));
        }
        seen.push(name);
    }
}

/// `ground` is the supply at 0 V, not a name for a net.
fn ground_is_a_supply(cx: &Ctxt, module: &Module) {
    for net in module.nets.iter().filter(|net| net.name == GROUND) {
        cx.error(net.name.span(), "`ground` is the supply at 0 V; give the net another name");
    }
}

/// A port is wired to a net of the module.
fn nets_are_known(cx: &Ctxt, module: &Module) {
    for connection in module.instances.iter().flat_map(|i| &i.connections) {
        let Target::Net(net) = &connection.target else { continue };
        if module.net(net).is_some() {
            continue;
        }
        let names: Vec<String> = module.nets.iter().map(|n| n.name.to_string()).collect();
        let known = || names.iter().map(String::as_str).chain([GROUND]);
        let hint = match nearest(&net.to_string(), known()) {
            Some(right) => format!("did you mean `{right}`?"),
            None => format!("write one of {}, or declare `#[net] {net}: Bus<Voltage, 1>`", list(known())),
        };
        cx.error(net.span(), format!("the module has no net `{net}`; {hint}"));
    }
}
