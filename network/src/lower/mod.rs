//! A plan made into a circuit.
//!
//! The top module has the image at its input `image`, one pixel of its three channels a tick, and `logits` at its
//! output. Each layer is a module between frame memories; a frame memory holds what one layer wrote and shows the
//! next layer a window a tick. A frame of one pixel needs none: its layers are wired to each other directly.

mod amplifier;
mod array;
mod compensate;
mod elementwise;
mod error;
mod kit;
mod layer;
mod place;
mod reading;
mod tile;
mod top;
mod weights;

pub use error::LowerError;
pub use top::{Circuit, Tensor, Unmet};

/// A layer's name as a word in text: `b1.expand` is `b1_expand`.
pub fn text_name(layer: &str) -> String {
    layer.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
