//! Labelled images and what the digital reference makes of them.

use crate::{Result, progress};
use memloom_codegen::hex;
use memloom_flow::class;
use memloom_network::cifar::Batch;
use memloom_network::{Network, Reference};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The file of a CIFAR-10 folder that an evaluation is about.
const TEST_BATCH: &str = "test_batch.bin";
/// Images that the reference takes between two steps of the progress bar.
const TOGETHER: usize = 256;

/// Images, their labels and the classes that the reference gives them.
pub(crate) struct Labelled {
    /// Where they are from.
    pub(crate) file: PathBuf,
    /// Hash of their pixels and labels, hexadecimal SHA-256.
    pub(crate) hash: String,
    /// Normalised, `[C][H][W]`.
    pub(crate) inputs: Vec<Vec<f64>>,
    pub(crate) labels: Vec<usize>,
    /// The reference's classes.
    pub(crate) reference: Vec<usize>,
}

impl Labelled {
    /// The first `count` images (all if `None`) of the test batch in folder `path`, or of the batch file `path`.
    ///
    /// # Errors
    /// If the file is missing or no batch, holds fewer images, or has labels that the network has no class for.
    pub(crate) fn read(path: &Path, count: Option<usize>, network: &Network) -> Result<Self> {
        let file = if path.is_dir() { path.join(TEST_BATCH) } else { path.to_owned() };
        if path.is_dir() && !file.exists() {
            let folder = path.display();
            return Err(format!(
                "`{folder}` has no `{TEST_BATCH}`; give a folder with CIFAR-10's binary files, or a batch file"
            )
            .into());
        }
        let batch = Batch::read(&file)?;
        let count = count.unwrap_or(batch.len());
        if count == 0 || count > batch.len() {
            return Err(format!(
                "`--count {count}`: `{}` has {} images; give 1 to that",
                file.display(),
                batch.len()
            )
            .into());
        }
        let (mut inputs, mut labels, mut hash) = (Vec::new(), Vec::new(), Sha256::new());
        for image in batch.images().take(count) {
            hash.update(&image.pixels);
            let label = image.label.expect("a batch's images have labels");
            if label >= network.settings.classes.len() {
                return Err(format!(
                    "`{}` has label {label}, the network {} classes; give images of the network's own classes",
                    file.display(),
                    network.settings.classes.len()
                )
                .into());
            }
            hash.update([label as u8]);
            inputs.push(image.normalised(&network.settings)?);
            labels.push(label);
        }
        let reference = classes(network, &inputs);
        let hash = hex(hash.finalize());
        Ok(Self { file, hash, inputs, labels, reference })
    }

    /// Share of images that the reference classifies as labelled.
    pub(crate) fn reference_accuracy(&self) -> f64 {
        let right = self.labels.iter().zip(&self.reference).filter(|(label, class)| label == class).count();
        right as f64 / self.labels.len() as f64
    }
}

fn classes(network: &Network, inputs: &[Vec<f64>]) -> Vec<usize> {
    let reference = Reference::new(&network.graph);
    let bar = progress::bar(inputs.len() as u64, "digital reference");
    let mut classes = Vec::with_capacity(inputs.len());
    for inputs in inputs.chunks(TOGETHER) {
        classes.extend(reference.run_all(inputs).iter().map(|logits| class(logits)));
        bar.inc(inputs.len() as u64);
    }
    bar.finish_and_clear();
    classes
}
