//! Statements of CDL.

use crate::error::Error;
use crate::text::{Name, Text};
use memloom_ir::Direction;

/// Pins that a line of `*.PININFO` lists: a comment cannot be continued on the next one.
const LISTED: usize = 8;

/// A pin of a subcircuit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Name.
    pub name: String,
    /// What `*.PININFO` says of it: `I`, `O`, `B` of both, `P` and `G` of supplies.
    pub info: &'static str,
}

impl Pin {
    pub(super) fn new(name: impl Into<String>, direction: Direction) -> Self {
        let info = match direction {
            Direction::Input => "I",
            Direction::Output => "O",
            Direction::Passive => "B",
        };
        Self { name: name.into(), info }
    }

    /// A supply.
    pub(super) fn rail(name: impl Into<String>) -> Self {
        let name = name.into();
        let is_low = ["vss", "gnd", "ground"].iter().any(|low| name.eq_ignore_ascii_case(low));
        Self { name, info: if is_low { "G" } else { "P" } }
    }
}

/// `.SUBCKT`, what `doc` says above it, `*.PININFO` below.
pub(super) fn begin(text: &mut Text<'_>, name: &str, doc: &str, pins: &[Pin]) -> Result<(), Error> {
    text.comment("* ", doc)?;
    text.word(".SUBCKT")?;
    text.word(Name::new(name)?)?;
    for pin in pins {
        text.word(Name::new(&pin.name)?)?;
    }
    text.end()?;
    for pins in pins.chunks(LISTED) {
        text.word("*.PININFO")?;
        for pin in pins {
            text.word((Name::new(&pin.name)?, ":", pin.info))?;
        }
        text.end()?;
    }
    Ok(())
}

/// `.ENDS`.
pub(super) fn finish(text: &mut Text<'_>, name: &str) -> Result<(), Error> {
    text.word(".ENDS")?;
    text.word(Name::new(name)?)?;
    Ok(text.end()?)
}

/// A subcircuit without insides.
pub(super) fn empty(text: &mut Text<'_>, name: &str, doc: &str, pins: &[Pin]) -> Result<(), Error> {
    begin(text, name, doc, pins)?;
    finish(text, name)
}

/// An instance of a subcircuit.
pub(super) fn call(text: &mut Text<'_>, name: &str, nodes: &[&str], master: &str) -> Result<(), Error> {
    text.word(("X", Name::new(name)?))?;
    text.names(nodes)?;
    text.word(Name::new(master)?)?;
    Ok(text.end()?)
}
