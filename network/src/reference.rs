//! The digital reference: a network's graph in plain `f64`, with no thought of circuits.
//!
//! It runs the graph itself (convolution, then batch norm by its formula, then the activation), never the folded
//! stages, so that it can bear witness against them.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::graph::{Act, BatchNorm, Conv, Graph, Linear, Node, Op, Shape};

/// Images that are computed side by side, so that each step is one vector instruction. Each image's own sums are
/// taken in the order that they have alone: its logits do not depend on the others.
pub(crate) const LANES: usize = 8;
/// Outputs, and pixels, that a pointwise convolution computes side by side.
const BLOCK: usize = 4;

/// One value of `L` images.
type Lanes<const L: usize> = [f64; L];

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
        let logits =
            |tensors: &[Vec<Lanes<LANES>>], lane| lane_of(tensors.last().map_or(&[], |t| t), lane).collect();
        self.map_lanes(images, logits)
    }

    /// Every node's output, `[C][H][W]`, in the order of the graph's nodes.
    ///
    /// # Panics
    /// As [`Reference::run`].
    pub fn trace(&self, image: &[f64]) -> Vec<Vec<f64>> {
        let mut tensors = self.tensors::<1>();
        self.fill(&mut tensors, &[image]);
        tensors.into_iter().map(Vec::into_flattened).collect()
    }

    /// Looks at every node's output for each image, on all cores; the results are in the order of the images.
    ///
    /// # Panics
    /// As [`Reference::run`].
    pub fn map_all<T: Send>(&self, images: &[Vec<f64>], look: impl Fn(&[Vec<f64>]) -> T + Sync) -> Vec<T> {
        self.map_lanes(images, |tensors, lane| {
            let of_image: Vec<Vec<f64>> = tensors.iter().map(|t| lane_of(t, lane).collect()).collect();
            look(&of_image)
        })
    }

    fn map_lanes<T: Send>(
        &self,
        images: &[Vec<f64>],
        look: impl Fn(&[Vec<Lanes<LANES>>], usize) -> T + Sync,
    ) -> Vec<T> {
        let several = |tensors: &mut Vec<Vec<Lanes<LANES>>>, images: &[Vec<f64>]| {
            // Idle lanes repeat the last image.
            let last = images.len() - 1;
            let lanes: [&[f64]; LANES] = std::array::from_fn(|lane| images[lane.min(last)].as_slice());
            self.fill(tensors, &lanes);
            (0..images.len()).map(|lane| look(tensors, lane)).collect::<Vec<_>>()
        };
        let found: Vec<_> = images.par_chunks(LANES).map_init(|| self.tensors(), several).collect();
        found.into_iter().flatten().collect()
    }

    fn tensors<const L: usize>(&self) -> Vec<Vec<Lanes<L>>> {
        self.graph.nodes().iter().map(|node| vec![[0.0; L]; node.shape.elements()]).collect()
    }

    fn fill<const L: usize>(&self, tensors: &mut [Vec<Lanes<L>>], images: &[&[f64]; L]) {
        Arch::new().dispatch(Fill { graph: self.graph, tensors, images });
    }
}

/// One lane's values.
fn lane_of<const L: usize>(values: &[Lanes<L>], lane: usize) -> impl Iterator<Item = f64> + '_ {
    values.iter().map(move |lanes| lanes[lane])
}

/// Computes every node's output.
struct Fill<'a, const L: usize> {
    graph: &'a Graph,
    tensors: &'a mut [Vec<Lanes<L>>],
    images: &'a [&'a [f64]; L],
}

impl<const L: usize> WithSimd for Fill<'_, L> {
    type Output = ();

    // The loops over lanes vectorise by themselves; the dispatch only says for which instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (index, node) in self.graph.nodes().iter().enumerate() {
            let (before, rest) = self.tensors.split_at_mut(index);
            compute(self.graph, node, self.images, before, &mut rest[0]);
        }
    }
}

