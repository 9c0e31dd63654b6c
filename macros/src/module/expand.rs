//! The value struct, the ports struct, `impl Subcircuit` and `impl Block`.

use super::Module;
use super::check::way_back;
use super::model::{Instance, Net, Piece, Role, Target};
use super::parse::is_role;
use super::rules::bounds;
use crate::attribute::{derives, doc_line, name_in_text, origin};
use crate::gate::idents;
use crate::supplies::Rail;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Fields, GenericParam, Generics, ItemStruct};

/// The struct as a value: its instances. Ports and nets are wires and have no value.
pub(super) fn item(item: &ItemStruct) -> TokenStream {
    let mut value = item.clone();
    if let Fields::Named(fields) = &mut value.fields {
        let declared = std::mem::take(&mut fields.named).into_iter();
        let instances = declared.filter(|f| f.attrs.iter().any(|a| a.path().is_ident("inst")));
        // A second field of one name and a module in itself are reported already.
        let mut seen = std::collections::HashSet::new();
        let once =
            instances.filter(|f| seen.insert(f.ident.clone()) && way_back(&item.ident, &f.ty).is_none());
        fields.named = once.collect();
        fields.named.iter_mut().for_each(|field| field.attrs.retain(|a| !is_role(a)));
    }
    let derive = derives(item, &["Debug", "Clone"]);
    quote!(#derive #value)
}

pub(super) fn expand(module: &Module, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let define = define(module, item);
    blocks(module, item, &quote!(#rules #define))
}

pub(super) fn fallback(module: &Module, item: &ItemStruct) -> TokenStream {
    blocks(module, item, &quote!(::core::unreachable!()))
}

fn blocks(module: &Module, item: &ItemStruct, define: &TokenStream) -> TokenStream {
    let name = &item.ident;
    let (imp, ty, bounds) = item.generics.split_for_impl();
    let (ports, declared) = ports(module, item);
    let gates = module.gates.items();
    quote! {
        #gates
        #declared
        impl #imp __ml::block::Block for #name #ty #bounds {
            type Ports = #ports;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                __ml::block::Part::subcircuit(self, design)
            }
        }
        impl #imp __ml::block::Subcircuit for #name #ty #bounds {
            fn define(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::ir::Id<__ml::ir::Module>, __ml::ir::BuildError> {
                #define
            }
        }
    }
}

/// The type of the ports struct, and its declaration: a field per port, which has the port's nature and width as types.
fn ports(module: &Module, item: &ItemStruct) -> (TokenStream, TokenStream) {
    let (vis, ports) = (&item.vis, format_ident!("{}Ports", item.ident));
    let mut declared: Vec<&Net> = module.nets.iter().filter(|net| net.role != Role::Inner).collect();
    // A second net of one name is a mistake that is reported already.
    let mut seen = std::collections::HashSet::new();
    declared.retain(|net| seen.insert(&net.name));
    let names: Vec<&Ident> = declared.iter().map(|net| &net.name).collect();
    let texts: Vec<String> = names.iter().map(|name| text(name)).collect();
    let roles = declared.iter().map(|net| net.role.ident());
    let of = |item: &'static str| declared.iter().map(move |net| of_net(net, item));
    let (nature_types, width_types, natures, widths) = (of("Nature"), of("Width"), of("NATURE"), of("WIDTH"));
    let generics = used_generics(&item.generics, &declared);
    let (imp, ty, bounds) = generics.split_for_impl();
    let declaration = quote! {
        #[derive(::core::fmt::Debug)]
        #vis struct #ports #imp #bounds {
            #(pub #names: __ml::wire::Pin<#nature_types, #width_types>,)*
        }
        impl #imp __ml::ports::Ports for #ports #ty #bounds {
            const PORTS: &'static [__ml::ports::PortSpec] = &[
                #(__ml::ports::PortSpec::new(
                    #texts,
                    __ml::ir::Direction::#roles,
                    ::core::option::Option::Some(#natures),
                    #widths,
                ),)*
            ];
            fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
                ::std::vec![#((#texts, self.#names.bits())),*]
            }
        }
    };
    (quote!(#ports #ty), declaration)
}

/// The parameters that the types of these nets mention: a struct must use its parameters.
fn used_generics(generics: &Generics, nets: &[&Net]) -> Generics {
    let mentioned: Vec<Ident> = nets.iter().flat_map(|net| idents(net.ty.to_token_stream())).collect();
    let mut used = generics.clone();
    used.where_clause = None;
    used.params = generics
        .params
        .iter()
        .filter(|param| match param {
            GenericParam::Type(ty) => mentioned.contains(&ty.ident),
            GenericParam::Const(number) => mentioned.contains(&number.ident),
            GenericParam::Lifetime(_) => false,
        })
        .cloned()
        .collect();
    used
}

/// The body of `define`: the instances' parts first, for they define the modules below, then the module itself.
fn define(module: &Module, item: &ItemStruct) -> TokenStream {
    let (name, doc, place) = (name_in_text(item), doc_line(&item.attrs), origin(&item.ident));
    let inst: Vec<Ident> = module.instances.iter().map(|i| format_ident!("inst_{}", i.name)).collect();
    let parts = module.instances.iter().map(place_instance);
    let nets = module.nets.iter().map(declare_net);
    let adds = module.instances.iter().map(|instance| add_instance(module, instance));
    let rails = module.supplies.iter().filter_map(declare_rail);
    quote! {
        #(#rails)*
        #(#parts)*
        let mut module = match __ml::block::start(design, #name, #doc, #place, &[#(&#inst),*])? {
            __ml::block::Start::Defined(id) => return ::core::result::Result::Ok(id),
            __ml::block::Start::New(module) => module,
        };
        #(#nets)*
        module.origin(#place);
        #(#adds)*
        module.finish()
    }
}

/// Adds a rail before the blocks below, whose supply pins may hang on it.
fn declare_rail(rail: &Rail) -> Option<TokenStream> {
    let (name, span) = (text(&rail.name), rail.name.span());
    let volts = rail.volts.as_ref()?.si();
    Some(quote_spanned!(span=> __ml::blocks::supply(design, #name, #volts)?;))
}

fn place_instance(instance: &Instance) -> TokenStream {
    let (field, name) = (&instance.name, text(&instance.name));
    let (local, place) = (format_ident!("inst_{}", field), origin(field));
    // At the block's span: a type that is no block is reported there.
    let block = &instance.block;
    let part = quote_spanned!(block.span()=> <#block as __ml::block::Block>::part);
    match &instance.copies {
        None => quote!(let #local = __ml::block::Placed::one(#name, #place, #part(&self.#field, design)?);),
        Some(_) => quote! {
            let mut parts = ::std::vec::Vec::new();
            for block in &self.#field {
                parts.push(#part(block, design)?);
            }
            let #local = __ml::block::Placed::array(#name, #place, parts);
        },
    }
}

fn declare_net(net: &Net) -> TokenStream {
    let (local, name, role) = (format_ident!("net_{}", net.name), text(&net.name), net.role.ident());
    let (declare, place) = (of_net(net, "declare"), origin(&net.name));
    let range = net.range.as_ref().map(|(low, high)| {
        let (span, low, high) = (low.span, low.si(), high.si());
        quote_spanned!(span=> __ml::wire::range(&mut module, &#local, #low, #high);)
    });
    quote_spanned! {net.ty.span()=>
        let #local = #declare(&mut module, #name, __ml::wire::Role::#role, #place);
        #range
    }
}

/// The instance's connections as a struct literal, at the user's spans: rustc checks names, natures and widths.
fn add_instance(module: &Module, instance: &Instance) -> TokenStream {
    let (local, block) = (format_ident!("inst_{}", instance.name), &instance.block);
    let wires = instance.connections.iter().map(|connection| {
        let (port, pin) = (&connection.port, pin(module, instance, &connection.target));
        quote!(#port: #pin)
    });
    // With the span of the user's type, rustc takes the literal for the user's own and suggests its fields.
    let literal = quote_spanned!(block.span()=> __ml::block::PortsOf::<#block> { #(#wires,)* });
    quote! {{
        let ports = #literal;
        #local.add(&mut module, ports);
    }}
}

fn pin(module: &Module, instance: &Instance, target: &Target) -> TokenStream {
    match target.pieces.as_slice() {
        [Piece::Net(net, None)] => {
            let local = net_local(net);
            let wire = if instance.copies.is_some() {
                quote_spanned!(net.span()=> wire_copies)
            } else {
                quote_spanned!(net.span()=> wire)
            };
            quote_spanned!(net.span()=> __ml::wire::#wire(&#local))
        }
        [Piece::Ground(word)] => quote_spanned!(word.span()=> __ml::wire::wire_rail(&mut module, 0.0)?),
        [Piece::Rail(name)] => {
            let (text, place) = (text(name), origin(name));
            quote_spanned!(name.span()=> __ml::wire::wire_named_rail(&mut module, #text, #place)?)
        }
        [Piece::Supply(volts)] => {
            let value = volts.si();
            quote_spanned!(volts.span=> __ml::wire::wire_rail(&mut module, #value)?)
        }
        pieces => {
            let pieces = pieces.iter().map(|each| piece(module, each));
            quote_spanned!(target.span=> __ml::wire::wire_pieces(::std::vec![#(#pieces),*]))
        }
    }
}

fn piece(module: &Module, piece: &Piece) -> TokenStream {
    let (start, end) = bounds(module, piece);
    match piece {
        Piece::Net(net, _) => {
            let local = net_local(net);
            quote_spanned!(net.span()=> __ml::wire::piece(&#local, #start, #end))
        }
        Piece::Ground(word) => quote_spanned!(word.span()=> __ml::wire::piece_of_rail(&mut module, 0.0)?),
        Piece::Rail(name) => {
            let (text, place) = (text(name), origin(name));
            quote_spanned!(name.span()=> __ml::wire::piece_of_named_rail(&mut module, #text, #place)?)
        }
        Piece::Supply(volts) => {
            let value = volts.si();
            quote_spanned!(volts.span=> __ml::wire::piece_of_rail(&mut module, #value)?)
        }
    }
}

fn net_local(net: &Ident) -> Ident {
    format_ident!("net_{}", net, span = net.span())
}

/// What a net's type says of it: `Nature`, `Width`, `NATURE`, `WIDTH` or `declare`. All at the type, where one that is no
/// net is reported.
pub(super) fn of_net(net: &Net, item: &str) -> TokenStream {
    let ty = &net.ty;
    let item = format_ident!("{item}", span = ty.span());
    quote_spanned!(ty.span()=> <#ty as __ml::wire::NetType>::#item)
}

pub(super) fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

impl Role {
    pub(super) fn ident(self) -> Ident {
        match self {
            Self::Input => format_ident!("Input"),
            Self::Output => format_ident!("Output"),
            Self::Inner => format_ident!("Inner"),
        }
    }
}
