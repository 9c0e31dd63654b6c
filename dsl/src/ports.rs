//! Ports: what a block can be wired by. A block's ports are a struct with one field per port, so a connection is
//! a struct literal and rustc itself reports an unknown, missing or repeated port.

use crate::ir::{Bits, Direction, Nature};
use crate::wire::{Any, Current, NatureType, Pin, Voltage, Wires};

/// A port as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortSpec {
    /// Name.
    pub name: &'static str,
    /// Which way it points.
    pub direction: Direction,
    /// What it carries; `None` takes any.
    pub nature: Option<Nature>,
    /// Wires of one copy.
    pub width: u32,
}

impl PortSpec {
    /// A port.
    pub const fn new(name: &'static str, direction: Direction, nature: Option<Nature>, width: u32) -> Self {
        Self { name, direction, nature, width }
    }
}

/// The ports of a block.
pub trait Ports {
    /// The ports, in declared order.
    const PORTS: &'static [PortSpec];
    /// What each port is wired to, in declared order.
    fn wires(self) -> Vec<(&'static str, Bits)>;
}

macro_rules! ports {
    ($($(#[$doc:meta])* $name:ident { $($port:ident: $direction:ident $nature:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $(#[doc = concat!("Port `", stringify!($port), "`.")] pub $port: Pin<$nature, Wires<1>>,)*
        }

        impl Ports for $name {
            const PORTS: &'static [PortSpec] = &[
                $(PortSpec::new(stringify!($port), Direction::$direction, <$nature as NatureType>::NATURE, 1),)*
            ];
            fn wires(self) -> Vec<(&'static str, Bits)> {
                vec![$((stringify!($port), self.$port.bits())),*]
            }
        }
    )*};
}

ports! {
    /// Ports of an `#[opamp]`.
    OpAmp { inp: Input Any, inn: Input Any, out: Output Voltage, }
    /// Ports of a `#[tia]`.
    Tia { inp: Input Current, out: Output Voltage, }
    /// Ports of an `#[activation]` of one input.
    Activation { inp: Input Voltage, out: Output Voltage, }
    /// Ports of a multiplier.
    Multiplier { a: Input Voltage, b: Input Voltage, out: Output Voltage, }
    /// Ports of a resistor, a capacitor, a diode or a source.
    Passive { p: Passive Any, n: Passive Any, }
    /// Ports of a MOSFET: drain, gate, source, bulk. The gate senses what it is wired to.
    Mosfet { d: Passive Any, g: Input Any, s: Passive Any, b: Passive Any, }
}

/// Ports of a `#[crossbar]` of `R` inputs and `C` outputs, unsigned or dual rail.
#[derive(Debug)]
pub struct Crossbar<const R: usize, const C: usize> {
    /// Input voltages.
    pub row: Pin<Voltage, Wires<R>>,
    /// Output currents.
    pub col: Pin<Current, Wires<C>>,
}

impl<const R: usize, const C: usize> Ports for Crossbar<R, C> {
    const PORTS: &'static [PortSpec] = &[
        PortSpec::new("row", Direction::Input, Voltage::NATURE, R as u32),
        PortSpec::new("col", Direction::Output, Current::NATURE, C as u32),
    ];
    fn wires(self) -> Vec<(&'static str, Bits)> {
        vec![("row", self.row.bits()), ("col", self.col.bits())]
    }
}

/// Ports of a differential `#[crossbar]` of `R` inputs and `C` outputs.
#[derive(Debug)]
pub struct DifferentialCrossbar<const R: usize, const C: usize> {
    /// Input voltages.
    pub row: Pin<Voltage, Wires<R>>,
    /// Output currents of positive weights.
    pub col_p: Pin<Current, Wires<C>>,
    /// Output currents of negative weights.
    pub col_n: Pin<Current, Wires<C>>,
}

impl<const R: usize, const C: usize> Ports for DifferentialCrossbar<R, C> {
    const PORTS: &'static [PortSpec] = &[
        PortSpec::new("row", Direction::Input, Voltage::NATURE, R as u32),
        PortSpec::new("col_p", Direction::Output, Current::NATURE, C as u32),
        PortSpec::new("col_n", Direction::Output, Current::NATURE, C as u32),
    ];
    fn wires(self) -> Vec<(&'static str, Bits)> {
        vec![("row", self.row.bits()), ("col_p", self.col_p.bits()), ("col_n", self.col_n.bits())]
    }
}
