//! A technology: the declarations that a network is built from, gathered into one value.

use crate::{Behaviour, Body, Cell, Function, OpAmp, Parasitics, SampleHold};
use serde::Serialize;

/// How a signed weight is made of conductances, which have no sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignScheme {
    /// Two wordlines per input, the signal and its inverse; one bitline and one TIA per output. The paper's. A network's
    /// matrix blocks of one output, as depthwise convolutions have, take [`Self::Differential`] all the same.
    DualRail,
    /// One wordline per input; two bitlines and two op-amps per output, subtracted.
    Differential,
}

impl SignScheme {
    /// `dual_rail` or `differential`, as in `signed = ..` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::DualRail => "dual_rail",
            Self::Differential => "differential",
        }
    }

    /// Wordlines of an input.
    pub fn wordlines(self) -> usize {
        match self {
            Self::DualRail => 2,
            Self::Differential => 1,
        }
    }

    /// Bitlines of an output.
    pub fn bitlines(self) -> usize {
        match self {
            Self::DualRail => 1,
            Self::Differential => 2,
        }
    }

    /// Every scheme.
    pub const ALL: [Self; 2] = [Self::DualRail, Self::Differential];
}

/// A model, the name it has in text, and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named<T> {
    /// Name in text.
    pub name: String,
    /// The model.
    pub spec: T,
    /// What it is made of.
    #[serde(skip_serializing_if = "Body::is_plain")]
    pub body: Body,
}

impl<T> Named<T> {
    /// `spec`, called `name` in text.
    pub fn new(name: impl Into<String>, spec: T) -> Self {
        Self { name: name.into(), spec, body: Body::default() }
    }

    /// The same model, made of `body`.
    #[must_use]
    pub fn with_body(self, body: Body) -> Self {
        Self { body, ..self }
    }
}

/// A transimpedance amplifier: an op-amp with `r_f` and `c_f` from its output to its inverting input, its
/// other input at `v_ref`: `v(out) = v_ref - r_f i(inp)` for an ideal op-amp.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TiaSpec {
    /// Feedback resistance, ohm; an instance may set its own.
    pub r_f: f64,
    /// Feedback capacitance, farad; zero leaves it out.
    pub c_f: f64,
    /// Virtual ground, volts.
    pub v_ref: f64,
    /// Between which currents the input lies in use, amperes, where that was declared; the rule check goes by it.
    pub i_in: Option<(f64, f64)>,
    /// The op-amp.
    pub op_amp: Named<OpAmp>,
}

/// What a `#[technology]` type declares. Everything a network's circuit is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TechnologySpec {
    /// Name, as on the command line.
    pub name: String,
    /// The memristor.
    pub cell: Named<Cell>,
    /// Largest crossbar: wordlines, bitlines.
    pub tile: (u32, u32),
    /// Sign scheme.
    pub signed: SignScheme,
    /// What lines and cells of its crossbars have besides the cells.
    pub parasitics: Parasitics,
    /// The column amplifier. Its op-amp is also that of row drivers, inverters and summing amplifiers.
    pub readout: Named<TiaSpec>,
    /// Least and largest feedback resistor that can be made, ohm.
    pub r_f: (f64, f64),
    /// What frame memories are made of.
    pub sample_hold: SampleHold,
    /// Input resistor of inverters and summing amplifiers, ohm.
    pub r_unit: f64,
    /// Activation circuits, each of another function of one input.
    pub functions: Vec<Named<Behaviour>>,
    /// Analog multiplier.
    pub multiplier: Named<Behaviour>,
    /// Rails that supply pins hang on, by name: volts against ground.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplies: Vec<(String, f64)>,
}

impl TechnologySpec {
    /// The circuit of `function`, if the technology has one.
    pub fn circuit(&self, function: Function) -> Option<&Named<Behaviour>> {
        self.functions.iter().find(|circuit| circuit.spec.function == function)
    }
}

/// A type that stands for a technology; `#[technology]` implements it.
pub trait Technology {
    /// The declarations as values.
    fn spec() -> TechnologySpec;
}
