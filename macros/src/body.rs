//! `subcircuit = Cell` and `supplies(..)` of an op-amp, an activation or a memristor: what it is made of.

use crate::ctxt::Ctxt;
use crate::keys::Keys;
use crate::supplies::{self, SupplyPin};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

/// What a model is made of: a foreign cell, or memloom's own circuit with supply pins.
pub(crate) struct Body {
    pub(crate) cell: Option<Type>,
    supplies: Vec<SupplyPin>,
}

impl Body {
    /// Reads both keys.
    pub(crate) fn parse(keys: &Keys<'_>) -> Self {
        let (cell, supplies) = (keys.part("subcircuit"), supplies::pins(keys));
        if let (Some(cell), Some(span)) = (&cell, keys.span("supplies")) {
            let name = cell.to_token_stream();
            keys.cx.error(span, format!("the supply pins are those of `{name}`; write `supplies` there"));
        }
        Self { cell, supplies }
    }

    /// The rule that the cell has the ports of a model: `inputs` and `outputs`, and of others none but `optional`.
    pub(crate) fn check(&self, cx: &Ctxt, what: &str, inputs: &[&str], outputs: &[&str], optional: &[&str]) {
        let Some(cell) = &self.cell else { return };
        let (name, span) = (cell.to_token_stream().to_string(), cell.span());
        // At the type, so that one that is no subcircuit is underlined there.
        let unknown = quote_spanned!(span=> <#cell as __ml::parts::SubcircuitType>::UNKNOWN);
        let ports =
            quote_spanned!(span=> <<#cell as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS);
        let check = quote_spanned! {span=>
            __ml::parts::check_body(
                #unknown, #name, #ports, #what, &[#(#inputs),*], &[#(#outputs),*], &[#(#optional),*],
            )
        };
        cx.rule(span, check);
    }

    /// The rule that the cell has a parameter for its conductance or resistance.
    pub(crate) fn check_target(&self, cx: &Ctxt) {
        let Some(cell) = &self.cell else { return };
        let (name, span) = (cell.to_token_stream().to_string(), cell.span());
        let at = quote_spanned!(span=> <#cell as __ml::parts::SubcircuitType>);
        cx.rule(span, quote_spanned!(span=> __ml::parts::check_target(#at::UNKNOWN, #name, #at::PARAMS)));
    }

    /// `.with_body(..)`, or nothing.
    pub(crate) fn expand(&self) -> TokenStream {
        match &self.cell {
            Some(cell) => {
                let body = quote_spanned!(cell.span()=> <#cell as __ml::parts::SubcircuitType>::body());
                quote!(.with_body(#body))
            }
            None if self.supplies.is_empty() => TokenStream::new(),
            None => {
                let body = supplies::body(&self.supplies);
                quote!(.with_body(#body))
            }
        }
    }
}
