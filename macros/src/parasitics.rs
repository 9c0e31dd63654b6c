//! What `#[crossbar]` and `#[technology]` say of lines and cells besides the cells: `r_wire = 2.5 ohm, r_driver = 100 ohm`.

use crate::ctxt::Ctxt;
use crate::keys::{Key, Keys, optional};
use crate::quantity::Quantity;
use crate::units::Dimension;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// One of them: its key, what it measures, an example, and between which values it lies in circuits.
struct Part {
    key: &'static str,
    dimension: Dimension,
    example: &'static str,
    plausible: (f64, f64),
}

const fn part(key: &'static str, dimension: Dimension, example: &'static str, plausible: (f64, f64)) -> Part {
    Part { key, dimension, example, plausible }
}

/// The short form for both kinds of lines; attributes have it in their own table.
const BOTH: Part = part("r_wire", Dimension::Resistance, "2.5 ohm", (1e-6, 1e4));

/// The fields of memloom's `Parasitics`.
const FIELDS: [Part; 7] = [
    part("r_wordline", Dimension::Resistance, "2.5 ohm", (1e-6, 1e4)),
    part("r_bitline", Dimension::Resistance, "2.5 ohm", (1e-6, 1e4)),
    part("r_driver", Dimension::Resistance, "100 ohm", (1e-6, 1e6)),
    part("r_sense", Dimension::Resistance, "50 ohm", (1e-6, 1e6)),
    part("r_contact", Dimension::Resistance, "100 ohm", (1e-6, 1e6)),
    part("c_wire", Dimension::Capacitance, "0.2 fF", (1e-20, 1e-9)),
    part("c_cell", Dimension::Capacitance, "0.1 fF", (1e-20, 1e-9)),
];

/// Those that were given.
pub(crate) struct Parasitics {
    given: Vec<(&'static Part, Quantity)>,
}

impl Parasitics {
    /// The keys besides `r_wire`.
    pub(crate) fn keys() -> Vec<Key> {
        let key = |part: &Part| Key {
            example: format!("{} = {}", part.key, part.example).into(),
            ..optional(part.key, "")
        };
        FIELDS.iter().map(key).collect()
    }

    /// Reads them; `None` after a mistake, which it has reported.
    pub(crate) fn parse(keys: &Keys<'_>) -> Option<Self> {
        if keys.has(BOTH.key) {
            for line in FIELDS[..2].iter().filter_map(|part| keys.span(part.key).map(|span| (part.key, span)))
            {
                let (key, span) = line;
                let message = format!("`r_wire` is for both kinds of lines; remove it or `{key}`");
                keys.cx.error(span, message);
            }
        }
        let parts = || std::iter::once(&BOTH).chain(&FIELDS).filter(|part| keys.has(part.key));
        let read = |part: &'static Part| Some((part, keys.quantity(part.key, part.dimension)?));
        // Every mistake is reported, not the first one only.
        let given: Vec<_> = parts().map(read).collect();
        Some(Self { given: given.into_iter().collect::<Option<_>>()? })
    }

    /// None is negative, and none is of another order than in any circuit.
    pub(crate) fn check(&self, cx: &Ctxt) {
        for (Part { key, example, plausible: (low, high), .. }, value) in &self.given {
            let text = &value.text;
            let message = format!("`{key} = {text}` is negative; write a value such as `{example}`");
            cx.at_least(value, 0.0, message);
            cx.plausible(key, value, *low, *high);
        }
    }

    /// An expression of memloom's `Parasitics`.
    pub(crate) fn expand(&self) -> TokenStream {
        let none = Quantity::new(Dimension::Resistance, 0.0);
        let both = self.given.iter().find(|(part, _)| part.key == BOTH.key).map_or(&none, |(_, value)| value);
        let both = both.si();
        let both = quote!(__ml::ir::Parasitics::wires(__ml::units::Ohms::new(#both)));
        let fields: Vec<_> = self.given.iter().filter(|(part, _)| part.key != BOTH.key).map(field).collect();
        if fields.is_empty() {
            return both;
        }
        quote!(__ml::ir::Parasitics { #(#fields,)* ..#both })
    }
}

fn field((part, value): &(&'static Part, Quantity)) -> TokenStream {
    let (name, value) = (format_ident!("{}", part.key), value.si());
    match part.dimension {
        Dimension::Capacitance => quote!(#name: __ml::units::Farads::new(#value)),
        _ => quote!(#name: __ml::units::Ohms::new(#value)),
    }
}
