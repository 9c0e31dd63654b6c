//! `impl OpAmpType` and `impl Block`.

use super::Opamp;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

pub(super) fn expand(amp: &Opamp, item: &ItemStruct) -> TokenStream {
    let (gain, gbw, slew) = (amp.gain.si(), amp.gbw.si(), amp.slew.si());
    let (low, high) = (amp.swing.0.si(), amp.swing.1.si());
    let offset = amp.offset.as_ref().map_or_else(|| quote!(0.0), |o| o.si());
    implement(
        item,
        quote! {
            __ml::ir::OpAmp { gain: #gain, gbw: #gbw, slew: #slew, offset: #offset, swing: (#low, #high) }
        },
    )
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    implement(item, quote!(::core::unreachable!()))
}

fn implement(item: &ItemStruct, spec: TokenStream) -> TokenStream {
    let name = &item.ident;
    quote! {
        impl __ml::parts::OpAmpType for #name {
            fn op_amp() -> __ml::technology::Named<__ml::ir::OpAmp> {
                __ml::technology::Named::new(::core::stringify!(#name), #spec)
            }
        }
        impl __ml::block::Block for #name {
            type Ports = __ml::ports::OpAmp;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                __ml::block::Part::op_amp(design, &<Self as __ml::parts::OpAmpType>::op_amp())
            }
        }
    }
}
