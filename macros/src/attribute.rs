//! What every attribute does: parse, check, expand, and a fallback after a mistake.

use crate::ctxt::Ctxt;
use crate::keys::{Key, Keys};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, ItemStruct, Lit, Meta};

/// One attribute macro: model, rules and expansion.
pub(crate) trait Model: Sized {
    /// Name of the attribute.
    const ATTRIBUTE: &'static str;
    /// The keys it takes.
    const KEYS: &'static [Key];

    /// Reads the declaration; `None` after a mistake, which it has reported.
    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self>;
    /// Checks the rules that go beyond one key.
    fn check(&self, cx: &Ctxt);
    /// The user's item as it is emitted, without the attribute's own marks.
    fn item(&self, item: &ItemStruct) -> TokenStream;
    /// The impls, inside a block where `__ml` is the memloom crate.
    fn expand(&self, item: &ItemStruct) -> TokenStream;
    /// The item and impls that stand in after a mistake, so that users of the type see no second error.
    fn fallback(item: &ItemStruct) -> Fallback;
}

/// What is emitted after a mistake.
pub(crate) struct Fallback {
    /// The user's item, cleaned of what rustc cannot read.
    pub(crate) item: TokenStream,
    /// Impls whose bodies never run, for the program does not compile.
    pub(crate) impls: TokenStream,
}

/// Runs an attribute on an item.
pub(crate) fn run<M: Model>(args: TokenStream, input: TokenStream) -> TokenStream {
    let cx = Ctxt::default();
    let item: ItemStruct = match syn::parse2(input.clone()) {
        Ok(item) => item,
        Err(error) => {
            let attribute = M::ATTRIBUTE;
            cx.error(error.span(), format!("#[{attribute}] goes on a struct; write `struct Name` under it"));
            let errors = cx.into_compile_errors();
            return quote!(#input #errors);
        }
    };
    if let Some(parameter) = item.generics.params.first() {
        let name = &item.ident;
        let span = syn::spanned::Spanned::span(parameter);
        cx.error(
            span,
            format!("a circuit has fixed sizes; write `{name}` without `<..>`, one struct per size"),
        );
        let (item, errors) = (M::fallback(&item).item, cx.into_compile_errors());
        return quote!(#item #errors);
    }
    let keys = Keys::parse(&cx, M::ATTRIBUTE, M::KEYS, args);
    let krate = keys.krate();
    let model = M::parse(&keys, &item);
    if let Some(model) = &model {
        model.check(&cx);
    }
    let (item, impls) = match model {
        Some(model) if !cx.failed() => (model.item(&item), model.expand(&item)),
        _ => {
            let fallback = M::fallback(&item);
            (fallback.item, fallback.impls)
        }
    };
    let late = cx.late_rules();
    let errors = cx.into_compile_errors();
    quote! {
        #item
        #[allow(missing_docs, unreachable_pub, unreachable_code, clippy::all)]
        const _: () = {
            #[allow(unused_imports)]
            use #krate as __ml;
            #late
            #impls
        };
        #errors
    }
}

/// A unit struct's declaration with the derives that make `[Readout; 3]` a value.
pub(crate) fn unit_item(item: &ItemStruct) -> TokenStream {
    let derive = derives(item, &["Debug", "Clone", "Copy"]);
    quote!(#derive #item)
}

/// Reports fields on a type that is fully described by its keys.
pub(crate) fn no_fields(cx: &Ctxt, attribute: &str, item: &ItemStruct) {
    if let Some(field) = item.fields.iter().next() {
        let name = &item.ident;
        cx.error(
            syn::spanned::Spanned::span(field),
            format!("#[{attribute}] takes its values from keys; write `struct {name};`"),
        );
    }
}

/// `#[derive(..)]` of those of `wanted` that the user did not derive.
pub(crate) fn derives(item: &ItemStruct, wanted: &[&str]) -> TokenStream {
    let mut given = Vec::new();
    for attribute in item.attrs.iter().filter(|a| a.path().is_ident("derive")) {
        // A malformed derive is rustc's to report.
        let _ = attribute.parse_nested_meta(|meta| {
            given.extend(meta.path.segments.last().map(|s| s.ident.to_string()));
            Ok(())
        });
    }
    let missing: Vec<Ident> = wanted
        .iter()
        .filter(|name| !given.iter().any(|g| g == *name))
        .map(|name| Ident::new(name, item.ident.span()))
        .collect();
    quote!(#[derive(#(#missing),*)])
}

/// The first line of the doc comment, for the comment above the circuit in text.
pub(crate) fn doc_line(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .filter_map(|a| match &a.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
                Expr::Lit(lit) => match &lit.lit {
                    Lit::Str(text) => Some(text.value().trim().to_string()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// The place of a declaration: a call at the user's span, which `#[track_caller]` reads.
pub(crate) fn origin(at: &Ident) -> TokenStream {
    quote_spanned!(at.span()=> __ml::ir::Origin::here())
}
