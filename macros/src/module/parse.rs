//! Reads the fields of a module.

use super::model::{Connection, Instance, Module, Net, Role};
use super::target::target;
use crate::ctxt::Ctxt;
use crate::keys::split_commas;
use crate::nearest::nearest;
use crate::quantity::text_of;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Field, Fields, ItemStruct, Meta, Token, Type};

/// The attributes that give a field its role.
const ROLES: [&str; 4] = ["input", "output", "net", "inst"];

/// Whether an attribute is one of a module's own marks.
pub(super) fn is_role(attribute: &Attribute) -> bool {
    ROLES.iter().any(|role| attribute.path().is_ident(role))
}

pub(super) fn module(cx: &Ctxt, item: &ItemStruct) -> Option<Module> {
    let fields = match &item.fields {
        Fields::Named(fields) => Some(&fields.named),
        _ => None,
    };
    let Some(fields) = fields else {
        let name = &item.ident;
        cx.error(
            name.span(),
            format!("a module names its nets; write `struct {name} {{ #[input] x: Bus<Voltage, 1>, .. }}`"),
        );
        return None;
    };
    let mut module = Module { name: item.ident.clone(), nets: Vec::new(), instances: Vec::new() };
    for field in fields {
        let Some(name) = &field.ident else { continue };
        match role(cx, name, field) {
            Some(Meaning::Net(role)) => {
                module.nets.push(Net { name: name.clone(), ty: field.ty.clone(), role });
            }
            Some(Meaning::Instance(attribute)) => module.instances.push(instance(cx, name, field, attribute)),
            // Counts as a net: a connection to it is no second mistake.
            None => module.nets.push(Net { name: name.clone(), ty: field.ty.clone(), role: Role::Inner }),
        }
    }
    Some(module)
}

enum Meaning<'a> {
    Net(Role),
    Instance(&'a Attribute),
}

/// The role that a field is marked with; reports none and two.
fn role<'a>(cx: &Ctxt, name: &Ident, field: &'a Field) -> Option<Meaning<'a>> {
    let mut marks = field.attrs.iter().filter(|a| is_role(a));
    let Some(mark) = marks.next() else {
        no_role(cx, name, field);
        return None;
    };
    if let Some(second) = marks.next().and_then(|a| a.path().get_ident()) {
        cx.error(second.span(), format!("field `{name}` has a second role `{second}`; remove one"));
    }
    let word = mark.path();
    if word.is_ident("inst") {
        return Some(Meaning::Instance(mark));
    }
    if !matches!(mark.meta, Meta::Path(_)) {
        cx.error(
            name.span(),
            format!("the role of `{name}` takes no arguments; connections go in #[inst(port = net)]"),
        );
    }
    Some(Meaning::Net(match () {
        () if word.is_ident("input") => Role::Input,
        () if word.is_ident("output") => Role::Output,
        () => Role::Inner,
    }))
}

/// Reports a field without a role, at the attribute that was meant to be one if there is such.
fn no_role(cx: &Ctxt, name: &Ident, field: &Field) {
    for word in field.attrs.iter().filter_map(|a| a.path().get_ident()) {
        if let Some(right) = nearest(&word.to_string(), ROLES) {
            cx.error(word.span(), format!("there is no role `{word}`; did you mean #[{right}]?"));
            return;
        }
    }
    let message = format!(
        "field `{name}` has no role; write #[input], #[output], #[net] or #[inst(port = net, ..)] above it"
    );
    cx.error(name.span(), message);
}

fn instance(cx: &Ctxt, name: &Ident, field: &Field, attribute: &Attribute) -> Instance {
    let (block, copies) = match &field.ty {
        Type::Array(array) => ((*array.elem).clone(), Some(array.len.clone())),
        ty => (ty.clone(), None),
    };
    let connections = match &attribute.meta {
        Meta::List(list) => split_commas(list.tokens.clone()),
        _ => Vec::new(),
    };
    let connections = connections.into_iter().filter_map(|tokens| connection(cx, tokens)).collect();
    Instance { name: name.clone(), block, copies, connections }
}

/// `port = target`.
fn connection(cx: &Ctxt, tokens: TokenStream) -> Option<Connection> {
    let parser = |input: ParseStream<'_>| {
        let port = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok((port, input.parse::<TokenStream>()?))
    };
    let text = text_of(&tokens);
    let span = syn::spanned::Spanned::span(&tokens);
    let Ok((port, value)) = parser.parse2(tokens) else {
        cx.error(span, format!("`{text}` is not a connection; write `port = net`"));
        return None;
    };
    Some(Connection { target: target(cx, &port, value)?, port })
}
