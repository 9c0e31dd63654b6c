//! Networks of MobileNetV3's parts in any proportion, and the technologies they are built in.

use memloom::technology::SignScheme;
use memloom_network::graph::{Act, BatchNorm, Conv, Graph, GraphError, Linear, NodeId, Op, Shape};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a network is made of, and how it is built.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    /// Rows and columns of the image.
    pub(crate) frame: (usize, usize),
    pub(crate) channels: usize,
    pub(crate) stem: Kernel,
    pub(crate) width: usize,
    pub(crate) blocks: Vec<Block>,
    pub(crate) hidden: usize,
    pub(crate) classes: usize,
    /// Weights of a hundred that are zero.
    pub(crate) zeros: u32,
    pub(crate) tile: (u32, u32),
    pub(crate) scheme: SignScheme,
    /// Resistance of a wire segment, ohm.
    pub(crate) r_wire: f64,
    /// Whether feedback makes up for a finite gain; else op-amps are ideal.
    pub(crate) compensated: bool,
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Kernel {
    pub(crate) size: usize,
    pub(crate) stride: usize,
    /// What the padding lacks of the usual half of the kernel.
    pub(crate) bare: usize,
}

/// An inverted residual: expand, depthwise, squeeze-and-excitation, project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    pub(crate) kernel: Kernel,
    pub(crate) wide: usize,
    pub(crate) out: usize,
    /// Channels between the two layers of squeeze-and-excitation; 0 without.
    pub(crate) squeezed: usize,
    /// Whether its input is added where the shapes allow it; the output is then as wide as the input.
    pub(crate) residual: bool,
    pub(crate) act: Act,
}

fn kernels() -> impl Strategy<Value = Kernel> {
    let (sizes, strides) =
        (prop::sample::select(vec![1, 3, 5]), prop_oneof![4 => 1..=2usize, 1 => 3..=9usize]);
    (sizes, strides, prop_oneof![8 => Just(0), 1 => 1..=2usize]).prop_map(|(size, stride, bare)| Kernel {
        size,
        stride,
        bare,
    })
}

fn blocks() -> impl Strategy<Value = Block> {
    let squeezed = prop_oneof![Just(0), 1..=4usize];
    let act = prop_oneof![Just(Act::RELU), Just(Act::HARD_SWISH)];
    (kernels(), 1..=8usize, 1..=8usize, squeezed, any::<bool>(), act).prop_map(
        |(kernel, wide, out, squeezed, residual, act)| Block { kernel, wide, out, squeezed, residual, act },
    )
}

/// Any recipe.
pub(crate) fn recipes() -> impl Strategy<Value = Recipe> {
    let image = ((1..=9usize, 1..=9usize), 1..=3usize);
    let body = (kernels(), 1..=8usize, prop::collection::vec(blocks(), 0..=3));
    let head = (1..=8usize, 1..=5usize, prop_oneof![3 => Just(0u32), 1 => 1..=60u32]);
    let tile = prop_oneof![4 => (2..=8u32, 2..=8u32), 1 => (1..=8u32, 1..=8u32)];
    let built =
        (tile, prop::sample::select(SignScheme::ALL.to_vec()), prop::sample::select(vec![0.0, 0.0, 1.0]));
    (image, body, head, built, any::<bool>(), any::<u64>()).prop_map(
        |((frame, channels), (stem, width, blocks), (hidden, classes, zeros), built, compensated, seed)| {
            Recipe {
                frame,
                channels,
                stem,
                width,
                blocks,
                hidden,
                classes,
                zeros,
                tile: built.0,
                scheme: built.1,
                r_wire: built.2,
                compensated,
                seed,
            }
        },
    )
}

impl Recipe {
    /// The network, with weights that the seed makes up.
    pub(crate) fn graph(&self) -> Result<Graph, GraphError> {
        let random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut maker = Maker { graph: Graph::default(), random, zeros: self.zeros };
        let (height, width) = self.frame;
        let input = Op::Input(Shape::new(self.channels, height, width));
        let mut x = maker.graph.push("input", "", input, &[])?;
        x = maker.normed("stem", self.stem, (self.width, 1), Some(Act::HARD_SWISH), x)?;
        for (index, block) in self.blocks.iter().enumerate() {
            x = maker.block(&format!("b{index}"), *block, x)?;
        }
        x = maker.graph.push("gap", "", Op::GlobalPool, &[x])?;
        x = maker.linear("fc1", self.hidden, x)?;
        x = maker.graph.push("fc1.act", "", Op::Activation(Act::HARD_SWISH), &[x])?;
        maker.linear("fc2", self.classes, x)?;
        Ok(maker.graph)
    }

