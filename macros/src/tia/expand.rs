//! `impl TiaType`, `impl Subcircuit` and `impl Block`.

use super::Tia;
use crate::attribute::origin;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemStruct;
use syn::spanned::Spanned;

pub(super) fn expand(tia: &Tia, item: &ItemStruct) -> TokenStream {
    let (r_f, v_ref) = (tia.r_f.si(), tia.v_ref.si());
    let c_f = tia.c_f.as_ref().map_or_else(|| quote!(0.0), |c| c.si());
    let op_amp = &tia.op_amp;
    // At the user's span, so that a type that is no op-amp is underlined where it was written.
    let op_amp = quote_spanned!(op_amp.span()=> <#op_amp as __ml::parts::OpAmpType>::op_amp());
    implement(
        item,
        quote!(__ml::technology::TiaSpec { r_f: #r_f, c_f: #c_f, v_ref: #v_ref, op_amp: #op_amp }),
    )
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    implement(item, quote!(::core::unreachable!()))
}

fn implement(item: &ItemStruct, spec: TokenStream) -> TokenStream {
    let name = &item.ident;
    let origin = origin(name);
    quote! {
        impl __ml::parts::TiaType for #name {
            fn tia() -> __ml::technology::Named<__ml::technology::TiaSpec> {
                __ml::technology::Named::new(::core::stringify!(#name), #spec)
            }
        }
        impl __ml::block::Subcircuit for #name {
            fn define(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::ir::Id<__ml::ir::Module>, __ml::ir::BuildError> {
                __ml::block::tia(design, &<Self as __ml::parts::TiaType>::tia(), #origin)
            }
        }
        impl __ml::block::Block for #name {
            type Ports = __ml::ports::Tia;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                __ml::block::Part::subcircuit(self, design)
            }
        }
    }
}
