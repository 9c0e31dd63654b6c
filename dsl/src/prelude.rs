//! What a file of circuit declarations needs: `use memloom::prelude::*;`.

pub use crate::block::{Block, Capacitor, Resistor, Subcircuit, elaborate};
pub use crate::conductance::Conductance;
pub use crate::parts::{BehaviourType, CellType, OpAmpType, TiaType};
pub use crate::signal::Place;
pub use crate::technology::{Technology, TechnologySpec};
pub use crate::units::{Amperes, Farads, Hertz, Ohms, Seconds, Siemens, Volts, VoltsPerSecond};
pub use crate::wire::{Bus, Current, Voltage};
pub use crate::{activation, crossbar, memristor, module, opamp, technology, tia};
