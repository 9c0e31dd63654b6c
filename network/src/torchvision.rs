//! torchvision's MobileNetV3 as a graph, from the names and shapes of its tensors.
//!
//! Widths, kernels, squeeze-and-excitation and the class count are read from the tensors. What they cannot tell, each
//! block's stride and activation, comes from the tables in [`arch`](crate::arch).

use std::sync::Arc;

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
        "weights file `{file}` is not a torchvision MobileNetV3: expected exactly one of the tensors \
         `features.12.0.weight` (small) and `features.16.0.weight` (large); export the state dict of one. Found {found}"
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
    /// A tensor is missing, of another shape or unknown.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A layer does not fit its neighbours.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// How many logits the last layer yields.
///
/// # Errors
/// Where `classifier.3.weight` is missing or no matrix.
pub fn outputs(weights: &Weights) -> Result<usize, ModelError> {
    Ok(weights.clone().take("classifier.3.weight", &[None, None])?.shape[0])
}

/// Builds the graph, and takes every tensor of the file.
///
/// # Errors
/// Where a tensor is missing, of the wrong shape or unknown, or a block is not an inverted residual.
pub fn build(weights: Weights, settings: &Settings) -> Result<Graph, ModelError> {
    let mut builder = Builder { graph: Graph::default(), weights, eps: settings.bn_eps };
    let input = builder.graph.push("input", "", Op::Input(settings.input), &[])?;
    let stem = Geometry { stride: settings.stem_stride, depthwise: false };
    let mut x = builder.normed("stem", "features.0", stem, Some(Act::HARD_SWISH), input)?;
    for (index, table) in settings.arch.blocks().iter().enumerate() {
        let input = x;
        let stride = if index == 0 { settings.first_block_stride } else { table.stride };
        x = builder.bottleneck(index, Block { stride, ..*table }, input)?;
        // torchvision settles the residual by its table when it builds the block: changing the stride of the built
        // convolution afterwards, as is usual for small images, does not bring a residual into being.
        let rule = table.stride == 1 && stride == 1 && builder.channels(input) == builder.channels(x);
        let said = settings.first_block_residual.filter(|_| index == 0);
        if said.unwrap_or(rule) {
            x = builder.graph.push(&format!("b{index}.add"), "", Op::Add, &[x, input])?;
        }
    }
    x = builder.normed("last", &settings.arch.last(), POINTWISE, Some(Act::HARD_SWISH), x)?;
    x = builder.graph.push("gap", "", Op::GlobalPool, &[x])?;
    x = builder.linear("fc1", "classifier.0", x)?;
    x = builder.graph.push("fc1.act", "", Op::Activation(Act::HARD_SWISH), &[x])?;
    builder.linear("fc2", "classifier.3", x)?;
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
    /// torchvision's `InvertedResidual` without its sum: [expand], depthwise, [squeeze-and-excitation], project.
    fn bottleneck(&mut self, index: usize, table: Block, input: NodeId) -> Result<NodeId, ModelError> {
        let tensor = format!("features.{}.block", index + 1);
        let layers = self.layers(&tensor)?;
        let mut x = input;
        for (place, layer) in layers.iter().enumerate() {
            let name = format!("b{index}.{layer}");
            let tensor = format!("{tensor}.{place}");
            let depthwise = Geometry { stride: table.stride, depthwise: true };
            x = match *layer {
                "expand" => self.normed(&name, &tensor, POINTWISE, Some(table.act), x)?,
                "dw" => self.normed(&name, &tensor, depthwise, Some(table.act), x)?,
                "se" => self.squeeze_excite(&name, &tensor, x)?,
                _ => self.normed(&name, &tensor, POINTWISE, None, x)?,
            };
        }
        Ok(x)
    }

    fn channels(&self, node: NodeId) -> usize {
        self.graph[node].shape.channels
    }

    /// The layers of a block, told by which tensors there are: an SE has `fc1` and `fc2`, others `0` and `1`. Any of
    /// a layer's tensors speaks for it, so that one that is missing is missed, and not taken for another network.
    fn layers(&self, block: &str) -> Result<&'static [&'static str], ModelError> {
        let has = |place: usize, parts: [&str; 2]| {
            let prefixes = parts.map(|part| format!("{block}.{place}.{part}."));
            self.weights.names().any(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
        };
        let kind = |place| match (has(place, ["0", "1"]), has(place, ["fc1", "fc2"])) {
            (true, false) => Some('c'),
            (false, true) => Some('s'),
            _ => None,
        };
        let found: String = (0..).map_while(kind).collect();
        match found.as_str() {
            "cc" => Ok(&["dw", "project"]),
            "csc" => Ok(&["dw", "se", "project"]),
            "ccc" => Ok(&["expand", "dw", "project"]),
            "ccsc" => Ok(&["expand", "dw", "se", "project"]),
            _ => Err(self.not_a_block(block, &found)),
        }
    }

    fn not_a_block(&self, block: &str, found: &str) -> ModelError {
        let layer = |kind| if kind == 'c' { "convolution" } else { "squeeze-and-excitation" };
        let found = format!("[{}]", found.chars().map(layer).collect::<Vec<_>>().join(", "));
        ModelError::Block { file: self.weights.file().to_owned(), block: block.to_owned(), found }
    }

    /// Convolution `<tensor>.0`, batch norm `<tensor>.1`, activation.
    fn normed(
        &mut self,
        name: &str,
        tensor: &str,
        geometry: Geometry,
        act: Option<Act>,
        input: NodeId,
    ) -> Result<NodeId, ModelError> {
        let conv = self.conv(name, &format!("{tensor}.0"), geometry, false, input)?;
        let norm = self.batch_norm(&format!("{name}.bn"), &format!("{tensor}.1"), conv)?;
        let Some(act) = act else { return Ok(norm) };
        Ok(self.graph.push(&format!("{name}.act"), "", Op::Activation(act), &[norm])?)
    }

    fn squeeze_excite(&mut self, name: &str, tensor: &str, frame: NodeId) -> Result<NodeId, ModelError> {
        let pool = self.graph.push(&format!("{name}.gap"), "", Op::GlobalPool, &[frame])?;
        let squeeze = self.conv(&format!("{name}.fc1"), &format!("{tensor}.fc1"), POINTWISE, true, pool)?;
        let relu = self.graph.push(&format!("{name}.relu"), "", Op::Activation(Act::RELU), &[squeeze])?;
        let excite = self.conv(&format!("{name}.fc2"), &format!("{tensor}.fc2"), POINTWISE, true, relu)?;
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
        let weight = self.weights.take(&format!("{tensor}.weight"), &[None, Some(length)])?;
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
