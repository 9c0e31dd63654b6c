//! Typed analog circuits: ports and nets, blocks, modules as structs under attributes.
//!
//! A circuit is a struct under an attribute. What compiles is wired right: ports, natures, widths and drivers are
//! checked by rustc, units by the attributes.
//!
//! ```
//! use memloom::prelude::*;
//!
//! #[memristor(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V)]
//! struct HfO2;
//!
//! #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
//! struct Ota;
//!
//! #[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
//! struct Readout;
//!
//! #[crossbar(cell = HfO2, r_wire = 2.5 ohm, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
//! struct Weights {
//!     g: Conductance<4, 3>,
//! }
//!
//! #[module]
//! struct Layer {
//!     #[input]  x: Bus<Voltage, 4>,
//!     #[output] y: Bus<Voltage, 3>,
//!     #[net]    i: Bus<Current, 3>,
//!     #[inst(row = x, col = i)] xbar: Weights,
//!     #[inst(inp = i, out = y)] tia: [Readout; 3],
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let layer = Layer { xbar: Weights::program([[1e-5; 3]; 4]), tia: [Readout; 3] };
//! let design = elaborate("layer", &layer)?;
//! assert!(memloom::erc::check(&design).is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! **A struct is a type of circuit, its value a circuit.** Weights and resistances are in the value; ports and nets
//! are wires, have no value, and are not among its fields.
//!
//! **Names in text** are the user's: a struct's name is its subcircuit's. A second value of a struct that holds other
//! weights is `Layer_2`, then `Layer_3`, in the order of elaboration (depth first, as declared); one that holds the
//! same is the same subcircuit. Two structs of one name are an error. See [`block::start`].
//!
//! **Signed weights**: see [`mod@crossbar`].

#[doc(hidden)]
pub mod __private;
mod attributes;
pub mod block;
pub mod conductance;
pub mod crossbar;
pub mod devices;
pub mod parts;
pub mod ports;
pub mod prelude;
pub mod signal;
mod text;
pub mod wire;

pub use memloom_devices as device;
pub use memloom_ir as ir;
pub use memloom_ir::{blocks, erc, functions, technology, units};

pub use attributes::{activation, crossbar, memristor, module, opamp, subcircuit, technology, tia};
pub use block::{elaborate, elaborate_on};
