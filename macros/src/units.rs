//! Unit symbols: the table is that of the device models, whose parameters have units too.

pub(crate) use memloom_devices::units::{Dimension, lookup, symbol, symbols};
