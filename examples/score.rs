//! A network scored as a circuit by the library: what `memloom eval` prints, in a few lines.
//!
//!     cargo run --release -p memloom-examples --example score -- test_batch.bin

use memloom_flow::{Flow, Result, class, technologies};
use memloom_network::cifar::Batch;
use std::path::Path;

/// Share of the first `count` images of a CIFAR-10 batch that the embedded network's circuit classifies as labelled.
pub(crate) fn accuracy(batch: &Path, count: usize) -> Result<f64> {
    let circuit = Flow::embedded()?.plan(&technologies::default())?.lower()?;
    let settings = &circuit.source.network.settings;
    let images: Vec<_> = Batch::read(batch)?.images().take(count).collect();
    let inputs: std::result::Result<Vec<_>, _> = images.iter().map(|i| i.normalised(settings)).collect();
    let logits = circuit.compile()?.logits(&inputs?)?;
    let correct = images.iter().zip(&logits).filter(|(image, logits)| image.label == Some(class(logits)));
    Ok(correct.count() as f64 / images.len() as f64)
}

#[allow(dead_code, reason = "the command's tests take the function above alone")]
fn main() -> Result<()> {
    let batch = std::env::args().nth(1).ok_or("name a CIFAR-10 batch: `score test_batch.bin`")?;
    let accuracy = accuracy(Path::new(&batch), 1000)?;
    println!("{:.2} % of its first 1000 images", 100.0 * accuracy);
    Ok(())
}
