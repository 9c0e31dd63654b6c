//! Why a tile cannot be solved.

/// Why a tile cannot be solved, naming the place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tile without cells.
    #[error("a tile of `{rows} x {cols}` has no cells; give it at least one row and one column")]
    Empty {
        /// Wordlines.
        rows: usize,
        /// Bitlines.
        cols: usize,
    },
    /// More lines than memory is meant for.
    #[error(
        "a tile of `{rows} x {cols}` has {} lines, beyond the {} that are solved at once; split it into smaller tiles",
        rows + cols,
        super::MAX_LINES
    )]
    TooLarge {
        /// Wordlines.
        rows: usize,
        /// Bitlines.
        cols: usize,
    },
    /// A list whose length does not fit the tile.
    #[error("`{got}` {what} do not fit the tile; give {want}")]
    Length {
        /// What the list holds.
        what: &'static str,
        /// Its length.
        got: usize,
        /// The length that fits.
        want: usize,
    },
    /// A conductance out of range.
    #[error(
        "cell ({row}, {col}) has a conductance of `{siemens}` S; give 0 for an absent cell, or a number from {:e} to {:e}",
        super::SMALLEST,
        super::LARGEST
    )]
    Conductance {
        /// Wordline of the cell.
        row: usize,
        /// Bitline of the cell.
        col: usize,
        /// The value.
        siemens: f64,
    },
    /// A resistance out of range.
    #[error("the {what} is `{ohms}` ohm; give 0, or a number from {:e} to {:e}", super::SMALLEST, super::LARGEST)]
    Resistance {
        /// Which resistance.
        what: String,
        /// The value.
        ohms: f64,
    },
    /// A row voltage that is no number.
    #[error("row {row} is driven with `{volts}` V; give a finite voltage")]
    Voltage {
        /// The row.
        row: usize,
        /// The value.
        volts: f64,
    },
    /// Values so many decades apart that a pivot is lost in rounding.
    #[error("wires and cells of the tile are too many decades apart to be solved; bring the `{0}` nearer to the rest")]
    Conditioning(&'static str),
}
