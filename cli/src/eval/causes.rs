//! What holds a chip back: each cause of error alone, layer by layer.
//!
//! A cause's error is how far the nets are from those of the same circuit without any cause, so that it does not hold what
//! other causes do. The first cause is that circuit itself, against the digital reference.

use super::chip::chip;
use super::images::Labelled;
use crate::Result;
use crate::args::{EvalArgs, ReplaceArgs};
use crate::setup::Setup;
use crate::sweep::{Labels, PLOT, heat_map};
use indexmap::IndexMap;
use memloom_codegen::visible;
use memloom_flow::diagnosis::{Values, carried, reference, signal_to_error};
use memloom_flow::output::Target;
use memloom_flow::{Compiled, Lowered};
use memloom_network::Reference;
use memloom_sim::chip::{Faults, NonIdealities};
use memloom_sim::native::Options;
use serde::Serialize;
use std::path::Path;

/// Images on which causes are told apart.
const SAMPLE: usize = 16;
/// Layers that the text shows.
const SHOWN: usize = 12;
/// What a plot shows at most, decibels.
const CLEAN: f64 = 60.0;

/// A part of what is not ideal.
struct Cause {
    name: &'static str,
    /// Takes it from the chip's description to one that has nothing else.
    take: fn(&NonIdealities, &mut NonIdealities),
}

/// Every cause but the first: what the circuit does without any.
const CAUSES: [Cause; 8] = [
    Cause {
        name: "offset",
        take: |all, one| {
            (one.offset_sigma, one.block_offset_sigma) = (all.offset_sigma, all.block_offset_sigma);
            one.trim = all.trim;
        },
    },
    Cause {
        name: "noise",
        take: |all, one| {
            (one.op_amp_noise, one.noise_density) = (all.op_amp_noise, all.noise_density);
            (one.noise, one.flicker) = (all.noise, all.flicker);
        },
    },
    Cause { name: "read noise", take: |all, one| one.read_noise = all.read_noise },
    Cause {
        name: "mismatch",
        take: |all, one| {
            (one.resistor_sigma, one.block_gain_sigma) = (all.resistor_sigma, all.block_gain_sigma);
        },
    },
    Cause { name: "levels", take: |all, one| one.levels = all.levels.clone() },
    Cause {
        name: "programming",
        take: |all, one| {
            one.programming_error = all.programming_error.clone();
            one.devices = all.devices.clone();
        },
    },
    Cause {
        name: "stuck",
        take: |all, one| {
            (one.faults, one.repair, one.fill_absent) = (all.faults, all.repair, all.fill_absent);
        },
    },
    Cause { name: "time", take: |all, one| (one.drift, one.temperature) = (all.drift, all.temperature) },
];

/// What the circuit itself does: wires, gain, rails and values beyond their range.
const ITSELF: &str = "wires, gain";

/// Which causes there are, and what each does to each layer.
#[derive(Debug, Serialize)]
pub(crate) struct Diagnosis {
    images: usize,
    seed: u64,
    /// Signal-to-error ratio, decibels, `[cause][layer]`; `None` where there is no error.
    causes: IndexMap<&'static str, Vec<Option<f64>>>,
    layers: Vec<String>,
}

