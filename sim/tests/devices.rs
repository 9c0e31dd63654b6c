//! Memristor models in the Rust reference, in VACASK on the compiled Verilog-A and in ngspice on the twin: every set of
//! every model that `Device::SPECS` lists, and the values that the papers give.

#![allow(unreachable_pub)]

#[path = "devices/analyses.rs"]
mod analyses;
#[path = "devices/bench.rs"]
mod bench;
#[path = "devices/crossbar.rs"]
mod crossbar;
#[path = "devices/golden.rs"]
mod golden;
#[path = "devices/hysteresis.rs"]
mod hysteresis;
#[path = "devices/many.rs"]
mod many;
#[path = "devices/physical.rs"]
mod physical;
#[path = "devices/picture.rs"]
mod picture;
#[path = "devices/posed.rs"]
mod posed;
#[path = "devices/published.rs"]
mod published;
#[path = "devices/wave.rs"]
mod wave;
