//! Leaf models: their parameters, and the Verilog-A modules of them.
//!
//! A Verilog-A module is generic in its parameters; a type of the design is a model line of it (`leaf.rs`), or in the
//! SPICE-like dialects a subcircuit whose parameters default to the type's values (`dialect/spice/twins.rs`).

mod device;
mod leaf;
mod verilog_a;

pub use device::{device_parameters, device_verilog_a, start_arguments};
pub(crate) use device::{placed, start};
pub(crate) use leaf::{behaviour_args, behaviour_params, model_lines, model_name, op_amp_params, own};
use verilog_a::verilog_a_names;
pub use verilog_a::{VerilogA, verilog_a};
pub(crate) use verilog_a::{stores, verilog_a_of};
