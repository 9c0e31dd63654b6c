//! What `#[crossbar]` says.

use super::{check, expand};
use crate::attribute::{Model, derives, rules_and_expansions};
use crate::gate::{Gates, Kind};
use crate::keys::{Key, Keys, optional, required};
use crate::parasitics::Parasitics;
use crate::quantity::Quantity;
use crate::units::Dimension;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Field, Fields, GenericArgument, ItemStruct, PathArguments, Type};

/// A crossbar type.
pub(crate) struct Crossbar {
    pub(crate) cell: Type,
    pub(crate) parasitics: Parasitics,
    pub(crate) scheme: Scheme,
    /// The type of the field, as the expansion names it.
    pub(crate) shape: Type,
    /// What that type stands behind.
    pub(crate) gates: Gates,
}

/// How weights get their sign.
pub(crate) enum Scheme {
    None,
    DualRail(Box<Drivers>),
    Differential,
}

/// The row drivers of a dual-rail crossbar.
pub(crate) struct Drivers {
    pub(crate) op_amp: Type,
    pub(crate) v_ref: Quantity,
    pub(crate) r_unit: Quantity,
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    None,
    DualRail,
    Differential,
}

const SCHEMES: [(&str, Word); 3] =
    [("none", Word::None), ("dual_rail", Word::DualRail), ("differential", Word::Differential)];

/// Keys of the row drivers, which only a dual-rail crossbar has.
const DRIVER_KEYS: [&str; 3] = ["opamp", "v_ref", "r_unit"];

impl Model for Crossbar {
    const ATTRIBUTE: &'static str = "crossbar";
    const KEYS: &'static [Key] = &[
        required("cell", "cell = HfO2"),
        optional("r_wire", "r_wire = 2.5 ohm"),
        optional("signed", "signed = dual_rail"),
        optional("opamp", "opamp = Ota"),
        optional("v_ref", "v_ref = 0.9 V"),
        optional("r_unit", "r_unit = 100 kohm"),
    ];

    fn more_keys() -> Vec<Key> {
        Parasitics::keys()
    }

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        if field(item).is_none() {
            let name = &item.ident;
            let message =
                format!("a crossbar has one field; write `struct {name} {{ g: Conductance<4, 3> }}`");
            keys.cx.error(name.span(), message);
        }
        let cell = keys.part("cell");
        let parasitics = Parasitics::parse(keys);
        let scheme = scheme(keys);
        let (shape, gates) = shape(item)?;
        Some(Self { cell: cell?, parasitics: parasitics?, scheme: scheme?, shape, gates })
    }

    fn item(item: &ItemStruct) -> TokenStream {
        let derive = derives(item, &["Debug", "Clone"]);
        quote!(#derive #item)
    }

    rules_and_expansions!();
}

/// Rows and columns as const arguments.
pub(super) struct Size {
    pub(super) rows: TokenStream,
    pub(super) cols: TokenStream,
}

impl Size {
    /// The arguments of `Conductance<R, C>`, which may be generic parameters; asked of the type if it is an alias.
    pub(super) fn of(ty: &Type) -> Self {
        if let Some((rows, cols)) = arguments(ty) {
            return Self { rows: quote!(#rows), cols: quote!(#cols) };
        }
        let shape = quote_spanned!(ty.span()=> <#ty as __ml::conductance::Shape>);
        Self { rows: quote!({ #shape::ROWS }), cols: quote!({ #shape::COLS }) }
    }
}

/// The type of the one field, behind a gate unless it is a `Conductance` in so many words.
pub(super) fn shape(item: &ItemStruct) -> Option<(Type, Gates)> {
    let (name, field) = field(item)?;
    let mut gates = Gates::default();
    let shape = match arguments(&field.ty) {
        Some(_) => field.ty.clone(),
        None => gates.pass(Kind::Shape, name, &field.ty, &item.generics),
    };
    Some((shape, gates))
}

/// The arguments of `Conductance<R, C>`.
fn arguments(ty: &Type) -> Option<(&GenericArgument, &GenericArgument)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Conductance")?;
    let PathArguments::AngleBracketed(list) = &last.arguments else { return None };
    match list.args.iter().collect::<Vec<_>>()[..] {
        [rows, cols] => Some((rows, cols)),
        _ => None,
    }
}

/// The one field, by name.
pub(super) fn field(item: &ItemStruct) -> Option<(&Ident, &Field)> {
    let Fields::Named(fields) = &item.fields else { return None };
    let field = fields.named.first().filter(|_| fields.named.len() == 1)?;
    Some((field.ident.as_ref()?, field))
}

fn scheme(keys: &Keys<'_>) -> Option<Scheme> {
    let word = if keys.has("signed") { keys.choice("signed", &SCHEMES)? } else { Word::None };
    if word == Word::DualRail {
        for (name, example) in [("opamp", "opamp = Ota"), ("v_ref", "v_ref = 0.9 V")] {
            if !keys.has(name) {
                let message = format!(
                    "`signed = dual_rail` drives an inverted copy of each input: it needs `{name}`; write `{example}`"
                );
                keys.cx.error(keys.span("signed").unwrap_or_else(Span::call_site), message);
            }
        }
        let op_amp = keys.part("opamp");
        let v_ref = keys.quantity("v_ref", Dimension::Voltage);
        let r_unit = match keys.has("r_unit") {
            true => keys.quantity("r_unit", Dimension::Resistance),
            false => Some(Quantity::new(Dimension::Resistance, 100e3)),
        };
        return Some(Scheme::DualRail(Box::new(Drivers { op_amp: op_amp?, v_ref: v_ref?, r_unit: r_unit? })));
    }
    for name in DRIVER_KEYS {
        if let Some(span) = keys.span(name) {
            let message = format!(
                "`{name}` is for row drivers, which this crossbar has none of; remove it or write `signed = dual_rail`"
            );
            keys.cx.error(span, message);
        }
    }
    Some(if word == Word::None { Scheme::None } else { Scheme::Differential })
}
