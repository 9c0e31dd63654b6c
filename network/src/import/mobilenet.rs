//! A MobileNetV3 as a graph.
//!
//! Widths, kernels, squeeze-and-excitation and the class count are read from the tensors. What they cannot tell, each
//! block's stride and activation, comes from the tables in [`arch`](crate::arch).

use std::sync::Arc;

use super::{Naming, Normed};
use crate::{
    arch::Block,
    graph::{Act, BatchNorm, Conv, Graph, GraphError, Linear, NodeId, Op},
    sidecar::Settings,
    weights::{Weights, WeightsError, WeightsProblem},
};

/// Weights that are not those of a MobileNetV3.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// Neither Small nor Large.
    #[error(
        "weights file `{file}` is not a torchvision or timm MobileNetV3: expected exactly one of the tensors \
         `features.12.0.weight` (torchvision, small), `features.16.0.weight` (large), `blocks.5.0.conv.weight` (timm, \
         small) and `blocks.6.0.conv.weight` (large); export the state dict of one. Found {found}"
    )]
    Arch {
        /// The file.
        file: String,
        /// What it has instead.
        found: String,
    },
    /// A block that is not an inverted residual.
    #[error(
        "weights file `{file}`: block `{block}` has the layers {found}, which is no inverted residual; expected \
         an optional expansion, a depthwise convolution, an optional squeeze-and-excitation and a projection"
    )]
    Block {
        /// The file.
        file: String,
        /// The block, as the file calls it.
        block: String,
        /// Its layers as found.
        found: String,
    },
    /// A network with ReLU throughout.
    #[error(
        "weights file `{file}`: no block has squeeze-and-excitation (`.se.`), as in timm's `minimal` networks, which have \
         ReLU in place of hard swish; give a MobileNetV3 with it"
    )]
    Minimal {
        /// The file.
        file: String,
    },
    /// A tensor is missing, of another shape or unknown.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A layer does not fit its neighbours.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// A layer of a block, by what its tensors are called.
pub(crate) enum Layer {
    Expand(Normed),
    Depthwise(Normed),
    SqueezeExcite { squeeze: String, excite: String },
    Project(Normed),
}

/// How many logits the last layer yields.
///
/// # Errors
/// Where its weights are missing or no matrix.
pub(crate) fn outputs(names: &dyn Naming, weights: &Weights) -> Result<usize, ModelError> {
    let [_, last] = names.linears();
    Ok(weights.clone().take(&format!("{last}.weight"), &[None, None])?.shape[0])
}

/// Builds the graph, and takes every tensor of the file.
///
/// # Errors
/// Where a tensor is missing, of the wrong shape or unknown, or a block is not an inverted residual.
pub(crate) fn build(names: &dyn Naming, weights: Weights, settings: &Settings) -> Result<Graph, ModelError> {
    names.check(&weights)?;
    let arch = settings.arch;
    let mut builder = Builder { graph: Graph::default(), weights, eps: settings.bn_eps };
    let input = builder.graph.push("input", "", Op::Input(settings.input), &[])?;
    let stem = Geometry { stride: settings.stem_stride, depthwise: false };
    let mut x = builder.normed("stem", &names.stem(), stem, Some(Act::HARD_SWISH), input)?;
    for (index, table) in arch.blocks().iter().enumerate() {
        let input = x;
        let stride = if index == 0 { settings.first_block_stride } else { table.stride };
        let layers = names.block(arch, index, &builder.weights)?;
        x = builder.bottleneck(index, &layers, Block { stride, ..*table }, input)?;
        // The residual is settled by the table when the block is built: changing the stride of the built convolution
        // afterwards, as is usual for small images, does not bring a residual into being.
        let rule = table.stride == 1 && stride == 1 && builder.channels(input) == builder.channels(x);
        let said = settings.first_block_residual.filter(|_| index == 0);
        if said.unwrap_or(rule) {
            x = builder.graph.push(&format!("b{index}.add"), "", Op::Add, &[x, input])?;
        }
    }
    x = builder.normed("last", &names.last(arch), POINTWISE, Some(Act::HARD_SWISH), x)?;
    x = builder.graph.push("gap", "", Op::GlobalPool, &[x])?;
    let [hidden, classes] = names.linears();
    x = builder.linear("fc1", hidden, x)?;
    x = builder.graph.push("fc1.act", "", Op::Activation(Act::HARD_SWISH), &[x])?;
    builder.linear("fc2", classes, x)?;
    builder.weights.finish()?;
    Ok(builder.graph)
}

/// What a convolution's tensor does not say.
#[derive(Clone, Copy)]
struct Geometry {
    stride: usize,
    depthwise: bool,
}

const POINTWISE: Geometry = Geometry { stride: 1, depthwise: false };

struct Builder {
    graph: Graph,
    weights: Weights,
    eps: f64,
}

impl Builder {
    /// An inverted residual without its sum: [expand], depthwise, [squeeze-and-excitation], project.
    fn bottleneck(
        &mut self,
        index: usize,
        layers: &[Layer],
        table: Block,
        input: NodeId,
    ) -> Result<NodeId, ModelError> {
        let depthwise = Geometry { stride: table.stride, depthwise: true };
        let name = |layer: &str| format!("b{index}.{layer}");
        layers.iter().try_fold(input, |x, layer| match layer {
            Layer::Expand(tensors) => self.normed(&name("expand"), tensors, POINTWISE, Some(table.act), x),
            Layer::Depthwise(tensors) => self.normed(&name("dw"), tensors, depthwise, Some(table.act), x),
            Layer::SqueezeExcite { squeeze, excite } => {
                self.squeeze_excite(&name("se"), [squeeze, excite], x)
            }
            Layer::Project(tensors) => self.normed(&name("project"), tensors, POINTWISE, None, x),
        })
    }