/// One node's output from the outputs of the nodes before it.
#[inline(always)]
fn compute<const L: usize>(
    graph: &Graph,
    node: &Node,
    images: &[&[f64]; L],
    before: &[Vec<Lanes<L>>],
    y: &mut [Lanes<L>],
) {
    let x = |place: usize| before[node.inputs[place].index()].as_slice();
    match &node.op {
        Op::Input(shape) => load(*shape, images, y),
        Op::Conv(conv) => convolve(conv, graph[node.inputs[0]].shape, x(0), node.shape, y),
        Op::BatchNorm(norm) => batch_norm(norm, x(0), node.shape.plane(), y),
        Op::Activation(act) => activate(*act, x(0), y),
        Op::GlobalPool => pool(x(0), x(0).len() / y.len(), y),
        Op::Linear(linear) => multiply(linear, x(0), y),
        Op::Scale => scale(x(0), x(1), node.shape.plane(), y),
        Op::Add => add(x(0), x(1), y),
    }
}

#[inline(always)]
fn load<const L: usize>(shape: Shape, images: &[&[f64]; L], y: &mut [Lanes<L>]) {
    for (lane, image) in images.iter().enumerate() {
        assert_eq!(image.len(), shape.elements(), "the network takes a {shape} image");
        y.iter_mut().zip(*image).for_each(|(y, x)| y[lane] = *x);
    }
}

/// `y[o] = bias[o] + sum of w[o][i] * x[first(o) + i]`, the sum over channels and taps.
#[inline(always)]
pub(crate) fn convolve<const L: usize>(
    conv: &Conv,
    in_shape: Shape,
    x: &[Lanes<L>],
    out_shape: Shape,
    y: &mut [Lanes<L>],
) {
    let taps = conv.kernel * conv.kernel;
    let outs_per_group = conv.out / conv.groups;
    let blocks = out_shape.plane().is_multiple_of(BLOCK) && conv.out.is_multiple_of(BLOCK);
    if blocks && conv.groups == 1 && conv.kernel == 1 && conv.stride == 1 && conv.padding == 0 {
        return pointwise(conv, x, out_shape.plane(), y);
    }
    for (o, y) in y.chunks_exact_mut(out_shape.plane()).enumerate() {
        y.fill([conv.bias.as_ref().map_or(0.0, |bias| bias[o].into()); L]);
        let first = o / outs_per_group * conv.in_per_group;
        for i in 0..conv.in_per_group {
            let x = &x[(first + i) * in_shape.plane()..][..in_shape.plane()];
            let kernel = &conv.weight[(o * conv.in_per_group + i) * taps..][..taps];
            if conv.kernel == 1 && conv.stride == 1 && conv.padding == 0 {
                add_scaled(y, kernel[0].into(), x, 1);
            } else {
                add_correlation(conv, kernel, in_shape, x, out_shape, y);
            }
        }
    }
}

/// A 1 x 1 convolution, a block of outputs at a block of pixels at a time, whose sums stay in registers. They are added
/// up in the same order as elsewhere.
#[inline(always)]
fn pointwise<const L: usize>(conv: &Conv, x: &[Lanes<L>], plane: usize, y: &mut [Lanes<L>]) {
    let ins = conv.in_per_group;
    for (block, y) in y.chunks_exact_mut(BLOCK * plane).enumerate() {
        let outs: [usize; BLOCK] = std::array::from_fn(|o| block * BLOCK + o);
        let bias = outs.map(|o| conv.bias.as_ref().map_or(0.0, |bias| f64::from(bias[o])));
        let rows = outs.map(|o| &conv.weight[o * ins..][..ins]);
        for start in (0..plane).step_by(BLOCK) {
            let mut sums = bias.map(|bias| [[bias; L]; BLOCK]);
            for i in 0..ins {
                let x: &[Lanes<L>; BLOCK] = x[i * plane + start..].first_chunk().expect("whole blocks");
                for o in 0..BLOCK {
                    let weight = f64::from(rows[o][i]);
                    for pixel in 0..BLOCK {
                        for lane in 0..L {
                            sums[o][pixel][lane] += weight * x[pixel][lane];
                        }
                    }
                }
            }
            for (o, sums) in sums.iter().enumerate() {
                y[o * plane + start..][..BLOCK].copy_from_slice(sums);
            }
        }
    }
}

