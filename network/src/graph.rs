//! A trained network as a list of operations, before anything is known of circuits.
//!
//! Nodes stand in topological order: a node reads only nodes before it. [`Graph::push`] is the one way to
//! add a node; it works out the node's shape and refuses whatever does not fit.

use std::{fmt, ops::Index, sync::Arc};

use memloom_ir::Function;
use memloom_ir::functions::{self, Activation};

use crate::shape::{self, ShapeError};

/// The size of a tensor of one image: channels, rows, columns. A vector is `n x 1 x 1`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shape {
    /// Channels C.
    pub channels: usize,
    /// Rows H.
    pub height: usize,
    /// Columns W.
    pub width: usize,
}

impl Shape {
    /// `channels x height x width`.
    pub const fn new(channels: usize, height: usize, width: usize) -> Self {
        Self { channels, height, width }
    }

    /// `length x 1 x 1`.
    pub const fn vector(length: usize) -> Self {
        Self::new(length, 1, 1)
    }

    /// Pixels of one channel, H W.
    pub const fn plane(&self) -> usize {
        self.height * self.width
    }

    /// Elements, C H W.
    pub const fn elements(&self) -> usize {
        self.channels * self.plane()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A node's place in its [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) usize);

impl NodeId {
    /// The place, from 0.
    pub const fn index(self) -> usize {
        self.0
    }
}

/// An element-wise function: one of the library's, or a user's own of one input that was declared with `native`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Act(Function);

impl Act {
    /// `max(x, 0)`.
    pub const RELU: Self = Self::of(functions::RELU);
    /// `relu6(x + 3) / 6`.
    pub const HARD_SIGMOID: Self = Self::of(functions::HARD_SIGMOID);
    /// `x * relu6(x + 3) / 6`.
    pub const HARD_SWISH: Self = Self::of(functions::HARD_SWISH);

    /// A function of the library.
    pub const fn of(activation: Activation) -> Self {
        Self(Function::Activation(activation))
    }

    /// The function of a user's own circuit, `Declared::behaviour().spec.function`; `None` if it has two inputs or no
    /// `native` function.
    pub fn own(function: Function) -> Option<Self> {
        function.activation(0.0).map(|_| Self(function))
    }

    /// What a circuit of it computes.
    pub const fn function(self) -> Function {
        self.0
    }

    /// The function's value at `x`.
    pub fn apply(self, x: f64) -> f64 {
        self.0.activation(x).expect("a function of one input with a value")
    }

    /// Least and greatest value over `low ..= high`, where it is known how the function turns: of a user's own it is not.
    pub fn range(self, low: f64, high: f64) -> Option<(f64, f64)> {
        match self.0 {
            Function::Activation(activation) => Some(activation.range(low, high)),
            _ => None,
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Function::Activation(activation) => activation.fmt(f),
            function => f.write_str(function.name()),
        }
    }
}

/// A two-dimensional convolution with square kernels and zero padding.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv {
    /// Output channels.
    pub out: usize,
    /// Input channels that one output channel reads.
    pub in_per_group: usize,
    /// Rows, and columns, of the kernel.
    pub kernel: usize,
    /// Step of the kernel in both directions.
    pub stride: usize,
    /// Zeros on each side.
    pub padding: usize,
    /// Groups: 1, or the channel count of a depthwise convolution.
    pub groups: usize,
    /// `[out][in_per_group][ky][kx]`.
    pub weight: Arc<[f32]>,
    /// `[out]`, if there is one.
    pub bias: Option<Arc<[f32]>>,
}

/// Batch norm with the statistics of training: `gamma (x - mean) / sqrt(var + eps) + beta`, each `[channels]`.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm {
    /// Scale.
    pub gamma: Arc<[f32]>,
    /// Offset.
    pub beta: Arc<[f32]>,
    /// Running mean.
    pub mean: Arc<[f32]>,
    /// Running variance, not negative.
    pub var: Arc<[f32]>,
    /// Added to the variance.
    pub eps: f64,
}

/// A fully connected layer on a vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Output features.
    pub out: usize,
    /// `[out][in]`.
    pub weight: Arc<[f32]>,
    /// `[out]`, if there is one.
    pub bias: Option<Arc<[f32]>>,
}