    fn channels(&self, node: NodeId) -> usize {
        self.graph[node].shape.channels
    }

    /// Convolution, batch norm, activation.
    fn normed(
        &mut self,
        name: &str,
        tensors: &Normed,
        geometry: Geometry,
        act: Option<Act>,
        input: NodeId,
    ) -> Result<NodeId, ModelError> {
        let conv = self.conv(name, &tensors.conv, geometry, false, input)?;
        let norm = self.batch_norm(&format!("{name}.bn"), &tensors.norm, conv)?;
        let Some(act) = act else { return Ok(norm) };
        Ok(self.graph.push(&format!("{name}.act"), "", Op::Activation(act), &[norm])?)
    }

    fn squeeze_excite(
        &mut self,
        name: &str,
        [squeeze, excite]: [&str; 2],
        frame: NodeId,
    ) -> Result<NodeId, ModelError> {
        let pool = self.graph.push(&format!("{name}.gap"), "", Op::GlobalPool, &[frame])?;
        let squeeze = self.conv(&format!("{name}.fc1"), squeeze, POINTWISE, true, pool)?;
        let relu = self.graph.push(&format!("{name}.relu"), "", Op::Activation(Act::RELU), &[squeeze])?;
        let excite = self.conv(&format!("{name}.fc2"), excite, POINTWISE, true, relu)?;
        let gate =
            self.graph.push(&format!("{name}.hsig"), "", Op::Activation(Act::HARD_SIGMOID), &[excite])?;
        Ok(self.graph.push(&format!("{name}.mul"), "", Op::Scale, &[frame, gate])?)
    }

    fn conv(
        &mut self,
        name: &str,
        tensor: &str,
        geometry: Geometry,
        biased: bool,
        input: NodeId,
    ) -> Result<NodeId, ModelError> {
        let channels = self.channels(input);
        let (out, in_per_group) = if geometry.depthwise { (Some(channels), 1) } else { (None, channels) };
        let weight_name = format!("{tensor}.weight");
        // The kernel is square; its size is whatever the tensor has.
        let kernel = self.weights.shape(&weight_name).and_then(|shape| shape.get(2).copied());
        let weight = self.weights.take(&weight_name, &[out, Some(in_per_group), kernel, kernel])?;
        let (out, kernel) = (weight.shape[0], weight.shape[2]);
        if kernel % 2 == 0 {
            let expected = format!("[*, {in_per_group}, k, k] with k odd");
            let found = format!("{:?}", weight.shape);
            let problem = WeightsProblem::Shape { tensor: weight_name, expected, found };
            return Err(self.weights.error(problem).into());
        }
        let bias = if biased { Some(self.vector(&format!("{tensor}.bias"), out)?) } else { None };
        let conv = Conv {
            out,
            in_per_group,
            kernel,
            stride: geometry.stride,
            padding: (kernel - 1) / 2,
            groups: if geometry.depthwise { channels } else { 1 },
            weight: weight.values,
            bias,
        };
        Ok(self.graph.push(name, tensor, Op::Conv(conv), &[input])?)
    }

    fn batch_norm(&mut self, name: &str, tensor: &str, input: NodeId) -> Result<NodeId, ModelError> {
        let channels = self.channels(input);
        let mut vector = |part: &str| self.vector(&format!("{tensor}.{part}"), channels);
        let (gamma, beta) = (vector("weight")?, vector("bias")?);
        let (mean, var) = (vector("running_mean")?, vector("running_var")?);
        if let Some(index) = var.iter().position(|var| *var < 0.0) {
            let tensor = format!("{tensor}.running_var");
            return Err(self
                .weights
                .error(WeightsProblem::Negative { tensor, index, value: var[index] })
                .into());
        }
        let norm = BatchNorm { gamma, beta, mean, var, eps: self.eps };
        Ok(self.graph.push(name, tensor, Op::BatchNorm(norm), &[input])?)
    }

    fn linear(&mut self, name: &str, tensor: &str, input: NodeId) -> Result<NodeId, ModelError> {
        let length = self.channels(input);
        // A convolution of one pixel's vector is a linear layer.
        let weight_name = format!("{tensor}.weight");
        let pointwise = self.weights.shape(&weight_name).is_some_and(|shape| shape.len() == 4);
        let expected = [None, Some(length), Some(1), Some(1)];
        let weight = self.weights.take(&weight_name, &expected[..if pointwise { 4 } else { 2 }])?;
        let out = weight.shape[0];
        let bias = Some(self.vector(&format!("{tensor}.bias"), out)?);
        Ok(self.graph.push(
            name,
            tensor,
            Op::Linear(Linear { out, weight: weight.values, bias }),
            &[input],
        )?)
    }

    fn vector(&mut self, tensor: &str, length: usize) -> Result<Arc<[f32]>, WeightsError> {
        Ok(self.weights.take(tensor, &[Some(length)])?.values)
    }
}
