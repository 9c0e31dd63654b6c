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
        rows.saturating_add(*cols),
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
        what: String,
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
    #[error(
        "the {what} is `{ohms}` ohm; give 0, or a number from {:e} to {:e}",
        super::SMALLEST,
        super::LARGEST
    )]
    Resistance {
        /// Which resistance.
        what: String,
        /// The value.
        ohms: f64,
    },
    /// A row voltage that is no number, or too large a one.
    #[error("row {row} is driven with `{volts}` V; give a number up to {:e}", super::LARGEST)]
    Voltage {
        /// The row.
        row: usize,
        /// The value.
        volts: f64,
    },
}
