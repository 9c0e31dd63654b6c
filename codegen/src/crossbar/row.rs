//! The names of the nodes along one wordline and of the bitlines that it crosses.

use super::Place;
use crate::parasitics::Values;

/// A name in parts.
pub(super) type Parts<'a> = [&'a str; 4];

/// The ground that lines have their capacitance to.
pub(super) const GROUND: Parts<'static> = ["", "", "", "0"];

/// A wordline under way.
pub(super) struct Row<'a> {
    pub(super) place: Place<'a>,
    pub(super) values: &'a Values,
    /// Node of its port.
    pub(super) port: &'a str,
    /// Its number, and that of the next one.
    pub(super) at: &'a str,
    pub(super) below: &'a str,
    /// Whether it is the last one, at which bitlines end.
    pub(super) last: bool,
    /// `_j` of every column.
    pub(super) suffixes: &'a [String],
}

impl<'a> Row<'a> {
    /// Where the wordline starts.
    pub(super) fn start(&self) -> Parts<'_> {
        match self.values.driver {
            Some(_) => [self.place.prefix, "d_", self.at, ""],
            None => ["", "", "", self.port],
        }
    }

    /// The node of the wordline at a column.
    pub(super) fn on_wordline(&self, j: usize) -> Parts<'_> {
        match self.values.wordline {
            Some(_) => [self.place.prefix, "w_", self.at, &self.suffixes[j]],
            None => self.start(),
        }
    }

    /// Where a bitline ends.
    pub(super) fn end(&self, j: usize) -> Parts<'_> {
        match self.values.sense {
            Some(_) => [self.place.prefix, "s", "", &self.suffixes[j]],
            None => ["", "", "", self.place.cols[j]],
        }
    }

    /// The node of a bitline at this wordline.
    pub(super) fn on_bitline(&self, j: usize) -> Parts<'_> {
        match self.values.bitline {
            Some(_) => [self.place.prefix, "b_", self.at, &self.suffixes[j]],
            None => self.end(j),
        }
    }

    /// The end of the cell towards the bitline.
    pub(super) fn on_contact(&self, j: usize) -> Parts<'_> {
        match self.values.contact {
            Some(_) => [self.place.prefix, "c_", self.at, &self.suffixes[j]],
            None => self.on_bitline(j),
        }
    }

    /// What is before column `j` on the wordline.
    pub(super) fn before(&self, j: usize) -> Parts<'_> {
        if j == 0 { self.start() } else { self.on_wordline(j - 1) }
    }

    /// What is next on bitline `j`.
    pub(super) fn after(&self, j: usize) -> Parts<'_> {
        if self.last { self.end(j) } else { [self.place.prefix, "b_", self.below, &self.suffixes[j]] }
    }
}
