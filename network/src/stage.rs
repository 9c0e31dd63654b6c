//! A graph as the mapper sees it: one stage per matrix, with batch norm folded in and its activation at its end.
//!
//! Folding (in `f64`): `w' = gamma w / sqrt(var + eps)`, `b' = beta + gamma (b - mean) / sqrt(var + eps)`.

use crate::graph::{Act, BatchNorm, Conv, Graph, Linear, Node, NodeId, Op, Shape};

/// A stage's place in the list that [`stages`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageId(pub(crate) usize);

impl StageId {
    /// The place, from 0.
    pub const fn index(self) -> usize {
        self.0
    }
}

/// What a matrix stage is in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatrixKind {
    /// A convolution over space and channels.
    Conv,
    /// A convolution of each channel by itself: `groups == out`, `in_per_group == 1`.
    Depthwise,
    /// A 1x1 convolution, those of squeeze-and-excitation (on `n x 1 x 1`) included.
    Pointwise,
    /// A fully connected layer, on `n x 1 x 1`.
    Linear,
}

/// A matrix, its bias and its activation: `y = act(W x + b)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// What it is in the network.
    pub kind: MatrixKind,
    /// Output channels.
    pub out: usize,
    /// Input channels that one output channel reads.
    pub in_per_group: usize,
    /// Groups of channels.
    pub groups: usize,
    /// Rows, and columns, of the kernel.
    pub kernel: usize,
    /// Step of the kernel.
    pub stride: usize,
    /// Zeros on each side.
    pub padding: usize,
    /// `[out][in_per_group][ky][kx]`, batch norm folded in.
    pub weight: Vec<f64>,
    /// `[out]`, batch norm folded in; zeros where the network has none.
    pub bias: Vec<f64>,
    /// What follows the sum.
    pub activation: Option<Act>,
}

impl Matrix {
    /// Weights that one output reads: `in_per_group * kernel * kernel`.
    pub fn taps(&self) -> usize {
        self.in_per_group * self.kernel * self.kernel
    }

    /// The weights of one output channel, `[in_per_group][ky][kx]`.
    pub fn row(&self, out: usize) -> &[f64] {
        &self.weight[out * self.taps()..(out + 1) * self.taps()]
    }

    /// The first input channel that an output channel reads; it reads `in_per_group` from there.
    pub fn first_input(&self, out: usize) -> usize {
        out / (self.out / self.groups) * self.in_per_group
    }
}

/// What a stage computes.
#[derive(Clone, Debug, PartialEq)]
pub enum StageKind {
    /// The normalised image.
    Input,
    /// A matrix.
    Matrix(Matrix),
    /// The mean of each channel's plane.
    Pool,
    /// Each channel of a frame times one element of a vector; inputs `[frame, vector]`.
    Scale,
    /// The sum of two frames.
    Add,
}

/// One stage; it reads only stages before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The layer's name, such as `b3.dw`.
    pub name: String,
    /// What it computes.
    pub kind: StageKind,
    /// What it reads, in order.
    pub inputs: Vec<StageId>,
    /// The shapes of what it reads, in order.
    pub in_shapes: Vec<Shape>,
    /// The shape of what it yields.
    pub out_shape: Shape,
    /// The graph's node that holds the stage's value before its activation.
    pub pre_node: NodeId,
    /// The graph's node that holds the stage's output.
    pub out_node: NodeId,
}

impl Stage {
    /// The matrix, if it is one.
    pub fn matrix(&self) -> Option<&Matrix> {
        if let StageKind::Matrix(matrix) = &self.kind { Some(matrix) } else { None }
    }
}

/// A batch norm or an activation that no matrix can take in.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StageError {
    /// It does not follow a matrix directly.
    #[error(
        "layer `{node}` does not directly follow a convolution or linear layer (it reads `{reads}`); \
         put it right behind one"
    )]
    NoMatrix {
        /// The batch norm or activation.
        node: String,
        /// What it reads.
        reads: String,
    },
    /// Another layer reads the value that would vanish.
    #[error("layer `{node}` cannot join `{reads}`, which `{other}` reads too; let `{other}` read `{node}`")]
    Shared {
        /// The batch norm or activation.
        node: String,
        /// What it reads.
        reads: String,
        /// The other reader.
        other: String,
    },
}

