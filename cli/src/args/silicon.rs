//! Arguments of the commands for layouts.

use super::{ModelArgs, TechnologyArgs, parse_seconds};
use clap::Args;
use std::path::PathBuf;

pub(super) const LVS_EXAMPLES: &str = "\
Examples:
  memloom layout --out silicon && memloom lvs silicon
  memloom lvs silicon --arrays ml_HfO2_128x128     one array
  memloom lvs silicon --netlist chip.cdl           and a netlist of yours against the one that was handed over";

#[derive(Debug, Args)]
pub(crate) struct LayoutArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    #[command(flatten)]
    pub(crate) technology: TechnologyArgs,
    /// Folder to write; an earlier hand-over there is replaced when the new one is whole, and nothing else is.
    #[arg(long, value_name = "DIR", default_value = "silicon")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct LvsArgs {
    /// Folder that `memloom layout` wrote. Its layouts may have been edited since: what is there is compared.
    #[arg(value_name = "DIR", default_value = "silicon")]
    pub(crate) folder: PathBuf,
    /// Arrays by name, separated by commas; all if left out.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) arrays: Vec<String>,
    /// A netlist of the whole in SPICE or CDL, such as one that was extracted from a chip's layout, to compare with the one
    /// that was handed over.
    #[arg(long, value_name = "FILE")]
    pub(crate) netlist: Option<PathBuf>,
    /// Seconds that a tool may take. MEMLOOM_KLAYOUT names a Python that has the package `klayout`, MEMLOOM_NETGEN netgen.
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = parse_seconds)]
    pub(crate) timeout: u64,
}
