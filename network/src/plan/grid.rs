//! How a matrix is cut into tiles.

use memloom_ir::technology::SignScheme;
use std::ops::Range;

/// Inputs and outputs of the tiles of one matrix block: every pair of ranges is a tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Ranges of inputs, the bias counted as one more input behind the others.
    pub inputs: Vec<Range<usize>>,
    /// Ranges of outputs.
    pub outputs: Vec<Range<usize>>,
}

impl Grid {
    /// Cuts `inputs` (bias included) by `outputs` into tiles of at most `tile` wordlines and bitlines, as even as
    /// they come; without a sign scheme, an input takes a wordline and an output a bitline. `None` if not even one input
    /// fits a tile.
    pub fn new(
        inputs: usize,
        outputs: usize,
        tile: (u32, u32),
        signed: impl Into<Option<SignScheme>>,
    ) -> Option<Self> {
        let (wordlines, bitlines) =
            signed.into().map_or((1, 1), |signed| (signed.wordlines(), signed.bitlines()));
        let most = (tile.0 as usize / wordlines, tile.1 as usize / bitlines);
        if most.0 == 0 || most.1 == 0 {
            return None;
        }
        let pieces = |length: usize, most: usize| cut(length, length.div_ceil(most).max(1)).collect();
        Some(Self { inputs: pieces(inputs, most.0), outputs: pieces(outputs, most.1) })
    }

    /// Number of tiles.
    pub fn tiles(&self) -> usize {
        self.inputs.len() * self.outputs.len()
    }

    /// Whether each output is the sum of several tiles.
    pub fn is_split(&self) -> bool {
        self.inputs.len() > 1
    }
}

/// `pieces` ranges, as even as they come, that make up `length`.
pub(crate) fn cut(length: usize, pieces: usize) -> impl Iterator<Item = Range<usize>> {
    (0..pieces).map(move |k| k * length / pieces..(k + 1) * length / pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bias_alone_does_not_get_a_tile() {
        let grid = Grid::new(577, 1024, (128, 128), SignScheme::DualRail).unwrap();
        assert_eq!(grid.inputs.len(), 10);
        assert!(grid.inputs.iter().all(|r| (57..=58).contains(&r.len())), "{:?}", grid.inputs);
        assert_eq!(grid.tiles(), 80);
    }

    #[test]
    fn differential_halves_columns_and_not_rows() {
        let grid = Grid::new(128, 128, (128, 128), SignScheme::Differential).unwrap();
        assert_eq!((grid.inputs.len(), grid.outputs.len()), (1, 2));
        assert_eq!(Grid::new(4, 4, (1, 128), SignScheme::DualRail), None);
    }

    proptest! {
        #[test]
        fn tiles_cover_everything_once(inputs in 1usize..3000, outputs in 1usize..3000, rows in 2u32..300, cols in 2u32..300) {
            for scheme in SignScheme::ALL {
                let grid = Grid::new(inputs, outputs, (rows, cols), scheme).unwrap();
                for (ranges, length) in [(&grid.inputs, inputs), (&grid.outputs, outputs)] {
                    prop_assert_eq!(ranges[0].start, 0);
                    prop_assert_eq!(ranges.last().unwrap().end, length);
                    prop_assert!(ranges.windows(2).all(|w| w[0].end == w[1].start));
                    prop_assert!(ranges.iter().all(|r| !r.is_empty()));
                }
                let most = grid.inputs.iter().map(|r| r.len()).max().unwrap();
                let lines = if scheme == SignScheme::DualRail { 2 } else { 1 };
                prop_assert!(most * lines <= rows as usize);
            }
        }
    }
}
