//! What an evaluation says.

use super::SAMPLE;
use super::images::Labelled;
use super::score::{Score, mean_and_deviation};
use crate::saturation::{Saturated, Saturation};
use crate::setup::Setup;
use memloom_codegen::visible;
use memloom_flow::Lowered;
use memloom_flow::diagnosis::LayerError;
use serde::Serialize;

/// Layers that the text shows, worst first.
const SHOWN: usize = 8;

/// An evaluation's outcome.
#[derive(Debug, Serialize)]
pub(crate) struct Evaluation {
    source: String,
    images: usize,
    setup: Vec<(String, String)>,
    technology: String,
    /// Share of images that the digital reference classifies as labelled.
    reference: f64,
    classes: Vec<String>,
    chips: Vec<ChipScore>,
    /// Mean accuracy of the chips, its sample deviation.
    mean: f64,
    deviation: f64,
    /// `confusion[label][class]`, over all chips.
    confusion: Vec<Vec<u64>>,
    /// Of the first chip, in the network's order.
    layers: Vec<LayerError>,
    /// Of the first chip, on the images that its layers were looked at on.
    saturation: Saturation,
}

#[derive(Debug, Serialize)]
struct ChipScore {
    seed: u64,
    accuracy: f64,
    /// 95 % confidence.
    interval: (f64, f64),
    /// Share of images that get the reference's class.
    same_class: f64,
}

impl Evaluation {
    /// From the scores of the chips of `seed`, `seed + 1` and so on.
    pub(crate) fn new(
        job: &Lowered,
        images: &Labelled,
        setup: &[(String, String)],
        seed: u64,
        scores: &[Score],
        layers: Vec<LayerError>,
    ) -> Self {
        let chip = |(run, score): (usize, &Score)| ChipScore {
            seed: seed.wrapping_add(run as u64),
            accuracy: score.accuracy(),
            interval: score.interval(),
            same_class: score.same_class as f64 / score.images().max(1) as f64,
        };
        let chips: Vec<_> = scores.iter().enumerate().map(chip).collect();
        let classes = &job.source.network.settings.classes;
        let mut total = Score::new(classes.len());
        scores.iter().for_each(|score| total.add(score));
        let (mean, deviation) = mean_and_deviation(&chips.iter().map(|c| c.accuracy).collect::<Vec<_>>());
        Self {
            source: images.file.display().to_string(),
            images: images.inputs.len(),
            setup: setup.to_vec(),
            technology: job.plan.technology.name.clone(),
            reference: images.reference_accuracy(),
            classes: classes.clone(),
            chips,
            mean,
            deviation,
            confusion: total.confusion,
            saturation: saturation(job, images, &layers),
            layers,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        let mut text = format!(
            "{} images of {} on technology {}: {}\n",
            self.images,
            visible(&self.source),
            self.technology,
            Setup::text(&self.setup)
        );
        text += &format!("digital reference {}\n", percent(self.reference));
        for chip in &self.chips {
            let (low, high) = chip.interval;
            text += &format!(
                "chip of seed {:<6} {} (95 % confidence: {} to {}), {} classified as the reference does\n",
                chip.seed,
                percent(chip.accuracy),
                percent(low),
                percent(high),
                percent(chip.same_class)
            );
        }
        if self.chips.len() > 1 {
            let (mean, deviation) = (percent(self.mean), percent(self.deviation));
            text += &format!("{} chips         {mean}, deviation {deviation}\n", self.chips.len());
        }
        text + "\n" + &self.confusion_text() + "\n" + &self.layers_text() + &self.saturation.text()
    }

    fn confusion_text(&self) -> String {
        let width = self.confusion.iter().flatten().max().map_or(1, |n| n.to_string().len()).max(4) + 1;
        let short = |name: &str| name.chars().take(width - 1).collect::<String>();
        let mut text = format!("{:<16}", "label \\ class");
        self.classes.iter().for_each(|name| text += &format!("{:>width$}", short(&visible(name))));
        for (name, row) in self.classes.iter().zip(&self.confusion) {
            text += &format!("\n{:<16}", visible(name));
            row.iter().for_each(|n| text += &format!("{n:>width$}"));
        }
        text + "\n"
    }

    fn layers_text(&self) -> String {
        let mut worst: Vec<_> = self.layers.iter().collect();
        let ratio = |layer: &LayerError| layer.signal_to_error_db.unwrap_or(f64::INFINITY);
        worst.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let mut text = format!(
            "{:<16}{:>18}{:>12}{:>24}   (worst {SHOWN} of {} layers, first chip)\n",
            "layer",
            "signal to error",
            "clipped",
            "largest cell voltage",
            self.layers.len()
        );
        for layer in worst.into_iter().take(SHOWN) {
            text += &format!(
                "{:<16}{:>18}{:>10.3} %{:>22.3} V\n",
                layer.layer,
                layer.signal_to_error_db.map_or("-".into(), |db| format!("{db:.1} dB")),
                100.0 * layer.clipped_share(),
                layer.cell_volts
            );
        }
        text
    }
}

/// What saturated in the layers that were looked at.
fn saturation(job: &Lowered, images: &Labelled, layers: &[LayerError]) -> Saturation {
    let of = |layer: &LayerError| Saturated {
        layer: layer.layer.clone(),
        outputs: layer.outputs,
        clipped: layer.clipped,
        beyond_volts: layer.beyond_volts,
    };
    let mut all = Saturation::new(job, &images.file.display().to_string());
    all.add_layers(images.inputs.len().min(SAMPLE), layers.iter().map(of));
    all
}
