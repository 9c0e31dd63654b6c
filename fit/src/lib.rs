//! Fits memristor models to what was measured at a device: time, voltage and current.
//!
//! ```
//! use memloom_fit::{Measurement, Options, fit};
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
//! let data = Measurement::read("docs/fitting/device.csv".as_ref())?;
//! // Of the speeds and the thickness only two show in a current.
//! let own = [("d", 3e-9), ("alpha_off", 3.0), ("alpha_on", 2.0)];
//! let fixed = own.map(|(name, value)| (name.into(), Some(value))).into();
//! let fit = fit("vteam", &data, &Options { set: Some("magic".into()), fixed, ..Options::default() })?;
//! println!("{}", fit.verdict());
//! assert!(fit.describes());
//! assert!((fit.device.get("v_on")? / -0.55 - 1.0).abs() < 0.01);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The model is driven by the measured voltage, straight between points, and its parameters are those whose currents are
//! nearest in least squares. A fit that does not describe the data says so, and so does a parameter that the data say
//! nothing of: [`Fit::describes`], [`Estimate::remark`].

mod axis;
mod data;
mod error;
mod estimate;
mod fit;
mod header;
mod integrate;
mod layout;
mod meter;
mod noise;
mod plot;
mod problem;
mod search;
mod starts;
mod table;

pub use data::{LEAST_ROWS, MOST_BYTES, MOST_ROWS, Measurement};
pub use error::Error;
pub use estimate::{Estimate, Remark};
pub use fit::{Fit, Options, Quality, fit};
pub use layout::{Column, Found, Layout, Quantity, Source, Unit};
pub use plot::svg;
pub use search::Unfinished;
