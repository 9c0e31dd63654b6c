//! `supplies(..)`: the supply pins of a cell, or the rails of a technology or a module.

use crate::ctxt::Ctxt;
use crate::keys::Keys;
use crate::quantity::{Quantity, text_of};
use crate::units::Dimension;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

/// A supply pin of a cell, and the rail that it hangs on: `vdd`, or `VPWR = vdd`.
pub(crate) struct SupplyPin {
    pub(crate) pin: Ident,
    pub(crate) rail: Ident,
}

/// A rail: `vdd = 1.8 V`; without a voltage one that is declared elsewhere.
pub(crate) struct Rail {
    pub(crate) name: Ident,
    pub(crate) volts: Option<Quantity>,
}

/// The supply pins of a cell.
pub(crate) fn pins(keys: &Keys<'_>) -> Vec<SupplyPin> {
    let pin = |entry: TokenStream| {
        let (name, value) =
            entry_of(keys.cx, entry, "a supply pin; write `vdd`, or `VPWR = vdd` for a pin of another name")?;
        let rail = match value {
            None => name.clone(),
            Some(value) => match syn::parse2::<Ident>(value.clone()) {
                Ok(rail) => rail,
                Err(_) => {
                    let message = format!(
                        "`{}` is not a rail's name; a cell names the rail alone, `{name}`, and the voltage stands at the #[technology] or the #[module] on top",
                        text_of(&value)
                    );
                    keys.cx.error(value.span(), message);
                    return None;
                }
            },
        };
        Some(SupplyPin { pin: name, rail })
    };
    let pins: Vec<SupplyPin> = keys.list("supplies").into_iter().filter_map(pin).collect();
    named_once(keys.cx, pins.iter().map(|supply| &supply.pin));
    pins
}

/// The rails of a technology, or of a module, which may also name those that are declared around it.
pub(crate) fn rails(keys: &Keys<'_>, may_be_elsewhere: bool) -> Vec<Rail> {
    let rail = |entry: TokenStream| {
        let (name, value) = entry_of(keys.cx, entry, "a rail; write `vdd = 1.8 V`")?;
        let volts = match value {
            // A rail whose voltage has a mistake is a rail all the same.
            Some(value) => Quantity::parse(keys.cx, &name, Dimension::Voltage, value),
            None if may_be_elsewhere => None,
            None => {
                keys.cx
                    .error(name.span(), format!("the rail `{name}` has no voltage; write `{name} = 1.8 V`"));
                return None;
            }
        };
        Some(Rail { name, volts })
    };
    let mut rails: Vec<Rail> = keys.list("supplies").into_iter().filter_map(rail).collect();
    named_once(keys.cx, rails.iter().map(|rail| &rail.name));
    let mut seen = std::collections::HashSet::new();
    rails.retain(|rail| seen.insert(rail.name.to_string()));
    for rail in &rails {
        if rail.name == "ground" {
            keys.cx.error(
                rail.name.span(),
                "`ground` is the supply at 0 V already; give the rail another name, such as `vss`",
            );
        }
        if let Some(volts) = &rail.volts {
            keys.cx.plausible(&rail.name.to_string(), volts, 1e-3, 1e3);
        }
    }
    rails
}

/// The body of a cell that has these supply pins and memloom's own circuit.
pub(crate) fn body(pins: &[SupplyPin]) -> TokenStream {
    let pairs = pins.iter().map(|SupplyPin { pin, rail }| {
        let (pin, rail) = (pin.unraw().to_string(), rail.unraw().to_string());
        quote!((#pin, #rail))
    });
    quote!(__ml::parts::supplied(&[#(#pairs),*]))
}

/// `name` or `name = value`.
fn entry_of(cx: &Ctxt, entry: TokenStream, what: &str) -> Option<(Ident, Option<TokenStream>)> {
    let parser = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        if input.is_empty() {
            return Ok((name, None));
        }
        input.parse::<Token![=]>()?;
        Ok((name, Some(input.parse::<TokenStream>()?)))
    };
    let (span, text) = (entry.span(), text_of(&entry));
    let parsed = parser.parse2(entry);
    parsed.map_err(|_| cx.error(span, format!("`{text}` is not {what}"))).ok()
}

fn named_once<'a>(cx: &Ctxt, names: impl Iterator<Item = &'a Ident>) {
    let mut seen: Vec<&Ident> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            cx.error(name.span(), format!("the supply `{name}` is given twice; remove one"));
        }
        seen.push(name);
    }
}
