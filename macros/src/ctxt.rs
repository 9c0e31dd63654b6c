//! Collects every mistake of one item, so that all are reported at once.

use crate::quantity::Quantity;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::cell::{Cell, RefCell};
use std::fmt::Display;

/// The mistakes found so far, and the rules that only the compiler can decide because a value is a constant's name.
#[derive(Default)]
pub(crate) struct Ctxt {
    errors: RefCell<Vec<syn::Error>>,
    late: RefCell<Vec<TokenStream>>,
    reported: Cell<bool>,
}

impl Ctxt {
    /// Notes a mistake at `span`.
    pub(crate) fn error(&self, span: Span, message: impl Display) {
        self.syn(syn::Error::new(span, message));
    }

    /// Notes a parser's error.
    pub(crate) fn syn(&self, error: syn::Error) {
        self.reported.set(true);
        self.errors.borrow_mut().push(error);
    }

    /// Whether there was a mistake.
    pub(crate) fn failed(&self) -> bool {
        self.reported.get()
    }

    /// The rule `low < high`, decided now if both are literals, else by constant evaluation.
    pub(crate) fn less(&self, low: &Quantity, high: &Quantity, message: impl Display) {
        match (low.number, high.number) {
            (Some(a), Some(b)) if a < b => {}
            (Some(_), Some(_)) => self.error(high.span, message),
            _ => self.late(high.span, &low.si(), &quote!(<), &high.si(), &message.to_string()),
        }
    }

    /// The rule `value > 0`.
    pub(crate) fn positive(&self, value: &Quantity, message: impl Display) {
        match value.number {
            Some(v) if v > 0.0 => {}
            Some(_) => self.error(value.span, message),
            None => self.late(value.span, &value.si(), &quote!(>), &quote!(0.0), &message.to_string()),
        }
    }

    /// The rule `value >= bound`.
    pub(crate) fn at_least(&self, value: &Quantity, bound: f64, message: impl Display) {
        match value.number {
            Some(v) if v >= bound => {}
            Some(_) => self.error(value.span, message),
            None => self.late(value.span, &value.si(), &quote!(>=), &quote!(#bound), &message.to_string()),
        }
    }

    fn late(&self, span: Span, a: &TokenStream, op: &TokenStream, b: &TokenStream, message: &str) {
        // The text goes in as an argument: it quotes the user's tokens, which may hold a brace.
        let rule = quote_spanned!(span=> const _: () = ::core::assert!(#a #op #b, "{}", #message););
        self.late.borrow_mut().push(rule);
    }

    /// The rules left to constant evaluation, as items.
    pub(crate) fn late_rules(&self) -> TokenStream {
        self.late.borrow_mut().drain(..).collect()
    }

    /// Every mistake as a `compile_error!`; nothing if there was none.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.errors.borrow_mut().drain(..).map(|e| e.into_compile_error()).collect()
    }
}
