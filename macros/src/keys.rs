//! The keys of an attribute: `#[tia(r_f = 10 kohm, c_f = 1 pF)]`, each with its span.

use crate::ctxt::Ctxt;
use crate::quantity::{Quantity, text_of};
use crate::units::Dimension;
use memloom_library::{list, nearest};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::borrow::Cow;
use syn::ext::IdentExt;
use syn::parse::Parser;

/// A key that an attribute takes.
#[derive(Clone)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// How a user writes it; the error for a missing key shows this.
    pub(crate) example: Cow<'static, str>,
    /// Whether it may be left out.
    pub(crate) optional: bool,
}

impl Key {
    /// Whether its value is a list in parentheses, `supplies(vdd, vss)`.
    fn is_list(&self) -> bool {
        self.example.strip_prefix(self.name).is_some_and(|rest| rest.starts_with('('))
    }
}

/// A key that must be given.
pub(crate) const fn required(name: &'static str, example: &'static str) -> Key {
    Key { name, example: Cow::Borrowed(example), optional: false }
}

/// A key that may be left out.
pub(crate) const fn optional(name: &'static str, example: &'static str) -> Key {
    Key { name, example: Cow::Borrowed(example), optional: true }
}

/// An attribute as written: words such as `hard_swish`, and keys with their values.
pub(crate) struct Keys<'c> {
    pub(crate) cx: &'c Ctxt,
    words: Vec<Ident>,
    entries: Vec<(Ident, TokenStream)>,
    krate: TokenStream,
}

impl<'c> Keys<'c> {
    /// Splits `args` at commas and checks the names against `table`. `attribute` is its name, for messages.
    pub(crate) fn parse(cx: &'c Ctxt, attribute: &str, table: &[Key], args: TokenStream) -> Self {
        let mut keys = Self { cx, words: Vec::new(), entries: Vec::new(), krate: quote!(::memloom) };
        for part in split_commas(args) {
            keys.add(attribute, table, part);
        }
        for key in table.iter().filter(|k| !k.optional && !keys.has(k.name)) {
            let (name, example) = (key.name, &key.example);
            cx.error(Span::call_site(), format!("#[{attribute}] needs `{name}`; write `{example}`"));
        }
        keys
    }

