//! From a circuit to what a layout is made from and compared with.
//!
//! [`write_handover`] writes a design's CDL, the layout of each of its arrays, and the programming map with addresses.
//! [`lvs`] has KLayout extract the layouts, compares them with the CDL there and in netgen, checks design rules, and looks
//! each address of the map up in the layout. `docs/silicon.md` says what that is worth and what is missing.
//!
//! - [`process`]: layers, sizes and rules, with their sources;
//! - [`characterise`]: measures the transistor cells of `memloom-sky130` in ngspice;
//! - [`layout`]: an array on a process; [`gds`] and [`lef`] print it, [`picture`] draws it.

pub mod characterise;
pub mod gds;
pub mod handover;
pub mod layout;
pub mod lef;
pub mod lvs;
pub mod picture;
pub mod process;

pub use handover::{ArrayLayout, Handover, HandoverError, write_handover};
