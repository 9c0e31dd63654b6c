//! Nets and the pins they are wired to. Natures and widths are types, so a wrong connection does not compile.

use crate::ir::{Bits, BuildError, Design, Id, ModuleBuilder, Nature, Net as IrNet, Origin, Slice, Supply};
use std::marker::PhantomData;

/// Carries a voltage: one driver, any number of readers.
#[derive(Debug, Clone, Copy)]
pub enum Voltage {}

/// Carries a current: sources sum, one sink.
#[derive(Debug, Clone, Copy)]
pub enum Current {}

/// What a terminal of a passive part takes: any nature.
#[derive(Debug, Clone, Copy)]
pub enum Any {}

/// [`Voltage`], [`Current`] or [`Any`].
pub trait NatureType {
    /// As a value; `None` takes any.
    const NATURE: Option<Nature>;
}

impl NatureType for Voltage {
    const NATURE: Option<Nature> = Some(Nature::Voltage);
}
impl NatureType for Current {
    const NATURE: Option<Nature> = Some(Nature::Current);
}
impl NatureType for Any {
    const NATURE: Option<Nature> = None;
}

/// A bus of `W` wires that carry an `N`. It declares a port or a net in a `#[module]`; it has no values.
#[derive(Debug, Clone, Copy)]
pub struct Bus<N, const W: usize = 1>(PhantomData<N>);

/// A number of wires, as a type.
#[derive(Debug, Clone, Copy)]
pub struct Wires<const W: usize>;

/// A type that declares a net.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a net",
    label = "a port or net goes here",
    note = "write `Bus<Voltage, 4>`, or mark a block with #[inst(port = net)]"
)]
pub trait NetType {
    /// What it carries.
    type Nature: NatureType;
    /// How many wires, as a type.
    type Width;
    /// What it carries, as a value.
    const NATURE: Nature;
    /// How many wires are asked for.
    const WIRES: usize;
    /// How many wires there are.
    const WIDTH: u32 = width(Self::WIRES);

    /// Declares a net of this type; what is added to the module after it has its origin unless told otherwise.
    fn declare(
        module: &mut ModuleBuilder<'_>,
        name: &str,
        role: Role,
        origin: Origin,
    ) -> Net<Self::Nature, Self::Width> {
        module.origin(origin);
        let id = match role {
            Role::Input => module.input(name, Self::NATURE, Self::WIDTH),
            Role::Output => module.output(name, Self::NATURE, Self::WIDTH),
            Role::Inner => module.net(name, Self::NATURE, Self::WIDTH),
        };
        Net { id, width: Self::WIDTH, kind: PhantomData }
    }
}

#[diagnostic::do_not_recommend]
impl<const W: usize> NetType for Bus<Voltage, W> {
    type Nature = Voltage;
    type Width = Wires<W>;
    const NATURE: Nature = Nature::Voltage;
    const WIRES: usize = W;
}

#[diagnostic::do_not_recommend]
impl<const W: usize> NetType for Bus<Current, W> {
    type Nature = Current;
    type Width = Wires<W>;
    const NATURE: Nature = Nature::Current;
    const WIRES: usize = W;
}

const fn width(wires: usize) -> u32 {
    assert!(wires > 0, "a bus has at least one wire; write a width of 1 or more");
    assert!(wires <= u32::MAX as usize, "a bus has fewer than 2^32 wires");
    wires as u32
}

/// A net of a nature that a port takes.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` net is wired to a port that takes a `{Port}`",
    label = "this net carries a `{Self}`, the port takes a `{Port}`",
    note = "put a #[tia] between a current output and a voltage input; a #[crossbar] or a `Resistor` makes a current of a voltage"
)]
pub trait Reaches<Port> {}
#[diagnostic::do_not_recommend]
impl Reaches<Voltage> for Voltage {}
#[diagnostic::do_not_recommend]
impl Reaches<Current> for Current {}
// These two also keep rustc from inferring the port's nature from the net's, which would hide the message above.
#[diagnostic::do_not_recommend]
impl Reaches<Any> for Voltage {}
#[diagnostic::do_not_recommend]
impl Reaches<Any> for Current {}

/// As many wires as a port has.
#[diagnostic::on_unimplemented(
    message = "a net of `{Self}` is wired to a port of `{Port}`",
    label = "this net has `{Self}`, the port `{Port}`",
    note = "declare the net with the port's number of wires, wire some of a bus, `x[0]` or `x[0..2]`, or make the block an array `[Block; N]`"
)]
pub trait Fits<Port> {}
#[diagnostic::do_not_recommend]
impl<const W: usize> Fits<Wires<W>> for Wires<W> {}
#[diagnostic::do_not_recommend]
impl<const W: usize> Fits<Unfit> for Wires<W> {}

/// A width that no port has: a second impl of [`Fits`] keeps rustc from inferring the port's width from the net's.
#[doc(hidden)]
#[derive(Debug)]
pub enum Unfit {}

/// A net of nature `N` and width `W` in a module under construction.
#[derive(Debug)]
pub struct Net<N, W> {
    id: Id<IrNet>,
    width: u32,
    kind: PhantomData<(N, W)>,
}

