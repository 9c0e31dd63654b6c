//! Circuit IR to SPICE dialects and Verilog-A.
//!
//! [`write_design`] writes a design's files, [`dc_deck`] a runnable test bench. Text comes in three layers: a
//! [`Dialect`] knows how one language spells a statement (and a [`TestBench`] how its simulator is told what to do), a [`Netlist`] is a design checked and made ready for a
//! dialect, and the printers walk it. Whatever a dialect cannot say is an [`Error::Refused`] before a byte is written.

pub mod cdl;
mod check;
mod crossbar;
mod cut;
mod dialect;
mod error;
mod files;
mod foreign;
mod hash;
mod inline;
mod model;
mod module;
mod name;
mod netlist;
mod number;
mod parasitics;
mod program;
mod single;
mod store;
mod template;
mod testbench;
mod text;
mod wires;

pub use crossbar::{Place, write_cells};
pub use cut::{Cut, Grain, Piece};
pub use dialect::*;
pub use error::Error;
pub use files::{WrittenFile, write_design, write_file, write_text};
pub use hash::hex;
pub use model::{VerilogA, device_parameters, device_verilog_a, start_arguments, verilog_a};
pub use name::{NameRules, PRIVATE, bit, copy};
pub use netlist::Netlist;
pub use number::{Number, number};
pub use parasitics::Parameters;
pub use program::{Lattice, write_program};
pub use single::write_netlist;
pub use testbench::{Circuit, Deck, DeckFile, Dut, dc_deck, leaf_decks, pulse_deck};
pub use text::{Comment, IncludePath, Lines, Name, Text, Word, Wrap, visible, visible_json, visible_lines};
