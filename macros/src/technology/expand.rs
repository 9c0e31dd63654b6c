//! `impl Technology`.

use super::Technology;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ItemStruct;
use syn::spanned::Spanned;

/// A behavioural block that a technology names: the key, which is the field of the spec too, and the function.
pub(super) struct Behaviour {
    pub(super) key: &'static str,
    function: &'static str,
}

pub(super) const BEHAVIOURS: [Behaviour; 4] = [
    Behaviour { key: "hard_swish", function: "HardSwish" },
    Behaviour { key: "hard_sigmoid", function: "HardSigmoid" },
    Behaviour { key: "relu", function: "Relu" },
    Behaviour { key: "multiplier", function: "Multiplier" },
];

pub(super) fn expand(technology: &Technology, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let Technology { name, cell, tile, readout, .. } = technology;
    let (rows, cols) = (&tile.rows, &tile.cols);
    let signed = format_ident!("{}", technology.signed);
    let (r_wire, r_unit) = (technology.r_wire.si(), technology.r_unit.si());
    let (r_f_low, r_f_high) = (technology.r_f.0.si(), technology.r_f.1.si());
    let cell = quote_spanned!(cell.span()=> <#cell as __ml::parts::CellType>::cell());
    let readout = quote_spanned!(readout.span()=> <#readout as __ml::parts::TiaType>::tia());
    let behaviours = BEHAVIOURS.iter().zip(&technology.behaviours).map(|(behaviour, ty)| {
        let (field, function) = (format_ident!("{}", behaviour.key), format_ident!("{}", behaviour.function));
        quote_spanned!(ty.span()=> #field: __ml::parts::behaviour_of::<#ty, __ml::parts::functions::#function>(),)
    });
    implement(
        item,
        quote! {
            #rules
            __ml::technology::TechnologySpec {
                name: ::core::convert::From::from(#name),
                cell: #cell,
                tile: (#rows, #cols),
                signed: __ml::technology::SignScheme::#signed,
                r_wire: #r_wire,
                readout: #readout,
                r_f: (#r_f_low, #r_f_high),
                r_unit: #r_unit,
                #(#behaviours)*
            }
        },
    )
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    implement(item, quote!(::core::unreachable!()))
}

fn implement(item: &ItemStruct, spec: TokenStream) -> TokenStream {
    let name = &item.ident;
    let (imp, ty, bounds) = item.generics.split_for_impl();
    quote! {
        impl #imp __ml::technology::Technology for #name #ty #bounds {
            fn spec() -> __ml::technology::TechnologySpec {
                #spec
            }
        }
    }
}
