//! Typed analog circuits: units, ports, blocks, the circuit IR and its electrical rule check.

pub mod blocks;
pub mod erc;
pub mod ir;
pub mod technology;
