//! Modules written as code, with natures in types: nets of any width ([`Signal`]) and blocks placed on them ([`Place`]).

use crate::block::Block;
use crate::ir::{Bits, Id, ModuleBuilder, Nature, Net, Slice};
use crate::ports::Ports;
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
/// use memloom::ir::Design;
/// use memloom::ports;
/// use memloom::prelude::*;
/// use memloom::signal::Signal;
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
    fn of(net: Id<Net>, width: u32) -> Self {
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

/// What a [`ModuleBuilder`] takes besides plain nets and elements: typed signals, and blocks declared with attributes.
pub trait Place {
    /// Declares an inner net of any width, its nature in the type.
    #[track_caller]
    fn bus<N: NetNature>(&mut self, name: impl Into<String>, width: u32) -> Signal<N>;

    /// Declares an input port of any width, its nature in the type.
    #[track_caller]
    fn input_bus<N: NetNature>(&mut self, name: impl Into<String>, width: u32) -> Signal<N>;

    /// Declares an output port of any width, its nature in the type.
    #[track_caller]
    fn output_bus<N: NetNature>(&mut self, name: impl Into<String>, width: u32) -> Signal<N>;

    /// Places `block`, wired by `ports`: one struct field per port, so rustc checks names and natures.
    #[track_caller]
    fn place<B: Block>(&mut self, name: impl Into<String>, block: &B, ports: B::Ports) -> &mut Self;

    /// Places `count` copies of `block` as an array; each port takes the wires of all copies, copy by copy.
    #[track_caller]
    fn place_array<B: Block>(
        &mut self,
        name: impl Into<String>,
        block: &B,
        count: u32,
        ports: B::Ports,
    ) -> &mut Self;
}

impl Place for ModuleBuilder<'_> {
    #[track_caller]
    fn bus<N: NetNature>(&mut self, name: impl Into<String>, width: u32) -> Signal<N> {
        Signal::of(self.net(name, N::VALUE, width), width)
    }

    #[track_caller]
    fn input_bus<N: NetNature>(&mut self, name: impl Into<String>, width: u32) -> Signal<N> {
        Signal::of(self.input(name, N::VALUE, width), width)
    }

    #[track_caller]
    fn output_bus<N: NetNature>(&mut self, name: impl Into<String>, width: u32) -> Signal<N> {
        Signal::of(self.output(name, N::VALUE, width), width)
    }

    #[track_caller]
    fn place<B: Block>(&mut self, name: impl Into<String>, block: &B, ports: B::Ports) -> &mut Self {
        place(self, name.into(), block, None, ports);
        self
    }

    #[track_caller]
    fn place_array<B: Block>(
        &mut self,
        name: impl Into<String>,
        block: &B,
        count: u32,
        ports: B::Ports,
    ) -> &mut Self {
        place(self, name.into(), block, Some(count), ports);
        self
    }
}

#[track_caller]
fn place<B: Block>(
    module: &mut ModuleBuilder<'_>,
    name: String,
    block: &B,
    array: Option<u32>,
    ports: B::Ports,
) {
    let part = match block.part(module.design()) {
        Ok(part) => part,
        Err(error) => return module.fail(error),
    };
    let mut instance = module.instance(name, part.element);
    if let Some(count) = array {
        instance = instance.array(count);
    }
    let instance = ports.wires().into_iter().fold(instance, |i, (pin, bits)| i.pin(pin, bits));
    let instance = part.rails.into_iter().fold(instance, |i, (pin, rail)| i.supply(pin, rail));
    part.args.into_iter().fold(instance, |i, (name, value)| i.arg(name, [value])).add();
}
