//! What a chip is made of and what is not ideal about it, by parameters that the command line sets or sweeps.

mod flags;
mod parameters;
mod wires;

pub(crate) use flags::SetupArgs;
pub(crate) use parameters::{PARAMETERS, Parameter, gain, tile};
pub(crate) use wires::WiresArgs;

use crate::Result;
use memloom::ir::CellNetlist;
use memloom::technology::{SignScheme, TechnologySpec};
use memloom_flow::{Changes, Wires};
use memloom_network::plan::Plan;
use memloom_sim::chip::{NonIdealities, Temperature};
use serde::Serialize;

/// Choices about the circuit and its imperfections; the default is the technology's own circuit, ideal but for the
/// op-amps that the technology declares.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Setup {
    /// Largest crossbar instead of the technology's, wordlines by bitlines.
    pub(crate) tile: Option<(u32, u32)>,
    /// Sign scheme instead of the technology's.
    pub(crate) scheme: Option<SignScheme>,
    /// What lines and cells have besides the cells, instead of what the technology says.
    pub(crate) wires: Wires,
    /// What cells are instead of what the technology's are.
    pub(crate) cells: Option<CellNetlist>,
    /// Whether cells are chosen as if there were no wires.
    pub(crate) uncompensated: bool,
    /// Drift's mean exponent, its deviation and its time; whole when the time is set.
    pub(crate) drift: Drift,
    /// What changes with temperature; whole when that is set.
    pub(crate) warm: Temperature,
    /// Supply rejection, where it was given.
    pub(crate) supply_rejection: Option<f64>,
    /// Spreads of the cell's own parameters, from device to device and from cycle to cycle; read when the cell is known.
    pub(crate) spread: Vec<String>,
    pub(crate) cycle_spread: Vec<String>,
    /// Converter bits; ranges follow from the circuit.
    pub(crate) dac_bits: Option<u32>,
    pub(crate) adc_bits: Option<u32>,
    /// The rest, as the evaluator takes it.
    pub(crate) chip: NonIdealities,
}

/// Parts of a drift law `g (t / 1 s)^-nu`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Drift {
    pub(crate) nu: f64,
    pub(crate) nu_sigma: f64,
}

impl Setup {
    /// Sets parameter `name` to the value that `text` says.
    ///
    /// # Errors
    /// If there is no such parameter, or the text is no value of it.
    pub(crate) fn set(&mut self, name: &str, text: &str) -> Result<()> {
        let Some(parameter) = PARAMETERS.iter().find(|p| p.name == name) else {
            let known = PARAMETERS.iter().map(|p| format!("`{}`", p.name)).collect::<Vec<_>>().join(", ");
            return Err(format!("there is no parameter `{name}`; the parameters are {known}").into());
        };
        parameter.set(self, text).map_err(|what| format!("`{name}={text}`: {what}").into())
    }

    /// Changes what temperature does, whether it is set already or not.
    fn warmed(&mut self, change: impl Fn(&mut Temperature)) {
        change(&mut self.warm);
        self.chip.temperature.iter_mut().for_each(change);
    }

    /// The technology with this setup's tile, scheme and wires.
    pub(crate) fn technology(&self, technology: TechnologySpec) -> TechnologySpec {
        // Cells are chosen for the amplifiers that the chip has.
        let gain = self.chip.gain;
        let Self { tile, scheme, wires, cells, .. } = *self;
        Changes { tile, scheme, wires, cells, gain }.to(technology)
    }

    /// Whether a circuit of `plan` is the one that this setup asks for.
    pub(crate) fn builds(&self, plan: &Plan) -> bool {
        plan.compensate != self.uncompensated && self.technology(plan.technology.clone()) == plan.technology
    }

    /// The parameters that were set, as text: `r_wire=1, levels=64`, or `nothing but the technology's own op-amps`.
    pub(crate) fn text(pairs: &[(String, String)]) -> String {
        match pairs {
            [] => "parts as the technology declares them".into(),
            pairs => {
                pairs.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
            }
        }
    }
}
