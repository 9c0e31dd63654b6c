//! `impl CellType`.

use super::Memristor;
use crate::attribute::name_in_text;
use crate::quantity::Quantity;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

pub(super) fn expand(cell: &Memristor, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let (g_min, g_max, v_read) = (cell.g_min.si(), cell.g_max.si(), cell.v_read.si());
    let levels = match &cell.levels {
        Some(levels) => quote!(::core::option::Option::Some(#levels)),
        None => quote!(::core::option::Option::None),
    };
    let flicker = Quantity::si_or_zero(cell.flicker.as_ref());
    let device = cell.model.expand(&g_min, &g_max);
    let netlist = if cell.is_device { quote!(Device) } else { quote!(Resistor) };
    implement(
        item,
        &cell.body.expand(),
        quote! {
            #rules
            __ml::ir::Cell {
                g_min: #g_min,
                g_max: #g_max,
                levels: #levels,
                v_read: #v_read,
                device: #device,
                netlist: __ml::ir::CellNetlist::#netlist,
                flicker: #flicker,
            }
        },
    )
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    implement(item, &TokenStream::new(), quote!(::core::unreachable!()))
}

fn implement(item: &ItemStruct, body: &TokenStream, spec: TokenStream) -> TokenStream {
    let (name, text) = (&item.ident, name_in_text(item));
    let (imp, ty, bounds) = item.generics.split_for_impl();
    quote! {
        impl #imp __ml::parts::CellType for #name #ty #bounds {
            fn cell() -> __ml::technology::Named<__ml::ir::Cell> {
                __ml::technology::Named::new(#text, { #spec }) #body
            }
        }
    }
}
