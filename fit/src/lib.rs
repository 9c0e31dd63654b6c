//! Fits memristor models to what was measured at a device: time, voltage and current.
//!
//! ```no_run
//! use memloom_fit::{Measurement, Options, fit};
//! let data = Measurement::read("device.csv".as_ref())?;
//! let fit = fit("vteam", &data, &Options { fixed: vec![("d".into(), Some(3e-9))], ..Options::default() })?;
//! println!("{}", fit.verdict());
//! # Ok::<(), memloom_fit::Error>(())
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
mod integrate;
mod noise;
mod plot;
mod problem;
mod starts;

pub use data::{LEAST_ROWS, MOST_BYTES, MOST_ROWS, Measurement};
pub use error::Error;
pub use estimate::{Estimate, Remark};
pub use fit::{Fit, Options, fit};
pub use plot::svg;
