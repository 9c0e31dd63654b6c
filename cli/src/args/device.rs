//! Arguments of the commands for single devices.

use super::ReplaceArgs;
use crate::quantity::limits;
use clap::Args;
use std::path::PathBuf;

pub(super) const FIT_EXAMPLES: &str = "\
Examples:
  memloom fit device.csv --model vteam --fix d --plot fit.svg
                                                   its speeds follow from the thickness `d` of a set
  memloom fit device.csv --model vteam --fix d=3nm --fix v_on=-1.2 --out fit.json
  memloom fit device.csv --model yakopcic --set oblea --free a_1,a_2,b
  memloom fit smu.csv --model vteam --columns time=T:ms,voltage=2,current=Id:uA --accept 3%
The file has columns separated by commas, semicolons or tabs. A header with `time`, `voltage` and `current` (or `t`, `v`,
`i`), or what instruments write (`Time (s)`, `V(V)`, `Smu1.I[1][1]`, `Current (uA)`), needs no `--columns`; values are in
SI units unless the header or `--columns` says other ones. With semicolons or tabs decimals may have commas.";

pub(super) const PROGRAM_EXAMPLES: &str = "\
Examples:
  memloom program --model vteam --target 50uS      from where the model starts, read at 0.1 V
  memloom program --model vteam --target 50uS --from 20uS --tolerance 0.5% --decks decks
  memloom program --model yakopcic --target 4mS --width 10us --raise 0.2V,0.5V,10mV
  memloom program --model vteam --train 0.45V,20 --train=-1.7V,20 --trace curve.csv
                                                   pulses up, pulses down, a read after each
  memloom program --model vteam --target 50uS --spread v_off=normal:10mV --devices 100";

#[derive(Debug, Args)]
pub(crate) struct FitArgs {
    /// CSV file with the columns `time`, `voltage` and `current`.
    #[arg(value_name = "DEVICE.csv")]
    pub(crate) data: PathBuf,
    /// What the file calls its columns, or their numbers from 1, with their units where the header does not say them:
    /// `time=T:ms,voltage=2,current=Id:uA`.
    #[arg(long, value_name = "QUANTITY=NAME[:UNIT],..", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    #[arg(long, value_name = "SECONDS", value_parser = |t: &str| limits::STEP.read(t), allow_hyphen_values = true,
        help = limits::STEP.help("Time from row to row, of a file without times"))]
    pub(crate) step: Option<f64>,
    /// Model to fit.
    #[arg(long, value_name = "NAME")]
    pub(crate) model: String,
    /// Published set to begin at and to take fixed values from; every one in turn if left out.
    #[arg(long, value_name = "NAME")]
    pub(crate) set: Option<String>,
    /// Parameter that stays, at a value of your own or at the set's. `x_0` is the start of the state `x`.
    #[arg(long, value_name = "NAME[=VALUE]", allow_hyphen_values = true)]
    pub(crate) fix: Vec<String>,
    /// Parameters to fit, separated by commas; all others stay.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) free: Vec<String>,
    #[arg(long, value_name = "SHARE", value_parser = |t: &str| limits::ACCEPT.read(t), allow_hyphen_values = true,
        help = limits::ACCEPT.help("Largest residual that is accepted, a share of the data's span; without it 1.5 times their \
            noise, or 0.2 % if that is more"))]
    pub(crate) accept: Option<f64>,
    /// JSON file to write the result to.
    #[arg(long, value_name = "FIT.json")]
    pub(crate) out: Option<PathBuf>,
    /// SVG file to draw data and model to.
    #[arg(long, value_name = "FIT.svg")]
    pub(crate) plot: Option<PathBuf>,
    /// Time after which the best so far is taken. Without it the work is bounded by counted steps, so that results are
    /// the same on every machine; with it they are not.
    #[arg(long, value_name = "SECONDS", value_parser = |t: &str| limits::TIME_LIMIT.read(t))]
    pub(crate) time_limit: Option<f64>,
    #[command(flatten)]
    pub(crate) replace: ReplaceArgs,
}

