//! One idea per program.
