//! Foreign cells: circuits whose text lies in a file of the user's.

use super::Nature;
use crate::Direction;
pub use memloom_library::{Kind, Language};
use serde::{Serialize, Serializer};

/// A subcircuit or a transistor's model that a file of the user's declares: a foundry's library, a hand-made cell.
///
/// Netlists include the file and instantiate the cell. What it does, memloom does not know: where it is the
/// [body](crate::Body) of an op-amp, an activation or a memristor, the evaluator takes the declared behaviour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Foreign {
    /// Its name in the file, which is its name in text.
    pub name: String,
    /// Whether it is a subcircuit, or the model of a transistor or a diode.
    #[serde(serialize_with = "kind")]
    pub kind: Kind,
    /// The file, once per language that has one.
    pub libraries: Vec<Library>,
    /// Its pins, in the file's order.
    pub pins: Vec<ForeignPin>,
    /// Parameters that an instance may set.
    pub params: Vec<String>,
}

/// A file of the user's, or one of its sections.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Library {
    /// The language it is written in.
    #[serde(serialize_with = "language")]
    pub language: Language,
    /// Where it is; of a relative path the working folder decides.
    pub path: String,
    /// The section to take: a corner such as `tt`.
    pub section: Option<String>,
}

/// A pin of a foreign cell: one wire.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForeignPin {
    /// Its name in the file.
    pub name: String,
    /// What it is.
    pub role: PinRole,
}

/// What a pin of a foreign cell is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum PinRole {
    /// A signal.
    Signal {
        /// Which way it points.
        direction: Direction,
        /// What it carries; `None` takes any.
        nature: Option<Nature>,
    },
    /// A supply pin, wired to the design's rail of this name.
    Supply {
        /// The rail.
        rail: String,
    },
}

impl Foreign {
    /// Its supply pins.
    pub fn supplies(&self) -> Vec<SupplyPin> {
        let supply = |pin: &ForeignPin| match &pin.role {
            PinRole::Supply { rail } => Some(SupplyPin { pin: pin.name.clone(), rail: rail.clone() }),
            PinRole::Signal { .. } => None,
        };
        self.pins.iter().filter_map(supply).collect()
    }

    /// The file in `language`.
    pub fn library(&self, language: Language) -> Option<&Library> {
        self.libraries.iter().find(|library| library.language == language)
    }
}

/// A supply pin of a cell and the rail that it hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupplyPin {
    /// The pin.
    pub pin: String,
    /// The design's supply of this name.
    pub rail: String,
}

/// What an op-amp, a behavioural block or a memristor is made of, besides its model: supply pins, and a circuit of the
/// user's that netlists have in place of memloom's own.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Body {
    /// Supply pins, behind the model's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplies: Vec<SupplyPin>,
    /// The foreign cell that is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<Foreign>,
    /// Parameters of the foreign cell that every instance sets, SI units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, f64)>,
}

impl Body {
    /// Memloom's own circuit without supply pins.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Memloom's own circuit with supply pins.
    pub fn supplied(supplies: Vec<SupplyPin>) -> Self {
        Self { supplies, ..Self::default() }
    }

    /// A foreign cell.
    pub fn foreign(cell: Foreign, args: Vec<(String, f64)>) -> Self {
        Self { supplies: cell.supplies(), cell: Some(cell), args }
    }
}

fn kind<S: Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("{kind:?}"))
}

fn language<S: Serializer>(language: &Language, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(language.name())
}