/// Quantities are in SI units, or have a unit of their own: `5e-5`, `50uS` and `50 µS` are the same.
#[derive(Debug, Args)]
pub(crate) struct ProgramArgs {
    /// Model of the device.
    #[arg(long, value_name = "NAME")]
    pub(crate) model: String,
    /// Published set of its parameters; its first if left out.
    #[arg(long, value_name = "NAME")]
    pub(crate) set: Option<String>,
    /// Parameter with a value of your own.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) with: Vec<String>,
    #[arg(long, value_name = "SIEMENS", required_unless_present = "train", allow_hyphen_values = true,
        help = limits::CONDUCTANCE.help("Wanted conductance"))]
    pub(crate) target: Option<String>,
    /// Instead of a target: so many pulses of one amplitude. More than once, one train after the other.
    #[arg(long, value_name = "VOLTS,COUNT", allow_hyphen_values = true,
        conflicts_with_all = ["target", "tolerance", "raise", "lower", "pulses", "spread", "cycle_spread", "devices", "cycles"])]
    pub(crate) train: Vec<String>,
    #[arg(long, value_name = "SIEMENS", allow_hyphen_values = true,
        help = limits::CONDUCTANCE.help("Conductance at the start; that of the model's start if left out"))]
    pub(crate) from: Option<String>,
    #[arg(long, value_name = "VOLTS", default_value = "0.1V", allow_hyphen_values = true,
        help = limits::V_READ.help("Voltage of a read"))]
    pub(crate) v_read: String,
    #[arg(long, value_name = "SHARE", default_value = "1%", allow_hyphen_values = true,
        help = limits::TOLERANCE.help("Largest relative error"))]
    pub(crate) tolerance: String,
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true,
        help = limits::PULSE_TIME.help("Length of a pulse; from the model if left out"))]
    pub(crate) width: Option<String>,
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true,
        help = limits::PULSE_TIME.help("Length of an edge; a tenth of a pulse if left out"))]
    pub(crate) edge: Option<String>,
    /// First and strongest amplitude of the pulses that raise the conductance, and the step between; from the model if left
    /// out.
    #[arg(long, value_name = "FIRST,LAST,STEP", allow_hyphen_values = true)]
    pub(crate) raise: Option<String>,
    /// The same of the pulses that lower it.
    #[arg(long, value_name = "FIRST,LAST,STEP", allow_hyphen_values = true)]
    pub(crate) lower: Option<String>,
    /// Most pulses.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = |t: &str| limits::PULSES.read::<u32>(t))]
    pub(crate) pulses: u32,
    /// Reads after which the disturbance by reading is told.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = |t: &str| limits::READS.read::<u64>(t))]
    pub(crate) reads: u64,
    /// CSV file to write the pulses and what was read after each to; of a spread, a line per device and cycle.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Folder to write a deck of the pulses for each simulator to; of a spread, with all devices side by side.
    #[arg(long, value_name = "DIR")]
    pub(crate) decks: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) replace: ReplaceArgs,
    /// Spread of a parameter from device to device: `normal` or `uniform` by a quantity, `lognormal` by a part.
    #[arg(long, value_name = "NAME=LAW:WIDTH", help_heading = "Spread")]
    pub(crate) spread: Vec<String>,
    /// Spread of a parameter from cycle to cycle, about the device's own value.
    #[arg(long, value_name = "NAME=LAW:WIDTH", help_heading = "Spread")]
    pub(crate) cycle_spread: Vec<String>,
    /// Devices to program, each drawn; 100 if left out. Without a spread, by the one that was published with the set.
    #[arg(long, value_name = "N", help_heading = "Spread", value_parser = |t: &str| limits::DEVICES.read::<u32>(t))]
    pub(crate) devices: Option<u32>,
    /// Cycles in which to program each from the start; 1 if left out.
    #[arg(long, value_name = "N", help_heading = "Spread", value_parser = |t: &str| limits::CYCLES.read::<u32>(t))]
    pub(crate) cycles: Option<u32>,
    /// Seed of the draws.
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Spread",
        value_parser = |t: &str| limits::SEED.read::<u64>(t))]
    pub(crate) seed: u64,
}
