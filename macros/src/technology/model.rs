//! What `#[technology]` says.

use super::{check, expand};
use crate::attribute::{Model, no_fields, rules_and_expansions};
use crate::keys::{Key, Keys, optional, required};
use crate::parasitics::Parasitics;
use crate::quantity::Quantity;
use crate::supplies::{self, Rail};
use crate::units::Dimension;
use crate::whole::Whole;
use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::{ItemStruct, LitStr, Type};

/// A technology.
pub(crate) struct Technology {
    pub(crate) name: LitStr,
    pub(crate) cell: Type,
    pub(crate) tile: Tile,
    pub(crate) signed: &'static str,
    pub(crate) parasitics: Parasitics,
    pub(crate) readout: Type,
    pub(crate) r_f: (Quantity, Quantity),
    pub(crate) r_unit: Quantity,
    pub(crate) c_hold: Option<Quantity>,
    pub(crate) functions: Set,
    pub(crate) multiplier: Type,
    pub(crate) supplies: Vec<Rail>,
}

/// `128 x 128`: wordlines by bitlines.
pub(crate) struct Tile {
    pub(crate) rows: Whole,
    pub(crate) cols: Whole,
}

impl Parse for Tile {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let rows = input.parse()?;
        let x: Ident = input.parse()?;
        if x != "x" {
            return Err(syn::Error::new(x.span(), "expected `x`"));
        }
        Ok(Self { rows, cols: input.parse()? })
    }
}

/// `[HardSwish, Relu]`: types.
pub(crate) struct Set(pub(crate) Vec<Type>);

impl Parse for Set {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let list;
        syn::bracketed!(list in input);
        Ok(Self(list.parse_terminated(Type::parse, syn::Token![,])?.into_iter().collect()))
    }
}

/// Word and `SignScheme` variant.
pub(crate) const SCHEMES: [(&str, &str); 2] = [("dual_rail", "DualRail"), ("differential", "Differential")];

impl Model for Technology {
    const ATTRIBUTE: &'static str = "technology";
    const KEYS: &'static [Key] = &[
        required("name", "name = \"hfo2_130nm\""),
        required("cell", "cell = HfO2"),
        required("tile", "tile = 128 x 128"),
        required("signed", "signed = dual_rail"),
        optional("r_wire", "r_wire = 2.5 ohm"),
        required("readout", "readout = Readout"),
        required("r_f", "r_f = 100 ohm ..= 10 Mohm"),
        required("r_unit", "r_unit = 100 kohm"),
        required("functions", "functions = [HardSwish, HardSigmoid, Relu]"),
        required("multiplier", "multiplier = Multiplier"),
        optional("c_hold", "c_hold = 1 pF"),
        optional("supplies", "supplies(vdd = 1.8 V, vss = 0 V)"),
    ];

    fn more_keys() -> Vec<Key> {
        Parasitics::keys()
    }

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        no_fields(keys.cx, Self::ATTRIBUTE, item, &[]);
        let name = keys.parsed("name", "a name in quotes; write `name = \"hfo2_130nm\"`");
        let cell = keys.part("cell");
        let tile = keys.parsed("tile", "a size; write wordlines and bitlines as `tile = 128 x 128`");
        let signed = keys.choice("signed", &SCHEMES);
        let parasitics = Parasitics::parse(keys);
        let readout = keys.part("readout");
        let r_f = keys.range("r_f", Dimension::Resistance);
        let r_unit = keys.quantity("r_unit", Dimension::Resistance);
        let c_hold = keys.quantity("c_hold", Dimension::Capacitance);
        let functions = keys.parsed("functions", "a list of types; write `functions = [HardSwish, Relu]`");
        let multiplier = keys.part("multiplier");
        Some(Self {
            name: name?,
            cell: cell?,
            tile: tile?,
            signed: signed?,
            parasitics: parasitics?,
            readout: readout?,
            r_f: r_f?,
            r_unit: r_unit?,
            c_hold,
            functions: functions?,
            multiplier: multiplier?,
            supplies: supplies::rails(keys, false),
        })
    }

    rules_and_expansions!();
}
