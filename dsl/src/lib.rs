//! Typed analog circuits: units, ports, blocks, the circuit IR and its electrical rule check.

pub mod block;
pub mod blocks;
pub mod conductance;

pub mod crossbar;
pub mod erc;
pub mod ir;
pub mod parts;
pub mod ports;
pub mod prelude;
pub mod technology;
pub mod units;
pub mod wire;
pub mod wiring;

pub use block::elaborate;
pub use memloom_macros::{activation, crossbar, memristor, module, opamp, technology, tia};
