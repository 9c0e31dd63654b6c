//! `impl BehaviourType`, `impl Computes` and `impl Block`.

use super::Activation;
use super::model::{Function, OWN_UNITS};
use super::own::Own;
use crate::attribute::{has_field, name_in_text};
use crate::quantity::Quantity;
use memloom_functions as functions;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ItemStruct, LitStr};

pub(super) fn expand(block: &Activation, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let (unit, v_ref) = (block.unit.si(), block.v_ref.si());
    let swing = match &block.swing {
        Some((low, high)) => {
            let (low, high) = (low.si(), high.si());
            quote!((#low, #high))
        }
        None => quote!((0.0, 2.0 * #v_ref)),
    };
    let (function, ports, more) = match &block.function {
        Function::Activation(function, parameter) => activation(item, *function, parameter.as_ref()),
        Function::Multiplier => multiplier(item),
        Function::Own(own) => own_function(item, own),
    };
    let behaviour = quote! {
        #rules
        __ml::ir::Behaviour { function: #function, swing: #swing, unit: #unit }
    };
    let text = (behaviour, block.body.expand());
    let implementation = implement(item, &ports, &text, &v_ref, block.is_multiplier());
    quote!(#implementation #more)
}

impl Activation {
    fn is_multiplier(&self) -> bool {
        matches!(self.function, Function::Multiplier)
    }
}

/// The function, the ports, and the impl that lets a technology ask for it.
fn activation(
    item: &ItemStruct,
    function: functions::Activation,
    parameter: Option<&Quantity>,
) -> (TokenStream, TokenStream, TokenStream) {
    let constant = format_ident!("{}", function.name().to_uppercase());
    let function = match parameter.map(Quantity::si) {
        None => quote!(__ml::functions::#constant),
        // A constant, so that one out of range does not compile.
        Some(value) => quote!(const {
            match __ml::functions::#constant.with(#value) {
                ::core::result::Result::Ok(function) => function,
                ::core::result::Result::Err(_) => ::core::panic!("the function's parameter is out of range"),
            }
        }),
    };
    let marker = marker(item, "ActivationType");
    (quote!(__ml::ir::Function::Activation(#function)), quote!(__ml::ports::Activation), marker)
}

fn multiplier(item: &ItemStruct) -> (TokenStream, TokenStream, TokenStream) {
    let marker = marker(item, "MultiplierType");
    (quote!(__ml::ir::Function::Multiplier), quote!(__ml::ports::Multiplier), marker)
}

/// The impl that says what kind of block it is.
fn marker(item: &ItemStruct, kind: &str) -> TokenStream {
    let (name, kind) = (&item.ident, format_ident!("{kind}"));
    let (imp, ty, bounds) = item.generics.split_for_impl();
    quote!(impl #imp __ml::parts::#kind for #name #ty #bounds {})
}

fn own_function(item: &ItemStruct, own: &Own) -> (TokenStream, TokenStream, TokenStream) {
    let (name, inputs) = (item.ident.to_string(), &own.inputs);
    // VACASK folds the case of compiled modules' names.
    let text_name = format!("own_{}", name.to_lowercase());
    let body = |text: &Option<LitStr>| match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let (verilog_a, spice, native) = (body(&own.verilog_a), body(&own.spice), native(own));
    let function = quote! {
        __ml::ir::Function::Own(const {
            &__ml::ir::Own {
                name: #name,
                text_name: #text_name,
                inputs: &[#(#inputs),*],
                verilog_a: #verilog_a,
                spice: #spice,
                native: #native,
            }
        })
    };
    let (ports, mut more) = own_ports(item, inputs);
    if inputs.len() == 1 {
        more.extend(marker(item, "ActivationType"));
    }
    (function, ports, more)
}

/// The user's function, of one argument or two, as the evaluator calls it.
fn native(own: &Own) -> TokenStream {
    let Some(path) = &own.native else { return quote!(::core::option::Option::None) };
    let (ty, call) = match own.inputs.len() {
        1 => (quote!(fn(f64) -> f64), quote!(f(x[0]))),
        _ => (quote!(fn(f64, f64) -> f64), quote!(f(x[0], x[1]))),
    };
    // At the user's path, so that a function of another type is underlined there.
    let typed = quote_spanned!(path.span()=> let f: #ty = #path;);
    quote!(::core::option::Option::Some(|x: [f64; 2]| { #typed #call }))
}

/// The struct of ports, declared here unless memloom has one of these names.
fn own_ports(item: &ItemStruct, inputs: &[String]) -> (TokenStream, TokenStream) {
    match inputs.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["inp"] => return (quote!(__ml::ports::Activation), TokenStream::new()),
        ["a", "b"] => return (quote!(__ml::ports::Multiplier), TokenStream::new()),
        _ => {}
    }
    let (vis, ports) = (&item.vis, format_ident!("{}Ports", item.ident));
    let fields: Vec<Ident> = inputs.iter().map(|input| format_ident!("{input}")).collect();
    let pin = quote!(__ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>);
    let voltage = quote!(::core::option::Option::Some(__ml::ir::Nature::Voltage));
    let declared = quote! {
        #[derive(::core::fmt::Debug)]
        #vis struct #ports {
            #(pub #fields: #pin,)*
            pub out: #pin,
        }
        impl __ml::ports::Ports for #ports {
            const PORTS: &'static [__ml::ports::PortSpec] = &[
                #(__ml::ports::PortSpec::new(#inputs, __ml::ir::Direction::Input, #voltage, 1),)*
                __ml::ports::PortSpec::new("out", __ml::ir::Direction::Output, #voltage, 1),
            ];
            fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
                ::std::vec![#((#inputs, self.#fields.bits()),)* ("out", self.out.bits())]
            }
        }
    };
    (quote!(#ports), declared)
}

/// A block of one input that claims to be of every kind, so that no user of it reports a second error.
pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    let never = quote!(::core::unreachable!());
    let implementation = implement(
        item,
        &quote!(__ml::ports::Activation),
        &(never.clone(), TokenStream::new()),
        &never,
        false,
    );
    let markers = ["ActivationType", "MultiplierType"].map(|kind| marker(item, kind));
    quote!(#implementation #(#markers)*)
}

fn implement(
    item: &ItemStruct,
    ports: &TokenStream,
    (behaviour, body): &(TokenStream, TokenStream),
    v_ref: &TokenStream,
    multiplier: bool,
) -> TokenStream {
    let (name, text) = (&item.ident, name_in_text(item));
    let (imp, ty, bounds) = item.generics.split_for_impl();
    let args = args(item, multiplier);
    quote! {
        impl #imp __ml::parts::BehaviourType for #name #ty #bounds {
            fn behaviour() -> __ml::technology::Named<__ml::ir::Behaviour> {
                __ml::technology::Named::new(#text, { #behaviour }) #body
            }
            fn v_ref() -> __ml::units::Volts {
                __ml::units::Volts::new(#v_ref)
            }
        }
        impl #imp __ml::block::Block for #name #ty #bounds {
            type Ports = #ports;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                ::core::result::Result::Ok(__ml::block::Part::behaviour::<Self>(design)? #args)
            }
        }
    }
}

/// The units that a value sets for itself, as arguments of its instances.
fn args(item: &ItemStruct, multiplier: bool) -> TokenStream {
    let given = OWN_UNITS.iter().filter(|field| has_field(item, field));
    given
        .flat_map(|field| {
            let params: &[&str] = match *field {
                "unit" if multiplier => &["unit"],
                "unit" => &["unit_in", "unit_out"],
                _ => std::slice::from_ref(field),
            };
            let field = format_ident!("{field}");
            params.iter().map(move |param| quote!(.arg(#param, __ml::units::Volts::get(self.#field))))
        })
        .collect()
}
