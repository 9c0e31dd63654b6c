//! Arguments of all commands that build a circuit.

use clap::{Args, ValueEnum};
use memloom::erc;
use memloom::ir::CellNetlist;
use memloom::technology::SignScheme;
use memloom_network::technologies;

/// What the network is built of.
#[derive(Debug, Args, Default)]
pub(crate) struct TechnologyArgs {
    /// Technology; `memloom technologies` lists them.
    #[arg(long, value_name = "NAME", help_heading = "Technology")]
    pub(crate) technology: Option<String>,
    /// Sign scheme, instead of the technology's.
    #[arg(long, value_enum, help_heading = "Technology")]
    pub(crate) scheme: Option<Scheme>,
    /// Largest crossbar, wordlines by bitlines, each 1 to 4096, such as `128x128`, instead of the technology's.
    #[arg(long, value_name = "RxC", value_parser = crate::setup::tile, help_heading = "Technology")]
    pub(crate) tile: Option<(u32, u32)>,
    #[command(flatten)]
    pub(crate) wires: crate::setup::WiresArgs,
    /// What cells are in netlists, and to the evaluator: resistors at their targets, or devices of the cell's model in the
    /// states that conduct so at its read voltage; instead of the technology's.
    #[arg(long, value_enum, help_heading = "Technology")]
    pub(crate) cells: Option<Cells>,
    /// Choose cells and feedback resistors as if wires and op-amps lost nothing. Else they are chosen for what comes
    /// through.
    #[arg(long, help_heading = "Technology")]
    pub(crate) no_compensation: bool,
    /// Check the circuit against what the process of this technology can make and drive (rules ML022 to ML024), instead of
    /// its own technology's: `sky130`.
    #[arg(long, value_name = "NAME", value_parser = limits, help_heading = "Technology")]
    pub(crate) limits: Option<String>,
    /// Electrical rules not to look for, such as `ML012`, separated by commas.
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = rule, help_heading = "Technology")]
    pub(crate) allow: Vec<String>,
    /// Electrical rules whose breach is an error.
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = rule, help_heading = "Technology")]
    pub(crate) deny: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Scheme {
    /// Two wordlines per input, the signal and its inverse.
    DualRail,
    /// Two bitlines per output, subtracted.
    Differential,
}

impl From<Scheme> for SignScheme {
    fn from(scheme: Scheme) -> Self {
        match scheme {
            Scheme::DualRail => Self::DualRail,
            Scheme::Differential => Self::Differential,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Cells {
    /// A resistor at the conductance that it is programmed to.
    Resistor,
    /// The cell's model, programmed.
    Device,
}

impl From<Cells> for CellNetlist {
    fn from(cells: Cells) -> Self {
        match cells {
            Cells::Resistor => Self::Resistor,
            Cells::Device => Self::Device,
        }
    }
}

/// The code of an electrical rule.
fn rule(text: &str) -> Result<String, String> {
    let code = text.trim();
    erc::Config::new().allow(code).map(|_| code.to_owned()).map_err(|error| error.to_string())
}

/// A technology whose process is known.
fn limits(text: &str) -> Result<String, String> {
    match technologies::process(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(format!("no limits of a process `{text}` are known; write `sky130`")),
    }
}
