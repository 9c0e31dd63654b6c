//! What every attribute does: parse, check, expand, and a fallback after a mistake.

use crate::circle;
use crate::ctxt::{Ctxt, Rule};
use crate::keys::{Key, Keys};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, GenericParam, ItemStruct, Lit, Meta};

/// One attribute macro: model, rules and expansion.
pub(crate) trait Model: Sized {
    /// Name of the attribute.
    const ATTRIBUTE: &'static str;
    /// The keys it takes.
    const KEYS: &'static [Key];

    /// Keys that come from data: those of a library that the attribute draws on.
    fn more_keys() -> Vec<Key> {
        Vec::new()
    }

    /// Reads the declaration; `None` after a mistake, which it has reported.
    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self>;
    /// Checks the rules that go beyond one key.
    fn check(&self, cx: &Ctxt);
    /// The user's item as it is emitted, without the attribute's own marks; a unit struct if nothing else is said.
    fn item(item: &ItemStruct) -> TokenStream {
        unit_item(item)
    }
    /// The impls, inside a block where `__ml` is what memloom has for expansions. `rules` are statements that go first in a body
    /// that every use of the circuit runs: they evaluate the rules of a generic item.
    fn expand(&self, item: &ItemStruct, rules: &TokenStream) -> TokenStream;
    /// The impls that stand in after a mistake, so that users of the type see no second error. Their bodies never
    /// run, for the program does not compile.
    fn fallback(item: &ItemStruct) -> TokenStream;
}

/// What a [`Model`] says whose rules are in `check.rs` and whose expansions are in `expand.rs` beside it.
macro_rules! rules_and_expansions {
    () => {
        fn check(&self, cx: &$crate::ctxt::Ctxt) {
            check::check(cx, self);
        }

        fn expand(
            &self,
            item: &syn::ItemStruct,
            rules: &proc_macro2::TokenStream,
        ) -> proc_macro2::TokenStream {
            expand::expand(self, item, rules)
        }

        fn fallback(item: &syn::ItemStruct) -> proc_macro2::TokenStream {
            expand::fallback(item)
        }
    };
}
pub(crate) use rules_and_expansions;

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
    circle::note(&item);
    if let Some(lifetime) = item.generics.lifetimes().next() {
        cx.error(lifetime.span(), "a circuit borrows nothing; leave the lifetime out");
    }
    let table = [M::KEYS.to_vec(), M::more_keys()].concat();
    let keys = Keys::parse(&cx, M::ATTRIBUTE, &table, args);
    let krate = keys.krate();
    let model = M::parse(&keys, &item);
    if let Some(model) = &model {
        model.check(&cx);
    }
    let impls = match model {
        Some(model) if !cx.failed() => {
            let (rules, evaluate) = rules(&item, cx.rules());
            let impls = model.expand(&item, &evaluate);
            quote!(#rules #impls)
        }
        _ => M::fallback(&item),
    };
    let item = M::item(&item);
    // A mistake comes first: a warning about the same value would only repeat it.
    let warnings = if cx.failed() { TokenStream::new() } else { cx.warnings() };
    let errors = cx.into_compile_errors();
    quote! {
        #item
        #warnings
        #[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
        #[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
        const _: () = {
            use #krate::__private as __ml;
            #impls
        };
        #errors
    }
}

