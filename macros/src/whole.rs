//! Whole numbers in keys: `64`, or a constant's path.

use crate::ctxt::Ctxt;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use std::fmt::Display;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{ExprPath, LitInt};

/// A whole number, an expression of type `u32`.
pub(crate) enum Whole {
    Literal(LitInt),
    Constant(ExprPath),
}

impl Parse for Whole {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitInt) { input.parse().map(Self::Literal) } else { input.parse().map(Self::Constant) }
    }
}

impl Whole {
    /// The rule `self >= least`.
    pub(crate) fn at_least(&self, cx: &Ctxt, least: u32, message: impl Display) {
        match self {
            Self::Literal(literal) if literal.base10_parse::<u32>().is_ok_and(|n| n >= least) => {}
            Self::Literal(literal) => cx.error(literal.span(), message),
            Self::Constant(path) => {
                let (span, message) = (path.span(), message.to_string());
                let check = quote_spanned!(span=> {
                    let n: u32 = #path;
                    ::core::assert!(n >= #least, "{}", #message)
                });
                cx.rule(span, check);
            }
        }
    }

    /// As the user wrote it.
    pub(crate) fn text(&self) -> String {
        self.to_token_stream().to_string()
    }
}

impl ToTokens for Whole {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(literal) => literal.to_tokens(tokens),
            Self::Constant(path) => path.to_tokens(tokens),
        }
    }
}
