//! The circuit beside the digital reference.

use crate::saturation::Saturation;
use crate::{Result, progress};
use memloom_codegen::visible;
use memloom_flow::{Compiled, Lowered, class};
use memloom_network::Reference;
use memloom_network::images::Image;
use memloom_sim::native::Options;
use serde::Serialize;

/// The circuit's logits beside the reference's, over some images.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Comparison {
    /// What was shown.
    pub(crate) source: String,
    /// How many images.
    pub(crate) images: usize,
    /// Images that the reference classifies as labelled, if all have labels.
    pub(crate) reference_correct: Option<usize>,
    /// One entry per set of assumptions.
    pub(crate) circuits: Vec<Difference>,
}

/// How far one evaluation is from the reference.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Difference {
    /// What the evaluation assumes.
    pub(crate) circuit: &'static str,
    /// Images that get the reference's class.
    pub(crate) same_class: usize,
    /// Images that the circuit classifies as labelled, if all have labels.
    pub(crate) correct: Option<usize>,
    /// Largest difference of a logit.
    pub(crate) logit: f64,
    /// The same over the span of the reference's logits of that image; a single logit has none, and counts itself.
    pub(crate) of_span: f64,
    /// Op-amp and block outputs that met a rail, over all images.
    pub(crate) clipped: u64,
    /// Where they did.
    pub(crate) saturation: Saturation,
}

/// Images that are evaluated between two steps of the progress bar.
const TOGETHER: usize = 128;

/// Evaluates `images` in the reference and, under each of `options`, in the circuit.
pub(crate) fn compare(
    job: &Lowered,
    source: &str,
    images: &[Image],
    options: &[(&'static str, Options)],
) -> Result<Comparison> {
    let settings = &job.source.network.settings;
    let reference = Reference::new(&job.source.network.graph);
    let compiled =
        options.iter().map(|(_, options)| Compiled::new(job, options)).collect::<Result<Vec<_>>>()?;
    let labelled = images.iter().all(|image| image.label.is_some()).then_some(0);
    let mut circuits: Vec<Difference> = options
        .iter()
        .map(|(name, _)| Difference {
            circuit: name,
            same_class: 0,
            correct: labelled,
            logit: 0.0,
            of_span: 0.0,
            clipped: 0,
            saturation: Saturation::new(job, source),
        })
        .collect();
    let mut reference_correct = labelled;
    let bar = progress::bar(images.len() as u64, "evaluating images");
    for images in images.chunks(TOGETHER) {
        let inputs =
            images.iter().map(|i| i.normalised(settings)).collect::<std::result::Result<Vec<_>, _>>()?;
        let references = reference.run_all(&inputs);
        count_correct(&mut reference_correct, images, &references);
        for (compiled, difference) in compiled.iter().zip(&mut circuits) {
            let batch = compiled.run(inputs.len(), |k| &inputs[k])?;
            let logits: Vec<Vec<f64>> =
                batch.outputs.iter().map(|outputs| compiled.decode(outputs)).collect();
            count_correct(&mut difference.correct, images, &logits);
            difference.clipped += batch.blocks.values().map(|tally| tally.clipped).sum::<u64>();
            difference.saturation.add(job, inputs.len(), &batch.blocks);
            logits.iter().zip(&references).for_each(|(logits, reference)| difference.add(logits, reference));
        }
        bar.inc(images.len() as u64);
    }
    bar.finish_and_clear();
    Ok(Comparison { source: source.into(), images: images.len(), reference_correct, circuits })
}

/// Adds the images that get the class of their label, if they have labels.
fn count_correct(correct: &mut Option<usize>, images: &[Image], logits: &[Vec<f64>]) {
    if let Some(correct) = correct {
        *correct +=
            images.iter().zip(logits).filter(|(image, logits)| image.label == Some(class(logits))).count();
    }
}

impl Difference {
    fn add(&mut self, circuit: &[f64], reference: &[f64]) {
        let worst = circuit.iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let (low, high) = reference.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        self.same_class += usize::from(class(circuit) == class(reference));
        self.logit = self.logit.max(worst);
        let span = if high > low { high - low } else { high.abs().max(f64::MIN_POSITIVE) };
        self.of_span = self.of_span.max(worst / span);
    }
}

impl Comparison {
    /// A line per set of assumptions.
    pub(crate) fn text(&self) -> String {
        let what = match self.images {
            1 => visible(&self.source).into_owned(),
            n => format!("{n} images of {}", visible(&self.source)),
        };
        let mut text = format!("circuit against reference on {what}, largest difference of a logit:\n");
        for c in &self.circuits {
            let clipped = match c.clipped {
                0 => String::new(),
                n => format!(", {n} outputs clipped"),
            };
            text += &format!(
                "  {:<14} {:.3e} ({:.3e} of the span), {} of {} same class{clipped}\n",
                c.circuit, c.logit, c.of_span, c.same_class, self.images
            );
            if let (Some(circuit), Some(reference)) = (c.correct, self.reference_correct) {
                let percent = |n: usize| 100.0 * n as f64 / self.images as f64;
                text += &format!(
                    "  {:<14} {:.2} % as labelled, the reference {:.2} %\n",
                    "",
                    percent(circuit),
                    percent(reference)
                );
            }
        }
        self.circuits.iter().for_each(|c| text += &c.saturation.text());
        text
    }
}
