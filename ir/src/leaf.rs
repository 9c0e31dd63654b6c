//! Leaf models: what a cell, an op-amp and a behavioural block are. All values in SI units.

use super::Own;
use memloom_devices::{Device, Vteam};
use memloom_functions::Activation;
use serde::{Serialize, Serializer};

/// A memristor cell type: its programmable range, and the model of the device.
///
/// Below `v_read` a cell stands for the conductance that it is programmed to: `i = G v`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// Lowest programmable conductance (HRS), siemens, > 0.
    pub g_min: f64,
    /// Highest programmable conductance (LRS), siemens, > `g_min`.
    pub g_max: f64,
    /// Number of conductance levels a programmer can hit, if quantised; at least 2.
    pub levels: Option<u32>,
    /// Largest voltage across a cell that does not disturb its state, volts.
    pub v_read: f64,
    /// How its state moves, and what it conducts.
    pub device: Device,
    /// How netlists write it.
    pub netlist: CellNetlist,
    /// Flicker noise: the density of its current's noise over the current, squared, at 1 Hz, per hertz. It goes with `1 / f`.
    pub flicker: f64,
}

/// How a netlist writes the cells of a crossbar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellNetlist {
    /// A resistor at the target conductance: what a cell is below `v_read`, and what a simulator is quick with.
    #[default]
    Resistor,
    /// An instance of the device's model, which starts in the state that has the target conductance at `v_read`.
    Device,
}

impl Cell {
    /// A continuous range with the default model: VTEAM, its MAGIC set stretched over the range. A resistor in netlists.
    pub const fn new(g_min: f64, g_max: f64, v_read: f64) -> Self {
        let device = Device::Vteam(Vteam::MAGIC.between(g_min, g_max));
        Self { g_min, g_max, levels: None, v_read, device, netlist: CellNetlist::Resistor, flicker: 0.0 }
    }
}

/// An operational amplifier: `v(out) = mid + gain (v(inp) - v(inn) + offset)` within `swing`, where `mid` is
/// the middle of the swing; one pole at `gbw / gain`; output slope at most `slew`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OpAmp {
    /// Open-loop DC gain, V/V, >= 1; infinity is the ideal op-amp, which only the native evaluator takes.
    #[serde(serialize_with = "finite_or_ideal")]
    pub gain: f64,
    /// Gain-bandwidth product, hertz.
    pub gbw: f64,
    /// Slew rate, volts per second.
    pub slew: f64,
    /// Input-referred offset, volts.
    pub offset: f64,
    /// Lowest and highest output, volts.
    pub swing: (f64, f64),
    /// Capacitance of the inverting input to ground, farad; zero leaves it out.
    pub c_in: f64,
    /// Density of its input-referred white noise, volts per root hertz.
    pub noise_density: f64,
    /// Where its flicker noise, whose density squared goes with `1 / f`, is as large as the white noise, hertz.
    pub flicker_corner: f64,
    /// Whether it zeroes its own offset, and how well.
    pub auto_zero: Option<AutoZero>,
}

/// An op-amp that measures its own offset with its inputs joined, and takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AutoZero {
    /// Standard deviation of the offset that is left, volts.
    pub residual: f64,
    /// How long it takes before each image, seconds; the op-amp gives no signal meanwhile.
    pub time: f64,
}

/// A gain as it is, or `ideal`: formats such as JSON have no infinity.
fn finite_or_ideal<S: Serializer>(gain: &f64, to: S) -> Result<S::Ok, S::Error> {
    if gain.is_finite() { to.serialize_f64(*gain) } else { to.serialize_str("ideal") }
}

impl OpAmp {
    /// What a declaration that says nothing of noise, offset and input capacitance has, for the fields that a literal leaves
    /// out; amplifies by one.
    pub const PLAIN: Self = Self {
        gain: 1.0,
        gbw: 1.0,
        slew: 1.0,
        offset: 0.0,
        swing: (f64::NEG_INFINITY, f64::INFINITY),
        c_in: 0.0,
        noise_density: 0.0,
        flicker_corner: 0.0,
        auto_zero: None,
    };

    /// Output for equal inputs: the middle of the swing, volts.
    pub fn mid(&self) -> f64 {
        0.5 * (self.swing.0 + self.swing.1)
    }
}

/// What a behavioural block computes, in units of its input and output: `x = (v(inp) - v(v_ref)) / unit_in`,
/// `v(out) = v(v_ref) + unit_out * f(x)`, limited to the swing. A user's own of two inputs computes `f(x, y)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// An activation function of the library.
    Activation(Activation),
    /// `a * b` of two inputs: `v(out) = v(v_ref) + (v(a) - v(v_ref)) (v(b) - v(v_ref)) / unit`.
    Multiplier,
    /// A user's own.
    Own(&'static Own),
}

/// By its [name](Function::name), and its parameter if it has one.
impl Serialize for Function {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Activation(activation) => to.collect_str(activation),
            _ => to.serialize_str(self.name()),
        }
    }
}

impl Function {
    /// Name in text: that of the activation, `multiplier`; of a user's own `own_` and its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activation(activation) => activation.name(),
            Self::Own(own) => own.text_name,
            Self::Multiplier => "multiplier",
        }
    }

    /// Whether it is one of a variable with `f(a x) = a f(x)` for every `a > 0`: a circuit of it serves every unit.
    pub fn is_homogeneous(self) -> bool {
        matches!(self, Self::Activation(activation) if activation.definition().homogeneous)
    }

    /// Input pins.
    pub fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Activation(_) => &["inp"],
            Self::Own(own) => own.inputs,
            Self::Multiplier => &["a", "b"],
        }
    }

    /// Parameters that an instance may set, volts per 1.0.
    pub fn params(self) -> &'static [&'static str] {
        match self {
            Self::Multiplier => &["unit"],
            _ => &["unit_in", "unit_out"],
        }
    }

    /// The value at `x`, both in units. `None` for a block of two inputs, and for a user's own that was declared
    /// without `native`.
    pub fn activation(self, x: f64) -> Option<f64> {
        match self {
            Self::Activation(activation) => Some(activation.at(x)),
            Self::Own(own) if own.inputs.len() == 1 => own.native.map(|f| f([x, 0.0])),
            Self::Own(_) | Self::Multiplier => None,
        }
    }
}

impl From<Activation> for Function {
    fn from(activation: Activation) -> Self {
        Self::Activation(activation)
    }
}

/// A behavioural block type: a [`Function`], the output range of its circuit, and default units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Behaviour {
    /// What it computes.
    pub function: Function,
    /// Lowest and highest output, volts.
    pub swing: (f64, f64),
    /// Default of every parameter in [`Function::params`], volts.
    pub unit: f64,
}

/// An ideal supply rail, driven from outside the design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supply {
    /// Voltage against ground.
    pub volts: f64,
}
