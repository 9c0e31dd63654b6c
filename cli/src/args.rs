//! The command line.

mod device;
mod network;
mod silicon;
mod technology;

pub(crate) use device::{FitArgs, ProgramArgs};
pub(crate) use network::{ModelArgs, SettingsArgs};
pub(crate) use silicon::{CharacteriseArgs, LayoutArgs, LvsArgs};
pub(crate) use technology::TechnologyArgs;

use crate::quantity::limits;
use crate::setup::SetupArgs;
use crate::sweep::Axis;
use clap::{Args, Parser, Subcommand, ValueEnum};
use device::{FIT_EXAMPLES, PROGRAM_EXAMPLES};
use memloom_codegen::{DIALECTS, Dialect};
use silicon::{CHARACTERISE_EXAMPLES, LVS_EXAMPLES};
use std::path::PathBuf;

/// Turns a trained MobileNetV3 into memristor crossbar circuits, and shows that they compute the network.
///
/// Without a command it builds the embedded network (MobileNetV3-Small, trained on CIFAR-10) to `out`.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 110, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) global: Global,
}

const EXAMPLES: &str = "\
Examples:
  memloom                                          the embedded network to `out`, with a check
  memloom build net.safetensors --out chip         a network of your own
  memloom build --dialect spectre,hspice           netlists for other simulators
  memloom plan --scheme differential               how each layer would be built
  memloom run photo.png                            classify an image, circuit beside reference
  memloom run test_batch.bin --index 0 --count 100 the first 100 images of a CIFAR-10 batch
  memloom eval --cifar10 data --realistic          what a realistic chip scores on CIFAR-10
  memloom check --engine ngspice --layers all      every layer in ngspice against the evaluator
  memloom calibrate net.safetensors --images data_batch_1.bin --out net.ranges.json";

const EVAL_EXAMPLES: &str = "\
Examples:
  memloom eval --cifar10 data                       the test batch in folder `data`, circuit as declared
  memloom eval --cifar10 data --gain ideal          ideal op-amps
  memloom eval --cifar10 data --program-error 5% --levels 32 --runs 5
                                                    five chips, of seeds 1 to 5
  memloom eval --cifar10 data --realistic --count 1000 --json
  memloom eval --cifar10 data --realistic --diagnose --plot causes.svg
                                                    which cause of error holds that chip back
  memloom eval --cifar10 data --r-wire 1 --resume eval.journal
                                                    goes on where it was stopped";

const SWEEP_EXAMPLES: &str = "\
Examples:
  memloom sweep --cifar10 data --vary program_error=1%,3%,5%,10% --runs 5 --out error.parquet
  memloom sweep --cifar10 data --vary r_wire=0.5,1,2.5,5 --vary tile=64,128,256 --out wires.parquet
The page of plots is `error.html`, each plot an SVG file beside it; stopped, the same command goes on where it was.";

/// What may be replaced.
#[derive(Debug, Args)]
pub(crate) struct ReplaceArgs {
    /// Replace files of these names even if memloom did not write them.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true, value_name = "N", value_parser = |t: &str| limits::THREADS.read::<u16>(t),
        help = limits::THREADS.help("Threads to use; every core if left out. Results do not depend on it"))]
    pub(crate) threads: Option<u16>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write SPICE, Verilog-A, test benches and the programming map of a network.
    Build(BuildArgs),
    /// Print how each layer would be built: units, tiles, amplifiers.
    Plan(PlanArgs),
    /// Evaluate the circuit on an image (PNG, JPEG) or on images of a CIFAR-10 batch, beside the digital reference.
    Run(RunArgs),
    /// Run layers in a circuit simulator and compare with the native evaluator.
    Check(CheckArgs),
    /// Score the circuit on labelled images, with what is not ideal about a chip, beside the digital reference.
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(EvalArgs),
    /// Score the circuit over values of one or two parameters, into a Parquet file and a page of plots.
    #[command(after_help = SWEEP_EXAMPLES)]
    Sweep(SweepArgs),
    /// Measure how large each layer's values get, for the choice of units.
    Calibrate(CalibrateArgs),
    /// Fit a memristor model to a measured current under a measured voltage, and say whether it describes them.
    #[command(after_help = FIT_EXAMPLES)]
    Fit(FitArgs),
    /// Find the pulses that program a memristor to a conductance.
    #[command(after_help = PROGRAM_EXAMPLES)]
    Program(ProgramArgs),
    /// Write what a layout is made from: CDL, GDS and LEF of each array, the programming map with places.
    Layout(LayoutArgs),
    /// Compare what `layout` wrote, or what became of it, with the circuit: KLayout, netgen, design rules, addresses.
    #[command(after_help = LVS_EXAMPLES)]
    Lvs(LvsArgs),
    /// Measure the transistor cells of sky130 in ngspice: gain, swing, drive, errors, at corners and temperatures.
    #[command(after_help = CHARACTERISE_EXAMPLES)]
    Characterise(CharacteriseArgs),
    /// List the technologies that come with memloom.
    Technologies,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    #[command(flatten)]
    pub(crate) technology: TechnologyArgs,
    /// Folder to write; an earlier build there is replaced when the new one is whole, and nothing else is.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// Netlist dialects to write, separated by commas.
    #[arg(long = "dialect", value_name = "NAMES", value_delimiter = ',', default_values = ["ngspice", "vacask"],
        value_parser = parse_dialect, help = dialect_help())]
    pub(crate) dialects: Vec<String>,
    /// Reads of a cell after which the build tells how far they moved it.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = |t: &str| limits::READS.read::<u64>(t))]
    pub(crate) reads: u64,
    #[arg(long, value_name = "SECONDS", default_value = "1us", allow_hyphen_values = true,
        value_parser = |t: &str| limits::PULSE_TIME.read(t),
        help = limits::PULSE_TIME.help("Length of such a read"))]
    pub(crate) read_time: f64,
}