/// The rules as items, and the statements that evaluate those of a generic item where it is used: what depends on a
/// parameter is decided once the parameter is known.
fn rules(item: &ItemStruct, rules: Vec<Rule>) -> (TokenStream, TokenStream) {
    if item.generics.params.is_empty() {
        let items = rules.iter().map(|Rule { span, check }| quote_spanned!(*span=> const _: () = #check;));
        return (items.collect(), TokenStream::new());
    }
    if rules.is_empty() {
        return Default::default();
    }
    let names: Vec<Ident> = (0..rules.len()).map(|k| format_ident!("__ML_RULE_{k}")).collect();
    let items = rules
        .iter()
        .zip(&names)
        .map(|(Rule { span, check }, name)| quote_spanned!(*span=> const #name: () = #check;));
    let (imp, ty, bounds) = item.generics.split_for_impl();
    let name = &item.ident;
    (quote!(impl #imp #name #ty #bounds { #(#items)* }), quote!(#(let () = Self::#names;)*))
}

/// A declaration without values, with the derives that make `[Readout; 3]` a value.
///
/// A type parameter needs a field that holds it: `struct Readout<A>;` becomes a struct with one, made by `new()`.
pub(crate) fn unit_item(item: &ItemStruct) -> TokenStream {
    let held: Vec<&Ident> = item.generics.type_params().map(|p| &p.ident).collect();
    if !item.fields.is_empty() || held.is_empty() {
        let derive = derives(item, &["Debug", "Clone", "Copy"]);
        return quote!(#derive #item);
    }
    let ItemStruct { attrs, vis, ident, generics, .. } = item;
    let (imp, ty, bounds) = generics.split_for_impl();
    let (name, given) = (ident.to_string(), given_derives(item));
    let unless =
        |derived: &str, imp: TokenStream| if given.iter().any(|g| g == derived) { quote!() } else { imp };
    // Derives would ask the same of the parameters, which have no values.
    let copy = unless(
        "Clone",
        quote! {
            impl #imp ::core::clone::Clone for #ident #ty #bounds {
                fn clone(&self) -> Self {
                    *self
                }
            }
            impl #imp ::core::marker::Copy for #ident #ty #bounds {}
        },
    );
    let debug = unless(
        "Debug",
        quote! {
            impl #imp ::core::fmt::Debug for #ident #ty #bounds {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(#name)
                }
            }
        },
    );
    quote! {
        #(#attrs)*
        #vis struct #ident #generics (::core::marker::PhantomData<fn() -> (#(#held,)*)>) #bounds;
        impl #imp #ident #ty #bounds {
            /// The one value.
            #vis const fn new() -> Self {
                Self(::core::marker::PhantomData)
            }
        }
        #copy
        impl #imp ::core::default::Default for #ident #ty #bounds {
            fn default() -> Self {
                Self::new()
            }
        }
        #debug
    }
}

/// Reports fields of a type that is fully described by its keys, but for those that a value may set: `allowed`.
pub(crate) fn no_fields(cx: &Ctxt, attribute: &str, item: &ItemStruct, allowed: &[&str]) {
    for field in item.fields.iter().filter(|field| !is_phantom(&field.ty)) {
        let named = field.ident.as_ref().map(ToString::to_string);
        if named.as_deref().is_some_and(|name| allowed.contains(&name)) {
            continue;
        }
        let name = &item.ident;
        let own = match allowed {
            [] => String::new(),
            _ => format!(
                ", or, for a value of its own in each instance, a field {}",
                memloom_library::list(allowed.iter().copied())
            ),
        };
        cx.error(
            field.span(),
            format!("#[{attribute}] takes its values from keys; write `struct {name};`{own}"),
        );
    }
}

fn is_phantom(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == "PhantomData"))
}

/// Whether the struct has a field called `name`.
pub(crate) fn has_field(item: &ItemStruct, name: &str) -> bool {
    item.fields.iter().any(|field| field.ident.as_ref().is_some_and(|ident| ident == name))
}

/// The name that the circuit has in text; of a generic one its arguments are part of it.
pub(crate) fn name_in_text(item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let generic = item.generics.params.iter().any(|p| !matches!(p, GenericParam::Lifetime(_)));
    if generic { quote!(&__ml::block::name_of::<Self>()) } else { quote!(::core::stringify!(#name)) }
}

/// Names of the traits that the user derived.
fn given_derives(item: &ItemStruct) -> Vec<String> {
    let mut given = Vec::new();
    for attribute in item.attrs.iter().filter(|a| a.path().is_ident("derive")) {
        // A malformed derive is rustc's to report.
        let _ = attribute.parse_nested_meta(|meta| {
            given.extend(meta.path.segments.last().map(|s| s.ident.to_string()));
            Ok(())
        });
    }
    given
}

/// `#[derive(..)]` of those of `wanted` that the user did not derive.
pub(crate) fn derives(item: &ItemStruct, wanted: &[&str]) -> TokenStream {
    let given = given_derives(item);
    let missing = wanted.iter().filter(|name| !given.iter().any(|g| g == *name));
    // By full path: the user's crate may have no prelude.
    let paths = missing.map(|name| match *name {
        "Debug" => quote!(::core::fmt::Debug),
        "Clone" => quote!(::core::clone::Clone),
        _ => quote!(::core::marker::Copy),
    });
    quote!(#[derive(#(#paths),*)])
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
