//! A graph as the mapper sees it: one stage per matrix, with batch norm folded in and its activation at its end.
//!
//! Folding (in `f64`): `w' = gamma w / sqrt(var + eps)`, `b' = beta + gamma (b - mean) / sqrt(var + eps)`.
//!
//! A kernel loses the rings that stand on the padding wherever it is laid, as all but the middle of a 5x5 kernel do on a
//! frame of one pixel: their weights only ever multiply zero, and would be cells on wordlines that are never driven.

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
    /// Rows, and columns, of the kernel, as far as they ever stand on the frame.
    pub kernel: usize,
    /// Step of the kernel.
    pub stride: usize,
    /// Zeros on each side, as far as the kernel needs them.
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
#[non_exhaustive]
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
        Op::Conv(conv) => StageKind::Matrix(conv_matrix(conv, graph[node.inputs[0]].shape)),
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

fn conv_matrix(conv: &Conv, input: Shape) -> Matrix {
    let kind = match conv {
        Conv { in_per_group: 1, groups, out, .. } if groups == out && *groups > 1 => MatrixKind::Depthwise,
        Conv { kernel: 1, groups: 1, .. } => MatrixKind::Pointwise,
        _ => MatrixKind::Conv,
    };
    let rings = idle_rings(conv, input);
    Matrix {
        kind,
        out: conv.out,
        in_per_group: conv.in_per_group,
        groups: conv.groups,
        kernel: conv.kernel - 2 * rings,
        stride: conv.stride,
        padding: conv.padding - rings,
        weight: without_rings(conv, rings),
        bias: conv.bias.as_deref().map_or_else(|| vec![0.0; conv.out], widened),
        activation: None,
    }
}

/// Outer rings of a kernel that stand on the padding wherever it is laid: its last rows already at the first step, for
/// `padding` rows of it are above the frame, and by symmetry its first ones at the last. A kernel fits its padded
/// frame, so there are never more of them than rings of padding.
fn idle_rings(conv: &Conv, input: Shape) -> usize {
    conv.kernel.saturating_sub(conv.padding + input.height.max(input.width))
}

/// The weights inside the `rings` outermost rings of each kernel.
fn without_rings(conv: &Conv, rings: usize) -> Vec<f64> {
    let inner = rings..conv.kernel - rings;
    let kernels = conv.weight.chunks_exact(conv.kernel * conv.kernel);
    let rows = kernels.flat_map(|kernel| kernel.chunks_exact(conv.kernel).take(inner.end).skip(inner.start));
    rows.flat_map(|row| &row[inner.clone()]).copied().map(f64::from).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::infer;

    fn conv(kernel: usize, stride: usize, padding: usize) -> Conv {
        let weight = (0..2 * kernel * kernel).map(|k| k as f32).collect();
        Conv { out: 2, in_per_group: 1, kernel, stride, padding, groups: 1, weight, bias: None }
    }

    /// Whether row `k` of a kernel is ever laid on one of `length` rows.
    fn stands_on(conv: &Conv, k: usize, length: usize) -> bool {
        let steps = (length + 2 * conv.padding - conv.kernel) / conv.stride + 1;
        let row = |step: usize| (step * conv.stride + k).checked_sub(conv.padding);
        (0..steps).any(|step| row(step).is_some_and(|row| row < length))
    }

    #[test]
    fn rings_that_never_stand_on_the_frame_are_left_out_and_no_others() {
        let (mut trimmed, mut whole) = (0, 0);
        for (kernel, stride, padding) in
            (1..=7).flat_map(|k| (1..=3).flat_map(move |s| (0..=3).map(move |p| (k, s, p))))
        {
            for (height, width) in (1..=4).flat_map(|h| (1..=4).map(move |w| (h, w))) {
                let (conv, x) = (conv(kernel, stride, padding), Shape::new(1, height, width));
                let Ok(out) = infer(&Op::Conv(conv.clone()), &[x]) else { continue };
                let rings = idle_rings(&conv, x);
                // The ring of row `k` takes in that row and the last but `k`, and the columns alike.
                let used = |k: usize| {
                    let lines = [k, kernel - 1 - k];
                    lines.iter().any(|k| stands_on(&conv, *k, height) || stands_on(&conv, *k, width))
                };
                assert!((0..rings).all(|k| !used(k)), "{conv:?} on {x}");
                assert!(padding >= kernel || used(rings), "{conv:?} on {x}");
                let matrix = conv_matrix(&conv, x);
                let inner = self::conv(matrix.kernel, stride, matrix.padding);
                assert_eq!(infer(&Op::Conv(inner), &[x]), Ok(out), "{conv:?} on {x}");
                *if rings > 0 { &mut trimmed } else { &mut whole } += 1;
            }
        }
        assert!(trimmed > 50 && whole > 50, "{trimmed} {whole}");
    }

    #[test]
    fn the_middle_of_a_kernel_is_what_is_left() {
        let matrix = conv_matrix(&conv(5, 2, 2), Shape::new(1, 2, 1));
        assert_eq!((matrix.kernel, matrix.padding, matrix.stride), (3, 1, 2));
        let inner: Vec<f64> = [6, 7, 8, 11, 12, 13, 16, 17, 18].map(f64::from).to_vec();
        assert_eq!(matrix.row(0), inner);
        assert_eq!(matrix.row(1), inner.iter().map(|w| w + 25.0).collect::<Vec<_>>());
    }
}