impl BuildArgs {
    /// The dialects to write, each once.
    pub(crate) fn dialects(&self) -> Vec<&'static dyn Dialect> {
        let wanted = |dialect: &&&dyn Dialect| self.dialects.iter().any(|name| name == dialect.name());
        DIALECTS.iter().filter(wanted).copied().collect()
    }
}

fn parse_dialect(text: &str) -> Result<String, String> {
    match memloom_codegen::dialect(text) {
        Some(dialect) => Ok(dialect.name().to_owned()),
        None => {
            let names = DIALECTS.iter().map(|dialect| dialect.name()).collect::<Vec<_>>().join(", ");
            Err(format!("`{text}` is no dialect; choose one of {names}"))
        }
    }
}

/// Which dialects there are, and which of them no simulator of the tests reads.
fn dialect_help() -> String {
    let names = |run: bool| {
        let of = DIALECTS.iter().filter(|dialect| dialect.test_bench().is_some() == run);
        of.map(|dialect| dialect.name()).collect::<Vec<_>>().join(", ")
    };
    format!(
        "Netlist dialects to write, separated by commas: {}; not run in a simulator: {}",
        names(true),
        names(false)
    )
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    #[command(flatten)]
    pub(crate) technology: TechnologyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// A PNG or JPEG of the network's input size, or a CIFAR-10 batch file (`.bin`).
    pub(crate) image: PathBuf,
    /// Which image of a batch, from 0.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = |t: &str| limits::INDEX.read::<usize>(t))]
    pub(crate) index: usize,
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = |t: &str| limits::COUNT.read::<usize>(t),
        help = limits::COUNT.help("How many images of a batch"))]
    pub(crate) count: usize,
    /// Build the circuit for op-amps of this DC gain, `1` to `1e12`, or ideal ones, instead of the technology's.
    #[arg(long, value_name = "ideal|GAIN", value_parser = crate::setup::gain, allow_hyphen_values = true)]
    pub(crate) gain: Option<f64>,
    /// Let op-amps and activations leave their swing.
    #[arg(long)]
    pub(crate) no_rails: bool,
    /// Weights, if not the embedded network's.
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    #[command(flatten)]
    pub(crate) technology: TechnologyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    #[command(flatten)]
    pub(crate) technology: TechnologyArgs,
    /// Circuit simulator. It is looked for on PATH, else in this repository's `.tools`; MEMLOOM_NGSPICE, MEMLOOM_VACASK
    /// and MEMLOOM_OPENVAF name others.
    #[arg(long, value_enum)]
    pub(crate) engine: Engine,
    /// Layers by name, separated by commas, or `all`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "all")]
    pub(crate) layers: Vec<String>,
    /// Take whole images through the simulator: every layer at every pixel, each driven by what the simulator made of the
    /// layers before; logits are compared, too.
    #[arg(long, conflicts_with_all = ["layers", "pixels"])]
    pub(crate) whole: bool,
    /// Which image of a batch to take through, from 0.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "whole",
        value_parser = |t: &str| limits::INDEX.read::<usize>(t))]
    pub(crate) index: usize,
    #[arg(long, value_name = "N", default_value_t = 1, requires = "whole",
        value_parser = |t: &str| limits::COUNT.read::<usize>(t), help = limits::COUNT.help("How many images of a batch"))]
    pub(crate) count: usize,
    /// File that keeps the layers that are done; the same command with it goes on where it was stopped.
    #[arg(long, value_name = "FILE", requires = "whole")]
    pub(crate) resume: Option<PathBuf>,
    /// Images whose activations drive the layers: a PNG or JPEG, or a CIFAR-10 batch (its first images). Variants
    /// of the built-in test pattern if left out.
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = |t: &str| limits::PIXELS.read::<u16>(t),
        help = limits::PIXELS.help("Pixels at which each layer is compared"))]
    pub(crate) pixels: u16,
    /// Circuits of transistors for the behavioural cells that the technology has such for, at the typical corner: sky130's
    /// amplifiers and rectifiers. The evaluator keeps the measured values of the cells, and layers may differ by 1 %.
    #[arg(long, requires = "technology", conflicts_with = "whole")]
    pub(crate) transistors: bool,
    /// Keep the decks and the simulator's files in this folder; those of an earlier check are replaced.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Seconds that a deck may take in the simulator; large layers are several.
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = parse_seconds)]
    pub(crate) timeout: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// ngspice, on plain-SPICE models.
    Ngspice,
    /// VACASK, on Verilog-A models compiled by OpenVAF.
    Vacask,
}

