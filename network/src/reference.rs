//! The digital reference: a network's graph in plain `f64`, with no thought of circuits.
//!
//! It runs the graph itself (convolution, then batch norm by its formula, then the activation), never the folded
//! stages, so that it can bear witness against them.

use rayon::prelude::*;

use crate::graph::{Act, BatchNorm, Conv, Graph, Linear, Node, Op, Shape};

/// Runs a graph on images.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'g> {
    graph: &'g Graph,
}

impl<'g> Reference<'g> {
    /// A reference for that graph.
    pub const fn new(graph: &'g Graph) -> Self {
        Self { graph }
    }

    /// The logits of one image, normalised, `[C][H][W]`.
    ///
    /// # Panics
    /// Where the image's length is not that of the graph's input.
    pub fn run(&self, image: &[f64]) -> Vec<f64> {
        self.trace(image).pop().unwrap_or_default()
    }

    /// The logits of many images, in their order, on all cores.
    ///
    /// # Panics
    /// As [`Reference::run`].
    pub fn run_all(&self, images: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let logits = |tensors: &[Vec<f64>]| tensors.last().cloned().unwrap_or_default();
        self.map_all(images, logits)
    }

    /// Every node's output, `[C][H][W]`, in the order of the graph's nodes.
    ///
    /// # Panics
    /// As [`Reference::run`].
    pub fn trace(&self, image: &[f64]) -> Vec<Vec<f64>> {
        let mut tensors = self.tensors();
        self.fill(&mut tensors, image);
        tensors
    }

    /// Looks at every node's output for each image, on all cores; the results are in the order of the images.
    ///
    /// # Panics
    /// As [`Reference::run`].
    pub fn map_all<T: Send>(&self, images: &[Vec<f64>], look: impl Fn(&[Vec<f64>]) -> T + Sync) -> Vec<T> {
        let one = |tensors: &mut Vec<Vec<f64>>, image: &Vec<f64>| {
            self.fill(tensors, image);
            look(tensors)
        };
        images.par_iter().map_init(|| self.tensors(), one).collect()
    }

    fn tensors(&self) -> Vec<Vec<f64>> {
        self.graph.nodes().iter().map(|node| vec![0.0; node.shape.elements()]).collect()
    }

    fn fill(&self, tensors: &mut [Vec<f64>], image: &[f64]) {
        for (index, node) in self.graph.nodes().iter().enumerate() {
            let (before, rest) = tensors.split_at_mut(index);
            self.compute(node, image, before, &mut rest[0]);
        }
    }

    /// One node's output from the outputs of the nodes before it.
    fn compute(&self, node: &Node, image: &[f64], before: &[Vec<f64>], y: &mut [f64]) {
        let x = |place: usize| before[node.inputs[place].index()].as_slice();
        match &node.op {
            Op::Input(shape) => {
                assert_eq!(image.len(), shape.elements(), "the network takes a {shape} image");
                y.copy_from_slice(image);
            }
            Op::Conv(conv) => convolve(conv, self.graph[node.inputs[0]].shape, x(0), node.shape, y),
            Op::BatchNorm(norm) => batch_norm(norm, x(0), node.shape.plane(), y),
            Op::Activation(act) => activate(*act, x(0), y),
            Op::GlobalPool => pool(x(0), x(0).len() / y.len(), y),
            Op::Linear(linear) => multiply(linear, x(0), y),
            Op::Scale => scale(x(0), x(1), node.shape.plane(), y),
            Op::Add => y.iter_mut().zip(x(0)).zip(x(1)).for_each(|((y, a), b)| *y = a + b),
        }
    }
}