impl<N, W> Net<N, W> {
    fn bits(&self) -> Bits {
        vec![Slice::Net { net: self.id, start: 0, len: self.width }]
    }
}

/// A port of nature `N` and width `W` with what it is wired to.
#[derive(Debug)]
pub struct Pin<N, W> {
    bits: Bits,
    kind: PhantomData<(N, W)>,
}

impl<N, W> Pin<N, W> {
    pub(crate) fn new(bits: Bits) -> Self {
        Self { bits, kind: PhantomData }
    }

    /// What it is wired to.
    pub fn bits(self) -> Bits {
        self.bits
    }
}

/// Declares between which values a net lies in use: volts, or amperes into it.
#[doc(hidden)]
pub fn range<N, W>(module: &mut ModuleBuilder<'_>, net: &Net<N, W>, low: f64, high: f64) {
    module.range(net.bits(), low, high);
}

/// Wires a port to a net.
#[doc(hidden)]
pub fn wire<A, B, N, W>(net: &Net<A, B>) -> Pin<N, W>
where
    A: Reaches<N>,
    B: Fits<W>,
{
    Pin::new(net.bits())
}

/// Wires a port of every copy of an array to a net, copy by copy. The macro checks the widths.
#[doc(hidden)]
pub fn wire_copies<A, B, N, W>(net: &Net<A, B>) -> Pin<N, W>
where
    A: Reaches<N>,
{
    Pin::new(net.bits())
}

/// Wires a port to the supply at `volts`.
///
/// # Errors
/// If a supply of this name has another voltage.
#[doc(hidden)]
pub fn wire_rail<N, W>(module: &mut ModuleBuilder<'_>, volts: f64) -> Result<Pin<N, W>, BuildError>
where
    Voltage: Reaches<N>,
    Wires<1>: Fits<W>,
{
    Ok(Pin::new(vec![Slice::Supply(rail(module.design(), volts)?)]))
}

/// Wires a port to the supply called `name`.
///
/// # Errors
/// If nothing declares it.
#[doc(hidden)]
pub fn wire_named_rail<N, W>(
    module: &mut ModuleBuilder<'_>,
    name: &str,
    origin: Origin,
) -> Result<Pin<N, W>, BuildError>
where
    Voltage: Reaches<N>,
    Wires<1>: Fits<W>,
{
    Ok(Pin::new(vec![Slice::Supply(named_rail(module, name, origin)?)]))
}

/// The supply called `name`, as one wire.
///
/// # Errors
/// If nothing declares it.
#[doc(hidden)]
pub fn piece_of_named_rail<N>(
    module: &mut ModuleBuilder<'_>,
    name: &str,
    origin: Origin,
) -> Result<Piece<N>, BuildError>
where
    Voltage: Reaches<N>,
{
    Ok(Piece { slice: Slice::Supply(named_rail(module, name, origin)?), kind: PhantomData })
}

fn named_rail(module: &mut ModuleBuilder<'_>, name: &str, origin: Origin) -> Result<Id<Supply>, BuildError> {
    let missing = BuildError::NoSupply { module: module.name().into(), rail: name.into(), origin };
    module.design().supplies.find(name).ok_or(missing)
}

/// The supply at `volts`: `ground` at zero, a reference rail otherwise.
///
/// # Errors
/// If a supply of this name has another voltage.
pub fn rail(design: &mut Design, volts: f64) -> Result<Id<Supply>, BuildError> {
    let name = if volts == 0.0 { "ground".into() } else { crate::blocks::reference_name(design, volts) };
    crate::blocks::supply(design, &name, volts)
}

/// Some wires of one nature: a piece of what a port is wired to.
#[doc(hidden)]
#[derive(Debug)]
pub struct Piece<N> {
    slice: Slice,
    kind: PhantomData<N>,
}

/// The wires `start .. end` of a net. The macro checks that the net has them.
#[doc(hidden)]
pub fn piece<A, B, N>(net: &Net<A, B>, start: usize, end: usize) -> Piece<N>
where
    A: Reaches<N>,
{
    let slice = Slice::Net { net: net.id, start: start as u32, len: (end - start) as u32 };
    Piece { slice, kind: PhantomData }
}

/// The supply at `volts`, as one wire.
///
/// # Errors
/// If a supply of this name has another voltage.
#[doc(hidden)]
pub fn piece_of_rail<N>(module: &mut ModuleBuilder<'_>, volts: f64) -> Result<Piece<N>, BuildError>
where
    Voltage: Reaches<N>,
{
    Ok(Piece { slice: Slice::Supply(rail(module.design(), volts)?), kind: PhantomData })
}

/// Wires a port to pieces, joined end to end. The macro checks the widths.
#[doc(hidden)]
pub fn wire_pieces<N, W>(pieces: Vec<Piece<N>>) -> Pin<N, W> {
    Pin::new(pieces.into_iter().map(|piece| piece.slice).collect())
}

/// How a net shows outside its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An input port.
    Input,
    /// An output port.
    Output,
    /// Not at all.
    Inner,
}