/// What is scored, and on which images.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// File that keeps what is done; the same command with it goes on where it was stopped.
    #[arg(long, value_name = "FILE", conflicts_with = "diagnose")]
    pub(crate) resume: Option<PathBuf>,
    /// Instead of a score, what holds the chip of the seed back: each cause of error alone, layer by layer.
    #[arg(long)]
    pub(crate) diagnose: bool,
    /// SVG file to draw the diagnosis to.
    #[arg(long, value_name = "FILE", requires = "diagnose")]
    pub(crate) plot: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) replace: ReplaceArgs,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}

/// A network, a technology and labelled images.
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    /// Folder with CIFAR-10's binary files (its `test_batch.bin` is taken), or a batch file.
    #[arg(long, value_name = "DIR", env = "MEMLOOM_CIFAR10")]
    pub(crate) cifar10: PathBuf,
    /// How many of its images, from the first; all if left out.
    #[arg(long, value_name = "N", value_parser = |t: &str| limits::COUNT.read::<usize>(t))]
    pub(crate) count: Option<usize>,
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = |t: &str| limits::RUNS.read::<u16>(t),
        help = limits::RUNS.help("Chips to score, each of the next seed"))]
    pub(crate) runs: u16,
    /// Seed of the first chip.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = |t: &str| limits::SEED.read::<u64>(t))]
    pub(crate) seed: u64,
    /// Weights, if not the embedded network's.
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    /// Technology; `memloom technologies` lists them.
    #[arg(long, value_name = "NAME", help_heading = "Technology")]
    pub(crate) technology: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// A parameter and its values; twice for every combination of two. Its name is that of a chip flag, with `_`.
    #[arg(long, value_name = "NAME=V1,V2,..", required = true)]
    pub(crate) vary: Vec<Axis>,
    /// Parquet file to write; a page of plots of its name with the ending `.html` stands beside it, and each plot as
    /// an SVG file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) replace: ReplaceArgs,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// CIFAR-10 batch with images that the network was trained on.
    #[arg(long, value_name = "BATCH")]
    pub(crate) images: PathBuf,
    /// How many of them; all if left out.
    #[arg(long, value_name = "N", value_parser = |t: &str| limits::COUNT.read::<usize>(t))]
    pub(crate) count: Option<usize>,
    #[arg(long, value_name = "SHARE", default_value = "100%", allow_hyphen_values = true,
        help = limits::PERCENTILE.help("Share of each layer's values that its range holds; those beyond saturate"))]
    pub(crate) percentile: String,
    /// Instead of a percentile, the best of several: that with which the logits of chips, as the flags below say, come
    /// nearest to the reference's.
    #[arg(long, conflicts_with = "percentile")]
    pub(crate) search: bool,
    /// Technology of these chips; `memloom technologies` lists them.
    #[arg(long, value_name = "NAME", help_heading = "Technology")]
    pub(crate) technology: Option<String>,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) replace: ReplaceArgs,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}

fn parse_seconds(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => Err("a simulator needs time: write whole seconds, 1 or more, such as `600`".into()),
    }
}
