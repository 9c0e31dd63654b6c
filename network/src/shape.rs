//! The rule of each operation on shapes: what it takes, and what it yields.

use std::sync::Arc;

use crate::graph::{BatchNorm, Conv, Linear, Op, Shape};

/// What does not fit, without the place.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeError {
    /// Two nodes of one name.
    #[error("the name is taken by an earlier layer; give each layer its own")]
    NameTaken,
    /// Nodes must stand in topological order.
    #[error("it reads a layer that does not stand before it; put layers in topological order")]
    LaterInput,
    /// A wrong number of inputs.
    #[error("it takes {expected} inputs and got {found}; connect exactly {expected}")]
    Inputs {
        /// What the operation takes.
        expected: usize,
        /// What it was given.
        found: usize,
    },
    /// An input of the wrong size.
    #[error("{what} is {found}, expected {expected}")]
    Size {
        /// Which size.
        what: &'static str,
        /// The right size.
        expected: String,
        /// The size that was given.
        found: String,
    },
    /// A size of nought.
    #[error("{what} is 0; it must be at least 1")]
    Zero {
        /// Which size.
        what: &'static str,
    },
    /// A kernel that reaches over the padded input.
    #[error(
        "the {kernel}x{kernel} kernel does not fit its {input} input with {padding} of padding; use a larger image"
    )]
    Kernel {
        /// Kernel rows.
        kernel: usize,
        /// Zeros on each side.
        padding: usize,
        /// The input.
        input: Shape,
    },
    /// A size beyond all sense.
    #[error("its output would have more than {LARGEST} elements; use a smaller image")]
    TooLarge,
}

/// Elements in the largest tensor that is let through: 2^28, 2 GiB of `f64`.
pub const LARGEST: usize = 1 << 28;

/// The shape that `op` yields from inputs of those shapes.
pub(crate) fn infer(op: &Op, inputs: &[Shape]) -> Result<Shape, ShapeError> {
    let shape = match (op, inputs) {
        (Op::Input(shape), []) => *shape,
        (Op::Conv(conv), [x]) => conv_shape(conv, *x)?,
        (Op::BatchNorm(norm), [x]) => norm_shape(norm, *x)?,
        (Op::Activation(_), [x]) => *x,
        (Op::GlobalPool, [x]) => Shape::vector(x.channels),
        (Op::Linear(linear), [x]) => linear_shape(linear, *x)?,
        (Op::Scale, [frame, vector]) => {
            equal("the vector that scales the frame", Shape::vector(frame.channels), *vector)?;
            *frame
        }
        (Op::Add, [a, b]) => {
            equal("the second summand", *a, *b)?;
            *a
        }
        _ => return Err(ShapeError::Inputs { expected: arity(op), found: inputs.len() }),
    };
    let Shape { channels, height, width } = shape;
    nonzero([("channels", channels), ("height", height), ("width", width)])?;
    let elements = channels.checked_mul(height).and_then(|n| n.checked_mul(width));
    elements.filter(|&n| n <= LARGEST).ok_or(ShapeError::TooLarge)?;
    Ok(shape)
}

fn arity(op: &Op) -> usize {
    match op {
        Op::Input(_) => 0,
        Op::Scale | Op::Add => 2,
        _ => 1,
    }
}

fn conv_shape(conv: &Conv, x: Shape) -> Result<Shape, ShapeError> {
    let Conv { out, in_per_group, kernel, stride, padding, groups, .. } = *conv;
    nonzero([("kernel", kernel), ("stride", stride), ("groups", groups)])?;
    equal("the count of input channels", in_per_group.saturating_mul(groups), x.channels)?;
    equal("what is left of the output channels over the groups", 0, out % groups)?;
    equal("the number of weights", product(&[out, in_per_group, kernel, kernel]), conv.weight.len())?;
    bias_fits(&conv.bias, out)?;
    let steps = |length: usize| {
        Some((length.checked_add(padding.checked_mul(2)?)?.checked_sub(kernel)?) / stride + 1)
    };
    let (Some(height), Some(width)) = (steps(x.height), steps(x.width)) else {
        return Err(ShapeError::Kernel { kernel, padding, input: x });
    };
    Ok(Shape::new(out, height, width))
}

fn norm_shape(norm: &BatchNorm, x: Shape) -> Result<Shape, ShapeError> {
    equal("the length of gamma", x.channels, norm.gamma.len())?;
    equal("the length of beta", x.channels, norm.beta.len())?;
    equal("the length of the running mean", x.channels, norm.mean.len())?;
    equal("the length of the running variance", x.channels, norm.var.len())?;
    Ok(x)
}

fn linear_shape(linear: &Linear, x: Shape) -> Result<Shape, ShapeError> {
    equal("the input", Shape::vector(x.channels), x)?;
    equal("the number of weights", product(&[linear.out, x.channels]), linear.weight.len())?;
    bias_fits(&linear.bias, linear.out)?;
    Ok(Shape::vector(linear.out))
}

fn bias_fits(bias: &Option<Arc<[f32]>>, out: usize) -> Result<(), ShapeError> {
    bias.as_ref().map_or(Ok(()), |bias| equal("the length of the bias", out, bias.len()))
}

fn product(sizes: &[usize]) -> usize {
    sizes.iter().fold(1, |product, &size| product.saturating_mul(size))
}

fn nonzero<const N: usize>(sizes: [(&'static str, usize); N]) -> Result<(), ShapeError> {
    sizes.into_iter().find(|(_, size)| *size == 0).map_or(Ok(()), |(what, _)| Err(ShapeError::Zero { what }))
}

fn equal<T: PartialEq + ToString>(what: &'static str, expected: T, found: T) -> Result<(), ShapeError> {
    if expected == found {
        return Ok(());
    }
    Err(ShapeError::Size { what, expected: expected.to_string(), found: found.to_string() })
}