impl Diagnosis {
    /// Finds what each cause that `setup` has does to the chip of the seed of `args`.
    pub(crate) fn find(job: &Lowered, setup: &Setup, args: &EvalArgs, images: &Labelled) -> Result<Self> {
        let seed = args.subject.seed;
        let inputs = &images.inputs[..SAMPLE.min(images.inputs.len())];
        let nets = |setup: &Setup| -> Result<Vec<Values>> {
            let compiled = Compiled::on_chip(job, &chip(job, setup, seed)?, &Options::default())?;
            let of = |(at, image): (usize, &Vec<f64>)| Ok(carried(job, &compiled.watched(at, image)?.1));
            inputs.iter().enumerate().map(of).collect()
        };
        let itself = Setup {
            chip: only(&setup.chip, |_, _| {}),
            spread: Vec::new(),
            cycle_spread: Vec::new(),
            dac_bits: None,
            adc_bits: None,
            ..setup.clone()
        };
        let base = nets(&itself)?;
        let digital = Reference::new(&job.source.network.graph);
        let wanted: Vec<Values> = inputs.iter().map(|image| reference(job, &digital.trace(image))).collect();
        let mut causes = IndexMap::new();
        causes.insert(ITSELF, signal_to_error(&base, &wanted));
        for Cause { name, take } in CAUSES {
            let one = Setup { chip: only(&setup.chip, take), ..itself.clone() };
            // Spreads of the devices' parameters are read from their texts.
            let spreads = name == "programming";
            let one = if spreads {
                Setup { spread: setup.spread.clone(), cycle_spread: setup.cycle_spread.clone(), ..one }
            } else {
                one
            };
            if one != itself {
                causes.insert(name, signal_to_error(&nets(&one)?, &base));
            }
        }
        let converters = Setup { dac_bits: setup.dac_bits, adc_bits: setup.adc_bits, ..itself.clone() };
        if converters != itself {
            causes.insert("converters", signal_to_error(&nets(&converters)?, &base));
        }
        causes.insert("all", signal_to_error(&nets(setup)?, &wanted));
        let layers = job.source.stages.iter().skip(1).map(|stage| stage.name.clone()).collect();
        Ok(Self { images: inputs.len(), seed, causes, layers })
    }

    /// The cause that leaves the logits least, besides all together.
    fn worst(&self) -> Option<(&'static str, f64)> {
        let last = self.causes.iter().filter(|(name, _)| **name != "all");
        let ratios = last.filter_map(|(name, layers)| Some((*name, (*layers.last()?)?)));
        ratios.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// For people: the logits, and the layers that all causes together leave least.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "signal to error in decibels over {} images, chip of seed {}, each cause alone\n{:<16}",
            self.images, self.seed, "layer"
        );
        self.causes.keys().for_each(|name| text += &format!("{name:>13}"));
        let all = &self.causes["all"];
        let mut order: Vec<usize> = (0..self.layers.len() - 1).collect();
        order.sort_by(|a, b| all[*a].unwrap_or(f64::MAX).total_cmp(&all[*b].unwrap_or(f64::MAX)));
        order.truncate(SHOWN);
        order.sort_unstable();
        for layer in order.into_iter().chain([self.layers.len() - 1]) {
            text += &format!("\n{:<16}", visible(&self.layers[layer]));
            for ratios in self.causes.values() {
                text += &format!("{:>13}", ratios[layer].map_or("-".into(), |db| format!("{db:.1}")));
            }
        }
        match self.worst() {
            Some((name, db)) => {
                text + &format!("\nwhat holds it back most: {name}, {db:.1} dB at the logits\n")
            }
            None => text + "\nnothing holds it back\n",
        }
    }

    /// Where a plot of all causes and layers goes.
    ///
    /// # Errors
    /// If it may not be written there.
    pub(crate) fn target(path: &Path, replace: &ReplaceArgs) -> Result<Target> {
        Target::new(path, PLOT, replace.force)
    }

    /// Draws them.
    ///
    /// # Errors
    /// If they cannot be drawn, or the file not be written.
    pub(crate) fn plot(&self, target: &Target) -> Result<()> {
        let names: Vec<&str> = self.causes.keys().copied().collect();
        let title = format!("signal to error, dB; from the top: {}", names.join(", "));
        let labels = Labels { title: &title, x: "layer", y: "cause" };
        let values: Vec<f64> =
            self.causes.values().flatten().map(|db| db.map_or(CLEAN, |db| db.min(CLEAN))).collect();
        target.write(heat_map(&labels, self.layers.len(), &values, "dB")?.svg.as_bytes())?;
        Ok(())
    }
}

/// A description with nothing but what `take` takes, and what the circuit is built around.
fn only(all: &NonIdealities, take: fn(&NonIdealities, &mut NonIdealities)) -> NonIdealities {
    let mut one =
        NonIdealities { gain: all.gain, ignore_rails: all.ignore_rails, ..NonIdealities::default() };
    take(all, &mut one);
    // What has no fault has none to repair, and what has no offset none to trim.
    one.repair &= one.faults != Faults::default();
    if one.offset_sigma == 0.0 && one.block_offset_sigma == 0.0 {
        one.trim = None;
    }
    one
}
