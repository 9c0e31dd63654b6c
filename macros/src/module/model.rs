//! What `#[module]` says.

use super::{check, expand, parse};
use crate::attribute::Model;
use crate::ctxt::Ctxt;
use crate::gate::{Gates, Kind};
use crate::keys::{Key, Keys, optional};
use crate::quantity::Quantity;
use crate::supplies::{self, Rail};
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, GenericArgument, Generics, ItemStruct, Lit, PathArguments, Type};

/// A module.
pub(crate) struct Module {
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) nets: Vec<Net>,
    pub(crate) instances: Vec<Instance>,
    /// The supplies that it declares, and those that it names.
    pub(crate) supplies: Vec<Rail>,
    /// What the types of both stand behind.
    pub(crate) gates: Gates,
}

/// A port or an inner net.
pub(crate) struct Net {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
    /// Of an input: between which values it lies in use.
    pub(crate) range: Option<(Quantity, Quantity)>,
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
    /// The block's type, as the expansion names it.
    pub(crate) block: Type,
    /// The block's type, as the user wrote it.
    pub(crate) declared: Type,
    /// The `N` of `[Block; N]`.
    pub(crate) copies: Option<Expr>,
    pub(crate) connections: Vec<Connection>,
}

/// `port = target`.
pub(crate) struct Connection {
    pub(crate) port: Ident,
    pub(crate) target: Target,
}

/// What a port is wired to: pieces joined end to end.
pub(crate) struct Target {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) span: Span,
    /// As the user wrote it.
    pub(crate) text: String,
}

/// A piece of what a port is wired to.
pub(crate) enum Piece {
    /// A net of the module, or some of its wires.
    Net(Ident, Option<Range>),
    /// The supply at 0 V, `ground`.
    Ground(Ident),
    /// A supply of the module's by its name.
    Rail(Ident),
    /// A supply, written as its voltage.
    Supply(Quantity),
}

/// Wires `start .. end` of a net; the last one where there is no `end`.
pub(crate) struct Range {
    pub(crate) start: TokenStream,
    pub(crate) end: Option<TokenStream>,
    pub(crate) span: Span,
    /// With the net, as the user wrote it: `x[0..2]`.
    pub(crate) text: String,
}

/// The name of the supply at 0 V.
pub(crate) const GROUND: &str = "ground";

impl Module {
    /// The net called `name`.
    pub(super) fn net(&self, name: &Ident) -> Option<&Net> {
        self.nets.iter().find(|net| net.name == *name)
    }

    /// A name that is a supply's means the supply.
    fn with_supplies(mut self, supplies: Vec<Rail>) -> Self {
        let is_supply = |name: &Ident| supplies.iter().any(|rail| rail.name == *name);
        for connection in self.instances.iter_mut().flat_map(|instance| &mut instance.connections) {
            for piece in &mut connection.target.pieces {
                if let Piece::Net(name, None) = piece
                    && is_supply(name)
                {
                    *piece = Piece::Rail(name.clone());
                }
            }
        }
        self.supplies = supplies;
        self
    }

    /// Puts the types of nets and instances behind gates.
    fn behind_gates(mut self) -> Self {
        for net in self.nets.iter_mut().filter(|net| !net.is_plain()) {
            net.ty = self.gates.pass(Kind::Net, &net.name, &net.ty, &self.generics);
        }
        for instance in &mut self.instances {
            instance.block = self.gates.pass(Kind::Block, &instance.name, &instance.block, &self.generics);
        }
        self
    }

    /// Every connection with its instance.
    pub(super) fn connections(&self) -> impl Iterator<Item = (&Instance, &Connection)> {
        self.instances.iter().flat_map(|i| i.connections.iter().map(move |c| (i, c)))
    }
}

impl Net {
    /// Whether the type says by itself that it is a bus of some wires: `Bus<Voltage, 4>`.
    fn is_plain(&self) -> bool {
        let Type::Path(path) = &self.ty else { return false };
        let Some(bus) = path.path.segments.last().filter(|last| last.ident == "Bus") else { return false };
        let PathArguments::AngleBracketed(list) = &bus.arguments else { return false };
        let is_nature = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("Voltage") || path.path.is_ident("Current"));
        match list.args.iter().collect::<Vec<_>>()[..] {
            [GenericArgument::Type(nature)] => is_nature(nature),
            [GenericArgument::Type(nature), GenericArgument::Const(Expr::Lit(width))] => {
                let some = matches!(&width.lit, Lit::Int(n) if n.base10_parse::<u32>().is_ok_and(|n| n > 0));
                is_nature(nature) && some
            }
            _ => false,
        }
    }
}

impl Target {
    /// The net, if the target is a whole one.
    pub(super) fn whole(&self) -> Option<&Ident> {
        match self.pieces.as_slice() {
            [Piece::Net(net, None)] => Some(net),
            _ => None,
        }
    }
}

impl Model for Module {
    const ATTRIBUTE: &'static str = "module";
    const KEYS: &'static [Key] = &[optional("supplies", "supplies(vdd = 1.8 V, vss = 0 V)")];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        let supplies = supplies::rails(keys, true);
        parse::module(keys.cx, item).map(|module| module.with_supplies(supplies).behind_gates())
    }

    fn check(&self, cx: &Ctxt) {
        check::check(cx, self);
        if !cx.failed() {
            super::rules::leave(cx, self);
        }
    }

    fn item(item: &ItemStruct) -> TokenStream {
        expand::item(item)
    }

    fn expand(&self, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
        expand::expand(self, item, rules)
    }

    fn fallback(item: &ItemStruct) -> TokenStream {
        // What could be read still gives the module its ports; the mistakes are reported already.
        let module = parse::module(&Ctxt::default(), item);
        module.map_or_else(TokenStream::new, |module| expand::fallback(&module.behind_gates(), item))
    }
}
