//! `impl SubcircuitType`, the ports struct and `impl Block`.

use super::model::{Port, Subcircuit};
use super::{check, place};
use crate::attribute::has_field;
use memloom_library::Language;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{ItemStruct, LitStr};

pub(super) fn expand(cell: &Subcircuit, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    // The rules have read the file already: it is there, and has the cell.
    let Some(written) = check::as_written(cell) else { return fallback(item) };
    let name = cell.name.value();
    let libraries = cell.files.iter().filter_map(|file| library(cell, file));
    let tracked = cell.files.iter().filter_map(|(_, file)| place::find(file)).map(|place| {
        let path = place.expression;
        // The program is compiled again when the file changes.
        quote!(
            const _: &[u8] = ::core::include_bytes!(#path);
        )
    });
    let pins = written.pins.iter().map(|pin| role(cell, pin));
    let (params, args) = (&written.params, args(cell));
    let (ports, declared) = ports(cell, item);
    let own = cell.params.iter().filter(|param| has_field(item, &param.name.to_string())).map(own_value);
    let this = &item.ident;
    let (imp, ty, bounds) = item.generics.split_for_impl();
    quote! {
        #(#tracked)*
        #declared
        impl #imp __ml::parts::SubcircuitType for #this #ty #bounds {
            const PARAMS: &'static [&'static str] = &[#(#params),*];
            const ARGS: &'static [(&'static str, f64)] = &[#(#args),*];
            fn foreign() -> __ml::ir::Foreign {
                #rules
                __ml::ir::Foreign {
                    name: ::core::convert::From::from(#name),
                    kind: __ml::ir::Kind::Subckt,
                    libraries: ::std::vec![#(#libraries),*],
                    pins: ::std::vec![#(#pins),*],
                    params: ::std::vec![#(::core::convert::From::from(#params)),*],
                }
            }
        }
        impl #imp __ml::block::Block for #this #ty #bounds {
            type Ports = #ports;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                ::core::result::Result::Ok(__ml::block::Part::foreign::<Self>(design)? #(#own)*)
            }
        }
    }
}

fn library(cell: &Subcircuit, (language, file): &(Language, LitStr)) -> Option<TokenStream> {
    let language = format_ident!("{language:?}");
    let path = place::find(file)?.expression;
    let section = match &cell.section {
        Some(section) => quote!(::core::option::Option::Some(::core::convert::From::from(#section))),
        None => quote!(::core::option::Option::None),
    };
    Some(quote! {
        __ml::ir::Library {
            language: __ml::ir::Language::#language,
            path: ::core::convert::From::from(#path),
            section: #section,
        }
    })
}

/// A pin of the file as the declaration has it.
fn role(cell: &Subcircuit, pin: &str) -> TokenStream {
    let is = |name: &Ident| name.unraw().to_string().eq_ignore_ascii_case(pin);
    if let Some(port) = cell.ports.iter().find(|port| is(&port.name)) {
        let (name, direction, nature) =
            (port.name.unraw().to_string(), format_ident!("{}", port.direction), nature(port));
        return quote!(__ml::parts::signal(#name, __ml::ir::Direction::#direction, #nature));
    }
    let rail =
        cell.supplies.iter().find(|supply| is(&supply.pin)).map(|supply| supply.rail.unraw().to_string());
    quote!(__ml::parts::supply(#pin, #rail))
}

fn nature(port: &Port) -> TokenStream {
    match port.nature.map(|nature| format_ident!("{nature}")) {
        Some(nature) => quote!(::core::option::Option::Some(__ml::ir::Nature::#nature)),
        None => quote!(::core::option::Option::None),
    }
}

fn args(cell: &Subcircuit) -> Vec<TokenStream> {
    let pair = |param: &super::model::Param| {
        let (name, value) = (param.name.unraw().to_string(), param.value.si());
        quote!((#name, #value))
    };
    cell.params.iter().map(pair).collect()
}

/// The value that an instance has for itself.
fn own_value(param: &super::model::Param) -> TokenStream {
    let (name, field) = (param.name.unraw().to_string(), &param.name);
    match param.value.dimension.type_name().map(|name| format_ident!("{name}")) {
        Some(unit) => quote!(.arg(#name, __ml::units::#unit::get(self.#field))),
        None => quote!(.arg(#name, self.#field)),
    }
}

/// The struct of ports, with a field for each.
fn ports(cell: &Subcircuit, item: &ItemStruct) -> (Ident, TokenStream) {
    let (vis, ports) = (&item.vis, format_ident!("{}Ports", item.ident));
    let names: Vec<&Ident> = cell.ports.iter().map(|port| &port.name).collect();
    let texts: Vec<String> = names.iter().map(|name| name.unraw().to_string()).collect();
    let directions = cell.ports.iter().map(|port| format_ident!("{}", port.direction));
    let natures = cell.ports.iter().map(nature);
    let types = cell.ports.iter().map(|port| format_ident!("{}", port.nature.unwrap_or("Any")));
    let declared = quote! {
        #[derive(::core::fmt::Debug)]
        #vis struct #ports {
            #(pub #names: __ml::wire::Pin<__ml::wire::#types, __ml::wire::Wires<1>>,)*
        }
        impl __ml::ports::Ports for #ports {
            const PORTS: &'static [__ml::ports::PortSpec] = &[
                #(__ml::ports::PortSpec::new(#texts, __ml::ir::Direction::#directions, #natures, 1),)*
            ];
            fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
                ::std::vec![#((#texts, self.#names.bits())),*]
            }
        }
    };
    (ports, declared)
}

/// A cell that any connection and any body takes, so that no user of it reports a second error.
pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let (imp, ty, bounds) = item.generics.split_for_impl();
    quote! {
        impl #imp __ml::parts::SubcircuitType for #name #ty #bounds {
            const UNKNOWN: bool = true;
            const PARAMS: &'static [&'static str] = &[];
            const ARGS: &'static [(&'static str, f64)] = &[];
            fn foreign() -> __ml::ir::Foreign {
                ::core::unreachable!()
            }
        }
        impl #imp __ml::block::Block for #name #ty #bounds {
            type Ports = __ml::ports::OpAmp;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                ::core::unreachable!()
            }
        }
    }
}
