//! Modules: ports, nets, instances and how they are wired.

use super::{Arena, Behaviour, Crossbar, Foreign, FrameStore, Id, OpAmp, Origin, Supply};
use indexmap::IndexMap;
use serde::Serialize;

/// What a net carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Nature {
    /// A voltage: one driver, any number of readers.
    Voltage,
    /// A current: any number of sources, they sum; it needs a sink such as a TIA.
    Current,
    /// A digital select line of the sequencer.
    Select,
}

impl Nature {
    /// `voltage`, `current` or `select`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voltage => "voltage",
            Self::Current => "current",
            Self::Select => "select",
        }
    }
}

/// Which way a pin points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Direction {
    /// Reads its net without loading it, or sinks a current.
    Input,
    /// Drives its net.
    Output,
    /// A terminal of a passive part.
    Passive,
}

/// A bus of `width` wires of one nature.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// What it carries.
    pub nature: Nature,
    /// Number of wires, at least 1.
    pub width: u32,
    /// Between which values it lies in use, where that was declared: volts, of a current amperes into the net. The rule
    /// check goes by it.
    pub range: Option<(f64, f64)>,
    /// Where it was declared.
    pub origin: Origin,
}

/// A net that is visible from outside; the port has the net's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// The net.
    pub net: Id<Net>,
    /// Which way it points, seen from outside.
    pub direction: Direction,
}

/// Consecutive wires of a net, or a supply rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slice {
    /// Wires `start .. start + len` of `net`.
    Net {
        /// The net.
        net: Id<Net>,
        /// First wire.
        start: u32,
        /// Number of wires.
        len: u32,
    },
    /// One wire: a supply.
    Supply(Id<Supply>),
}

impl Slice {
    /// Number of wires.
    pub fn width(&self) -> u32 {
        match self {
            Self::Net { len, .. } => *len,
            Self::Supply(_) => 1,
        }
    }
}

/// What a pin is wired to: slices joined end to end, first wire first.
pub type Bits = Vec<Slice>;

/// A number, or the name of a parameter of the enclosing module.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number in SI units.
    Number(f64),
    /// A parameter of the enclosing module.
    Param(String),
}

/// What an instance is an instance of.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// Another module. Pins: its ports. Arguments: its parameters.
    Module(Id<Module>),
    /// A crossbar. Pins: `row` (voltages in), `col` (currents out), and the supply pins of its cells' [`super::Body`].
    Crossbar(Crossbar),
    /// A resistor, ohm. Pins: `p`, `n`.
    Resistor(Value),
    /// A capacitor, farad. Pins: `p`, `n`.
    Capacitor(Value),
    /// An op-amp. Pins: `inp`, `inn`, `out`, and the supply pins of its [`super::Body`].
    OpAmp(Id<OpAmp>),
    /// A behavioural block. Pins: `inp`, `out`, `v_ref`; of a multiplier `a`, `b`, `out`, `v_ref`; then the
    /// supply pins of its [`super::Body`]. Arguments: [`super::Function::params`].
    Behaviour(Id<Behaviour>),
    /// One channel of a frame memory. Pins: `inp`, `tap`, `wr_row`, `wr_col`, then `rd_row`, `rd_col` unless
    /// the window is the whole frame, and `v_ref`.
    Store(FrameStore),
    /// A foreign cell. Pins: its own, in the file's order. Arguments: its parameters.
    Foreign(Id<Foreign>),
    /// An independent source. Pins: `p`, `n`.
    Source(Source),
}

/// An independent DC source.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// `v(p) - v(n)`, volts.
    Voltage(Value),
    /// The current from `p` through the source to `n`, amperes.
    Current(Value),
}

/// `count` copies of an element, wired alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// What it is.
    pub element: Element,
    /// How many; a single instance and an array of one are told apart by [`Instance::array`].
    pub count: u32,
    /// Whether it was declared as an array `[B; N]` (its name in text then has an index).
    pub array: bool,
    /// One entry per pin, in the element's pin order. Of a pin of width `w` it has either `count * w` wires,
    /// copy by copy, or `w` wires that all copies share; a supply pin without a rail has none.
    pub pins: Vec<Bits>,
    /// Parameter values by name: one for all copies, or one per copy.
    pub args: IndexMap<String, Vec<f64>>,
    /// Where it was declared.
    pub origin: Origin,
}

/// A subcircuit.
#[derive(Debug, Clone)]
pub struct Module {
    /// One line on what it is, for the comment above it in text.
    pub doc: String,
    /// The output file it belongs to: `cells`, a layer's name, or `top`.
    pub section: String,
    /// Ports in declared order.
    pub ports: Vec<Port>,
    /// Parameters and their defaults, SI units.
    pub params: IndexMap<String, f64>,
    /// Nets, ports among them.
    pub nets: Arena<Net>,
    /// Instances.
    pub instances: Arena<Instance>,
    /// Where it was declared.
    pub origin: Origin,
}

impl Module {
    /// Every wire of `net`.
    pub fn all(&self, net: Id<Net>) -> Bits {
        vec![Slice::Net { net, start: 0, len: self.nets[net].width }]
    }

    /// Whether both are the same circuit: ports, parameters, nets and instances, by name, in the same order.
    pub fn is_like(&self, other: &Self) -> bool {
        let net = |(id, name, net): (Id<Net>, &str, &Net)| (id, name.to_owned(), net.nature, net.width);
        let of = |(_, name, i): (Id<Instance>, &str, &Instance)| {
            (name.to_owned(), i.element.clone(), i.count, i.array, i.pins.clone(), i.args.clone())
        };
        self.ports == other.ports
            && self.params == other.params
            && self.nets.iter().map(net).eq(other.nets.iter().map(net))
            && self.instances.iter().map(of).eq(other.instances.iter().map(of))
    }

    /// Position of the port called `name`.
    pub fn port(&self, name: &str) -> Option<usize> {
        self.ports.iter().position(|p| self.nets.name(p.net) == name)
    }

    /// Wires over all ports.
    pub fn port_width(&self) -> u32 {
        self.ports.iter().map(|p| self.nets[p.net].width).sum()
    }
}
