//! What `#[activation]` says.

use super::own::Own;
use super::{check, expand};
use crate::attribute::{Model, no_fields, rules_and_expansions};
use crate::body::Body;
use crate::keys::{Key, Keys, choose, optional, required};
use crate::quantity::Quantity;
use crate::units::Dimension;
use memloom_functions as functions;
use memloom_library::list;
use proc_macro2::{Ident, Span};
use syn::ItemStruct;

/// The word for `a * b`, the one block of two inputs.
const MULTIPLIER: &str = "multiplier";

/// Fields that a value may set for itself.
pub(crate) const OWN_UNITS: [&str; 3] = ["unit", "unit_in", "unit_out"];

/// A behavioural block.
pub(crate) struct Activation {
    pub(crate) function: Function,
    pub(crate) unit: Quantity,
    pub(crate) v_ref: Quantity,
    pub(crate) swing: Option<(Quantity, Quantity)>,
    pub(crate) body: Body,
}

/// What a block computes.
pub(crate) enum Function {
    /// A function of the library.
    Activation(functions::Activation, Option<Quantity>),
    /// `a * b`.
    Multiplier,
    /// A user's own, by its bodies.
    Own(Box<Own>),
}

impl Model for Activation {
    const ATTRIBUTE: &'static str = "activation";
    const KEYS: &'static [Key] = &[
        required("unit", "unit = 100 mV"),
        required("v_ref", "v_ref = 0.9 V"),
        optional("swing", "swing = 0 V ..= 1.8 V"),
        optional("verilog_a", "verilog_a = \"V(out) <+ V(inp);\""),
        optional("spice", "spice = \"Eout out 0 inp 0 1\""),
        optional("native", "native = f64::tanh"),
        optional("inputs", "inputs = [inp]"),
        optional("supplies", "supplies(vdd, vss)"),
        optional("subcircuit", "subcircuit = SwishCell"),
    ];

    fn more_keys() -> Vec<Key> {
        let key = |p: functions::Parameter| Key {
            name: p.name,
            example: format!("{} = {}", p.name, p.default).into(),
            optional: true,
        };
        parameters().map(key).collect()
    }

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        no_fields(keys.cx, Self::ATTRIBUTE, item, &OWN_UNITS);
        let function = function(keys);
        let unit = keys.quantity("unit", Dimension::Voltage);
        let v_ref = keys.quantity("v_ref", Dimension::Voltage);
        let swing = keys.range("swing", Dimension::Voltage);
        let body = Body::parse(keys);
        Some(Self { function: function?, unit: unit?, v_ref: v_ref?, swing, body })
    }

    rules_and_expansions!();
}

/// The one word that names the function, or the bodies of a user's own.
fn function(keys: &Keys<'_>) -> Option<Function> {
    let own = ["verilog_a", "spice", "native", "inputs"].iter().find_map(|key| Some((*key, keys.span(key)?)));
    match (keys.words(), own) {
        ([word], None) => known(keys, word),
        ([], None) if keys.has("subcircuit") => Some(Function::Own(Box::new(Own::parse(keys)?))),
        ([], Some(_)) => Some(Function::Own(Box::new(Own::parse(keys)?))),
        ([], None) => {
            let names = list(names());
            let message = format!(
                "#[activation] needs a function; write one of {names} first, or a body of your own, `spice = \"..\"`"
            );
            keys.cx.error(Span::call_site(), message);
            None
        }
        ([word], Some((key, span))) => {
            let message =
                format!("`{word}` has its own circuit, `{key}` describes another; remove one of them");
            keys.cx.error(span, message);
            None
        }
        ([_, second, ..], _) => {
            keys.cx
                .error(second.span(), format!("`{second}` is a second function; write one struct for each"));
            None
        }
    }
}

/// The words that name a function.
fn names() -> impl Iterator<Item = &'static str> {
    functions::ALL.iter().map(|f| f.name()).chain([MULTIPLIER])
}

fn known(keys: &Keys<'_>, word: &Ident) -> Option<Function> {
    let table: Vec<_> = names().map(|name| (name, name)).collect();
    match functions::Activation::find(choose(keys.cx, word, &table)?) {
        None => Some(Function::Multiplier),
        Some(function) => Some(Function::Activation(function, parameter(keys, function))),
    }
}

/// The parameters of all functions, each name once.
fn parameters() -> impl Iterator<Item = functions::Parameter> {
    let mut seen = std::collections::HashSet::new();
    let all = functions::ALL.iter().filter_map(|f| f.definition().parameter);
    all.filter(move |parameter| seen.insert(parameter.name))
}

/// The parameter that is set. Another function's is a mistake.
fn parameter(keys: &Keys<'_>, function: functions::Activation) -> Option<Quantity> {
    let own = function.definition().parameter.map(|parameter| parameter.name);
    for other in parameters().map(|p| p.name).filter(|name| Some(*name) != own) {
        if let Some(span) = keys.span(other) {
            let name = function.name();
            keys.cx.error(span, format!("`{name}` has no `{other}`; remove it"));
        }
    }
    keys.quantity(own?, Dimension::Number)
}
