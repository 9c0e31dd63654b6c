//! `impl Technology`.

use super::Technology;
use crate::quantity::Quantity;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ItemStruct;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

pub(super) fn expand(technology: &Technology, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let Technology { name, cell, tile, readout, .. } = technology;
    let (rows, cols) = (&tile.rows, &tile.cols);
    let signed = format_ident!("{}", technology.signed);
    let (parasitics, r_unit) = (technology.parasitics.expand(), technology.r_unit.si());
    let (r_f_low, r_f_high) = (technology.r_f.0.si(), technology.r_f.1.si());
    let cell = quote_spanned!(cell.span()=> <#cell as __ml::parts::CellType>::cell());
    let readout = quote_spanned!(readout.span()=> <#readout as __ml::parts::TiaType>::tia());
    let functions =
        technology.functions.0.iter().map(|ty| quote_spanned!(ty.span()=> __ml::parts::activation::<#ty>()));
    let sample_hold = match technology.c_hold.as_ref().map(Quantity::si) {
        Some(c_hold) => quote!(__ml::ir::SampleHold { c_hold: #c_hold }),
        None => quote!(::core::default::Default::default()),
    };
    let ty = &technology.multiplier;
    let multiplier = quote_spanned!(ty.span()=> __ml::parts::multiplier::<#ty>());
    let supplies = technology.supplies.iter().filter_map(|rail| {
        let (name, volts) = (rail.name.unraw().to_string(), rail.volts.as_ref()?.si());
        Some(quote!((::core::convert::From::from(#name), #volts)))
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
                parasitics: #parasitics,
                readout: #readout,
                r_f: (#r_f_low, #r_f_high),
                r_unit: #r_unit,
                sample_hold: #sample_hold,
                functions: ::std::vec![#(#functions),*],
                multiplier: #multiplier,
                supplies: ::std::vec![#(#supplies),*],
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
