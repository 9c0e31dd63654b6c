//! What met the end of its swing on the way to an output, and how to make room for it.

use crate::report::thousands;
use indexmap::IndexMap;
use memloom::device::Dimension;
use memloom_flow::Lowered;
use memloom_network::lower::text_name;
use memloom_sim::native::Tally;
use serde::Serialize;

/// Layers that the text shows, the furthest off first.
const SHOWN: usize = 8;

/// What saturated while some images were evaluated.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Saturation {
    /// How many images.
    images: usize,
    /// Outputs of op-amps and behavioural blocks that were evaluated, and how many of them met the end of their swing.
    outputs: u64,
    clipped: u64,
    /// The layers that have some, in the network's order.
    layers: Vec<Saturated>,
    /// What the units of voltages were chosen for.
    units: String,
    /// The command that chooses them for images of one's own.
    calibrate: String,
}

/// What saturated in one layer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Saturated {
    pub(crate) layer: String,
    pub(crate) outputs: u64,
    pub(crate) clipped: u64,
    /// How far beyond its swing the furthest of them would have gone, volts.
    pub(crate) beyond_volts: f64,
}

impl Saturation {
    /// Nothing yet, of images from `source`.
    pub(crate) fn new(job: &Lowered, source: &str) -> Self {
        let ranges = &job.ranges;
        Self {
            images: 0,
            outputs: 0,
            clipped: 0,
            layers: Vec::new(),
            units: format!("{} images of {}", ranges.images, ranges.source),
            calibrate: job.source.calibrate_line(Some(source)),
        }
    }

    /// Of what the blocks of a circuit met on so many images.
    pub(crate) fn of(job: &Lowered, source: &str, images: usize, blocks: &IndexMap<String, Tally>) -> Self {
        let mut all = Self::new(job, source);
        all.add(job, images, blocks);
        all
    }

    /// Adds what the blocks met on more images.
    pub(crate) fn add(&mut self, job: &Lowered, images: usize, blocks: &IndexMap<String, Tally>) {
        let found = blocks.iter().map(|(block, tally)| {
            let stage = job.source.stages.iter().find(|stage| text_name(&stage.name) == *block);
            let layer = stage.map_or(block, |stage| &stage.name).clone();
            Saturated { layer, outputs: tally.outputs, clipped: tally.clipped, beyond_volts: tally.beyond }
        });
        self.add_layers(images, found);
    }

    /// Adds what layers met on more images.
    pub(crate) fn add_layers(&mut self, images: usize, found: impl IntoIterator<Item = Saturated>) {
        self.images += images;
        for one in found {
            self.outputs += one.outputs;
            self.clipped += one.clipped;
            match self.layers.iter_mut().find(|layer| layer.layer == one.layer) {
                Some(layer) => layer.add(&one),
                None if one.clipped > 0 => self.layers.push(one),
                None => {}
            }
        }
    }

    /// For people: nothing where nothing saturated.
    pub(crate) fn text(&self) -> String {
        if self.clipped == 0 {
            return String::new();
        }
        let images = if self.images == 1 { "1 image".into() } else { format!("{} images", self.images) };
        let mut text = format!(
            "saturated: {} of {} outputs met the end of their swing on {images}, so results differ from the reference\n",
            thousands(self.clipped),
            thousands(self.outputs)
        );
        let mut worst: Vec<_> = self.layers.iter().collect();
        worst.sort_by(|a, b| b.beyond_volts.total_cmp(&a.beyond_volts));
        for layer in worst.iter().take(SHOWN) {
            text += &format!(
                "  {:<14} {:>10} of {:>12} outputs, by up to {}\n",
                layer.layer,
                thousands(layer.clipped),
                thousands(layer.outputs),
                Dimension::Voltage.show(rounded(layer.beyond_volts))
            );
        }
        if worst.len() > SHOWN {
            text += &format!("  and {} more layers\n", worst.len() - SHOWN);
        }
        text + &format!(
            "  units were chosen for {}; for images such as these: {}\n",
            memloom_codegen::visible(&self.units),
            memloom_codegen::visible(&self.calibrate)
        )
    }
}

impl Saturated {
    fn add(&mut self, other: &Self) {
        self.outputs += other.outputs;
        self.clipped += other.clipped;
        self.beyond_volts = self.beyond_volts.max(other.beyond_volts);
    }
}

/// To three digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}
