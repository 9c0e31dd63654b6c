//! From the command line to a network and its circuit.

use crate::Result;
use crate::args::{SettingsArgs, TechnologyArgs};
use crate::report::say;
use memloom::erc;
use memloom::ir::CellNetlist;
use memloom::technology::{SignScheme, TechnologySpec};
use memloom_codegen::RESERVED;
use memloom_network::budget::Need;
use memloom_network::calibrate::RangesError;
use memloom_network::images::Image;
use memloom_network::lower::Circuit;
use memloom_network::plan::{Plan, plan};
use memloom_network::sidecar::Hints;
use memloom_network::stage::{Stage, stages};
use memloom_network::weights::LONGEST_FILE;
use memloom_network::{Network, Ranges, embedded, files, technologies};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A network, read and folded.
pub(crate) struct Source {
    /// Name of the design: the weights' file name without its ending.
    pub(crate) name: String,
    /// Hash of the weights, hexadecimal SHA-256: of the very bytes that the network was parsed from.
    pub(crate) hash: String,
    pub(crate) network: Network,
    pub(crate) stages: Vec<Stage>,
    origin: Origin,
}

/// Where weights come from.
enum Origin {
    Embedded,
    File(PathBuf),
    /// Nothing lies beside a pipe.
    Pipe,
}

/// Name of a design whose weights came through a pipe.
const PIPED: &str = "network";

impl Source {
    /// Reads `model`, or the embedded network. Refuses one that would take more memory than there is to be taken.
    pub(crate) fn read(model: Option<&Path>, settings: &SettingsArgs) -> Result<Self> {
        let hints = Hints {
            input: settings.input,
            stem_stride: settings.stem_stride,
            first_block_stride: settings.first_block_stride,
            first_block_residual: settings.first_block_residual,
            ..Hints::default()
        };
        let (name, hash, network, origin) = match model {
            Some(path) => {
                let contents = files::read(path, LONGEST_FILE)
                    .map_err(|e| format!("weights file `{}` cannot be read: {e}", path.display()))?;
                let hash = hex(&Sha256::digest(&contents.bytes));
                let (name, origin) = match contents.piped {
                    true => (PIPED.into(), Origin::Pipe),
                    false => (stem(path), Origin::File(path.into())),
                };
                (name, hash, Network::from_contents(path, contents, hints)?, origin)
            }
            None => {
                let (weights, _) = embedded();
                let name = "mobilenet_v3_small_cifar10".to_owned();
                let network = Network::parse(&name, weights, hints)?;
                (name, hex(&Sha256::digest(weights)), network, Origin::Embedded)
            }
        };
        Need::of(&network.graph)
            .within(settings.memory_budget.unwrap_or_default(), network.settings.input)?;
        let stages = stages(&network.graph)?;
        Ok(Self { name, hash, network, stages, origin })
    }

    /// The ranges for the network: given, found beside the weights, embedded, or measured on built-in pictures.
    pub(crate) fn ranges(&self, given: Option<&Path>) -> Result<Ranges> {
        match (given, &self.origin) {
            (Some(path), _) => Ok(Ranges::read(path, &self.stages)?),
            (None, Origin::Embedded) => Ok(Ranges::from_json(embedded().1, &self.stages)?),
            (None, Origin::Pipe) => self.ranges_of_pictures(),
            (None, Origin::File(model)) => {
                match Ranges::read(&model.with_extension("ranges.json"), &self.stages) {
                    Err(RangesError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                        self.ranges_of_pictures()
                    }
                    read => Ok(read?),
                }
            }
        }
    }

