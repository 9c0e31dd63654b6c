//! What stands between a user's type and the expansion that uses it: one mistake, one message.
//!
//! A type that is no block would be reported wherever the expansion asks something of it. So the expansion names it
//! once, through a [`Gate`] whose argument is a constant. The constant asks a [`Probe`] whether the type is what it
//! should be, and panics in the user's words if not; rustc takes all that depends on it for reported.

use crate::block::Block;
use crate::conductance::Shape;
use crate::text::Text;
use crate::wire::NetType;
use std::marker::PhantomData;

/// A type that passed its check.
pub trait Gate<const PASSED: bool> {
    /// The type itself.
    type Out;
}

impl<T> Gate<true> for T {
    type Out = T;
}

/// Asks what `T` is. The inherent constants hold where their bounds do; elsewhere those of [`Otherwise`] are found.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T: Block> Probe<T> {
    /// `T` is a block.
    pub const BLOCK: bool = true;
}

impl<T: NetType> Probe<T> {
    /// Wires of `T`, which declares a net.
    pub const NET: Option<usize> = Some(T::WIRES);
}

impl<T: Shape> Probe<T> {
    /// `T` gives a crossbar its size.
    pub const SHAPE: bool = true;
}

/// What a [`Probe`] says of a type that is something else.
pub trait Otherwise {
    /// No block.
    const BLOCK: bool = false;
    /// Declares no net.
    const NET: Option<usize> = None;
    /// Gives no size.
    const SHAPE: bool = false;
}

impl<T> Otherwise for Probe<T> {}

/// An instance is a block.
#[track_caller]
pub const fn block(ty: &str, is_block: bool) -> bool {
    if !is_block {
        refuse(
            ty,
            "is not a block; write a struct under #[module], #[crossbar], #[tia], #[opamp], #[activation] or #[subcircuit], a `Resistor` or a `Capacitor`",
        );
    }
    true
}

/// A net is a bus of some wires.
#[track_caller]
pub const fn net(ty: &str, wires: Option<usize>) -> bool {
    match wires {
        None => refuse(ty, "is not a net; write `Bus<Voltage, 4>`, or mark a block with #[inst(port = net)]"),
        Some(0) => refuse(ty, "has no wires; write a width of 1 or more"),
        Some(_) => true,
    }
}

/// A crossbar's field is a `Conductance`.
#[track_caller]
pub const fn shape(ty: &str, is_shape: bool) -> bool {
    if !is_shape {
        refuse(ty, "does not give a crossbar its size; write `Conductance<4, 3>` for 4 inputs and 3 outputs");
    }
    true
}

#[track_caller]
const fn refuse(ty: &str, why: &str) -> ! {
    let mut text = Text::new();
    text.push("`").push(ty).push("` ").push(why);
    panic!("{}", text.as_str())
}
