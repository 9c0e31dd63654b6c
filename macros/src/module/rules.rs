//! The rules that constant evaluation decides, each at the net or the connection that may break it.

use super::Module;
use super::expand::{of_net, text};
use super::model::{Connection, Instance, Net, Piece, Range};
use crate::ctxt::Ctxt;
use crate::units::Dimension;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

pub(super) fn leave(cx: &Ctxt, module: &Module) {
    for net in &module.nets {
        let (name, role) = (text(&net.name), net.role.ident());
        let (nature, width) = (of_net(net, "NATURE"), of_net(net, "WIDTH"));
        let span = net.name.span();
        let wired = module.connections().flat_map(|(instance, c)| wired(module, net, instance, c));
        cx.rule(
            span,
            quote_spanned! {span=>
                __ml::wiring::check_net(#name, #nature, __ml::wire::Role::#role, #width, &[#(#wired),*])
            },
        );
    }
    for net in &module.nets {
        ranges_measure_what_the_net_carries(cx, net);
    }
    for (instance, connection) in module.connections() {
        pieces_exist(cx, module, instance, connection);
        wires_are_as_many_as_the_port_has(cx, module, instance, connection);
    }
}

/// A voltage's range is in volts, a current's in amperes; decided here where the net's type is an alias.
fn ranges_measure_what_the_net_carries(cx: &Ctxt, net: &Net) {
    let Some((low, _)) = &net.range else { return };
    let (span, name, nature) = (low.span, text(&net.name), of_net(net, "NATURE"));
    let amperes = low.dimension == Dimension::Current;
    cx.rule(span, quote_spanned!(span=> __ml::wiring::check_range(#name, #nature, #amperes)));
}

/// The pieces of a connection that are wires of `net`.
fn wired<'m>(
    module: &'m Module,
    net: &'m Net,
    instance: &'m Instance,
    connection: &'m Connection,
) -> impl Iterator<Item = TokenStream> + 'm {
    let (name, port, ports) = (text(&instance.name), text(&connection.port), ports(instance));
    let own =
        connection.target.pieces.iter().filter(move |p| matches!(p, Piece::Net(n, _) if *n == net.name));
    own.map(move |piece| {
        let (start, end) = bounds(module, piece);
        quote! {
            __ml::wiring::Connection { instance: #name, port: #port, ports: #ports, start: #start, end: #end }
        }
    })
}

/// First wire of a piece, and the one after its last.
pub(super) fn bounds(module: &Module, piece: &Piece) -> (TokenStream, TokenStream) {
    let Piece::Net(name, range) = piece else { return (quote!(0), quote!(1)) };
    let width = module.net(name).map(|net| of_net(net, "WIDTH"));
    let width = width.map_or_else(|| quote!(0), |width| quote!((#width as usize)));
    match range {
        None => (quote!(0), width),
        Some(Range { start, end, .. }) => (start.clone(), end.clone().unwrap_or(width)),
    }
}

/// A slice is some of its net's wires; no output drives a supply.
fn pieces_exist(cx: &Ctxt, module: &Module, instance: &Instance, connection: &Connection) {
    let (name, port, ports) = (text(&instance.name), text(&connection.port), ports(instance));
    for piece in &connection.target.pieces {
        match piece {
            Piece::Net(_, None) => {}
            Piece::Net(net, Some(range)) => {
                let Some(width) = module.net(net).map(|net| of_net(net, "WIDTH")) else { continue };
                let ((start, end), span) = (bounds(module, piece), range.span);
                let (slice, net) = (&range.text, text(net));
                cx.rule(
                    span,
                    quote_spanned!(span=> __ml::wiring::check_slice(#slice, #net, #width, #start, #end)),
                );
            }
            Piece::Ground(word) => {
                let span = word.span();
                cx.rule(
                    span,
                    quote_spanned!(span=> __ml::wiring::check_rail("ground", #name, #port, #ports)),
                );
            }
            Piece::Rail(word) => {
                let (span, rail) = (word.span(), text(word));
                cx.rule(span, quote_spanned!(span=> __ml::wiring::check_rail(#rail, #name, #port, #ports)));
            }
            Piece::Supply(volts) => {
                let (span, rail) = (volts.span, &volts.text);
                cx.rule(span, quote_spanned!(span=> __ml::wiring::check_rail(#rail, #name, #port, #ports)));
            }
        }
    }
}

/// A slice, a concatenation, and whatever goes to an array has the wires of the port over all copies. Of a whole net on
/// a single instance the types say so, and a lone supply is every copy's.
fn wires_are_as_many_as_the_port_has(
    cx: &Ctxt,
    module: &Module,
    instance: &Instance,
    connection: &Connection,
) {
    let target = &connection.target;
    let typed = target.whole().is_some() && instance.copies.is_none();
    if typed || matches!(target.pieces.as_slice(), [Piece::Ground(_) | Piece::Rail(_) | Piece::Supply(_)]) {
        return;
    }
    let (name, port, ports) = (text(&instance.name), text(&connection.port), ports(instance));
    let copies = instance.copies.as_ref().map_or_else(|| quote!(1), |copies| quote!(#copies));
    let wires = target.pieces.iter().map(|piece| {
        let (start, end) = bounds(module, piece);
        quote!(__ml::wiring::count(#start, #end))
    });
    let (span, what) = (target.span, &target.text);
    cx.rule(
        span,
        quote_spanned!(span=> __ml::wiring::check_wires(#name, #port, #ports, #copies, #what, 0 #(+ #wires)*)),
    );
}

/// The ports of an instance's block; at the block's span, where one that is none is reported.
fn ports(instance: &Instance) -> TokenStream {
    let block = &instance.block;
    quote_spanned!(block.span()=> <<#block as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS)
}
