//! Collects every mistake of one item, so that all are reported at once.

use crate::quantity::Quantity;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::cell::{Cell, RefCell};
use std::fmt::Display;
use syn::spanned::Spanned;

/// The mistakes found so far, and the rules that only the compiler can decide because a value is a constant's name.
#[derive(Default)]
pub(crate) struct Ctxt {
    errors: RefCell<Vec<syn::Error>>,
    late: RefCell<Vec<Rule>>,
    warnings: RefCell<Vec<TokenStream>>,
    reported: Cell<bool>,
    absurd_allowed: Cell<bool>,
}

/// A rule that constant evaluation decides: an expression that panics where it is broken.
pub(crate) struct Rule {
    /// Where a break is shown.
    pub(crate) span: Span,
    /// The expression, of type `()`.
    pub(crate) check: TokenStream,
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

    /// The rule `low <= high`, a break of which is shown at `span`.
    pub(crate) fn ordered(&self, span: Span, low: &Quantity, high: &Quantity, message: impl Display) {
        match (low.number, high.number) {
            (Some(a), Some(b)) if a <= b => {}
            (Some(_), Some(_)) => self.error(span, message),
            _ => self.late(span, &low.si(), &quote!(<=), &high.si(), &message.to_string()),
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
        self.rule(span, quote_spanned!(span=> ::core::assert!(#a #op #b, "{}", #message)));
    }

    /// The rule that the output of `op_amp` can stand at `volts`, which the user wrote as `what`.
    pub(crate) fn swing(&self, span: Span, op_amp: &syn::Type, what: &str, volts: &TokenStream) {
        let name = op_amp.to_token_stream().to_string();
        // At the type, so that one that is no op-amp is underlined there, in the same words as elsewhere.
        let at = quote_spanned!(op_amp.span()=> <#op_amp as __ml::parts::OpAmpType>);
        let check = quote_spanned! {span=>
            __ml::parts::check_swing(#name, &#at::MODEL, #at::SWING, #what, #volts)
        };
        self.rule(span, check);
    }

    /// Leaves a rule to constant evaluation.
    pub(crate) fn rule(&self, span: Span, check: TokenStream) {
        self.late.borrow_mut().push(Rule { span, check });
    }

    /// The rules left to constant evaluation.
    pub(crate) fn rules(&self) -> Vec<Rule> {
        self.late.take()
    }

    /// Silences [`Ctxt::plausible`].
    pub(crate) fn allow_absurd(&self) {
        self.absurd_allowed.set(true);
    }

    /// Warns about a value of the right unit whose size no circuit has.
    pub(crate) fn plausible(&self, key: &str, value: &Quantity, low: f64, high: f64) {
        let absurd = value.number.is_some_and(|v| v != 0.0 && !(low..=high).contains(&v.abs()));
        if !absurd || self.absurd_allowed.get() {
            return;
        }
        let (low, high) = (value.dimension.show(low), value.dimension.show(high));
        let text = &value.text;
        let note = format!(
            "`{key} = {text}` is absurd: values lie between `{low}` and `{high}`; check the unit, or write `allow(absurd)` among the keys"
        );
        // The one warning that a macro can give on stable: the use of something deprecated, at the user's token.
        let span = value.span;
        let used = quote_spanned!(span=> let _ = absurd_value;);
        self.warnings.borrow_mut().push(quote! {
            const _: () = {
                #[deprecated(note = #note)]
                #[allow(non_upper_case_globals)]
                const absurd_value: () = ();
                #used
            };
        });
    }

    /// The warnings, as items.
    pub(crate) fn warnings(&self) -> TokenStream {
        self.warnings.borrow_mut().drain(..).collect()
    }

    /// Every mistake as a `compile_error!`; nothing if there was none.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.errors.borrow_mut().drain(..).map(|e| e.into_compile_error()).collect()
    }
}
