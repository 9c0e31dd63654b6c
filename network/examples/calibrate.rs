//! Measures the ranges of the network in `models/` on a CIFAR-10 batch and prints them as JSON:
//!
//!     cargo run --release -p memloom-network --example calibrate -- WEIGHTS BATCH > RANGES

use std::{env, error::Error, path::Path};

use memloom_network::{Network, Ranges, cifar::Batch, sidecar::Hints, stage::stages};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [weights, batch] = arguments.as_slice() else {
        return Err("give two arguments: a safetensors file and a CIFAR-10 batch".into());
    };
    let network = Network::read(Path::new(weights), Hints::default())?;
    let batch_path = Path::new(batch);
    let images: Result<Vec<_>, _> =
        Batch::read(batch_path)?.images().map(|image| image.normalised(&network.settings)).collect();
    let source = batch_path.file_name().unwrap_or_default().to_string_lossy();
    let ranges = Ranges::measure(&network.graph, &stages(&network.graph)?, &images?, &source)?;
    print!("{}", ranges.to_json());
    Ok(())
}
