//! What a `#[crossbar]` holds: one conductance per weight.

/// Conductances of a crossbar of `R` inputs and `C` outputs, siemens. With `signed = ..` they have a sign, and
/// zero stands for no cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Conductance<const R: usize, const C: usize>(Vec<f64>);

impl<const R: usize, const C: usize> Conductance<R, C> {
    /// The conductances `siemens[input][output]`.
    ///
    /// ```
    /// use memloom::prelude::*;
    /// let g: Conductance<2, 3> = Conductance::from_siemens([[1e-5, 2e-5, 3e-5], [4e-5, 5e-5, 6e-5]]);
    /// assert_eq!(g.siemens()[3], 4e-5);
    /// ```
    pub fn from_siemens<M: WeightMatrix<R, C>>(siemens: M) -> Self {
        Self(siemens.into_siemens())
    }

    /// The conductance of each pair of input and output.
    pub fn from_fn(mut siemens: impl FnMut(usize, usize) -> f64) -> Self {
        Self((0..R * C).map(|k| siemens(k / C, k % C)).collect())
    }

    /// All of them, siemens, input by input.
    pub fn siemens(&self) -> &[f64] {
        &self.0
    }
}

/// Weights of the shape of a crossbar: `[[f64; C]; R]`.
#[diagnostic::on_unimplemented(
    message = "a crossbar of {R} inputs and {C} outputs does not take weights of the shape `{Self}`",
    label = "these weights have another shape than the crossbar",
    note = "write one row per input and one value per output: `[[f64; {C}]; {R}]`"
)]
pub trait WeightMatrix<const R: usize, const C: usize> {
    /// The values, row by row.
    fn into_siemens(self) -> Vec<f64>;
}

impl<const R: usize, const C: usize> WeightMatrix<R, C> for [[f64; C]; R] {
    fn into_siemens(self) -> Vec<f64> {
        self.into_iter().flatten().collect()
    }
}

/// The type of a crossbar's one field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give a crossbar its size",
    label = "the crossbar's size goes here",
    note = "write `Conductance<4, 3>` for 4 inputs and 3 outputs"
)]
pub trait Shape {
    /// Inputs.
    const ROWS: usize;
    /// Outputs.
    const COLS: usize;
}

/// A crossbar has a row and a column.
#[track_caller]
pub const fn check_size(rows: usize, cols: usize) {
    assert!(rows > 0, "a crossbar of 0 rows has no input; write 1 row or more");
    assert!(cols > 0, "a crossbar of 0 columns has no output; write 1 column or more");
}

impl<const R: usize, const C: usize> Shape for Conductance<R, C> {
    const ROWS: usize = R;
    const COLS: usize = C;
}