    fn add(&mut self, attribute: &str, table: &[Key], part: TokenStream) {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let name = input.call(Ident::parse_any)?;
            let takes_list = |key: &Key| key.is_list() && nearest(&name.to_string(), [key.name]).is_some();
            if input.peek(syn::token::Paren) && (name == "allow" || table.iter().any(takes_list)) {
                let words;
                syn::parenthesized!(words in input);
                let value = words.parse::<TokenStream>()?;
                let nothing_more = input.is_empty();
                return nothing_more
                    .then_some((name, Some(value)))
                    .ok_or_else(|| input.error("expected `,` after the list"));
            }
            if let Some(key) = table.iter().find(|key| key.is_list() && name == key.name)
                && input.peek(syn::Token![=])
            {
                return Err(syn::Error::new(
                    name.span(),
                    format!("`{name}` is a list; write `{}`", key.example),
                ));
            }
            let value = match input.parse::<Option<syn::Token![=]>>()? {
                Some(_) => Some(input.parse::<TokenStream>()?),
                None if input.is_empty() => None,
                None => return Err(input.error("expected `=` after the key; write `key = value`")),
            };
            Ok((name, value))
        };
        let first = part.clone().into_iter().next();
        let (name, value) = match parser.parse2(part) {
            Ok(entry) => entry,
            Err(error) => {
                // A key that is there counts as given.
                if let Some(TokenTree::Ident(name)) = first {
                    self.entries.push((name, TokenStream::new()));
                }
                return self.cx.syn(error);
            }
        };
        match value {
            None if table.iter().any(|k| name == k.name) => {
                let example = table.iter().find(|k| name == k.name).map_or("", |k| k.example.as_ref());
                self.cx.error(name.span(), format!("`{name}` has no value; write `{example}`"));
                // Counts as given, or one mistake would show as two.
                self.entries.push((name, TokenStream::new()));
            }
            None => self.words.push(name),
            Some(path) if name == "crate" => self.krate = path,
            Some(word) if name == "allow" => self.allow(&name, &word),
            Some(_) if self.has(&name.to_string()) => {
                self.cx.error(name.span(), format!("`{name}` is given twice; remove one"));
            }
            Some(value) if table.iter().any(|k| name == k.name) => {
                if value.is_empty() {
                    let example = table.iter().find(|k| name == k.name).map_or("", |k| k.example.as_ref());
                    self.cx.error(name.span(), format!("`{name}` has no value; write `{example}`"));
                }
                self.entries.push((name, value));
            }
            Some(value) => self.unknown(attribute, table, name, value),
        }
    }

    /// `allow(absurd)`: values of a size that no circuit has are meant.
    fn allow(&self, name: &Ident, word: &TokenStream) {
        match syn::parse2::<Ident>(word.clone()) {
            Ok(word) if word == "absurd" => self.cx.allow_absurd(),
            Ok(word) => {
                self.cx.error(word.span(), format!("there is no warning `{word}`; write `allow(absurd)`"));
            }
            Err(_) => self.cx.error(name.span(), "`allow` names a warning; write `allow(absurd)`"),
        }
    }

    /// An unknown key counts as the one it was meant to be, or one typo would show as two mistakes.
    fn unknown(&mut self, attribute: &str, table: &[Key], name: Ident, value: TokenStream) {
        let known = || table.iter().map(|k| k.name);
        match nearest(&name.to_string(), known()) {
            Some(right) => {
                self.cx.error(
                    name.span(),
                    format!("#[{attribute}] has no key `{name}`; did you mean `{right}`?"),
                );
                if !self.has(right) {
                    self.entries.push((Ident::new(right, name.span()), value));
                }
            }
            None => {
                let known = list(known());
                self.cx
                    .error(name.span(), format!("#[{attribute}] has no key `{name}`; its keys are {known}"));
            }
        }
    }

    /// Whether `name` is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.span(name).is_some()
    }

    /// Where `name` is given.
    pub(crate) fn span(&self, name: &str) -> Option<Span> {
        self.entries.iter().find(|(key, _)| key == name).map(|(key, _)| key.span())
    }

    /// The value of `name`; `None` if it is absent or was reported as empty.
    fn value(&self, name: &str) -> Option<(&Ident, TokenStream)> {
        let (key, value) = self.entries.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then(|| (key, value.clone()))
    }

    /// Path of the memloom crate, `::memloom` unless `crate = path` says otherwise.
    pub(crate) fn krate(&self) -> TokenStream {
        self.krate.clone()
    }

    /// The words without a value, in order.
    pub(crate) fn words(&self) -> &[Ident] {
        &self.words
    }

    /// Reports every word as unexpected, for attributes that take keys only.
    pub(crate) fn no_words(&self) {
        for word in &self.words {
            self.cx.error(word.span(), format!("`{word}` is not a key; write `key = value`"));
        }
    }

    /// A quantity such as `10 kohm`.
    pub(crate) fn quantity(&self, name: &str, dimension: Dimension) -> Option<Quantity> {
        let (key, value) = self.value(name)?;
        Quantity::parse(self.cx, key, dimension, value)
    }

    /// A range such as `0.1 V ..= 1.7 V`.
    pub(crate) fn range(&self, name: &str, dimension: Dimension) -> Option<(Quantity, Quantity)> {
        let (key, value) = self.value(name)?;
        Quantity::parse_range(self.cx, key, dimension, value)
    }

    /// Anything that syn can read; `what` says what it should be, with an example.
    pub(crate) fn parsed<T: syn::parse::Parse>(&self, name: &str, what: &str) -> Option<T> {
        let (key, value) = self.value(name)?;
        let text = text_of(&value);
        let span = value.clone().into_iter().next().map_or(key.span(), |t| t.span());
        syn::parse2(value).map_err(|_| self.cx.error(span, format!("`{text}` is not {what}"))).ok()
    }

    /// The entries of a list such as `supplies(vdd, vss)`; none if it is absent.
    pub(crate) fn list(&self, name: &str) -> Vec<TokenStream> {
        self.value(name).map_or_else(Vec::new, |(_, value)| split_commas(value))
    }

    /// A type, such as `opamp = Ota`.
    pub(crate) fn part(&self, name: &str) -> Option<syn::Type> {
        self.parsed(name, &format!("a type; write `{name} = Name`"))
    }

    /// One word out of `choices`.
    pub(crate) fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let names = || choices.iter().map(|c| c.0);
        let word: Ident = self.parsed(name, &format!("a word; write one of {}", list(names())))?;
        choose(self.cx, &word, choices)
    }
}

/// The choice that `word` names; reports one that is none.
pub(crate) fn choose<T: Copy>(cx: &Ctxt, word: &Ident, choices: &[(&str, T)]) -> Option<T> {
    let found = choices.iter().find(|c| word == c.0).map(|c| c.1);
    if found.is_none() {
        let names = || choices.iter().map(|c| c.0);
        let message = match nearest(&word.to_string(), names()) {
            Some(right) => format!("there is no `{word}`; did you mean `{right}`?"),
            None => format!("`{word}` is not built; write {}", list(names())),
        };
        cx.error(word.span(), message);
    }
    found
}

/// The parts between top-level commas, empty ones left out.
pub(crate) fn split_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for tree in tokens {
        match &tree {
            TokenTree::Punct(p) if p.as_char() == ',' => parts.push(TokenStream::new()),
            _ => {
                if let Some(last) = parts.last_mut() {
                    tree.to_tokens(last);
                }
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
