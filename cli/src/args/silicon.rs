//! Arguments of the commands for layouts.

use super::{ModelArgs, ReplaceArgs, TechnologyArgs, parse_seconds};
use clap::Args;
use memloom_sky130::{CORNERS, DECKS};
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

pub(super) const CHARACTERISE_EXAMPLES: &str = "\
Examples:
  memloom characterise --cells ota --corners tt --celsius 27
  memloom characterise --out measured.json         all cells, five corners, three temperatures: some minutes";

#[derive(Debug, Args)]
pub(crate) struct CharacteriseArgs {
    /// Cells by name, separated by commas; all if left out.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = cell)]
    pub(crate) cells: Vec<String>,
    /// Corners of the models, separated by commas; all five if left out.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = corner)]
    pub(crate) corners: Vec<String>,
    /// Temperatures, degrees Celsius from -40 to 125, separated by commas; -40, 27 and 85 if left out.
    #[arg(long, value_name = "C", value_delimiter = ',', allow_hyphen_values = true, value_parser = celsius)]
    pub(crate) celsius: Vec<f64>,
    /// File to write, JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) replace: ReplaceArgs,
    /// Seconds that a deck may take; one that takes longer is told as unsolved. MEMLOOM_NGSPICE names ngspice, MEMLOOM_SKY130 the folder of models.
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = parse_seconds)]
    pub(crate) timeout: u64,
}

fn cell(text: &str) -> Result<String, String> {
    one_of("cell", text, &DECKS.map(|(cell, _)| cell))
}

fn corner(text: &str) -> Result<String, String> {
    one_of("corner", text, &CORNERS)
}

fn one_of(what: &str, text: &str, known: &[&str]) -> Result<String, String> {
    match known.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!("`{text}` is no {what}; choose one of {}", known.join(", "))),
    }
}

fn celsius(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value| (-40.0..=125.0).contains(value));
    value.ok_or_else(|| "the models hold from -40 to 125 degrees Celsius; write such as `27`".into())
}
