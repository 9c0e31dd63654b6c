//! Throughput of the embedded network as a circuit beside ONNX Runtime on the same weights: images per second of
//! processor time, which other jobs on the machine disturb less than the clock on the wall.
//!
//! `cargo bench -p memloom-sim --bench eval -- [BATCH.bin [IMAGES]]`; `scripts/peers` installs ONNX Runtime.

use memloom::ir::Parasitics;
use memloom::units::Ohms;
use memloom_network::cifar::Batch;
use memloom_network::images::Image;
use memloom_network::lower::Circuit;
use memloom_network::plan::plan;
use memloom_network::sidecar::Hints;
use memloom_network::stage::stages;
use memloom_network::{Network, Ranges, Reference, embedded, technologies};
use memloom_sim::chip::{Chip, NonIdealities, ProgrammingError, ReadNoise};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};
use rustix::time::{ClockId, clock_gettime};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Images in one run of ONNX Runtime: of 1, 16, 64 and 256, the one it is fastest with here.
const PEER_BATCH: usize = 16;

/// Seconds of processor time of all threads.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

struct Bench {
    network: Network,
    circuit: Circuit,
    /// Normalised images.
    inputs: Vec<Vec<f64>>,
}

impl Bench {
    /// The embedded network with wire segments of `r_wire` ohm, and `count` images of `batch`, or of test patterns.
    fn new(batch: Option<&str>, count: usize, r_wire: f64) -> Self {
        let (weights, ranges) = embedded();
        let network = Network::parse("embedded", weights, Hints::default()).unwrap();
        let stages = stages(&network.graph).unwrap();
        let ranges = Ranges::from_json(ranges, &stages).unwrap();
        let mut technology = technologies::all().swap_remove(0);
        technology.parasitics = Parasitics::wires(Ohms::new(r_wire));
        let plan = plan(&stages, &ranges, &technology).unwrap();
        let circuit = Circuit::new("bench", &stages, &plan).unwrap();
        let images: Vec<Image> = match batch {
            Some(path) => {
                let batch = Batch::read(Path::new(path)).unwrap();
                (0..count).map(|k| batch.image(k).unwrap()).collect()
            }
            None => {
                let variants = Image::test_pattern(network.settings.input).variants();
                (0..count).map(|k| variants[k % variants.len()].clone()).collect()
            }
        };
        let inputs = images.iter().map(|image| image.normalised(&network.settings).unwrap()).collect();
        Self { network, circuit, inputs }
    }

    fn signals(&self, k: usize) -> Signals {
        let first = &self.circuit.tensors[0];
        let (v_ref, scale) = (self.circuit.v_ref(), first.signal.volts());
        let volts = self.inputs[k].iter().map(|x| v_ref + scale * x).collect();
        Signals::from_iter([(first.net.clone(), Matrix::new(first.shape.channels, volts))])
    }

    fn logits(&self, outputs: &Signals) -> Vec<f64> {
        let last = self.circuit.tensors.last().unwrap();
        let (v_ref, scale) = (self.circuit.v_ref(), last.signal.volts());
        outputs[&last.net].values().iter().map(|v| (v - v_ref) / scale).collect()
    }

    /// Evaluates all images on one chip; images per second of processor time.
    fn circuit(&self, what: &str, spec: NonIdealities) -> f64 {
        let chip = Chip::new(spec).unwrap();
        let start = cpu_seconds();
        let evaluator = Evaluator::on_chip(&self.circuit.design, &chip, &Options::default()).unwrap();
        let batched = evaluator.batched(&self.signals(0)).unwrap();
        let compiled = cpu_seconds() - start;
        assert!(batched.exact_blocks().is_empty(), "every block has a batched form");
        let few = self.inputs.len().min(200);
        let start = cpu_seconds();
        let exact = evaluator.run_batch(few, |k| self.signals(k)).unwrap();
        let of_exact = few as f64 / (cpu_seconds() - start);
        let start = cpu_seconds();
        let outputs = batched.run(0..self.inputs.len(), |k| self.signals(k)).unwrap();
        let speed = self.inputs.len() as f64 / (cpu_seconds() - start);
        let logits: Vec<_> = outputs.iter().map(|outputs| self.logits(outputs)).collect();
        let exact: Vec<_> = exact.outputs.iter().map(|outputs| self.logits(outputs)).collect();
        println!(
            "{what}: compiled in {compiled:.2} s, {speed:.0} images/s in single precision, {of_exact:.0} in double, \
             {}",
            compare(&logits, &exact)
        );
        speed
    }

