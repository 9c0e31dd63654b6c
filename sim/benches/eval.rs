//! Throughput of the embedded network as a circuit, in images per second of processor time.
//!
//! `cargo bench -p memloom-sim --bench eval -- [BATCH.bin [IMAGES]]`

use memloom_network::cifar::Batch;
use memloom_network::images::Image;
use memloom_network::lower::Circuit;
use memloom_network::plan::plan;
use memloom_network::sidecar::Hints;
use memloom_network::stage::stages;
use memloom_network::{Network, Ranges, embedded, technologies};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};
use rustix::time::{ClockId, clock_gettime};
use std::path::Path;

/// Seconds of processor time of all threads.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let count = args.get(1).map_or(512, |n| n.parse().expect("a number of images"));
    let (weights, ranges) = embedded();
    let network = Network::parse("embedded", weights, Hints::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    let ranges = Ranges::from_json(ranges, &stages).unwrap();
    let plan = plan(&stages, &ranges, &technologies::all()[0]).unwrap();
    let circuit = Circuit::new("bench", &stages, &plan).unwrap();
    let images: Vec<Image> = match args.first() {
        Some(path) => {
            let batch = Batch::read(Path::new(path)).unwrap();
            (0..count).map(|k| batch.image(k).unwrap()).collect()
        }
        None => {
            let variants = Image::test_pattern(network.settings.input).variants();
            (0..count).map(|k| variants[k % variants.len()].clone()).collect()
        }
    };
    let inputs: Vec<Vec<f64>> =
        images.iter().map(|image| image.normalised(&network.settings).unwrap()).collect();
    let first = &circuit.tensors[0];
    let signals = |k: usize| {
        let volts = inputs[k].iter().map(|x| circuit.v_ref() + first.signal.volts() * x).collect();
        Signals::from_iter([(first.net.clone(), Matrix::new(first.shape.channels, volts))])
    };
    let options = Options { ignore_rails: false, ..Options::default() };
    let start = cpu_seconds();
    let evaluator = Evaluator::new(&circuit.design, &options).unwrap();
    println!("compiled in {:.2} s", cpu_seconds() - start);
    let start = cpu_seconds();
    let batched = evaluator.batched(&signals(0)).unwrap();
    println!("batched in {:.2} s; exact blocks: {:?}", cpu_seconds() - start, batched.exact_blocks());
    let few = count.min(64);
    let start = cpu_seconds();
    let exact = evaluator.run_batch(few, signals).unwrap();
    println!("double precision: {:.1} images per CPU second", few as f64 / (cpu_seconds() - start));
    for _ in 0..3 {
        let start = cpu_seconds();
        let fast = batched.run(count, signals).unwrap();
        println!("batched: {:.1} images per CPU second", count as f64 / (cpu_seconds() - start));
        let mut worst: f64 = 0.0;
        for (fast, exact) in fast.iter().zip(&exact.outputs) {
            let (fast, exact) = (fast["logits"].values(), exact["logits"].values());
            let span = exact.iter().copied().fold(f64::MIN, f64::max)
                - exact.iter().copied().fold(f64::MAX, f64::min);
            let difference = fast.iter().zip(exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            worst = worst.max(difference / span);
        }
        println!("worst difference: {worst:.2e} of span");
    }
}