/// Adds one channel's part to one output plane; taps on the padding add nothing.
#[inline(always)]
fn add_correlation<const L: usize>(
    conv: &Conv,
    kernel: &[f32],
    in_shape: Shape,
    x: &[Lanes<L>],
    out_shape: Shape,
    y: &mut [Lanes<L>],
) {
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
                add_scaled(y, weight, x, stride);
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

/// `y += weight * x`, pixel by pixel; of `x` every `stride`th.
#[inline(always)]
fn add_scaled<const L: usize>(y: &mut [Lanes<L>], weight: f64, x: &[Lanes<L>], stride: usize) {
    for (y, x) in y.iter_mut().zip(x.iter().step_by(stride)) {
        for lane in 0..L {
            y[lane] += weight * x[lane];
        }
    }
}

#[inline(always)]
fn batch_norm<const L: usize>(norm: &BatchNorm, x: &[Lanes<L>], plane: usize, y: &mut [Lanes<L>]) {
    for (c, (x, y)) in x.chunks_exact(plane).zip(y.chunks_exact_mut(plane)).enumerate() {
        let [gamma, beta] = [norm.gamma[c], norm.beta[c]].map(f64::from);
        let [mean, var] = [norm.mean[c], norm.var[c]].map(f64::from);
        let deviation = (var + norm.eps).sqrt();
        y.iter_mut().zip(x).for_each(|(y, x)| *y = x.map(|x| gamma * ((x - mean) / deviation) + beta));
    }
}

#[inline(always)]
fn activate<const L: usize>(act: Act, x: &[Lanes<L>], y: &mut [Lanes<L>]) {
    let f = formula(act);
    y.iter_mut().zip(x).for_each(|(y, x)| *y = x.map(&f));
}

/// The activations of MobileNetV3 by formulas of the reference's own, the others by their definition.
fn formula(act: Act) -> impl Fn(f64) -> f64 {
    let gate = |x: f64| (x + 3.0).clamp(0.0, 6.0) / 6.0;
    move |x| {
        if act == Act::RELU {
            if x > 0.0 { x } else { 0.0 }
        } else if act == Act::HARD_SIGMOID {
            gate(x)
        } else if act == Act::HARD_SWISH {
            x * gate(x)
        } else {
            act.apply(x)
        }
    }
}

#[inline(always)]
fn pool<const L: usize>(x: &[Lanes<L>], plane: usize, y: &mut [Lanes<L>]) {
    for (y, x) in y.iter_mut().zip(x.chunks_exact(plane)) {
        let mut sum = [0.0; L];
        x.iter().for_each(|x| add_scaled(std::slice::from_mut(&mut sum), 1.0, std::slice::from_ref(x), 1));
        *y = sum.map(|sum| sum / plane as f64);
    }
}

#[inline(always)]
fn multiply<const L: usize>(linear: &Linear, x: &[Lanes<L>], y: &mut [Lanes<L>]) {
    for (o, (y, row)) in y.iter_mut().zip(linear.weight.chunks_exact(x.len())).enumerate() {
        let bias = linear.bias.as_ref().map_or(0.0, |bias| f64::from(bias[o]));
        let mut sum = [0.0; L];
        for (weight, x) in row.iter().zip(x) {
            add_scaled(std::slice::from_mut(&mut sum), f64::from(*weight), std::slice::from_ref(x), 1);
        }
        *y = sum.map(|sum| bias + sum);
    }
}

#[inline(always)]
fn scale<const L: usize>(frame: &[Lanes<L>], vector: &[Lanes<L>], plane: usize, y: &mut [Lanes<L>]) {
    for ((y, x), factor) in y.chunks_exact_mut(plane).zip(frame.chunks_exact(plane)).zip(vector) {
        y.iter_mut().zip(x).for_each(|(y, x)| *y = std::array::from_fn(|lane| x[lane] * factor[lane]));
    }
}

#[inline(always)]
fn add<const L: usize>(a: &[Lanes<L>], b: &[Lanes<L>], y: &mut [Lanes<L>]) {
    y.iter_mut().zip(a).zip(b).for_each(|((y, a), b)| *y = std::array::from_fn(|lane| a[lane] + b[lane]));
}
