//! How many images a circuit classifies rightly, and how sure that is.

use serde::{Deserialize, Serialize};

/// Counts over images: whole numbers, so that parts add up to the same total in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Score {
    /// `confusion[label][class]`: images of that label that got that class.
    pub(crate) confusion: Vec<Vec<u64>>,
    /// Images that got the class that the digital reference gives them.
    pub(crate) same_class: u64,
}

impl Score {
    /// No image yet, of `classes` classes.
    pub(crate) fn new(classes: usize) -> Self {
        Self { confusion: vec![vec![0; classes]; classes], same_class: 0 }
    }

    /// Counts one image. `label` and `class` are below the number of classes.
    pub(crate) fn count(&mut self, label: usize, class: usize, reference: usize) {
        self.confusion[label][class] += 1;
        self.same_class += u64::from(class == reference);
    }

    /// Adds the counts of other images.
    pub(crate) fn add(&mut self, other: &Self) {
        let cells = self.confusion.iter_mut().flatten().zip(other.confusion.iter().flatten());
        cells.for_each(|(sum, n)| *sum += n);
        self.same_class += other.same_class;
    }

    /// Images counted.
    pub(crate) fn images(&self) -> u64 {
        self.confusion.iter().flatten().sum()
    }

    /// Images that got the class of their label.
    pub(crate) fn correct(&self) -> u64 {
        self.confusion.iter().enumerate().map(|(label, row)| row[label]).sum()
    }

    /// Share of images that got the class of their label, 0 to 1.
    pub(crate) fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.images().max(1) as f64
    }

    /// The interval that holds the accuracy on all images of the kind with 95 % confidence: [`wilson`].
    pub(crate) fn interval(&self) -> (f64, f64) {
        wilson(self.correct(), self.images())
    }
}

/// Wilson's score interval of a share of `n`, at 95 % confidence (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927).
pub(crate) fn wilson(correct: u64, n: u64) -> (f64, f64) {
    /// The standard normal distribution's 97.5th percentile.
    const Z: f64 = 1.959963984540054;
    if n == 0 {
        return (0.0, 1.0);
    }
    let (k, n) = (correct as f64, n as f64);
    let share = k / n;
    let middle = share + Z * Z / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((middle - reach) / scale).max(0.0), ((middle + reach) / scale).min(1.0))
}

/// Mean and sample standard deviation; the latter is zero for fewer than two values.
pub(crate) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, if values.len() < 2 { 0.0 } else { (squares / (n - 1.0)).sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        let mut score = Score::new(3);
        [(0, 0, 0), (1, 2, 1), (2, 2, 2), (2, 1, 1)].iter().for_each(|(l, c, r)| score.count(*l, *c, *r));
        assert_eq!((score.images(), score.correct(), score.same_class), (4, 2, 3));
        let mut twice = score.clone();
        twice.add(&score);
        assert_eq!((twice.images(), twice.confusion[1][2], twice.accuracy()), (8, 2, 0.5));
    }

    #[test]
    fn the_interval_is_wilsons() {
        // 15 of 50: Newcombe, Stat. Med. 17 (1998), is the usual source of checks; worked out by hand from the formula.
        let (low, high) = wilson(15, 50);
        assert!((low - 0.191036).abs() < 1e-6 && (high - 0.437504).abs() < 1e-6, "{low} {high}");
        assert!(wilson(0, 10).0.abs() < 1e-12);
        assert!((wilson(10, 10).1 - 1.0).abs() < 1e-12);
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn deviation_is_of_a_sample() {
        assert_eq!(mean_and_deviation(&[1.0, 3.0]), (2.0, 2f64.sqrt()));
        assert_eq!(mean_and_deviation(&[4.0]), (4.0, 0.0));
    }
}
