//! Where a file is.

use proc_macro2::TokenStream;
use quote::quote;
use std::path::{Path, PathBuf};
use syn::LitStr;

/// A file as the macro reads it, and as an expression in the user's crate.
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) expression: TokenStream,
}

/// Looks for a file: an absolute path, one from the crate's folder, or one from the folder of the source file.
pub(super) fn find(path: &LitStr) -> Option<Place> {
    let text = path.value();
    let is_there = |path: &Path| path.exists().then(|| path.to_path_buf());
    if Path::new(&text).is_absolute() {
        return Some(Place { path: is_there(Path::new(&text))?, expression: quote!(#path) });
    }
    if let Some(path) = std::env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|crate_folder| is_there(&Path::new(&crate_folder).join(&text)))
    {
        let expression = quote!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #text));
        return Some(Place { path, expression });
    }
    let source = proc_macro::is_available().then(|| path.span().unwrap().local_file())??;
    let path = std::path::absolute(source.parent()?.join(&text)).ok().and_then(|path| is_there(&path))?;
    let literal = path.to_str()?.to_owned();
    Some(Place { path, expression: quote!(#literal) })
}
