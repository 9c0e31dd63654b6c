//! What `#[activation]` says.

use super::{check, expand};
use crate::attribute::{Fallback, Model, no_fields, unit_item};
use crate::ctxt::Ctxt;
use crate::keys::{Key, Keys, choose, optional, required};
use crate::nearest::list;
use crate::quantity::Quantity;
use crate::units::Dimension;
use proc_macro2::{Span, TokenStream};
use syn::ItemStruct;

/// Word, `ir::Function` variant, which is the marker's name in `memloom::functions` too.
pub(crate) const FUNCTIONS: [(&str, &str); 4] = [
    ("hard_swish", "HardSwish"),
    ("hard_sigmoid", "HardSigmoid"),
    ("relu", "Relu"),
    ("multiplier", "Multiplier"),
];

/// A behavioural block.
pub(crate) struct Activation {
    pub(crate) function: &'static str,
    pub(crate) unit: Quantity,
    pub(crate) v_ref: Quantity,
    pub(crate) swing: Option<(Quantity, Quantity)>,
}

impl Model for Activation {
    const ATTRIBUTE: &'static str = "activation";
    const KEYS: &'static [Key] = &[
        required("unit", "unit = 100 mV"),
        required("v_ref", "v_ref = 0.9 V"),
        optional("swing", "swing = 0 V ..= 1.8 V"),
    ];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        no_fields(keys.cx, Self::ATTRIBUTE, item);
        let function = function(keys);
        let unit = keys.quantity("unit", Dimension::Voltage);
        let v_ref = keys.quantity("v_ref", Dimension::Voltage);
        let swing = keys.range("swing", Dimension::Voltage);
        Some(Self { function: function?, unit: unit?, v_ref: v_ref?, swing })
    }

    fn check(&self, cx: &Ctxt) {
        check::check(cx, self);
    }

    fn item(&self, item: &ItemStruct) -> TokenStream {
        unit_item(item)
    }

    fn expand(&self, item: &ItemStruct) -> TokenStream {
        expand::expand(self, item)
    }

    fn fallback(item: &ItemStruct) -> Fallback {
        Fallback { item: unit_item(item), impls: expand::fallback(item) }
    }
}

/// The one word that names the function.
fn function(keys: &Keys<'_>) -> Option<&'static str> {
    match keys.words() {
        [word] => choose(keys.cx, word, &FUNCTIONS),
        [] => {
            let names = list(FUNCTIONS.iter().map(|f| f.0));
            keys.cx.error(
                Span::call_site(),
                format!("#[activation] needs a function; write one of {names} first"),
            );
            None
        }
        [_, second, ..] => {
            keys.cx
                .error(second.span(), format!("`{second}` is a second function; write one struct for each"));
            None
        }
    }
}
