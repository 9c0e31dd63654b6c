//! The value struct, the ports struct, `impl Subcircuit` and `impl Block`.

use super::Module;
use super::model::{Connection, Instance, Net, Role, Target};
use super::parse::is_role;
use crate::attribute::{derives, doc_line, origin};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Fields, ItemStruct};

/// The struct as a value: its instances. Ports and nets are wires and have no value.
pub(super) fn item(item: &ItemStruct) -> TokenStream {
    let mut value = item.clone();
    if let Fields::Named(fields) = &mut value.fields {
        let instances = std::mem::take(&mut fields.named).into_iter();
        fields.named = instances.filter(|f| f.attrs.iter().any(|a| a.path().is_ident("inst"))).collect();
        fields.named.iter_mut().for_each(|field| field.attrs.retain(|a| !is_role(a)));
    }
    let derive = derives(item, &["Debug", "Clone"]);
    quote!(#derive #value)
}

pub(super) fn expand(module: &Module, item: &ItemStruct) -> TokenStream {
    let rules = rules(module);
    let blocks = blocks(module, item, &define(module, item));
    quote!(#rules #blocks)
}

pub(super) fn fallback(module: &Module, item: &ItemStruct) -> TokenStream {
    blocks(module, item, &quote!(::core::unreachable!()))
}

fn blocks(module: &Module, item: &ItemStruct, define: &TokenStream) -> TokenStream {
    let (name, vis) = (&item.ident, &item.vis);
    let ports = format_ident!("{}Ports", name);
    let mut declared: Vec<&Net> = module.nets.iter().filter(|net| net.role != Role::Inner).collect();
    // A second net of one name is a mistake that is reported already.
    let mut seen = std::collections::HashSet::new();
    declared.retain(|net| seen.insert(&net.name));
    let names: Vec<&Ident> = declared.iter().map(|net| &net.name).collect();
    let texts: Vec<String> = names.iter().map(|name| text(name)).collect();
    let roles = declared.iter().map(|net| net.role.ident());
    let types: Vec<_> = declared.iter().map(|net| net_type(net)).collect();
    quote! {
        #[derive(Debug)]
        #vis struct #ports {
            #(pub #names: __ml::wire::Pin<#types::Nature, #types::Width>,)*
        }
        impl __ml::ports::Ports for #ports {
            const PORTS: &'static [__ml::ports::PortSpec] = &[
                #(__ml::ports::PortSpec::new(
                    #texts,
                    __ml::ir::Direction::#roles,
                    ::core::option::Option::Some(#types::NATURE),
                    #types::WIDTH,
                ),)*
            ];
            fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
                ::std::vec![#((#texts, self.#names.bits())),*]
            }
        }
        impl __ml::block::Block for #name {
            type Ports = #ports;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                __ml::block::Part::subcircuit(self, design)
            }
        }
        impl __ml::block::Subcircuit for #name {
            fn define(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::ir::Id<__ml::ir::Module>, __ml::ir::BuildError> {
                #define
            }
        }
    }
}

