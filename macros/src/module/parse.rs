//! Reads the fields of a module.

use super::model::{Connection, Instance, Module, Net, Role};
use super::target::target;
use crate::ctxt::Ctxt;
use crate::gate::Gates;
use crate::keys::split_commas;
use crate::quantity::{Quantity, text_of};
use crate::units::{self, Dimension};
use memloom_library::nearest;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
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
    let mut module = Module {
        name: item.ident.clone(),
        generics: item.generics.clone(),
        nets: Vec::new(),
        instances: Vec::new(),
        supplies: Vec::new(),
        gates: Gates::default(),
    };
    for field in fields {
        let Some(name) = &field.ident else { continue };
        match role(cx, name, field) {
            Some(Meaning::Net(role, mark)) => {
                let range = arguments(cx, name, field, role, mark);
                module.nets.push(Net { name: name.clone(), ty: field.ty.clone(), role, range });
            }
            Some(Meaning::Instance(attribute)) => module.instances.push(instance(cx, name, field, attribute)),
            // Counts as a net: a connection to it is no second mistake.
            None => {
                let (name, ty) = (name.clone(), field.ty.clone());
                module.nets.push(Net { name, ty, role: Role::Inner, range: None });
            }
        }
    }
    Some(module)
}

enum Meaning<'a> {
    Net(Role, &'a Attribute),
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
    let role = match () {
        () if word.is_ident("input") => Role::Input,
        () if word.is_ident("output") => Role::Output,
        () => Role::Inner,
    };
    Some(Meaning::Net(role, mark))
}

/// What stands in a net's role: the `range` of an input, or nothing.
fn arguments(
    cx: &Ctxt,
    name: &Ident,
    field: &Field,
    role: Role,
    mark: &Attribute,
) -> Option<(Quantity, Quantity)> {
    let tokens = match &mark.meta {
        Meta::Path(_) => return None,
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(value) => quote!(#value),
    };
    let parser = |input: ParseStream<'_>| {
        let key = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok((key, input.parse::<TokenStream>()?))
    };
    match parser.parse2(tokens.clone()) {
        Ok((key, value)) if key == "range" && role == Role::Input => {
            let dimension = dimension(&field.ty, &value);
            let (low, high) = Quantity::parse_range(cx, &key, dimension, value)?;
            let least = if dimension == Dimension::Current { (1e-15, 10.0) } else { (1e-9, 100.0) };
            cx.plausible("range", &low, least.0, least.1);
            cx.plausible("range", &high, least.0, least.1);
            Some((low, high))
        }
        _ => {
            let (span, text) = (tokens.span(), text_of(&tokens));
            let message = match role {
                Role::Input => format!(
                    "the role of `{name}` takes no `{text}`; write #[input] or #[input(range = 0.5 V ..= 1.3 V)]; connections go in #[inst(port = net)]"
                ),
                _ => format!(
                    "the role of `{name}` takes no `{text}`; leave it out: connections go in #[inst(port = net)], a range in #[input(range = 0.5 V ..= 1.3 V)]"
                ),
            };
            cx.error(span, message);
            None
        }
    }
}

/// What the range of a net measures: by the net's type, or by the range's unit where the type is an alias.
fn dimension(ty: &Type, range: &TokenStream) -> Dimension {
    let names = |tokens: TokenStream, name| {
        tokens.into_iter().any(|tree| matches!(tree, TokenTree::Ident(ident) if ident == name))
    };
    let ty = quote!(#ty);
    if names(ty.clone(), "Current") {
        return Dimension::Current;
    }
    let unit = |tree| match tree {
        TokenTree::Ident(unit) => units::lookup(&unit.to_string()).map(|found| found.0),
        _ => None,
    };
    let given = range.clone().into_iter().find_map(unit);
    if !names(ty, "Voltage") && given == Some(Dimension::Current) {
        return Dimension::Current;
    }
    Dimension::Voltage
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
    Instance { name: name.clone(), declared: block.clone(), block, copies, connections }
}

/// `port = target`.
fn connection(cx: &Ctxt, tokens: TokenStream) -> Option<Connection> {
    let parser = |input: ParseStream<'_>| {
        let port = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok((port, input.parse::<TokenStream>()?))
    };
    let text = text_of(&tokens);
    let span = tokens.span();
    let Ok((port, value)) = parser.parse2(tokens) else {
        cx.error(span, format!("`{text}` is not a connection; write `port = net`"));
        return None;
    };
    Some(Connection { target: target(cx, &port, value)?, port })
}
