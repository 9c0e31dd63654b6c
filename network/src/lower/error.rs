//! Why a plan could not be made into a circuit.

use memloom_ir::BuildError;

/// Why a plan could not be made into a circuit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LowerError {
    /// The IR refused a module.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A tile whose wires cannot be compensated, since it cannot be solved.
    #[error("tile `{tile}`: {error}; choose another size of tiles")]
    Tile {
        /// The tile's module.
        tile: String,
        /// What is wrong.
        error: memloom_tile::Error,
    },
    /// A weight that cell and feedback resistor cannot express together.
    #[error(
        "layer `{layer}`, output {output}: the weight of input {input} needs a feedback resistor of {r_f:.3e} ohm, \
         the technology's largest is {most:.3e} ohm; scale the weights down, or widen `r_f`"
    )]
    Unmappable {
        /// The layer.
        layer: String,
        /// The output channel.
        output: usize,
        /// The input of the largest weight, among the layer's taps; the bias comes behind them.
        input: usize,
        /// What the weight needs, ohm.
        r_f: f64,
        /// What there is, ohm.
        most: f64,
    },
    /// A weight without a complementary cell that is too small for a cell of its own.
    #[error(
        "layer `{layer}`, output {output}: a weight needs a cell of {g:.3e} S that no complementary cell helps, and the \
         technology's least is {least:.3e} S; lower `g_min` or `r_f`, or make tiles smaller"
    )]
    Small {
        /// The layer.
        layer: String,
        /// The output channel.
        output: usize,
        /// What the weight needs, siemens.
        g: f64,
        /// What there is, siemens.
        least: f64,
    },
    /// Wires that lose more than a feedback resistor can compensate.
    #[error(
        "layer `{layer}`, output {output}: to compensate its wires it needs a feedback resistor of {r_f:.3e} ohm, the \
         technology's largest is {most:.3e} ohm; make tiles smaller, lower `r_wire` and what else its lines resist, or widen `r_f`"
    )]
    Wires {
        /// The layer.
        layer: String,
        /// The output channel.
        output: usize,
        /// What the column needs, ohm.
        r_f: f64,
        /// What there is, ohm.
        most: f64,
    },
    /// A ratio of units that resistors cannot make.
    #[error(
        "layer `{layer}`: an amplifier needs resistors in the proportion of 1 to {ratio:.3e}, which do not lie within \
         the technology's {least:.3e} to {most:.3e} ohm; calibrate with images, or widen `r_f`"
    )]
    Resistor {
        /// The layer.
        layer: String,
        /// The largest over the least.
        ratio: f64,
        /// Least that can be made, ohm.
        least: f64,
        /// Largest that can be made, ohm.
        most: f64,
    },
}
