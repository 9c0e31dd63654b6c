//! Nets of any width with their nature in the type.

use crate::ir::{Bits, Id, Nature, Net, Slice};
use crate::wire::{Current, NatureType, Pin, Reaches, Voltage};
use std::marker::PhantomData;
use std::ops::Range;

/// What a net carries, as a type: [`Voltage`] or [`Current`].
pub trait NetNature: NatureType {
    /// As a value.
    const VALUE: Nature;
}

impl NetNature for Voltage {
    const VALUE: Nature = Nature::Voltage;
}
impl NetNature for Current {
    const VALUE: Nature = Nature::Current;
}

/// Wires that carry an `N`: a net, some of its wires, or several joined. Its width is known at elaboration.
///
/// ```
/// use memloom::ir::{Design, Signal};
/// use memloom::ports;
/// use memloom::prelude::*;
///
/// #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
/// struct Ota;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut design = Design::new("followers");
/// let mut m = design.module("Chain");
/// let mut v: Signal<Voltage> = m.input_bus("x", 1);
/// for stage in 0..3 {
///     let next = if stage == 2 { m.output_bus("y", 1) } else { m.bus(format!("v_{stage}"), 1) };
///     m.place(
///         format!("amp_{stage}"),
///         &Ota,
///         ports::OpAmp { inp: v.pin(), inn: next.pin(), out: next.pin() },
///     );
///     v = next;
/// }
/// design.top = Some(m.finish()?);
/// assert!(memloom::erc::check(&design).is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Signal<N> {
    bits: Bits,
    nature: PhantomData<N>,
}

impl<N> Signal<N> {
    pub(super) fn of(net: Id<Net>, width: u32) -> Self {
        Self::new(vec![Slice::Net { net, start: 0, len: width }])
    }

    fn new(bits: Bits) -> Self {
        Self { bits, nature: PhantomData }
    }

    /// Number of wires.
    pub fn width(&self) -> u32 {
        self.bits.iter().map(Slice::width).sum()
    }

    /// Wires `range` of it; wires that it does not have are left out, so that the width is wrong where it is used.
    pub fn slice(&self, range: Range<u32>) -> Self {
        let mut bits = Bits::new();
        let mut first = 0;
        for slice in &self.bits {
            let (low, high) = (range.start.max(first), range.end.min(first + slice.width()));
            if low < high {
                bits.push(match *slice {
                    Slice::Net { net, start, .. } => {
                        Slice::Net { net, start: start + low - first, len: high - low }
                    }
                    rail => rail,
                });
            }
            first += slice.width();
        }
        Self::new(bits)
    }

    /// One wire, from 0.
    pub fn bit(&self, at: u32) -> Self {
        self.slice(at..at.saturating_add(1))
    }

    /// The wires of both, `self`'s first.
    pub fn join(&self, other: &Self) -> Self {
        Self::new([self.bits.as_slice(), &other.bits].concat())
    }

    /// A port wired to it. The port must take an `N`; its width is checked when the block is placed.
    pub fn pin<P, W>(&self) -> Pin<P, W>
    where
        N: Reaches<P>,
    {
        Pin::new(self.bits.clone())
    }
}

impl<N> From<&Signal<N>> for Bits {
    fn from(signal: &Signal<N>) -> Self {
        signal.bits.clone()
    }
}

impl<N> From<Signal<N>> for Bits {
    fn from(signal: Signal<N>) -> Self {
        signal.bits
    }
}