    /// The same images in ONNX Runtime; `None` if it is not installed.
    fn onnx_runtime(&self) -> Option<f64> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
        let python = root.join(".tools/peers/bin/python3");
        if !python.exists() {
            println!("ONNX Runtime: not installed; run scripts/peers");
            return None;
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let values = self.inputs.iter().flatten().flat_map(|x| (*x as f32).to_le_bytes());
        file.write_all(&values.collect::<Vec<_>>()).unwrap();
        let output = Command::new(python)
            .arg(root.join("sim/benches/eval_onnxruntime.py"))
            .arg(root.join("models/mobilenet_v3_small_cifar10.safetensors"))
            .arg(PathBuf::from(file.path()))
            .args([self.inputs.len(), PEER_BATCH, rayon::current_num_threads()].map(|n| n.to_string()))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let logits: Vec<Vec<f64>> = serde_json::from_value(found["logits"].clone()).unwrap();
        let few = self.inputs.len().min(200);
        let reference = Reference::new(&self.network.graph).run_all(&self.inputs[..few]);
        let speed = found["images_per_cpu_second"].as_f64()?;
        println!("ONNX Runtime: {speed:.0} images/s; against the reference {}", compare(&logits, &reference));
        Some(speed)
    }
}

/// Classes and the largest difference over the span of the logits, of as many images as both have.
fn compare(logits: &[Vec<f64>], exact: &[Vec<f64>]) -> String {
    let class = |logits: &[f64]| (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
    let (mut worst, mut same) = (0.0_f64, 0);
    for (a, b) in logits.iter().zip(exact) {
        let (low, high) = b.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        let difference = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        worst = worst.max(difference / (high - low));
        same += usize::from(class(a) == class(b));
    }
    format!("{same} of {} classes equal, worst logit off by {worst:.1e} of the span", exact.len())
}

fn programming(sigma: f64) -> NonIdealities {
    NonIdealities {
        programming_error: Some(ProgrammingError::Relative { sigma }),
        ..NonIdealities::default()
    }
}

/// What `memloom eval --realistic` has, but for wires and for the trim, which is done before images are seen: what that
/// leaves of the offsets.
fn realistic() -> NonIdealities {
    NonIdealities { offset_sigma: 1e-4, trim: None, ..NonIdealities::realistic() }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let count = args.get(1).map_or(512, |n| n.parse().expect("a number of images"));
    let bench = Bench::new(args.first().map(String::as_str), count, 0.0);
    println!("{count} images, {} threads; images per second of processor time", rayon::current_num_threads());
    let chips = [
        ("ideal op-amps", NonIdealities { gain: Some(f64::INFINITY), ..NonIdealities::default() }),
        ("as declared", NonIdealities::default()),
        ("5 % programming error", programming(0.05)),
        (
            "and noise of op-amps and resistors",
            NonIdealities { noise_density: Some(1e-8), ..programming(0.05) },
        ),
        (
            "read noise",
            NonIdealities { read_noise: Some(ReadNoise::Relative { sigma: 0.02 }), ..programming(0.05) },
        ),
    ];
    let mut speeds: Vec<_> =
        chips.into_iter().map(|(what, spec)| (what, bench.circuit(what, spec))).collect();
    let wired = Bench::new(args.first().map(String::as_str), count, NonIdealities::REALISTIC_WIRE);
    speeds.push(("wires of 1 ohm", wired.circuit("wires of 1 ohm", programming(0.05))));
    speeds.push(("all of a realistic chip", wired.circuit("all of a realistic chip", realistic())));
    if let Some(peer) = bench.onnx_runtime() {
        for (what, speed) in speeds {
            println!("{what}: {:.2} of ONNX Runtime", speed / peer);
        }
    }
}
