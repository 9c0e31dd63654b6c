//! A user's type is named once, through `memloom::__private::gate`: one that is the wrong kind of thing is one error.

use crate::quantity::text_of;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Type};

/// The aliases behind which an expansion names the types of its fields.
#[derive(Default)]
pub(crate) struct Gates {
    passed: Vec<Ident>,
    aliases: TokenStream,
}

/// What a type should be: the function of `memloom::__private::gate` that checks it, and the constant of `Probe` that it is given.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Block,
    Net,
    Shape,
}

impl Gates {
    /// The type of `field` behind its gate. One that depends on a parameter has none: what it is, its bounds say.
    pub(crate) fn pass(&mut self, kind: Kind, field: &Ident, ty: &Type, generics: &Generics) -> Type {
        let named = idents(ty.to_token_stream());
        let is_parameter = |name: &Ident| generics.params.iter().any(|param| names(param, name));
        // A second field of one name is a mistake that is reported already.
        if self.passed.contains(field) || named.iter().any(|name| name == "Self" || is_parameter(name)) {
            return ty.clone();
        }
        self.passed.push(field.clone());
        let (text, span) = (text(ty), ty.span());
        let alias = format_ident!("of_{field}", span = span);
        let (check, constant) = match kind {
            Kind::Block => ("block", "BLOCK"),
            Kind::Net => ("net", "NET"),
            Kind::Shape => ("shape", "SHAPE"),
        };
        let (check, constant) = (Ident::new(check, span), Ident::new(constant, span));
        self.aliases.extend(quote_spanned! {span=>
            type #alias = <#ty as __ml::gate::Gate<{
                use __ml::gate::Otherwise as _;
                __ml::gate::#check(#text, <__ml::gate::Probe<#ty>>::#constant)
            }>>::Out;
        });
        syn::parse_quote_spanned!(span=> #alias)
    }

    /// The aliases, as items.
    pub(crate) fn items(&self) -> &TokenStream {
        &self.aliases
    }
}

fn names(param: &syn::GenericParam, name: &Ident) -> bool {
    match param {
        syn::GenericParam::Type(ty) => ty.ident == *name,
        syn::GenericParam::Const(number) => number.ident == *name,
        syn::GenericParam::Lifetime(_) => false,
    }
}

/// Every identifier in `tokens`.
pub(crate) fn idents(tokens: TokenStream) -> Vec<Ident> {
    let each = |tree| match tree {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) => idents(group.stream()),
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(each).collect()
}

/// A type as the user would write it: `Bus<Voltage, 4>`.
fn text(ty: &Type) -> String {
    let spaced = [(" < ", "<"), (" >", ">"), (" ,", ","), (" :: ", "::"), (" ;", ";")];
    spaced.iter().fold(text_of(&ty.to_token_stream()), |text, (from, to)| text.replace(from, to))
}
