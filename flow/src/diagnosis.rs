//! Where a circuit loses accuracy: each layer beside the digital reference, on a few images.

use crate::Lowered;
use crate::Result;
use memloom_network::Reference;
use memloom_network::lower::text_name;
use memloom_network::stage::Stage;
use memloom_sim::native::{Signals, Tally};
use serde::{Deserialize, Serialize};

/// How far one layer's output is from the reference's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerError {
    /// The layer.
    pub layer: String,
    /// Ratio of the signal's power to that of the error, decibels; the error includes that of the layers before. `None`
    /// where there is no signal or no error.
    pub signal_to_error_db: Option<f64>,
    /// Op-amp and block outputs that were evaluated.
    pub outputs: u64,
    /// How many of them met a rail.
    pub clipped: u64,
    /// How far beyond its swing the furthest of them would have gone, volts.
    #[serde(default)]
    pub beyond_volts: f64,
    /// Largest voltage across a cell, volts.
    pub cell_volts: f64,
}

impl LayerError {
    /// Share of its outputs that met a rail.
    pub fn clipped_share(&self) -> f64 {
        self.clipped as f64 / self.outputs.max(1) as f64
    }

    /// Whether its numbers can be those of a layer.
    pub fn is_sound(&self) -> bool {
        let volts = [self.cell_volts, self.beyond_volts].iter().all(|v| *v >= 0.0 && v.is_finite());
        self.clipped <= self.outputs && volts && self.signal_to_error_db.is_none_or(f64::is_finite)
    }
}

/// Values of each layer, the image first.
pub type Values = Vec<Vec<f64>>;

/// What the digital reference has in each layer, of its `trace` of an image.
pub fn reference(job: &Lowered, trace: &[Vec<f64>]) -> Values {
    job.source.stages.iter().map(|stage| trace[stage.out_node.index()].clone()).collect()
}

/// What the circuit's nets carry of each layer, in the network's numbers.
pub fn carried(job: &Lowered, nets: &Signals) -> Values {
    job.circuit.tensors.iter().map(|tensor| job.carried(tensor, nets)).collect()
}

/// Power of the signal to that of the error of each layer but the image, decibels, over images: of what layers carry, and
/// what they should. `None` where there is no signal or no error.
pub fn signal_to_error(found: &[Values], wanted: &[Values]) -> Vec<Option<f64>> {
    let mut powers = vec![(0.0, 0.0); found.first().map_or(0, Vec::len)];
    for (found, wanted) in found.iter().zip(wanted) {
        for ((power, found), wanted) in powers.iter_mut().zip(found).zip(wanted) {
            for (found, wanted) in found.iter().zip(wanted) {
                power.0 += wanted * wanted;
                power.1 += (found - wanted).powi(2);
            }
        }
    }
    let ratio = |(signal, error): (f64, f64)| 10.0 * (signal / error).log10();
    powers.into_iter().skip(1).map(ratio).map(|db| db.is_finite().then_some(db)).collect()
}

/// Compares every layer on `inputs`: `nets` gives the top's nets of one image in volts, `tallies` what each block met.
pub fn diagnose(
    job: &Lowered,
    inputs: &[Vec<f64>],
    nets: impl Fn(&[f64]) -> Result<Signals>,
    tallies: &indexmap::IndexMap<String, Tally>,
) -> Result<Vec<LayerError>> {
    let digital = Reference::new(&job.source.network.graph);
    let found = inputs.iter().map(|input| Ok(carried(job, &nets(input)?))).collect::<Result<Vec<_>>>()?;
    let wanted: Vec<_> = inputs.iter().map(|input| reference(job, &digital.trace(input))).collect();
    let ratios = signal_to_error(&found, &wanted);
    let layer = |(stage, ratio): (&Stage, Option<f64>)| {
        let tally = tallies.get(&text_name(&stage.name)).copied().unwrap_or_default();
        LayerError {
            layer: stage.name.clone(),
            signal_to_error_db: ratio,
            clipped: tally.clipped,
            outputs: tally.outputs,
            beyond_volts: tally.beyond,
            cell_volts: tally.cell_volts,
        }
    };
    // The first stage is the image itself.
    Ok(job.source.stages.iter().skip(1).zip(ratios).map(layer).collect())
}
