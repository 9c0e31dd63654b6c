//! Evaluates circuits natively and drives ngspice and VACASK.

pub mod chip;
pub mod device;
pub mod external;
pub mod native;
