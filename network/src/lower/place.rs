//! From a signed gain to cells: one where it fits, two where it is too small for one.
//!
//! A column's amplifier turns `i = sum G v` into `r_f i`, so a gain `a` (volts per volt) is a conductance
//! `|a| / r_f`, on the side that gives its sign. The largest gain of a column takes `g_max`; a gain that would need
//! less than `g_min` is the difference of two cells, `g_min + |a| / r_f` on its side and `g_min` on the other.

use memloom_ir::Cell;

/// Conductances, siemens, of the two sides of a signed weight; zero where there is no cell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Placed {
    /// On the side of positive gains.
    pub(super) positive: f64,
    /// On the side of negative gains.
    pub(super) negative: f64,
}

/// Cells for gain `a` behind a feedback of `r_f` ohm.
pub(super) fn place(a: f64, r_f: f64, cell: &Cell) -> Placed {
    let g = a.abs() / r_f;
    let (own, other) = match g {
        0.0 => (0.0, 0.0),
        g if g >= cell.g_min => (g.min(cell.g_max), 0.0),
        g => (cell.g_min + g, cell.g_min),
    };
    if a > 0.0 {
        Placed { positive: own, negative: other }
    } else {
        Placed { positive: other, negative: own }
    }
}

/// The feedback, ohm, at which the largest of a column's gains takes `g_max`; at least `least`.
/// A column without gains gets `least`.
pub(super) fn feedback(largest: f64, least: f64, cell: &Cell) -> f64 {
    (largest / cell.g_max).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CELL: Cell = Cell::new(1e-6, 1e-4, 0.2);

    #[test]
    fn zero_is_no_cell() {
        assert_eq!(place(0.0, 1e4, &CELL), Placed::default());
    }

    #[test]
    fn a_small_weight_takes_a_pair() {
        let placed = place(-1e-3, 1e4, &CELL);
        assert_eq!(placed.positive, 1e-6);
        assert!((placed.negative - 1.1e-6).abs() < 1e-18);
    }

    proptest! {
        #[test]
        fn gain_comes_back_and_cells_are_in_range(gains in prop::collection::vec(-50.0f64..50.0, 1..40), scale in -9i32..2) {
            let gains: Vec<f64> = gains.iter().map(|a| a * 10f64.powi(scale)).collect();
            let largest = gains.iter().fold(0.0f64, |m, a| m.max(a.abs()));
            let r_f = feedback(largest, 100.0, &CELL);
            for a in gains {
                let Placed { positive, negative } = place(a, r_f, &CELL);
                for g in [positive, negative].into_iter().filter(|g| *g != 0.0) {
                    prop_assert!((CELL.g_min..=CELL.g_max).contains(&g));
                }
                prop_assert!((r_f * (positive - negative) - a).abs() <= 1e-12 * largest.max(r_f * CELL.g_min));
            }
        }
    }
}
