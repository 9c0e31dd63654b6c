//! A layer of whole images that was simulated, as a journal keeps it.

use super::simulator::Simulator;
use crate::Result;
use memloom_codegen::hex;
use memloom_flow::Lowered;
use memloom_network::images::Image;
use memloom_network::lower::Tensor;
use memloom_sim::external::Solved;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A layer that was simulated.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) layer: String,
    pub(super) decks: usize,
    pub(super) seconds: f64,
    pub(super) peak_bytes: Option<u64>,
    /// Its outputs, `[image and pixel][channel]`.
    pub(super) volts: Vec<Vec<f64>>,
}

impl Entry {
    pub(super) fn new(layer: &Tensor, solved: Solved) -> Self {
        let Solved { outputs: volts, decks, time, peak_rss: peak_bytes } = solved;
        Self { layer: layer.name.clone(), decks, seconds: time.as_secs_f64(), peak_bytes, volts }
    }
}

/// What is wrong with an entry where that of `layer` is due, of so many images.
pub(super) fn sound(entry: &Entry, layer: Option<&Tensor>, images: usize) -> std::result::Result<(), String> {
    let Some(layer) = layer else { return Err("all layers are there already".into()) };
    if entry.layer != layer.name {
        return Err(format!("it is of layer `{}` where `{}` is due", entry.layer, layer.name));
    }
    let (pixels, channels) = (layer.shape.plane() * images, layer.shape.channels);
    let is_whole = entry.volts.len() == pixels && entry.volts.iter().all(|row| row.len() == channels);
    let is_number = entry.volts.iter().flatten().chain([&entry.seconds]).all(|x| x.is_finite());
    match is_whole && is_number {
        true => Ok(()),
        false => Err(format!(
            "layer `{}` has {channels} voltages at each of {pixels} pixels, this has others",
            layer.name
        )),
    }
}

/// All that the voltages depend on.
pub(super) fn key(job: &Lowered, simulator: &Simulator<'_>, images: &[Image]) -> Result<Value> {
    let hash = |image: &Image| hex(Sha256::digest(&image.pixels));
    Ok(json!({
        "command": "check --whole",
        "engine": simulator.name(),
        "engine_version": simulator.version()?,
        "weights": job.source.hash,
        "settings": job.source.network.settings,
        "ranges": job.ranges,
        "technology": job.plan.technology,
        "compensated": job.plan.compensate,
        "images": images.iter().map(hash).collect::<Vec<_>>(),
    }))
}
