//! What the IR's rules forbid.

use crate::Origin;

/// Why a module could not be built. Each names the module and the place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A second module, net or instance of one name.
    #[error("{origin}: module `{module}` has two {kind}s called `{name}`; rename one")]
    Duplicate {
        /// The module.
        module: String,
        /// `net`, `instance` or `module`.
        kind: &'static str,
        /// The name.
        name: String,
        /// Where.
        origin: Origin,
    },
    /// A bus without wires, or an array without copies.
    #[error("{origin}: `{module}.{name}` has no wires or copies; give it at least one")]
    Empty {
        /// The module.
        module: String,
        /// The net or instance.
        name: String,
        /// Where.
        origin: Origin,
    },
    /// A pin that the element does not have.
    #[error("{origin}: `{module}.{instance}` has no pin `{pin}`; its pins are {known}")]
    UnknownPin {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin asked for.
        pin: String,
        /// The pins there are.
        known: String,
        /// Where.
        origin: Origin,
    },
    /// A pin that was left unwired.
    #[error("{origin}: pin `{pin}` of `{module}.{instance}` is not connected; connect it to a net")]
    OpenPin {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// Where.
        origin: Origin,
    },
    /// A pin that was wired twice.
    #[error("{origin}: pin `{pin}` of `{module}.{instance}` is wired twice; wire it once, to all its wires")]
    Rewired {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// Where.
        origin: Origin,
    },
    /// Wires that a net does not have.
    #[error(
        "{origin}: pin `{pin}` of `{module}.{instance}` is wired to wire {wire} of `{net}`, which has {width}; count from 0"
    )]
    NoWire {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// The net.
        net: String,
        /// The wire asked for.
        wire: u64,
        /// Wires there are.
        width: u32,
        /// Where.
        origin: Origin,
    },
    /// Wires and pin differ in number.
    #[error(
        "{origin}: pin `{pin}` of `{module}.{instance}` has {wanted} wires, its connection {given}; give it as many"
    )]
    Width {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// Wires of the pin over all copies.
        wanted: u64,
        /// Wires of the connection.
        given: u64,
        /// Where.
        origin: Origin,
    },
    /// A current on a voltage pin, or the like.
    #[error("{origin}: pin `{pin}` of `{module}.{instance}` is a {wanted}, net `{net}` a {given}{}", hint(.given, .wanted))]
    Nature {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// The net.
        net: String,
        /// The pin's nature.
        wanted: &'static str,
        /// The net's nature.
        given: &'static str,
        /// Where.
        origin: Origin,
    },
    /// A rail that a module names and the design does not have.
    #[error(
        "{origin}: `{module}` names the supply `{rail}`, which nothing declares; write `supplies({rail} = 1.8 V)` at the #[module] on top or at the #[technology]"
    )]
    NoSupply {
        /// The module.
        module: String,
        /// The rail.
        rail: String,
        /// Where.
        origin: Origin,
    },
    /// An argument that the element does not take, or with a wrong number of values.
    #[error("{origin}: `{module}.{instance}`: argument `{arg}` {what}")]
    Argument {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The argument.
        arg: String,
        /// What is wrong with it.
        what: String,
        /// Where.
        origin: Origin,
    },
}

fn hint(given: &str, wanted: &str) -> &'static str {
    match (given, wanted) {
        ("current", "voltage") => "; put a TIA between a current output and a voltage input",
        ("voltage", "current") => "; drive it through a resistor or a crossbar",
        _ => "",
    }
}
