//! What `#[module]` says.

use super::{check, expand, parse};
use crate::attribute::{Fallback, Model};
use crate::ctxt::Ctxt;
use crate::keys::{Key, Keys};
use crate::quantity::Quantity;
use proc_macro2::{Ident, TokenStream};
use syn::{Expr, ItemStruct, Type};

/// A module.
pub(crate) struct Module {
    pub(crate) nets: Vec<Net>,
    pub(crate) instances: Vec<Instance>,
}

/// A port or an inner net.
pub(crate) struct Net {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
}

/// How a net shows outside; the names of `memloom::wire::Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Input,
    Output,
    Inner,
}

/// A block, or an array of them.
pub(crate) struct Instance {
    pub(crate) name: Ident,
    pub(crate) block: Type,
    /// The `N` of `[Block; N]`.
    pub(crate) copies: Option<Expr>,
    pub(crate) connections: Vec<Connection>,
}

/// `port = net`.
pub(crate) struct Connection {
    pub(crate) port: Ident,
    pub(crate) target: Target,
}

/// What a port is wired to.
pub(crate) enum Target {
    /// A net of the module.
    Net(Ident),
    /// The supply at 0 V, `ground`.
    Ground(Ident),
    /// A supply, written as its voltage.
    Supply(Quantity),
}

/// The name of the supply at 0 V.
pub(crate) const GROUND: &str = "ground";

impl Module {
    /// The net called `name`.
    pub(super) fn net(&self, name: &Ident) -> Option<&Net> {
        self.nets.iter().find(|net| net.name == *name)
    }
}

impl Model for Module {
    const ATTRIBUTE: &'static str = "module";
    const KEYS: &'static [Key] = &[];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        parse::module(keys.cx, item)
    }

    fn check(&self, cx: &Ctxt) {
        check::check(cx, self);
    }

    fn item(&self, item: &ItemStruct) -> TokenStream {
        expand::item(item)
    }

    fn expand(&self, item: &ItemStruct) -> TokenStream {
        expand::expand(self, item)
    }

    fn fallback(item: &ItemStruct) -> Fallback {
        // What could be read still gives the module its ports; the mistakes are reported already.
        let ports = parse::module(&Ctxt::default(), item);
        let impls = ports.map_or_else(TokenStream::new, |module| expand::fallback(&module, item));
        Fallback { item: expand::item(item), impls }
    }
}
