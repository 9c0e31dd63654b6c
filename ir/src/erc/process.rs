//! What a process can make and drive.

/// Limits of the process that a circuit is to be made in. Where a [`super::Config`] has none, nothing of this is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Process {
    /// The largest current that an op-amp drives with its output where it is asked to be, amperes.
    pub drive: f64,
    /// The least and the largest resistor of an amplifier, ohm.
    pub resistor: (f64, f64),
    /// Capacitance of an area, farad per square metre.
    pub capacitance: f64,
    /// Area that capacitors may take, square metres.
    pub area: f64,
}
