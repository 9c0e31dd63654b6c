//! Values of keys: quantities such as `10 kohm`, ranges such as `0.1 V ..= 1.7 V`, constants of a unit type.

use crate::ctxt::Ctxt;
use crate::units::{self, Dimension};
use memloom_library::nearest;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// A number with its dimension: written out, or a constant expression of the unit's type.
#[derive(Debug, Clone)]
pub(crate) struct Quantity {
    /// What it measures.
    pub(crate) dimension: Dimension,
    /// The value in SI units, if written out.
    pub(crate) number: Option<f64>,
    /// The user's own tokens, for messages.
    pub(crate) text: String,
    /// Where.
    pub(crate) span: Span,
    tokens: TokenStream,
}

impl Quantity {
    /// The value in SI units, as an expression of type `f64`; `__ml` is memloom in the expansion.
    pub(crate) fn si(&self) -> TokenStream {
        if let Some(number) = self.number {
            return quote!(#number);
        }
        let tokens = &self.tokens;
        match self.dimension.type_name().map(|name| format_ident!("{name}")) {
            Some(unit) => quote_spanned!(self.span=> { let q: __ml::units::#unit = #tokens; q.get() }),
            None => quote_spanned!(self.span=> { let q: f64 = #tokens; q }),
        }
    }

    /// The value of a key that may be left out, as such an expression: zero where it is.
    pub(crate) fn si_or_zero(value: Option<&Self>) -> TokenStream {
        value.map_or_else(|| quote!(0.0), Self::si)
    }

    /// The value that stands for a key that was left out.
    pub(crate) fn new(dimension: Dimension, value: f64) -> Self {
        let text = format!("{value} {}", dimension.symbol());
        Self { dimension, number: Some(value), text, span: Span::call_site(), tokens: TokenStream::new() }
    }

    /// Reads the value of `key`.
    pub(crate) fn parse(cx: &Ctxt, key: &Ident, dimension: Dimension, tokens: TokenStream) -> Option<Self> {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let (span, text) = (tokens.span(), text_of(&tokens));
        let quantity = |number| Some(Self { dimension, number, text, span, tokens: tokens.clone() });
        let (negative, rest) = match trees.as_slice() {
            [TokenTree::Punct(p), rest @ ..] if p.as_char() == '-' => (true, rest),
            rest => (false, rest),
        };
        let [TokenTree::Literal(literal), unit @ ..] = rest else {
            return expression(cx, key, dimension, &tokens).and_then(|()| quantity(None));
        };
        let Some(symbol) = symbol_of(unit) else {
            return expression(cx, key, dimension, &tokens).and_then(|()| quantity(None));
        };
        let (digits, exponent) = digits_of(cx, key, dimension, literal)?;
        let power = power_of(cx, key, dimension, literal, &symbol, unit)?;
        // One decimal text, one rounding: `4.7 pF` is the double nearest to 4.7e-12.
        let Ok(number) = format!("{digits}e{}", exponent + power).parse::<f64>() else {
            cx.error(
                literal.span(),
                format!("`{digits}` is not a number; write digits such as `10` or `0.1`"),
            );
            return None;
        };
        quantity(Some(if negative { -number } else { number }))
    }

    /// Reads `low ..= high`. A range rises.
    pub(crate) fn parse_range(
        cx: &Ctxt,
        key: &Ident,
        dimension: Dimension,
        tokens: TokenStream,
    ) -> Option<(Self, Self)> {
        let unit = dimension.symbol();
        let Some((low, high)) = split_range(&tokens) else {
            let text = text_of(&tokens);
            cx.error(
                tokens.span(),
                format!("`{text}` is not a range; write `{key} = 0.1 {unit} ..= 1.7 {unit}`"),
            );
            return None;
        };
        let (low, high) = (Self::parse(cx, key, dimension, low), Self::parse(cx, key, dimension, high));
        let (low, high) = (low?, high?);
        let (a, b) = (&low.text, &high.text);
        cx.less(
            &low,
            &high,
            format!("`{key}` ends at `{b}`, not above its start `{a}`; write the lower value first"),
        );
        Some((low, high))
    }
}

/// The unit after a number: nothing, `V` or `V/us`; `None` if what follows is no unit.
fn symbol_of(trees: &[TokenTree]) -> Option<String> {
    match trees {
        [] => Some(String::new()),
        [TokenTree::Ident(unit)] => Some(unit.to_string()),
        [TokenTree::Ident(over), TokenTree::Punct(slash), TokenTree::Ident(under)]
            if slash.as_char() == '/' =>
        {
            Some(format!("{over}/{under}"))
        }
        _ => None,
    }
}

/// The digits of a number literal, without `_`, and its power of ten.
fn digits_of(
    cx: &Ctxt,
    key: &Ident,
    dimension: Dimension,
    literal: &proc_macro2::Literal,
) -> Option<(String, i32)> {
    let text = literal.to_string().replace('_', "");
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    if let (true, Ok(exponent)) = (digits.chars().all(|c| c.is_ascii_digit() || c == '.'), exponent.parse()) {
        return Some((digits.into(), exponent));
    }
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(0);
    let (digits, suffix) = text.split_at(at);
    let example = dimension.example();
    let hint = match units::lookup(suffix) {
        Some(_) if !digits.is_empty() => format!("put a space before the unit: `{digits} {suffix}`"),
        _ => format!("write digits and a unit, as in `{key} = {example}`"),
    };
    cx.error(literal.span(), format!("`{literal}` is not a number; {hint}"));
    None
}

/// The power of ten that the unit stands for.
fn power_of(
    cx: &Ctxt,
    key: &Ident,
    dimension: Dimension,
    number: &proc_macro2::Literal,
    symbol: &str,
    unit: &[TokenTree],
) -> Option<i32> {
    let digits = number.to_string();
    let span = unit.first().map_or(number.span(), TokenTree::span);
    let (noun, base) = (dimension.noun(), dimension.symbol());
    if symbol.is_empty() {
        if dimension == Dimension::Number {
            return Some(0);
        }
        cx.error(span, format!("`{digits}` has no unit; `{key}` is {noun}, write `{digits} {base}`"));
        return None;
    }
    if dimension == Dimension::Number {
        cx.error(span, format!("`{key}` is a plain number; write `{digits}` without `{symbol}`"));
        return None;
    }
    match units::lookup(symbol) {
        Some((given, power)) if given == dimension => Some(power),
        Some((given, power)) => {
            let (given, right) = (given.noun(), units::symbol(dimension, power));
            cx.error(
                span,
                format!("`{symbol}` measures {given}, `{key}` is {noun}; write `{digits} {right}`"),
            );
            None
        }
        None => {
            let known = units::symbols(dimension);
            let right = nearest(symbol, known.iter().map(String::as_str)).unwrap_or(base);
            cx.error(span, format!("`{symbol}` is not a unit; `{key}` is {noun}, write `{digits} {right}`"));
            None
        }
    }
}

/// Checks that the tokens are an expression; its type is the compiler's business.
fn expression(cx: &Ctxt, key: &Ident, dimension: Dimension, tokens: &TokenStream) -> Option<()> {
    if syn::parse2::<syn::Expr>(tokens.clone()).is_ok() {
        return Some(());
    }
    let (example, text) = (dimension.example(), text_of(tokens));
    cx.error(tokens.span(), format!("`{text}` is not {}; write `{key} = {example}`", dimension.noun()));
    None
}

/// The tokens on either side of `..=`.
fn split_range(tokens: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is = |tree: &TokenTree, c| matches!(tree, TokenTree::Punct(p) if p.as_char() == c);
    let at = trees.windows(3).position(|w| is(&w[0], '.') && is(&w[1], '.') && is(&w[2], '='))?;
    let (low, high) = (trees[..at].iter().cloned().collect(), trees[at + 3..].iter().cloned().collect());
    Some((low, high))
}

/// Tokens as the user would write them: `10 V/us`, `0.1 V ..= 1.7 V`.
pub(crate) fn text_of(tokens: &TokenStream) -> String {
    let text = tokens.to_string().replace(" / ", "/").replace(" [", "[");
    match text.strip_prefix("- ") {
        Some(number) => format!("-{number}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(dimension: Dimension, text: &str) -> Result<f64, String> {
        let cx = Ctxt::default();
        let key = Ident::new("key", Span::call_site());
        let tokens = text.parse().map_err(|e| format!("{e}"))?;
        match Quantity::parse(&cx, &key, dimension, tokens) {
            Some(q) => q.number.ok_or_else(|| "an expression".into()),
            None => Err(cx.into_compile_errors().to_string()),
        }
    }

    #[test]
    fn quantities_are_exact() {
        assert_eq!(parse(Dimension::Resistance, "10 kohm"), Ok(1e4));
        assert_eq!(parse(Dimension::Conductance, "1 uS"), Ok(1e-6));
        assert_eq!(parse(Dimension::Voltage, "-0.1 V"), Ok(-0.1));
        assert_eq!(parse(Dimension::SlewRate, "10 V/us"), Ok(1e7));
        assert_eq!(parse(Dimension::Number, "10_000"), Ok(1e4));
        assert_eq!(parse(Dimension::Capacitance, "4.7 pF"), Ok(4.7e-12));
    }

    #[test]
    fn mistakes_name_the_right_unit() {
        let message = |d, t| parse(d, t).expect_err("a mistake");
        assert!(message(Dimension::Resistance, "10").contains("write `10 ohm`"));
        assert!(message(Dimension::Resistance, "10 kV").contains("measures a voltage"));
        assert!(message(Dimension::Resistance, "10 Kohm").contains("write `10 kohm`"));
        assert!(message(Dimension::Resistance, "10kohm").contains("put a space"));
        assert!(message(Dimension::Number, "10 V").contains("without `V`"));
        assert_eq!(message(Dimension::Resistance, "R_F * 2.0"), "an expression");
    }
}
