//! What a file of circuit declarations needs: `use memloom::prelude::*;`.

pub use crate::block::{Block, Subcircuit, elaborate, elaborate_on};
pub use crate::conductance::Conductance;
pub use crate::devices::{Capacitor, CurrentSource, Diode, Model, Mosfet, Resistor, VoltageSource};
pub use crate::parts::{BehaviourType, CellType, OpAmpType, SubcircuitType, TiaType};
pub use crate::signal::Place;
pub use crate::technology::{Technology, TechnologySpec};
pub use crate::units::{Amperes, Farads, Hertz, Metres, Ohms, Seconds, Siemens, Volts, VoltsPerSecond};
pub use crate::wire::{Bus, Current, Voltage};
pub use crate::{activation, crossbar, memristor, module, opamp, subcircuit, technology, tia};
