//! Rules of a module that its tokens decide. What depends on types, rustc and `memloom::__private::wiring` decide.

use super::Module;
use super::model::{GROUND, Instance, Piece};
use crate::circle;
use crate::ctxt::Ctxt;
use memloom_library::{list, nearest};
use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Generics, Type, TypeParamBound, WherePredicate};

pub(super) fn check(cx: &Ctxt, module: &Module) {
    names_are_used_once(cx, module);
    ground_is_a_supply(cx, module);
    nets_are_known(cx, module);
    ports_are_wired_once(cx, module);
    no_module_contains_itself(cx, module);
    parameters_that_are_blocks_say_their_ports(cx, module);
}

/// A net or an instance has its name alone: rustc does not see the nets, which are no fields of the value.
fn names_are_used_once(cx: &Ctxt, module: &Module) {
    let supplies = module.supplies.iter().map(|rail| &rail.name);
    let names =
        module.nets.iter().map(|n| &n.name).chain(module.instances.iter().map(|i| &i.name)).chain(supplies);
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
        let supplies = module.supplies.iter().map(|rail| &rail.name);
        let names: Vec<String> =
            module.nets.iter().map(|n| &n.name).chain(supplies).map(ToString::to_string).collect();
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

/// A module that holds an instance of itself, or of one that holds it, would never end.
fn no_module_contains_itself(cx: &Ctxt, module: &Module) {
    for instance in &module.instances {
        let (name, field) = (&module.name, &instance.name);
        let Some(way) = way_back(name, &instance.declared) else { continue };
        let message = match way.len() {
            2 => format!("module `{name}` contains itself and would never end; make `{field}` another block"),
            _ => format!(
                "module `{name}` contains itself and would never end, `{}`; make `{field}` another block",
                way.join(" -> ")
            ),
        };
        cx.error(instance.declared.span(), message);
    }
}

/// The way from a module into an instance and back to the module, by names.
pub(super) fn way_back(module: &Ident, block: &Type) -> Option<Vec<String>> {
    let first = circle::plain_name(block)?;
    if first == module {
        return Some(vec![module.to_string(); 2]);
    }
    circle::back_to(module, first)
}

/// Of a block that is a parameter, the bounds say that it is one, and which ports it has. A bound by a trait of the user's
/// own may say both.
fn parameters_that_are_blocks_say_their_ports(cx: &Ctxt, module: &Module) {
    for instance in &module.instances {
        let Type::Path(path) = &instance.declared else { continue };
        let Some(name) = path.path.get_ident() else { continue };
        if !module.generics.type_params().any(|param| param.ident == *name) {
            continue;
        }
        let bounds = bounds(&module.generics, name);
        let says_nothing = |bound: &TypeParamBound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
                ["Clone", "Copy", "Debug"].iter().any(|other| last.ident == other)
                    || (last.ident == "Block" && last.arguments.is_empty())
            }),
            _ => true,
        };
        if bounds.iter().all(says_nothing) {
            let ports = ports(instance);
            let message = format!(
                "nothing says which ports a block `{name}` has; bound the parameter: `{name}: Block<Ports = memloom::ports::{ports}>`"
            );
            cx.error(name.span(), message);
        }
    }
}

/// The bounds of a parameter, beside it and in the `where` clause.
fn bounds(generics: &Generics, name: &Ident) -> Vec<TypeParamBound> {
    let beside = generics.type_params().filter(|param| param.ident == *name).flat_map(|param| &param.bounds);
    let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let below = clauses.filter_map(|predicate| match predicate {
        WherePredicate::Type(on) if circle::plain_name(&on.bounded_ty) == Some(name) => Some(&on.bounds),
        _ => None,
    });
    beside.chain(below.flatten()).cloned().collect()
}

/// The struct of `memloom::ports` that has the ports that are wired.
fn ports(instance: &Instance) -> &'static str {
    let wired = |port: &str| instance.connections.iter().any(|connection| connection.port == port);
    match () {
        () if wired("p") || wired("n") => "Passive",
        () if wired("inn") => "OpAmp",
        () if wired("a") || wired("b") => "Multiplier",
        () if wired("col_p") => "DifferentialCrossbar<ROWS, COLS>",
        () if wired("row") || wired("col") => "Crossbar<ROWS, COLS>",
        () => "Activation",
    }
}
