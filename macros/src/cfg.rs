//! `#[cfg(..)]` on fields: rustc takes them away from an attribute's item only after the attribute has run.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Fields, Item, ItemStruct, Meta, parse_quote};

/// What `expand` makes of `item`; of one with conditional fields, of it with each of them and without, each under its
/// condition.
pub(crate) fn each(item: TokenStream, expand: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    match syn::parse2(item.clone()) {
        Ok(item) => split(item, &expand),
        Err(_) => expand(item),
    }
}

fn split(item: ItemStruct, expand: &impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let Some(condition) = first(&item) else { return expand(item.into_token_stream()) };
    let (with, without) = (split(keep(&item, &condition), expand), split(drop(item, &condition), expand));
    let with = under(with, &parse_quote!(#[cfg(#condition)]));
    let without = under(without, &parse_quote!(#[cfg(not(#condition))]));
    quote!(#with #without)
}

/// The condition of an attribute.
fn condition(attribute: &Attribute) -> Option<TokenStream> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => Some(list.tokens.clone()),
        _ => None,
    }
}

/// The condition of the first conditional field.
fn first(item: &ItemStruct) -> Option<TokenStream> {
    item.fields.iter().flat_map(|field| &field.attrs).find_map(condition)
}

fn is(attribute: &Attribute, wanted: &TokenStream) -> bool {
    condition(attribute).is_some_and(|given| given.to_string() == wanted.to_string())
}

/// The item where the condition holds.
fn keep(item: &ItemStruct, condition: &TokenStream) -> ItemStruct {
    let mut item = item.clone();
    item.fields.iter_mut().for_each(|field| field.attrs.retain(|attribute| !is(attribute, condition)));
    item
}

/// The item where it does not.
fn drop(mut item: ItemStruct, condition: &TokenStream) -> ItemStruct {
    if let Fields::Named(fields) = &mut item.fields {
        let left = std::mem::take(&mut fields.named).into_iter();
        fields.named = left.filter(|field| !field.attrs.iter().any(|a| is(a, condition))).collect();
    }
    item
}

/// Items under a further attribute.
fn under(items: TokenStream, attribute: &Attribute) -> TokenStream {
    let Ok(file) = syn::parse2::<syn::File>(items.clone()) else { return items };
    let mark = |item: Item| quote!(#attribute #item);
    file.items.into_iter().map(mark).collect()
}
