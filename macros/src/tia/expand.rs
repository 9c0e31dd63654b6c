//! `impl TiaType`, `impl Subcircuit` and `impl Block`.

use super::Tia;
use crate::attribute::{has_field, name_in_text, origin};
use crate::quantity::Quantity;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemStruct;
use syn::spanned::Spanned;

pub(super) fn expand(tia: &Tia, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let (r_f, v_ref) = (tia.r_f.si(), tia.v_ref.si());
    let c_f = Quantity::si_or_zero(tia.c_f.as_ref());
    let i_in = range(tia.i_in.as_ref());
    let op_amp = &tia.op_amp;
    // At the user's span, so that a type that is no op-amp is underlined where it was written.
    let op_amp = quote_spanned!(op_amp.span()=> <#op_amp as __ml::parts::OpAmpType>::op_amp());
    let spec = quote! {
        #rules
        __ml::technology::TiaSpec { r_f: #r_f, c_f: #c_f, v_ref: #v_ref, i_in: #i_in, op_amp: #op_amp }
    };
    implement(item, &spec)
}

/// A range as an `Option<(f64, f64)>`.
fn range(range: Option<&(Quantity, Quantity)>) -> TokenStream {
    let Some((low, high)) = range else { return quote!(::core::option::Option::None) };
    let (low, high) = (low.si(), high.si());
    quote!(::core::option::Option::Some((#low, #high)))
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    implement(item, &quote!(::core::unreachable!()))
}

fn implement(item: &ItemStruct, spec: &TokenStream) -> TokenStream {
    let (name, text) = (&item.ident, name_in_text(item));
    let (imp, ty, bounds) = item.generics.split_for_impl();
    let origin = origin(name);
    // A field `r_f` is a value's own feedback resistor: the default of its module, an argument of its instances.
    let (default, own) = match has_field(item, "r_f") {
        true => (
            quote!(tia.spec.r_f = __ml::units::Ohms::get(self.r_f);),
            quote!(.arg("r_f", __ml::units::Ohms::get(self.r_f))),
        ),
        false => (TokenStream::new(), TokenStream::new()),
    };
    quote! {
        impl #imp __ml::parts::TiaType for #name #ty #bounds {
            fn tia() -> __ml::technology::Named<__ml::technology::TiaSpec> {
                __ml::technology::Named::new(#text, { #spec })
            }
        }
        impl #imp __ml::block::Subcircuit for #name #ty #bounds {
            fn define(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::ir::Id<__ml::ir::Module>, __ml::ir::BuildError> {
                #[allow(unused_mut)]
                let mut tia = <Self as __ml::parts::TiaType>::tia();
                #default
                __ml::block::tia(design, &tia, #origin)
            }
        }
        impl #imp __ml::block::Block for #name #ty #bounds {
            type Ports = __ml::ports::Tia;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                let tia = __ml::block::tia(design, &<Self as __ml::parts::TiaType>::tia(), #origin)?;
                ::core::result::Result::Ok(__ml::block::Part::new(__ml::ir::Element::Module(tia)) #own)
            }
        }
    }
}
