//! Rules of a module that its tokens decide. What depends on types, rustc and `memloom::wiring` decide.

use super::Module;
use super::expand::is_named;
use super::model::{GROUND, Piece};
use crate::ctxt::Ctxt;
use crate::nearest::{list, nearest};
use proc_macro2::Ident;
use syn::spanned::Spanned;

pub(super) fn check(cx: &Ctxt, module: &Module) {
    names_are_used_once(cx, module);
    ground_is_a_supply(cx, module);
    nets_are_known(cx, module);
    ports_are_wired_once(cx, module);
    no_module_contains_itself(cx, module);
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

/// A port is wired to nets of the module.
fn nets_are_known(cx: &Ctxt, module: &Module) {
    for piece in module.connections().flat_map(|(_, connection)| &connection.target.pieces) {
        let Piece::Net(net, _) = piece else { continue };
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

/// A port is wired once: its wires are joined in one connection.
fn ports_are_wired_once(cx: &Ctxt, module: &Module) {
    for instance in &module.instances {
        let mut seen: Vec<&Ident> = Vec::new();
        for port in instance.connections.iter().map(|connection| &connection.port) {
            if seen.contains(&port) {
                let name = &instance.name;
                let message = format!(
                    "port `{port}` of `{name}` is wired twice; write `{port} = [a, b]` for several nets"
                );
                cx.error(port.span(), message);
            }
            seen.push(port);
        }
    }
}

/// A module that holds an instance of itself would never end.
fn no_module_contains_itself(cx: &Ctxt, module: &Module) {
    for instance in &module.instances {
        if is_named(&instance.block, &module.name) {
            let name = &module.name;
            let message = format!(
                "module `{name}` contains itself and would never end; make `{}` another block",
                instance.name
            );
            cx.error(instance.block.span(), message);
        }
    }
}