/// The body of `define`: the instances' parts first, for they define the modules below, then the module itself.
fn define(module: &Module, item: &ItemStruct) -> TokenStream {
    let (name, doc, place) = (&item.ident, doc_line(&item.attrs), origin(&item.ident));
    let inst: Vec<Ident> = module.instances.iter().map(|i| format_ident!("inst_{}", i.name)).collect();
    let parts = module.instances.iter().map(place_instance);
    let nets = module.nets.iter().map(declare_net);
    let adds = module.instances.iter().map(add_instance);
    quote! {
        #(#parts)*
        let mut module = match __ml::block::start(design, ::core::stringify!(#name), #doc, #place, &[#(&#inst),*])? {
            __ml::block::Start::Defined(id) => return ::core::result::Result::Ok(id),
            __ml::block::Start::New(module) => module,
        };
        #(#nets)*
        module.origin(#place);
        #(#adds)*
        module.finish()
    }
}

fn place_instance(instance: &Instance) -> TokenStream {
    let (field, name) = (&instance.name, text(&instance.name));
    let (local, place) = (format_ident!("inst_{}", field), origin(field));
    let kind = if instance.copies.is_some() { quote!(array) } else { quote!(one) };
    // At the block's span: a type that is no block is reported there, once.
    let block = &instance.block;
    quote_spanned!(block.span()=> let #local = __ml::block::Placed::#kind(&self.#field, design, #name, #place)?;)
}

fn declare_net(net: &Net) -> TokenStream {
    let (local, name, role, ty) =
        (format_ident!("net_{}", net.name), text(&net.name), net.role.ident(), &net.ty);
    let place = origin(&net.name);
    quote_spanned! {ty.span()=>
        let #local = __ml::wire::declare::<#ty>(&mut module, #name, __ml::wire::Role::#role, #place);
    }
}

/// The instance's connections as a struct literal, at the user's spans: rustc checks names, natures and widths.
fn add_instance(instance: &Instance) -> TokenStream {
    let (local, block) = (format_ident!("inst_{}", instance.name), &instance.block);
    let wire = if instance.copies.is_some() { quote!(wire_copies) } else { quote!(wire) };
    let wires = instance.connections.iter().map(|connection| {
        let port = &connection.port;
        let pin = match &connection.target {
            Target::Net(net) => {
                let local = format_ident!("net_{}", net, span = net.span());
                quote_spanned!(net.span()=> __ml::wire::#wire(&#local))
            }
            Target::Ground(word) => quote_spanned!(word.span()=> __ml::wire::wire_rail(&mut module, 0.0)?),
            Target::Supply(volts) => {
                let value = volts.si();
                quote_spanned!(volts.span=> __ml::wire::wire_rail(&mut module, #value)?)
            }
        };
        quote!(#port: #pin)
    });
    let ports = quote_spanned!(block.span()=> Ports);
    quote! {{
        type #ports = <#block as __ml::block::Block>::Ports;
        let ports = #ports { #(#wires,)* };
        #local.add(&mut module, ports);
    }}
}

/// The rules that constant evaluation decides, each at the net or the connection that may break it.
fn rules(module: &Module) -> TokenStream {
    let mut rules = TokenStream::new();
    for net in &module.nets {
        let (name, role, ty) = (text(&net.name), net.role.ident(), net_type(net));
        let wired = wired_to(module, &net.name).map(|(instance, c)| connection(instance, c));
        rules.extend(quote_spanned! {net.name.span()=>
            const _: () = __ml::wiring::check_net(#name, #ty::NATURE, __ml::wire::Role::#role, &[#(#wired),*]);
        });
    }
    for instance in &module.instances {
        for wired in &instance.connections {
            rule(module, instance, wired).to_tokens(&mut rules);
        }
    }
    rules
}

fn rule(module: &Module, instance: &Instance, wired: &Connection) -> Option<TokenStream> {
    let connection = connection(instance, wired);
    match (&wired.target, &instance.copies) {
        (Target::Net(net), Some(copies)) => {
            let (ty, name) = (net_type(module.net(net)?), text(net));
            Some(quote_spanned! {net.span()=>
                const _: () = __ml::wiring::check_copies(#connection, #copies, #name, #ty::WIDTH);
            })
        }
        (Target::Net(_), None) => None,
        (Target::Ground(word), _) => {
            Some(quote_spanned!(word.span()=> const _: () = __ml::wiring::check_rail("ground", #connection);))
        }
        (Target::Supply(volts), _) => {
            let name = &volts.text;
            Some(quote_spanned!(volts.span=> const _: () = __ml::wiring::check_rail(#name, #connection);))
        }
    }
}

fn wired_to<'m>(module: &'m Module, net: &'m Ident) -> impl Iterator<Item = (&'m Instance, &'m Connection)> {
    let all = module.instances.iter().flat_map(|i| i.connections.iter().map(move |c| (i, c)));
    all.filter(move |(_, c)| matches!(&c.target, Target::Net(name) if name == net))
}

fn connection(instance: &Instance, connection: &Connection) -> TokenStream {
    let (name, port, block) = (text(&instance.name), text(&connection.port), &instance.block);
    quote! {
        __ml::wiring::Connection {
            instance: #name,
            port: #port,
            ports: <<#block as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
        }
    }
}

fn net_type(net: &Net) -> TokenStream {
    let ty = &net.ty;
    quote_spanned!(ty.span()=> <#ty as __ml::wire::NetType>)
}

fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

impl Role {
    fn ident(self) -> Ident {
        match self {
            Self::Input => format_ident!("Input"),
            Self::Output => format_ident!("Output"),
            Self::Inner => format_ident!("Inner"),
        }
    }
}
