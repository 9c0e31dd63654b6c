//! Evaluates circuits natively and drives ngspice and VACASK.
