//! Where a circuit loses accuracy: each layer beside the digital reference, on a few images.

use crate::Lowered;
use crate::Result;
use memloom_network::Reference;
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
    /// Op-amp and block outputs that met a rail.
    pub clipped: u64,
    /// Share of the layer's outputs that did.
    pub clipped_share: f64,
    /// How far beyond its swing the furthest of them would have gone, volts.
    #[serde(default)]
    pub beyond_volts: f64,
    /// Largest voltage across a cell, volts.
    pub cell_volts: f64,
}

impl LayerError {
    /// Whether its numbers can be those of a layer.
    pub fn is_sound(&self) -> bool {
        let share = (0.0..=1.0).contains(&self.clipped_share);
        let volts = [self.cell_volts, self.beyond_volts].iter().all(|v| *v >= 0.0 && v.is_finite());
        share && volts && self.signal_to_error_db.is_none_or(f64::is_finite)
    }
}

/// Power of a signal and of its error, summed over values.
#[derive(Debug, Clone, Copy, Default)]
struct Power {
    signal: f64,
    error: f64,
}

impl Power {
    /// Of the signal to the error, decibels.
    fn ratio(&self) -> Option<f64> {
        decibels(self.signal, self.error)
    }
}

/// The ratio of two powers, decibels; `None` where one is zero.
pub fn decibels(signal: f64, error: f64) -> Option<f64> {
    let ratio = 10.0 * (signal / error).log10();
    ratio.is_finite().then_some(ratio)
}

/// Compares every layer on `inputs`: `nets` gives the top's nets of one image in volts, `tallies` what each block met.
pub fn diagnose(
    job: &Lowered,
    inputs: &[Vec<f64>],
    nets: impl Fn(&[f64]) -> Result<Signals>,
    tallies: &indexmap::IndexMap<String, Tally>,
) -> Result<Vec<LayerError>> {
    let reference = Reference::new(&job.source.network.graph);
    let mut powers = vec![Power::default(); job.source.stages.len()];
    for input in inputs {
        let (wanted, found) = (reference.trace(input), nets(input)?);
        for (power, (stage, tensor)) in
            powers.iter_mut().zip(job.source.stages.iter().zip(&job.circuit.tensors))
        {
            let (v_ref, scale) = (job.circuit.v_ref(), tensor.signal.volts());
            let values = found[&tensor.net].values().iter().map(|v| (v - v_ref) / scale);
            for (value, wanted) in values.zip(&wanted[stage.out_node.index()]) {
                power.signal += wanted * wanted;
                power.error += (value - wanted).powi(2);
            }
        }
    }
    let layer = |(stage, power): (&memloom_network::stage::Stage, &Power)| {
        let tally = tallies.get(&memloom_network::lower::text_name(&stage.name)).copied().unwrap_or_default();
        LayerError {
            layer: stage.name.clone(),
            signal_to_error_db: power.ratio(),
            clipped: tally.clipped,
            clipped_share: tally.clipped as f64 / tally.outputs.max(1) as f64,
            beyond_volts: tally.beyond,
            cell_volts: tally.cell_volts,
        }
    };
    // The first stage is the image itself.
    Ok(job.source.stages.iter().zip(&powers).skip(1).map(layer).collect())
}
