//! Why a circuit cannot be evaluated.

/// Why a circuit cannot be evaluated, naming the place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The design has no top module.
    #[error("design `{0}` has no top module; set `Design::top`")]
    NoTop(String),
    /// A net that nothing drives and no conductance ties to a driven net.
    #[error("net `{0}` floats; drive it, or tie it to a driven net through a resistor")]
    Floating(String),
    /// Two drivers on one wire.
    #[error("net `{0}` has two voltage drivers; give each its own net")]
    TwoDrivers(String),
    /// A behavioural block, or a frame memory, that reads what it drives.
    #[error("feedback through `{0}` is not feed-forward; close loops through op-amps and resistors only")]
    Feedback(String),
    /// An op-amp whose output pushes its own input away.
    #[error("op-amp `{0}` has positive feedback and would latch; swap its inputs")]
    PositiveFeedback(String),
    /// Equations without a unique solution.
    #[error(
        "the operating point of op-amp `{0}` is not unique; close its feedback loop, or give it a finite gain"
    )]
    Singular(String),
    /// A resistance that is not positive.
    #[error("resistor `{path}` has {ohms} ohm; give it a positive resistance")]
    Resistance {
        /// The resistor.
        path: String,
        /// Its value.
        ohms: f64,
    },
    /// A parameter that the enclosing module does not declare.
    #[error("`{path}` takes its value from parameter `{param}`, which its module lacks; declare it")]
    Param {
        /// The instance.
        path: String,
        /// The parameter.
        param: String,
    },
    /// A conductance that is negative or not a number, or a negative wire resistance.
    #[error("crossbar `{path}` has a {what} of {value}; give it a finite positive value")]
    Crossbar {
        /// The crossbar.
        path: String,
        /// `conductance (row, col)` or `wire resistance`.
        what: String,
        /// The value.
        value: f64,
    },
    /// A crossbar whose devices cannot be drawn, or not be programmed.
    #[error("crossbar `{path}`: {error}")]
    Device {
        /// The crossbar.
        path: String,
        /// Why.
        error: memloom_ir::device::Error,
    },
    /// A crossbar with wires that the tile solver refuses.
    #[error("crossbar `{path}`: {error}")]
    Tile {
        /// The crossbar.
        path: String,
        /// Why.
        error: memloom_tile::Error,
    },
    /// A user's own activation that was declared without a function.
    #[error(
        "`{path}` is an activation `{block}` without a function to evaluate; give #[activation] a `native = path::to::f`"
    )]
    NoFunction {
        /// The instance.
        path: String,
        /// The declaration.
        block: &'static str,
    },
    /// Offsets trimmed in a circuit whose cells are devices.
    #[error(
        "cells of `{0}` are devices, whose offsets cannot be trimmed; leave the trim out, or take cells as resistors"
    )]
    TrimOfDevices(String),
    /// A foreign cell that is a block of its own: what it does is in a file.
    #[error(
        "`{path}` is `{cell}` of a netlist file, and what it does only a simulator knows; make it the `subcircuit` of an #[opamp], an #[activation] or a #[memristor] that declares it, or run the circuit in ngspice"
    )]
    Foreign {
        /// The instance.
        path: String,
        /// The cell.
        cell: String,
    },
    /// An independent source.
    #[error("`{0}` is an independent source, which only a simulator takes; make it an input, or a supply")]
    Source(String),
    /// Read noise of cells between lines that no op-amp holds.
    #[error(
        "read noise needs driven wordlines and bitlines at a virtual ground, and `{0}` is neither; put a #[tia] behind each bitline"
    )]
    Noise(String),
    /// Noise at run time of cells that are devices.
    #[error(
        "noise at run time is drawn for cells that are resistors, and those of crossbar `{0}` are devices; give its memristor `netlist = resistor`, or leave the noise out"
    )]
    NoiseOfDevices(String),
    /// Newton's method came to no operating point, in so many evaluations.
    #[error(
        "{0} operating points with cells as devices were not found; give inputs within the cells' read voltage, or take the cells as resistors"
    )]
    Unsolved(u64),
    /// A current output that ends nowhere.
    #[error("nothing sinks the current `{0}`; put a #[tia] after it")]
    UnsunkCurrent(String),
    /// A passive port of a module that is evaluated alone.
    #[error("port `{0}` is passive: it is neither given nor read; make it an input or an output")]
    PassivePort(String),
    /// A frame memory inside a module that is evaluated as combinational.
    #[error("`{0}` is a frame memory and has ticks; evaluate its module with `Evaluator`")]
    Store(String),
    /// Two nets whose ticks do not match.
    #[error("net `{net}` has {ticks} ticks, net `{other}` {other_ticks}; put a frame memory between them")]
    Ticks {
        /// One net.
        net: String,
        /// Its ticks.
        ticks: usize,
        /// Another net of the same block.
        other: String,
        /// Its ticks.
        other_ticks: usize,
    },
    /// An error inside a block of the top.
    #[error("in `{block}`: {error}")]
    Within {
        /// The block: an instance, or the first of a group.
        block: String,
        /// What is wrong in it.
        error: Box<Error>,
    },
    /// Values that do not fit the input ports.
    #[error("input `{port}`: {what}")]
    Input {
        /// The port.
        port: String,
        /// What is wrong, and what to give.
        what: String,
    },
}
