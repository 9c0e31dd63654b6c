//! What several tests share: the network in `models/`, CIFAR-10, and state dicts made up on the spot.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

use std::{
    collections::HashMap,
    env,
    path::{Path, PathBuf},
};

use memloom_network::{Network, cifar::Batch, embedded, sidecar::Hints};
use safetensors::{Dtype, tensor::TensorView};

/// The network that comes with memloom.
pub fn small() -> Network {
    Network::parse("embedded", embedded().0, Hints::default()).unwrap()
}

/// The first images of a CIFAR-10 batch, normalised, with their labels.
pub fn cifar(file: &str, count: usize) -> (Vec<Vec<f64>>, Vec<usize>) {
    let path = cifar_path(file);
    let batch = Batch::read(&path).unwrap_or_else(|error| {
        panic!(
            "{error}; put CIFAR-10's `{file}` there, or name its folder in the environment's MEMLOOM_CIFAR10"
        )
    });
    let settings = small().settings;
    let images: Vec<_> = batch.images().take(count).collect();
    let labels = images.iter().map(|image| image.label.unwrap()).collect();
    (images.iter().map(|image| image.normalised(&settings).unwrap()).collect(), labels)
}

fn cifar_path(file: &str) -> PathBuf {
    match env::var_os("MEMLOOM_CIFAR10").map(PathBuf::from) {
        Some(path) if path.is_file() && path.ends_with(file) => path,
        Some(path) if path.is_file() => path.with_file_name(file),
        Some(folder) => folder.join(file),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cifar10").join(file),
    }
}

/// A block: kernel, expanded channels, output channels, squeezed channels (0 without squeeze-and-excitation).
pub type Row = (usize, usize, usize, usize);

/// A state dict in the making: names, shapes and values.
pub type StateDict = Vec<(String, Vec<usize>, Vec<f32>)>;

/// MobileNetV3 Large's blocks, from table 1 of its paper.
pub const LARGE: [Row; 15] = [
    (3, 16, 16, 0),
    (3, 64, 24, 0),
    (3, 72, 24, 0),
    (5, 72, 40, 24),
    (5, 120, 40, 32),
    (5, 120, 40, 32),
    (3, 240, 80, 0),
    (3, 200, 80, 0),
    (3, 184, 80, 0),
    (3, 184, 80, 0),
    (3, 480, 112, 120),
    (3, 672, 112, 168),
    (5, 672, 160, 168),
    (5, 960, 160, 240),
    (5, 960, 160, 240),
];

/// A MobileNetV3 Small of a few thousand weights; its widths are nobody's.
pub const TINY: [Row; 11] = [
    (3, 4, 4, 2),
    (3, 6, 3, 0),
    (3, 5, 3, 0),
    (5, 6, 4, 2),
    (5, 8, 4, 3),
    (5, 8, 4, 3),
    (3, 6, 5, 2),
    (5, 7, 5, 2),
    (5, 9, 6, 2),
    (3, 8, 6, 2),
    (1, 8, 6, 2),
];

/// A state dict of torchvision's names with made-up values; the channel counts follow the rows.
pub fn state_dict(rows: &[Row], stem: usize, last: usize, hidden: usize, classes: usize) -> StateDict {
    let mut dict = Dict::default();
    dict.normed("features.0", stem, &[stem, 3, 3, 3]);
    let mut input = stem;
    for (index, &(kernel, wide, out, squeezed)) in rows.iter().enumerate() {
        let mut place = 0;
        let mut next = || {
            place += 1;
            format!("features.{}.block.{}", index + 1, place - 1)
        };
        if wide != input {
            dict.normed(&next(), wide, &[wide, input, 1, 1]);
        }
        dict.normed(&next(), wide, &[wide, 1, kernel, kernel]);
        if squeezed > 0 {
            let se = next();
            dict.biased(&format!("{se}.fc1"), &[squeezed, wide, 1, 1]);
            dict.biased(&format!("{se}.fc2"), &[wide, squeezed, 1, 1]);
        }
        dict.normed(&next(), out, &[out, wide, 1, 1]);
        input = out;
    }
    dict.normed(&format!("features.{}", rows.len() + 1), last, &[last, input, 1, 1]);
    dict.biased("classifier.0", &[hidden, last]);
    dict.biased("classifier.3", &[classes, hidden]);
    dict.tensors
}

/// The tiny network's state dict.
pub fn tiny() -> StateDict {
    state_dict(&TINY, 4, 7, 9, 3)
}

/// Metadata for an image of that shape at stem and first-block stride 1.
pub fn metadata(input: &str) -> Vec<(&'static str, String)> {
    vec![("input", input.to_owned()), ("stem_stride", "1".to_owned()), ("first_block_stride", "1".to_owned())]
}

/// The bytes of a safetensors file of 32-bit floats.
pub fn safetensors(dict: &StateDict, metadata: &[(&str, String)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> =
        dict.iter().map(|(_, _, x)| x.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let view = |((name, shape, _), bytes): (&(String, Vec<usize>, Vec<f32>), _)| {
        (name.clone(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    };
    let views = dict.iter().zip(bytes.iter().map(Vec::as_slice)).map(view);
    let metadata: HashMap<_, _> =
        metadata.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    safetensors::serialize(views, Some(metadata)).unwrap()
}

/// Numbers in -1 to 1 that are always the same: a multiplicative generator modulo 2^64 (Steele and Vigna, 2021).
pub struct Noise(pub u64);

impl Noise {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

struct Dict {
    tensors: StateDict,
    noise: Noise,
}

impl Default for Dict {
    fn default() -> Self {
        Self { tensors: Vec::new(), noise: Noise(1) }
    }
}

impl Dict {
    fn tensor(&mut self, name: String, shape: &[usize], value: impl Fn(f64) -> f64) {
        let values = (0..shape.iter().product()).map(|_| value(self.noise.next()) as f32).collect();
        self.tensors.push((name, shape.to_vec(), values));
    }

    fn biased(&mut self, tensor: &str, shape: &[usize]) {
        self.tensor(format!("{tensor}.weight"), shape, |x| x);
        self.tensor(format!("{tensor}.bias"), &shape[..1], |x| x);
    }

    fn normed(&mut self, tensor: &str, out: usize, shape: &[usize]) {
        self.tensor(format!("{tensor}.0.weight"), shape, |x| x);
        self.tensor(format!("{tensor}.1.weight"), &[out], |x| x);
        self.tensor(format!("{tensor}.1.bias"), &[out], |x| x);
        self.tensor(format!("{tensor}.1.running_mean"), &[out], |x| x);
        self.tensor(format!("{tensor}.1.running_var"), &[out], |x| 1.0 + x);
    }
}
