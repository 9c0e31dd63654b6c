//! Whole images: every layer at every pixel, each driven by what the simulator made of the layers before.

use super::entry::{Entry, key, sound};
use super::{Check, Subject};
use crate::report::print;
use crate::{Result, progress};
use memloom_codegen::visible;
use memloom_flow::journal::Journal;
use memloom_flow::{Compared, Lowered, Whole, class};
use memloom_network::images::Image;
use memloom_network::lower::Tensor;
use serde::Serialize;

/// Largest difference that a layer may add, over the span of its outputs.
const ADDED: f64 = 1e-7;
/// Largest difference of logits, over their span.
const LOGITS: f64 = 1e-8;

const HEAD: &str = "layer          pixels outputs       added    in all  decks  seconds\n";

/// Images in a simulator.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    layers: Vec<Layer>,
    images: Vec<Logits>,
    /// How long the simulator ran, all decks together, and the most memory it was seen with.
    decks: usize,
    seconds: f64,
    peak_bytes: Option<u64>,
}

/// One layer at every pixel.
#[derive(Debug, Serialize)]
struct Layer {
    layer: String,
    pixels: usize,
    outputs: usize,
    /// Largest difference from the evaluator where both get the simulator's inputs, over the span of the outputs.
    added_of_span: f64,
    /// The same where the evaluator gets the image.
    of_span: f64,
    limit: f64,
    decks: usize,
    seconds: f64,
    passed: bool,
}

/// What an image came out as.
#[derive(Debug, Serialize)]
struct Logits {
    label: Option<String>,
    simulated: Outcome,
    evaluator: Outcome,
    /// Largest difference over the span of the evaluator's.
    of_span: f64,
    limit: f64,
    passed: bool,
}

#[derive(Debug, Serialize)]
struct Outcome {
    class: String,
    logits: Vec<f64>,
}

/// Takes images through the simulator, from a journal as far as that goes.
pub(super) fn check(check: &Check<'_>, json: bool) -> Result<Found> {
    let Check { args, simulator, subject: Subject { job, nets, images, .. } } = check;
    let mut whole = Whole::new(job, nets.clone())?;
    let layers: Vec<&Tensor> = whole.layers().collect();
    let (mut journal, mut known) = (None, Vec::new().into_iter());
    if let Some(path) = &args.resume {
        let mut expected = layers.iter();
        let sound = |entry: &Entry| sound(entry, expected.next().copied(), images.len());
        let (opened, entries) = Journal::open(path, &key(job, simulator, images)?, sound)?;
        (journal, known) = (Some(opened), entries.into_iter());
    }
    let pixels: usize = layers.iter().map(|layer| layer.shape.plane()).sum();
    let bar = progress::bar((pixels * images.len()) as u64, "simulating pixels");
    if !json {
        print(HEAD)?;
    }
    let mut found =
        Found { layers: Vec::new(), images: Vec::new(), decks: 0, seconds: 0.0, peak_bytes: None };
    for layer in layers {
        let vectors = whole.vectors(layer)?;
        let entry = match known.next() {
            Some(entry) => entry,
            None => {
                let entry = Entry::new(layer, simulator.solve(job, layer, &vectors)?);
                journal.as_mut().map_or(Ok(()), |journal| journal.add(&entry))?;
                entry
            }
        };
        let compared = whole.take(layer, &vectors, &entry.volts)?;
        let done = Layer::new(&entry, &compared);
        bar.suspend(|| if json { Ok(()) } else { print(&done.line()) })?;
        bar.inc(vectors.len() as u64);
        found.decks += entry.decks;
        found.seconds += entry.seconds;
        found.peak_bytes = found.peak_bytes.max(entry.peak_bytes);
        found.layers.push(done);
    }
    bar.finish_and_clear();
    found.images =
        images.iter().zip(whole.logits()).map(|(image, both)| Logits::new(job, image, both)).collect();
    Ok(found)
}