/// `y[o] = bias[o] + sum of w[o][i] * x[first(o) + i]`, the sum over channels and taps.
pub(crate) fn convolve(conv: &Conv, in_shape: Shape, x: &[f64], out_shape: Shape, y: &mut [f64]) {
    let taps = conv.kernel * conv.kernel;
    let outs_per_group = conv.out / conv.groups;
    for (o, y) in y.chunks_exact_mut(out_shape.plane()).enumerate() {
        y.fill(conv.bias.as_ref().map_or(0.0, |bias| bias[o].into()));
        let first = o / outs_per_group * conv.in_per_group;
        for i in 0..conv.in_per_group {
            let x = &x[(first + i) * in_shape.plane()..][..in_shape.plane()];
            let kernel = &conv.weight[(o * conv.in_per_group + i) * taps..][..taps];
            if conv.kernel == 1 && conv.stride == 1 && conv.padding == 0 {
                add_scaled(y, kernel[0].into(), x);
            } else {
                add_correlation(conv, kernel, in_shape, x, out_shape, y);
            }
        }
    }
}

/// Adds one channel's part to one output plane; taps on the padding add nothing.
fn add_correlation(conv: &Conv, kernel: &[f32], in_shape: Shape, x: &[f64], out_shape: Shape, y: &mut [f64]) {
    let Conv { kernel: size, stride, padding, .. } = *conv;
    for ky in 0..size {
        let rows = inside(ky, stride, padding, in_shape.height, out_shape.height);
        for kx in 0..size {
            let weight = f64::from(kernel[ky * size + kx]);
            let columns = inside(kx, stride, padding, in_shape.width, out_shape.width);
            if columns.is_empty() {
                continue;
            }
            let first = columns.start * stride + kx - padding;
            for row in rows.clone() {
                let x = &x[(row * stride + ky - padding) * in_shape.width + first..];
                let y = &mut y[row * out_shape.width..][columns.clone()];
                if stride == 1 {
                    add_scaled(y, weight, x);
                } else {
                    y.iter_mut().zip(x.iter().step_by(stride)).for_each(|(y, x)| *y += weight * x);
                }
            }
        }
    }
}

/// The outputs (of one direction) whose tap `k` falls on a real pixel: `0 <= out * stride + k - padding < length`.
fn inside(k: usize, stride: usize, padding: usize, length: usize, outputs: usize) -> std::ops::Range<usize> {
    let start = padding.saturating_sub(k).div_ceil(stride);
    let end = (length + padding).saturating_sub(k).div_ceil(stride).min(outputs);
    start..end.max(start)
}

/// `y += weight * x`, element by element.
fn add_scaled(y: &mut [f64], weight: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += weight * x);
}

fn batch_norm(norm: &BatchNorm, x: &[f64], plane: usize, y: &mut [f64]) {
    for (c, (x, y)) in x.chunks_exact(plane).zip(y.chunks_exact_mut(plane)).enumerate() {
        let [gamma, beta] = [norm.gamma[c], norm.beta[c]].map(f64::from);
        let [mean, var] = [norm.mean[c], norm.var[c]].map(f64::from);
        let deviation = (var + norm.eps).sqrt();
        y.iter_mut().zip(x).for_each(|(y, x)| *y = gamma * ((x - mean) / deviation) + beta);
    }
}

fn activate(act: Act, x: &[f64], y: &mut [f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = act.apply(*x));
}

fn pool(x: &[f64], plane: usize, y: &mut [f64]) {
    y.iter_mut().zip(x.chunks_exact(plane)).for_each(|(y, x)| *y = x.iter().sum::<f64>() / plane as f64);
}

fn multiply(linear: &Linear, x: &[f64], y: &mut [f64]) {
    for (o, (y, row)) in y.iter_mut().zip(linear.weight.chunks_exact(x.len())).enumerate() {
        let bias = linear.bias.as_ref().map_or(0.0, |bias| bias[o].into());
        *y = bias + row.iter().zip(x).map(|(weight, x)| f64::from(*weight) * x).sum::<f64>();
    }
}

fn scale(frame: &[f64], vector: &[f64], plane: usize, y: &mut [f64]) {
    for ((y, x), factor) in y.chunks_exact_mut(plane).zip(frame.chunks_exact(plane)).zip(vector) {
        y.iter_mut().zip(x).for_each(|(y, x)| *y = x * factor);
    }
}
