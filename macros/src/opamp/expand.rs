//! `impl OpAmpType` and `impl Block`.

use super::Opamp;
use crate::attribute::name_in_text;
use crate::quantity::Quantity;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

pub(super) fn expand(amp: &Opamp, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let (gain, gbw, slew) = (amp.gain.si(), amp.gbw.si(), amp.slew.si());
    let (low, high) = (amp.swing.0.si(), amp.swing.1.si());
    let or_zero = |value: &Option<Quantity>| Quantity::si_or_zero(value.as_ref());
    let (offset, c_in) = (or_zero(&amp.offset), or_zero(&amp.c_in));
    let (noise_density, flicker_corner) = (or_zero(&amp.noise_density), or_zero(&amp.flicker_corner));
    let auto_zero = match (&amp.auto_zero, &amp.auto_zero_time) {
        (Some(residual), Some(time)) => {
            let (residual, time) = (residual.si(), time.si());
            quote!(::core::option::Option::Some(__ml::ir::AutoZero { residual: #residual, time: #time }))
        }
        _ => quote!(::core::option::Option::None),
    };
    let swing = format!("{} ..= {}", amp.swing.0.text, amp.swing.1.text);
    let model = quote! {
        __ml::ir::OpAmp {
            gain: #gain, gbw: #gbw, slew: #slew, offset: #offset, swing: (#low, #high), c_in: #c_in,
            noise_density: #noise_density, flicker_corner: #flicker_corner, auto_zero: #auto_zero,
        }
    };
    implement(item, &model, &swing, rules, &amp.body.expand())
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    implement(item, &quote!(__ml::parts::UNKNOWN_OP_AMP), "", &TokenStream::new(), &TokenStream::new())
}

fn implement(
    item: &ItemStruct,
    model: &TokenStream,
    swing: &str,
    rules: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let (name, text) = (&item.ident, name_in_text(item));
    let (imp, ty, bounds) = item.generics.split_for_impl();
    quote! {
        impl #imp __ml::parts::OpAmpType for #name #ty #bounds {
            const MODEL: __ml::ir::OpAmp = #model;
            const SWING: &'static str = #swing;
            fn op_amp() -> __ml::technology::Named<__ml::ir::OpAmp> {
                #rules
                __ml::technology::Named::new(#text, <Self as __ml::parts::OpAmpType>::MODEL) #body
            }
        }
        impl #imp __ml::block::Block for #name #ty #bounds {
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