    /// Ranges measured on the built-in test pattern, turned and recoloured: for a network without calibration. A bound
    /// by the weights would be safe, but grows with each layer until signals are lost in noise.
    fn ranges_of_pictures(&self) -> Result<Ranges> {
        let settings = &self.network.settings;
        let pattern = Image::test_pattern(settings.input);
        let pictures = pattern
            .variants()
            .iter()
            .map(|i| i.normalised(settings))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        Ok(Ranges::measure(&self.network.graph, &self.stages, &pictures, BUILT_IN)?)
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Source of ranges that were measured on no images of the user's.
pub(crate) const BUILT_IN: &str = "variants of the built-in test pattern";

/// A network and the circuit that computes it.
pub(crate) struct Job {
    pub(crate) source: Arc<Source>,
    pub(crate) ranges: Ranges,
    pub(crate) plan: Plan,
    pub(crate) circuit: Circuit,
    /// What looks unintended, a line each.
    pub(crate) warnings: Vec<String>,
}

impl Job {
    /// Reads, plans, lowers and checks; says what looks unintended.
    pub(crate) fn prepare(
        model: Option<&Path>,
        settings: &SettingsArgs,
        technology: &TechnologyArgs,
    ) -> Result<Self> {
        let job = Self::with(model, settings, chosen(technology, None)?, technology)?;
        job.warn();
        Ok(job)
    }

    /// As [`Job::prepare`], of a technology of the caller's; `args` say which rules to look for.
    pub(crate) fn with(
        model: Option<&Path>,
        settings: &SettingsArgs,
        technology: TechnologySpec,
        args: &TechnologyArgs,
    ) -> Result<Self> {
        // A mistake in the rules shows before the work.
        rules(args)?;
        let source = Source::read(model, settings)?;
        let ranges = source.ranges(settings.ranges.as_deref())?;
        Self::of(Arc::new(source), ranges, technology, args)
    }

    /// As [`Job::with`], of a network and ranges that were read already.
    pub(crate) fn of(
        source: Arc<Source>,
        ranges: Ranges,
        technology: TechnologySpec,
        args: &TechnologyArgs,
    ) -> Result<Self> {
        let rules = rules(args)?;
        let mut plan = plan(&source.stages, &ranges, &technology)?;
        plan.compensate = !args.no_compensation;
        let circuit = Circuit::new(&source.name, &source.stages, &plan)?;
        let mut warnings = check_rules(&circuit, &rules)?;
        warnings.extend(unmet(&circuit));
        Ok(Self { source, ranges, plan, circuit, warnings })
    }

    /// Says what looks unintended.
    pub(crate) fn warn(&self) {
        self.warnings.iter().take(SHOWN).for_each(|warning| say(warning));
        if self.warnings.len() > SHOWN {
            say(&format!("and {} more warnings", self.warnings.len() - SHOWN));
        }
    }
}

/// Says that there are tiles that lose what is not made up for, if there are.
fn unmet(circuit: &Circuit) -> Option<String> {
    let worst = circuit.unmet.iter().max_by(|a, b| a.lack.total_cmp(&b.lack))?;
    Some(format!(
        "warning: {} tiles cannot make up for all that wires and op-amps lose; furthest off is `{}`, by {:.1} % of a full \
         weight; make tiles smaller, lower `r_wire`, or give op-amps more gain",
        circuit.unmet.len(),
        worst.tile,
        100.0 * worst.lack
    ))
}

/// What a technology is to be like, where it is not as declared.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Changes {
    pub(crate) tile: Option<(u32, u32)>,
    pub(crate) scheme: Option<SignScheme>,
    pub(crate) r_wire: Option<f64>,
    pub(crate) cells: Option<CellNetlist>,
    /// Open-loop gain of the op-amps.
    pub(crate) gain: Option<f64>,
}

impl Changes {
    /// `technology` with these.
    pub(crate) fn to(self, mut technology: TechnologySpec) -> TechnologySpec {
        technology.tile = self.tile.unwrap_or(technology.tile);
        technology.signed = self.scheme.unwrap_or(technology.signed);
        technology.r_wire = self.r_wire.unwrap_or(technology.r_wire);
        let cell = &mut technology.cell.spec;
        cell.netlist = self.cells.unwrap_or(cell.netlist);
        let op_amp = &mut technology.readout.spec.op_amp.spec;
        op_amp.gain = self.gain.unwrap_or(op_amp.gain);
        technology
    }
}

/// The technology that the command line asks for, with op-amps of the given gain, or its own.
pub(crate) fn chosen(args: &TechnologyArgs, gain: Option<f64>) -> Result<TechnologySpec> {
    let technology = match &args.technology {
        None => technologies::all().swap_remove(0),
        Some(name) => technologies::find(name)?,
    };
    let (scheme, cells) = (args.scheme.map(SignScheme::from), args.cells.map(CellNetlist::from));
    Ok(Changes { tile: args.tile, scheme, r_wire: args.r_wire, cells, gain }.to(technology))
}

/// The electrical rules at the levels that the command line asks for.
fn rules(args: &TechnologyArgs) -> Result<erc::Config> {
    let standard = erc::Config::new().reserve(RESERVED.iter().copied());
    let allowed = args.allow.iter().try_fold(standard, |config, code| config.allow(code))?;
    Ok(args.deny.iter().try_fold(allowed, |config, code| config.deny(code))?)
}

/// Most findings that are shown of each level.
const SHOWN: usize = 10;

/// Refuses a circuit that breaks a rule; what else looks unintended.
fn check_rules(circuit: &Circuit, rules: &erc::Config) -> Result<Vec<String>> {
    let findings = erc::check_with(&circuit.design, rules);
    let of_level =
        |level| findings.iter().filter(|f| f.level == level).map(ToString::to_string).collect::<Vec<_>>();
    let errors = of_level(erc::Level::Error);
    match errors.len() {
        0 => Ok(of_level(erc::Level::Warning)),
        n => {
            Err(format!("{n} electrical rule errors, the first ones:\n{}", errors[..n.min(SHOWN)].join("\n"))
                .into())
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
