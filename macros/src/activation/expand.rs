//! `impl BehaviourType`, `impl Computes` and `impl Block`.

use super::Activation;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemStruct;

pub(super) fn expand(block: &Activation, item: &ItemStruct) -> TokenStream {
    let function = format_ident!("{}", block.function);
    let (unit, v_ref) = (block.unit.si(), block.v_ref.si());
    let swing = match &block.swing {
        Some((low, high)) => {
            let (low, high) = (low.si(), high.si());
            quote!((#low, #high))
        }
        None => quote!((0.0, 2.0 * #v_ref)),
    };
    let name = &item.ident;
    let ports = if block.function == "Multiplier" { quote!(Multiplier) } else { quote!(Activation) };
    let behaviour =
        quote!(__ml::ir::Behaviour { function: __ml::ir::Function::#function, swing: #swing, unit: #unit });
    let implementation = implement(item, &ports, &behaviour, &v_ref);
    quote! {
        #implementation
        impl __ml::parts::Computes<__ml::parts::functions::#function> for #name {}
    }
}

/// A block of one input that claims to compute every function, so that no user of it reports a second error.
pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let never = quote!(::core::unreachable!());
    let implementation = implement(item, &quote!(Activation), &never, &never);
    quote! {
        #implementation
        impl<F: __ml::parts::functions::Kind> __ml::parts::Computes<F> for #name {}
    }
}

fn implement(item: &ItemStruct, ports: &TokenStream, spec: &TokenStream, v_ref: &TokenStream) -> TokenStream {
    let name = &item.ident;
    quote! {
        impl __ml::parts::BehaviourType for #name {
            fn behaviour() -> __ml::technology::Named<__ml::ir::Behaviour> {
                __ml::technology::Named::new(::core::stringify!(#name), #spec)
            }
            fn v_ref() -> __ml::units::Volts {
                __ml::units::Volts::new(#v_ref)
            }
        }
        impl __ml::block::Block for #name {
            type Ports = __ml::ports::#ports;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                __ml::block::Part::behaviour::<Self>(design)
            }
        }
    }
}