    /// Images that the seed makes up, `[C][H][W]`.
    pub(crate) fn images(&self, count: usize) -> Vec<Vec<f64>> {
        let mut random = ChaCha8Rng::seed_from_u64(!self.seed);
        let elements = self.channels * self.frame.0 * self.frame.1;
        (0..count).map(|_| (0..elements).map(|_| random.random_range(-2.0..2.0)).collect()).collect()
    }
}

struct Maker {
    graph: Graph,
    random: ChaCha8Rng,
    zeros: u32,
}

impl Maker {
    fn block(&mut self, name: &str, block: Block, input: NodeId) -> Result<NodeId, GraphError> {
        let Block { wide, squeezed, act, .. } = block;
        let shape = self.graph[input].shape;
        let out = if block.residual { shape.channels } else { block.out };
        let mut x = input;
        if wide != shape.channels {
            x = self.normed(&format!("{name}.expand"), POINTWISE, (wide, 1), Some(act), x)?;
        }
        x = self.normed(&format!("{name}.dw"), block.kernel, (wide, wide), Some(act), x)?;
        if squeezed > 0 {
            x = self.squeeze_excite(&format!("{name}.se"), squeezed, x)?;
        }
        x = self.normed(&format!("{name}.project"), POINTWISE, (out, 1), None, x)?;
        if block.residual && self.graph[x].shape == shape {
            x = self.graph.push(&format!("{name}.add"), "", Op::Add, &[x, input])?;
        }
        Ok(x)
    }

    fn squeeze_excite(&mut self, name: &str, squeezed: usize, frame: NodeId) -> Result<NodeId, GraphError> {
        let wide = self.graph[frame].shape.channels;
        let mut x = self.graph.push(&format!("{name}.gap"), "", Op::GlobalPool, &[frame])?;
        for (layer, out, act) in [("fc1", squeezed, Act::RELU), ("fc2", wide, Act::HARD_SIGMOID)] {
            x = self.conv(&format!("{name}.{layer}"), POINTWISE, (out, 1), true, x)?;
            x = self.graph.push(&format!("{name}.{layer}.act"), "", Op::Activation(act), &[x])?;
        }
        self.graph.push(&format!("{name}.mul"), "", Op::Scale, &[frame, x])
    }

    /// A convolution, batch norm, an activation; `sizes` are output channels and groups.
    fn normed(
        &mut self,
        name: &str,
        kernel: Kernel,
        sizes: (usize, usize),
        act: Option<Act>,
        input: NodeId,
    ) -> Result<NodeId, GraphError> {
        let x = self.conv(name, kernel, sizes, false, input)?;
        let norm = BatchNorm {
            gamma: self.values(sizes.0, 1.0).into(),
            // Most layers wake up, at least for some image.
            beta: self.values(sizes.0, 0.5).iter().map(|beta| beta + 0.3).collect(),
            mean: self.values(sizes.0, 0.2).into(),
            var: (0..sizes.0).map(|_| self.random.random_range(0.5..1.5)).collect(),
            eps: 1e-3,
        };
        let x = self.graph.push(&format!("{name}.bn"), "", Op::BatchNorm(norm), &[x])?;
        let Some(act) = act else { return Ok(x) };
        self.graph.push(&format!("{name}.act"), "", Op::Activation(act), &[x])
    }

    fn conv(
        &mut self,
        name: &str,
        Kernel { size, stride, bare }: Kernel,
        (out, groups): (usize, usize),
        biased: bool,
        input: NodeId,
    ) -> Result<NodeId, GraphError> {
        let in_per_group = self.graph[input].shape.channels / groups;
        let taps = in_per_group * size * size;
        let conv = Conv {
            out,
            in_per_group,
            kernel: size,
            stride,
            padding: (size / 2).saturating_sub(bare),
            groups,
            weight: self.values(out * taps, 2.0 / (taps as f32).sqrt()).into(),
            bias: biased.then(|| self.values(out, 0.5).into()),
        };
        self.graph.push(name, "", Op::Conv(conv), &[input])
    }

    fn linear(&mut self, name: &str, out: usize, input: NodeId) -> Result<NodeId, GraphError> {
        let inputs = self.graph[input].shape.channels;
        let weight = self.values(out * inputs, 2.0 / (inputs as f32).sqrt()).into();
        let bias = Some(self.values(out, 0.5).into());
        self.graph.push(name, "", Op::Linear(Linear { out, weight, bias }), &[input])
    }

    /// Values within `reach`, some of them zero.
    fn values(&mut self, count: usize, reach: f32) -> Vec<f32> {
        let value = |_| {
            let value = self.random.random_range(-reach..reach);
            if self.random.random_range(0..100) < self.zeros { 0.0 } else { value }
        };
        (0..count).map(value).collect()
    }
}

const POINTWISE: Kernel = Kernel { size: 1, stride: 1, bare: 0 };
