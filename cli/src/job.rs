//! From the command line to a network and its circuit.

use crate::Result;
use crate::args::{SettingsArgs, TechnologyArgs};
use crate::report::say;
use memloom::erc;
use memloom::ir::CellNetlist;
use memloom::technology::{SignScheme, TechnologySpec};
use memloom_flow::{Changes, Flow, Lowered, Reading, standard_rules};
use memloom_network::sidecar::Hints;
use memloom_network::technologies;
use std::path::Path;

/// Most findings that are shown.
const SHOWN: usize = 10;

/// Reads, plans, lowers and checks; says what looks unintended.
pub(crate) fn prepare(
    model: Option<&Path>,
    settings: &SettingsArgs,
    technology: &TechnologyArgs,
) -> Result<Lowered> {
    let job = with(model, settings, &chosen(technology, None)?, technology)?;
    warn(&job);
    Ok(job)
}

/// As [`prepare`], of a technology of the caller's; `args` say which rules to look for.
pub(crate) fn with(
    model: Option<&Path>,
    settings: &SettingsArgs,
    technology: &TechnologySpec,
    args: &TechnologyArgs,
) -> Result<Lowered> {
    // A mistake in the rules shows before the work.
    rules(args)?;
    of(&Flow::open(model, &settings.reading())?, technology, args)
}

/// As [`with`], of a network that was read already.
pub(crate) fn of(flow: &Flow, technology: &TechnologySpec, args: &TechnologyArgs) -> Result<Lowered> {
    flow.plan(technology)?.compensated(!args.no_compensation).under(rules(args)?).lower()
}

/// Says what looks unintended.
pub(crate) fn warn(job: &Lowered) {
    job.findings.iter().take(SHOWN).for_each(|finding| say(&finding.to_string()));
    if job.findings.len() > SHOWN {
        say(&format!("and {} more warnings", job.findings.len() - SHOWN));
    }
}

impl SettingsArgs {
    /// What they say of reading weights.
    pub(crate) fn reading(&self) -> Reading {
        let hints = Hints {
            input: self.input,
            stem_stride: self.stem_stride,
            first_block_stride: self.first_block_stride,
            first_block_residual: self.first_block_residual,
            bn_eps: self.bn_eps,
            mean: (!self.mean.is_empty()).then(|| self.mean.clone()),
            std: (!self.std.is_empty()).then(|| self.std.clone()),
            ..Hints::default()
        };
        Reading { hints, ranges: self.ranges.clone(), flags: self.flags(), memory: self.memory_budget }
    }
}

/// The technology that the command line asks for, with op-amps of the given gain, or its own.
pub(crate) fn chosen(args: &TechnologyArgs, gain: Option<f64>) -> Result<TechnologySpec> {
    let technology = match &args.technology {
        None => technologies::default(),
        Some(name) => technologies::find(name)?,
    };
    let (scheme, cells) = (args.scheme.map(SignScheme::from), args.cells.map(CellNetlist::from));
    Ok(Changes { tile: args.tile, scheme, wires: args.wires.0, cells, gain }.to(technology))
}

/// The electrical rules at the levels that the command line asks for.
fn rules(args: &TechnologyArgs) -> Result<erc::Config> {
    let allowed = args.allow.iter().try_fold(standard_rules(), |config, code| config.allow(code))?;
    let mut config = args.deny.iter().try_fold(allowed, |config, code| config.deny(code))?;
    let process = args.limits.as_deref().or(args.technology.as_deref());
    config.limits.process = process.and_then(technologies::process);
    Ok(config)
}