impl Layer {
    fn new(entry: &Entry, compared: &Compared) -> Self {
        let Compared { own, whole } = compared;
        Self {
            layer: entry.layer.clone(),
            pixels: entry.volts.len(),
            outputs: entry.volts.first().map_or(0, Vec::len),
            added_of_span: own.of_span,
            of_span: whole.of_span,
            limit: ADDED,
            decks: entry.decks,
            seconds: entry.seconds,
            passed: own.of_span <= ADDED,
        }
    }

    fn line(&self) -> String {
        let Self { layer, pixels, outputs, added_of_span, of_span, decks, seconds, passed, .. } = self;
        let verdict = if *passed { "" } else { "  FAILED" };
        format!(
            "{layer:<14} {pixels:>6} {outputs:>7} {added_of_span:>11.2e} {of_span:>9.2e} {decks:>6} {seconds:>8.1}{verdict}\n"
        )
    }
}

impl Logits {
    fn new(job: &Lowered, image: &Image, [simulated, evaluator]: [Vec<f64>; 2]) -> Self {
        let classes = &job.source.network.settings.classes;
        let (low, high) =
            evaluator.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        let worst = simulated.iter().zip(&evaluator).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // Logits that are all alike have no span: then only equal ones pass.
        let of_span = if worst == 0.0 { 0.0 } else { worst / (high - low) };
        let name = |k: usize| classes.get(k).map_or("none of the classes", String::as_str).to_owned();
        let outcome = |logits: Vec<f64>| Outcome { class: name(class(&logits)), logits };
        Self {
            label: image.label.map(name),
            simulated: outcome(simulated),
            evaluator: outcome(evaluator),
            of_span,
            limit: LOGITS,
            passed: of_span <= LOGITS,
        }
    }

    fn line(&self) -> String {
        let Self { label, simulated, evaluator, of_span, passed, .. } = self;
        let label = label.as_ref().map_or(String::new(), |label| format!(", label {}", visible(label)));
        let verdict = if *passed { "" } else { "  FAILED" };
        format!(
            "class {}, evaluator {}{label}; logits within {of_span:.1e} of their span{verdict}\n",
            visible(&simulated.class),
            visible(&evaluator.class)
        )
    }
}

impl Found {
    /// For people, below the lines of layers.
    pub(super) fn text(&self) -> String {
        let Self { layers, images, decks, seconds, peak_bytes } = self;
        let memory =
            peak_bytes.map_or(String::new(), |bytes| format!(", at most {:.2} GB", bytes as f64 / 1e9));
        let vectors: usize = layers.iter().map(|layer| layer.pixels).sum();
        let head = format!(
            "{vectors} pixels of {} layers in {decks} decks, {seconds:.0} s of the simulator{memory}\n",
            layers.len()
        );
        images.iter().fold(head, |text, image| text + &image.line())
    }

    /// What is wrong, if anything is: a layer by its name.
    pub(super) fn fault(&self) -> Option<String> {
        let failed: Vec<_> = self.layers.iter().filter(|layer| !layer.passed).collect();
        if let Some(worst) = failed.iter().max_by(|a, b| a.added_of_span.total_cmp(&b.added_of_span)) {
            let names = failed.iter().map(|layer| layer.layer.as_str()).collect::<Vec<_>>().join(", ");
            let Layer { layer, added_of_span, limit, .. } = worst;
            return Some(format!(
                "{} layers differ from the native evaluator: {names}; `{layer}` by {added_of_span:.1e} of its span, where \
                 {limit:.0e} is allowed",
                failed.len()
            ));
        }
        let worst = self.images.iter().filter(|image| !image.passed).map(|image| image.of_span);
        let worst = worst.max_by(f64::total_cmp)?;
        Some(format!(
            "logits differ from the evaluator's by {worst:.1e} of their span, where {LOGITS:.0e} is allowed"
        ))
    }
}