/// The stages of a graph, in topological order.
///
/// # Errors
/// Where a batch norm or an activation does not follow a matrix, or its input is read by another layer too.
pub fn stages(graph: &Graph) -> Result<Vec<Stage>, StageError> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut stage_of: Vec<StageId> = Vec::with_capacity(graph.nodes().len());
    for (id, node) in graph.iter() {
        if matches!(node.op, Op::BatchNorm(_) | Op::Activation(_)) {
            let host = stage_of[node.inputs[0].index()];
            absorb(graph, id, &mut stages[host.0])?;
            stage_of.push(host);
        } else {
            stage_of.push(StageId(stages.len()));
            stages.push(stage(graph, id, &stage_of));
        }
    }
    Ok(stages)
}

fn stage(graph: &Graph, id: NodeId, stage_of: &[StageId]) -> Stage {
    let node = &graph[id];
    let kind = match &node.op {
        Op::Input(_) => StageKind::Input,
        Op::Conv(conv) => StageKind::Matrix(conv_matrix(conv)),
        Op::Linear(linear) => StageKind::Matrix(linear_matrix(linear)),
        Op::GlobalPool => StageKind::Pool,
        Op::Scale => StageKind::Scale,
        Op::Add => StageKind::Add,
        Op::BatchNorm(_) | Op::Activation(_) => unreachable!("joined to the stage before"),
    };
    Stage {
        name: node.name.clone(),
        kind,
        inputs: node.inputs.iter().map(|input| stage_of[input.index()]).collect(),
        in_shapes: node.inputs.iter().map(|&input| graph[input].shape).collect(),
        out_shape: node.shape,
        pre_node: id,
        out_node: id,
    }
}

/// Takes the batch norm or activation `id` into the stage that it reads.
fn absorb(graph: &Graph, id: NodeId, stage: &mut Stage) -> Result<(), StageError> {
    let node = &graph[id];
    let input = node.inputs[0];
    let reads = || graph[input].name.clone();
    if let Some(other) = other_reader(graph, input, id) {
        return Err(StageError::Shared {
            node: node.name.clone(),
            reads: reads(),
            other: other.name.clone(),
        });
    }
    let StageKind::Matrix(matrix @ Matrix { activation: None, .. }) = &mut stage.kind else {
        return Err(StageError::NoMatrix { node: node.name.clone(), reads: reads() });
    };
    match &node.op {
        Op::BatchNorm(norm) => {
            fold(matrix, norm);
            stage.pre_node = id;
        }
        Op::Activation(act) => matrix.activation = Some(*act),
        _ => unreachable!("only these are joined"),
    }
    stage.out_node = id;
    Ok(())
}

fn other_reader(graph: &Graph, of: NodeId, besides: NodeId) -> Option<&Node> {
    graph.iter().find(|(id, node)| *id != besides && node.inputs.contains(&of)).map(|(_, node)| node)
}

fn fold(matrix: &mut Matrix, norm: &BatchNorm) {
    let taps = matrix.taps();
    for (o, (row, bias)) in matrix.weight.chunks_exact_mut(taps).zip(&mut matrix.bias).enumerate() {
        let scale = f64::from(norm.gamma[o]) / (f64::from(norm.var[o]) + norm.eps).sqrt();
        row.iter_mut().for_each(|weight| *weight *= scale);
        *bias = f64::from(norm.beta[o]) + scale * (*bias - f64::from(norm.mean[o]));
    }
}

fn conv_matrix(conv: &Conv) -> Matrix {
    let kind = match conv {
        Conv { in_per_group: 1, groups, out, .. } if groups == out && *groups > 1 => MatrixKind::Depthwise,
        Conv { kernel: 1, groups: 1, .. } => MatrixKind::Pointwise,
        _ => MatrixKind::Conv,
    };
    Matrix {
        kind,
        out: conv.out,
        in_per_group: conv.in_per_group,
        groups: conv.groups,
        kernel: conv.kernel,
        stride: conv.stride,
        padding: conv.padding,
        weight: widened(&conv.weight),
        bias: conv.bias.as_deref().map_or_else(|| vec![0.0; conv.out], widened),
        activation: None,
    }
}

fn linear_matrix(linear: &Linear) -> Matrix {
    Matrix {
        kind: MatrixKind::Linear,
        out: linear.out,
        in_per_group: linear.weight.len() / linear.out,
        groups: 1,
        kernel: 1,
        stride: 1,
        padding: 0,
        weight: widened(&linear.weight),
        bias: linear.bias.as_deref().map_or_else(|| vec![0.0; linear.out], widened),
        activation: None,
    }
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}
