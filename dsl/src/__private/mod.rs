//! What the attributes emit: the paths of their expansions, and what checks a user's types and wiring while they compile.
//! Nothing here is for use by hand; it changes without notice.

pub mod gate;
pub mod wiring;

pub use crate::{
    block, blocks, conductance, crossbar, device, functions, ir, parts, ports, technology, units, wire,
};
