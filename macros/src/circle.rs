//! Modules that contain each other. A macro sees one declaration, and rustc would speak of types of infinite size; so the
//! names that each declaration of a crate holds are kept from one expansion to the next, and the one that closes a circle
//! is refused. Only plain names count, and a name that two declarations have counts for neither: what is not seen here,
//! rustc still refuses.

use proc_macro2::Ident;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use syn::{ItemStruct, Type};

/// What each name holds; `None` of a name that is declared twice.
type Held = HashMap<String, Option<Vec<String>>>;

static HELD: Mutex<Option<Held>> = Mutex::new(None);

fn lock() -> MutexGuard<'static, Option<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps what a declaration holds.
pub(crate) fn note(item: &ItemStruct) {
    let instances = item.fields.iter().filter(|field| field.attrs.iter().any(|a| a.path().is_ident("inst")));
    let parameter = |name: &&Ident| item.generics.type_params().any(|param| param.ident == **name);
    let held = instances.filter_map(|field| plain_name(&field.ty)).filter(|name| !parameter(name));
    let held = held.map(ToString::to_string).collect();
    let mut kept = lock();
    let kept = kept.get_or_insert_default();
    let twice = kept.contains_key(&item.ident.to_string());
    kept.insert(item.ident.to_string(), (!twice).then_some(held));
}

/// The name of a block's type, or of the type of an array's blocks, if it has no path and no arguments.
pub(crate) fn plain_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Type::Array(array) => plain_name(&array.elem),
        _ => None,
    }
}

/// The way from `module` into the block `first` and back to `module`, by names: `["First", "Second", "First"]`.
pub(crate) fn back_to(module: &Ident, first: &Ident) -> Option<Vec<String>> {
    let kept = lock();
    let kept = kept.as_ref()?;
    let module = module.to_string();
    kept.get(&module)?.as_ref()?;
    let mut seen = vec![first.to_string()];
    let mut ways = vec![vec![module.clone(), first.to_string()]];
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        if *last == module {
            return Some(way);
        }
        let Some(Some(held)) = kept.get(last) else { continue };
        for next in held {
            if !seen.contains(next) {
                seen.push(next.clone());
                ways.push([way.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(module: &str, first: &str) -> Option<Vec<String>> {
        let ident = |name| Ident::new(name, proc_macro2::Span::call_site());
        back_to(&ident(module), &ident(first))
    }

    #[test]
    fn the_last_declaration_closes_the_circle() {
        note(&syn::parse_quote!(
            struct CircleA {
                #[inst(x = x)]
                b: CircleB,
                #[inst]
                d: CircleD,
            }
        ));
        note(&syn::parse_quote!(
            struct CircleB {
                #[inst]
                c: [CircleC; 3],
            }
        ));
        assert_eq!(way("CircleA", "CircleB"), None);
        note(&syn::parse_quote!(
            struct CircleC {
                #[inst]
                a: CircleA,
                #[net]
                x: CircleC,
            }
        ));
        let names = ["CircleC", "CircleA", "CircleB", "CircleC"].map(String::from).to_vec();
        assert_eq!(way("CircleC", "CircleA"), Some(names));
        assert_eq!(way("CircleA", "CircleD"), None);
        // Another `CircleA` elsewhere in the crate: neither is sure to be the one that is meant.
        note(&syn::parse_quote!(
            struct CircleA;
        ));
        assert_eq!(way("CircleC", "CircleA"), None);
    }

    #[test]
    fn a_parameter_is_no_name() {
        note(&syn::parse_quote!(
            struct Around<CircleX> {
                #[inst]
                a: CircleX,
            }
        ));
        note(&syn::parse_quote!(
            struct CircleX {
                #[inst]
                a: Around,
            }
        ));
        assert_eq!(way("CircleX", "Around"), None);
    }
}
