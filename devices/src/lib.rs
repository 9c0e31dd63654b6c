//! Memristor compact models: what they are, their published parameters, and their equations in plain `f64`.
//!
//! Every model is a struct of its parameters in SI units with a constant for each published set, behind the trait
//! [`Model`]; [`Device`] is any one of them. Tables ([`Spec`]) say what there is: the attribute macro checks its keys
//! against them, the Verilog-A models and SPICE twins take their parameters from them, and `docs/devices.md` is made of
//! them.
//!
//! ```
//! use memloom_devices::{Device, Model, Vteam};
//! let device = Device::from(Vteam { v_on: -1.2, ..Vteam::MAGIC });
//! let state = device.state_for(1e-4, 0.2)?;
//! assert!((device.current(0.2, &state) / 0.2 - 1e-4).abs() < 1e-15);
//! # Ok::<(), memloom_devices::Error>(())
//! ```
//!
//! **Signs.** A current flows into terminal `p` at positive voltage `v(p, n)`. No model conducts at 0 V: hysteresis
//! loops are pinched.
//!
//! **Smoothness.** The equations are those of the papers but in zones of stated width at bounds and thresholds
//! ([`smooth`]), where a simulator's Newton iteration needs a derivative. The compiled models and the twins have the very
//! same zones, so all three agree.

mod asu;
mod device;
mod error;
mod gap;
mod hp;
mod jart;
mod mms;
mod model;
mod nonlinear;
mod physics;
mod program;
mod simmons;
pub mod smooth;
mod spec;
mod spread;
mod stanford;
mod table;
mod team;
pub mod units;
mod vteam;
mod yakopcic;

pub use asu::Asu;
pub use device::Device;
pub use error::Error;
pub use hp::Hp;
pub use jart::Jart;
pub use mms::Mms;
pub use model::{Model, Parameters, Sweep};
pub use nonlinear::Nonlinear;
pub use program::REACH;
pub use simmons::Simmons;
pub use spec::{Parameter, Set, Spec, State};
pub use spread::{Law, Spread, Variation};
pub use stanford::Stanford;
pub use team::Team;
pub use units::Dimension;
pub use vteam::Vteam;
pub use yakopcic::Yakopcic;

/// Largest voltage across a device that the models are made and tested for, volts, either sign.
pub const V_MAX: f64 = 10.0;
