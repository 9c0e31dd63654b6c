//! Which lines of a crossbar count with opposite signs.

/// For every line its complementary one: the two carry the same signal, or read the same output, with opposite signs.
///
/// A signed weight is the difference of the two cells there. Whoever programs an array can therefore have one of them
/// compensate the other.
///
/// ```
/// use memloom_ir::Opposites;
/// // Wordlines 0 and 1 carry a signal and its inverse, wordline 2 has no complementary one.
/// let rails = Opposites::Wordlines(vec![Some(1), Some(0), None]);
/// let cols = 4;
/// assert_eq!(rails.complementary(2, cols), Some(6));
/// assert_eq!(rails.complementary(9, cols), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Opposites {
    /// No line has one.
    #[default]
    None,
    /// By wordline, as in dual rail: the one that carries its signal inverted.
    Wordlines(Vec<Option<u32>>),
    /// By bitline, as in differential readout: the one that its current is subtracted from, or that is subtracted from it.
    Bitlines(Vec<Option<u32>>),
}

impl Opposites {
    /// The complementary cross-point of `at`; both are counted row by row in an array of `cols` bitlines.
    pub fn complementary(&self, at: usize, cols: usize) -> Option<usize> {
        let (row, col) = (at / cols, at % cols);
        match self {
            Self::None => None,
            Self::Wordlines(other) => other[row].map(|other| other as usize * cols + col),
            Self::Bitlines(other) => other[col].map(|other| row * cols + other as usize),
        }
    }

    /// Whether they can be those of `rows` wordlines and `cols` bitlines: one entry for each, pairs of two, in range.
    pub fn fit(&self, rows: u32, cols: u32) -> bool {
        let (lines, most) = match self {
            Self::None => return true,
            Self::Wordlines(lines) => (lines, rows),
            Self::Bitlines(lines) => (lines, cols),
        };
        let mutual = |(at, other): (usize, &Option<u32>)| match other {
            Some(other) => *other as usize != at && lines.get(*other as usize) == Some(&Some(at as u32)),
            None => true,
        };
        lines.len() == most as usize && lines.iter().enumerate().all(mutual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_fit_only_their_crossbar() {
        let pairs = |lines: &[Option<u32>]| Opposites::Bitlines(lines.to_vec());
        assert!(pairs(&[Some(2), None, Some(0)]).fit(7, 3));
        assert!(!pairs(&[Some(2), None, Some(0)]).fit(3, 4), "one line too few");
        assert!(!pairs(&[Some(1), Some(2), Some(0)]).fit(3, 3), "not mutual");
        assert!(!pairs(&[Some(0)]).fit(1, 1), "a line that is its own complement");
        assert!(!pairs(&[Some(9), None]).fit(2, 2), "out of range");
        assert!(Opposites::None.fit(1, 1));
    }
}
