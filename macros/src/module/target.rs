//! Reads what a port is wired to: `x`, `x[0..2]`, `x[3]`, `ground`, `0.9 V`, `{ V_REF }`, `[a, b[1..], ground]`.

use super::model::{GROUND, Piece, Range, Target};
use crate::ctxt::Ctxt;
use crate::keys::split_commas;
use crate::quantity::{Quantity, text_of};
use crate::units::Dimension;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprRange, RangeLimits};

pub(super) fn target(cx: &Ctxt, port: &Ident, value: TokenStream) -> Option<Target> {
    let (span, text) = (value.span(), text_of(&value));
    let trees: Vec<TokenTree> = value.into_iter().collect();
    let pieces: Vec<Option<Piece>> = match trees.as_slice() {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => {
            split_commas(list.stream()).into_iter().map(|tokens| piece(cx, port, tokens)).collect()
        }
        _ => vec![piece(cx, port, trees.into_iter().collect())],
    };
    if pieces.is_empty() {
        cx.error(
            span,
            format!("`{port}` is wired to nothing; write nets between the brackets, such as `[a, b]`"),
        );
    }
    // Every piece was read before the first mistake ends it: all are reported.
    Some(Target { pieces: pieces.into_iter().collect::<Option<_>>()?, span, text })
}

fn piece(cx: &Ctxt, port: &Ident, tokens: TokenStream) -> Option<Piece> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Ident(name)] if name == GROUND => Some(Piece::Ground(name.clone())),
        [TokenTree::Ident(net)] => Some(Piece::Net(net.clone(), None)),
        [TokenTree::Ident(net), TokenTree::Group(index)] if index.delimiter() == Delimiter::Bracket => {
            Some(Piece::Net(net.clone(), Some(range(cx, net, index)?)))
        }
        [TokenTree::Group(constant)] if constant.delimiter() == Delimiter::Brace => {
            supply(cx, port, constant.stream())
        }
        [TokenTree::Literal(_), ..] => supply(cx, port, tokens),
        [TokenTree::Punct(sign), ..] if sign.as_char() == '-' => supply(cx, port, tokens),
        _ => {
            let text = text_of(&tokens);
            let message = format!(
                "`{text}` is not a net; write a net's name, some of its wires `x[0..2]`, `ground` or a voltage such as `0.9 V`"
            );
            cx.error(tokens.span(), message);
            None
        }
    }
}

fn supply(cx: &Ctxt, port: &Ident, volts: TokenStream) -> Option<Piece> {
    Quantity::parse(cx, port, Dimension::Voltage, volts).map(Piece::Supply)
}

/// `[3]`, `[0..2]`, `[..2]`, `[1..]` or `[0..=1]`.
fn range(cx: &Ctxt, net: &Ident, index: &Group) -> Option<Range> {
    let tokens = index.stream();
    let text = format!("{net}[{}]", tokens.to_string().replace(' ', ""));
    let span = index.span();
    let (start, end) = match syn::parse2::<Expr>(tokens) {
        Ok(Expr::Range(ExprRange { start, limits, end, .. })) => {
            let start = start.map_or_else(|| quote!(0), |start| quote!(#start));
            let end = end.map(|end| match limits {
                RangeLimits::HalfOpen(_) => quote!(#end),
                RangeLimits::Closed(_) => quote!((#end) + 1),
            });
            (start, end)
        }
        Ok(wire) => (quote!(#wire), Some(quote!((#wire) + 1))),
        Err(_) => {
            cx.error(span, format!("`{text}` is not a range of wires; write `{net}[0..2]` or `{net}[3]`"));
            return None;
        }
    };
    Some(Range { start, end, span, text })
}
