//! The names of the nodes along one wordline and of the bitlines that it crosses.
//!
//! A name at a cross-point has a stem, of its row, and a suffix, of its column: `w_3` and `_7`. Stems are made once per row,
//! so that a line of text is a few copies.

use super::Place;
use crate::parasitics::Values;

/// A name: its stem and its suffix.
pub(super) type Parts<'a> = [&'a str; 2];

/// The ground that lines have their capacitance to.
pub(super) const GROUND: Parts<'static> = ["", "0"];

/// A wordline under way.
pub(super) struct Row<'a> {
    pub(super) place: Place<'a>,
    values: &'a Values,
    /// Node of its port.
    pub(super) port: &'a str,
    /// Whether it is the last one, at which bitlines end.
    pub(super) last: bool,
    /// `_j` of every column.
    pub(super) suffixes: &'a [String],
    /// Of bitlines' ends: nodes, and the resistors there.
    pub(super) sense: String,
    nodes: Nodes,
    pub(super) names: Names,
}

/// Stems of nodes; that of a bitline at the next wordline is `below`.
struct Nodes {
    driver: String,
    wordline: String,
    bitline: String,
    below: String,
    contact: String,
}

/// Stems of parts' names, without the letter of their kind.
pub(super) struct Names {
    pub(super) driver: String,
    pub(super) cell: String,
    pub(super) wordline: String,
    pub(super) bitline: String,
    pub(super) contact: String,
    /// Of what whole bitlines have.
    pub(super) bitlines: String,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        place: Place<'a>,
        values: &'a Values,
        at: u32,
        last: bool,
        suffixes: &'a [String],
    ) -> Self {
        let prefix = place.prefix;
        // A stem of what is not there is not used.
        let stem = |there: bool, start: &str, at: u32| {
            if there { format!("{prefix}{start}{at}") } else { String::new() }
        };
        let [wordline, bitline] = [values.wordline.is_some(), values.bitline.is_some()];
        let [driver, contact] = [values.driver.is_some(), values.contact.is_some()];
        let nodes = Nodes {
            driver: stem(driver, "d_", at),
            wordline: stem(wordline, "w_", at),
            bitline: stem(bitline, "b_", at),
            below: stem(bitline, "b_", at + 1),
            contact: stem(contact, "c_", at),
        };
        let capacitive = values.c_wire.is_some();
        let names = Names {
            driver: stem(driver, "d", at),
            cell: stem(true, "", at),
            wordline: stem(wordline || capacitive, "w", at),
            bitline: stem(bitline || capacitive, "b", at),
            contact: stem(contact, "c", at),
            bitlines: format!("{prefix}b"),
        };
        let (port, sense) = (place.rows[at as usize], format!("{prefix}s"));
        Self { place, values, port, last, suffixes, sense, nodes, names }
    }

    /// Where the wordline starts.
    pub(super) fn start(&self) -> Parts<'_> {
        match self.values.driver {
            Some(_) => [&self.nodes.driver, ""],
            None => [self.port, ""],
        }
    }

    /// The node of the wordline at a column.
    pub(super) fn on_wordline(&self, j: usize) -> Parts<'_> {
        match self.values.wordline {
            Some(_) => [&self.nodes.wordline, &self.suffixes[j]],
            None => self.start(),
        }
    }

    /// Where a bitline ends.
    pub(super) fn end(&self, j: usize) -> Parts<'_> {
        match self.values.sense {
            Some(_) => [&self.sense, &self.suffixes[j]],
            None => ["", self.place.cols[j]],
        }
    }

    /// The node of a bitline at this wordline.
    pub(super) fn on_bitline(&self, j: usize) -> Parts<'_> {
        match self.values.bitline {
            Some(_) => [&self.nodes.bitline, &self.suffixes[j]],
            None => self.end(j),
        }
    }

    /// The end of the cell towards the bitline.
    pub(super) fn on_contact(&self, j: usize) -> Parts<'_> {
        match self.values.contact {
            Some(_) => [&self.nodes.contact, &self.suffixes[j]],
            None => self.on_bitline(j),
        }
    }

    /// What is before column `j` on the wordline.
    pub(super) fn before(&self, j: usize) -> Parts<'_> {
        if j == 0 { self.start() } else { self.on_wordline(j - 1) }
    }

    /// What is next on bitline `j`.
    pub(super) fn after(&self, j: usize) -> Parts<'_> {
        if self.last { self.end(j) } else { [&self.nodes.below, &self.suffixes[j]] }
    }
}