/// What a node computes.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// The normalised image.
    Input(Shape),
    /// A convolution.
    Conv(Conv),
    /// Batch norm.
    BatchNorm(BatchNorm),
    /// An element-wise function.
    Activation(Act),
    /// The mean of each channel's plane.
    GlobalPool,
    /// A fully connected layer.
    Linear(Linear),
    /// Each channel of a frame times one element of a vector; inputs `[frame, vector]`.
    Scale,
    /// The sum of two tensors of one shape.
    Add,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The layer's short name, such as `b3.se.fc1`; unique in its graph.
    pub name: String,
    /// What the weights file calls it, such as `features.4.block.2.fc1`; empty where it has no weights.
    pub tensor: String,
    /// What it computes.
    pub op: Op,
    /// What it reads, in order.
    pub inputs: Vec<NodeId>,
    /// The shape of what it yields.
    pub shape: Shape,
}

/// A trained network: nodes in topological order, the first is the input and the last yields the logits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
}

/// A node that does not fit its graph.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("layer `{node}`{}: {problem}", in_tensor(.tensor))]
pub struct GraphError {
    /// The node's name.
    pub node: String,
    /// What the weights file calls it; may be empty.
    pub tensor: String,
    /// What is wrong.
    pub problem: ShapeError,
}

fn in_tensor(tensor: &str) -> String {
    if tensor.is_empty() { String::new() } else { format!(" (tensor `{tensor}`)") }
}

impl Graph {
    /// Adds a node after all others.
    ///
    /// # Errors
    /// Where the inputs' count or shapes, or the sizes of the weights, do not fit the operation, or the name is
    /// taken.
    pub fn push(
        &mut self,
        name: &str,
        tensor: &str,
        op: Op,
        inputs: &[NodeId],
    ) -> Result<NodeId, GraphError> {
        let fail = |problem| GraphError { node: name.to_owned(), tensor: tensor.to_owned(), problem };
        if self.find(name).is_some() {
            return Err(fail(ShapeError::NameTaken));
        }
        let shapes: Option<Vec<Shape>> = inputs.iter().map(|id| Some(self.nodes.get(id.0)?.shape)).collect();
        let shapes = shapes.ok_or_else(|| fail(ShapeError::LaterInput))?;
        let shape = shape::infer(&op, &shapes).map_err(fail)?;
        let id = NodeId(self.nodes.len());
        let (name, tensor, inputs) = (name.to_owned(), tensor.to_owned(), inputs.to_vec());
        self.nodes.push(Node { name, tensor, op, inputs, shape });
        Ok(id)
    }

    /// All nodes, in topological order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All nodes with their ids, in topological order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeId(i), node))
    }

    /// The node of that name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.nodes.iter().position(|node| node.name == name).map(NodeId)
    }

    /// Trained parameters (statistics of batch norms are not), as PyTorch counts them.
    pub fn parameters(&self) -> usize {
        self.nodes.iter().map(|node| node.op.parameters()).sum()
    }

    /// Multiply-accumulate operations of one image in convolutions and linear layers.
    pub fn macs(&self) -> usize {
        self.nodes.iter().map(Node::macs).sum()
    }
}

impl Index<NodeId> for Graph {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }
}

impl Node {
    /// Multiply-accumulate operations of one image; padding counts, biases do not.
    pub fn macs(&self) -> usize {
        match &self.op {
            Op::Conv(conv) => conv.weight.len() * self.shape.plane(),
            Op::Linear(linear) => linear.weight.len(),
            _ => 0,
        }
    }
}

impl Op {
    /// Trained parameters, as PyTorch counts them.
    pub fn parameters(&self) -> usize {
        let len = |values: &Option<Arc<[f32]>>| values.as_ref().map_or(0, |values| values.len());
        match self {
            Self::Conv(conv) => conv.weight.len() + len(&conv.bias),
            Self::Linear(linear) => linear.weight.len() + len(&linear.bias),
            Self::BatchNorm(norm) => norm.gamma.len() + norm.beta.len(),
            _ => 0,
        }
    }
}
