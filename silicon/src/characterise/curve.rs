//! What is read off a curve.

use super::Missing;

/// Points of a curve, in the order of `x`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
}

impl<'a> Curve<'a> {
    pub(super) fn new(x: &'a [f64], y: &'a [f64]) -> Self {
        Self { x, y }
    }

    /// Where `y` first passes `level`, on the straight line between points.
    pub(super) fn crossing(self, level: f64, what: &str) -> Result<f64, Missing> {
        let passes =
            |n: &usize| (self.y[*n] - level) * (self.y[n + 1] - level) <= 0.0 && self.y[*n] != self.y[n + 1];
        let n = (0..self.y.len().saturating_sub(1)).find(passes);
        let n = n.ok_or_else(|| Missing::Feature(format!("{what} does not pass {level:e}")))?;
        let share = (level - self.y[n]) / (self.y[n + 1] - self.y[n]);
        Ok(self.x[n] + share * (self.x[n + 1] - self.x[n]))
    }

    /// `y` at `x`, on the straight line between points; that of the nearest end outside.
    pub(super) fn at(self, x: f64) -> f64 {
        let n = self.x.partition_point(|known| *known < x).clamp(1, self.x.len() - 1);
        let share = ((x - self.x[n - 1]) / (self.x[n] - self.x[n - 1])).clamp(0.0, 1.0);
        self.y[n - 1] + share * (self.y[n] - self.y[n - 1])
    }

    /// The interval of `x` about `middle` in which `|y|` is at most `bound`, by points.
    pub(super) fn within(self, middle: f64, bound: f64, what: &str) -> Result<(f64, f64), Missing> {
        let start = self.x.partition_point(|x| *x < middle - 1e-12);
        let good = |n: &usize| self.y[*n].abs() <= bound;
        let up = (start..self.x.len()).take_while(good).last();
        let down = (0..=start.min(self.x.len() - 1)).rev().take_while(good).last();
        let none = || Missing::Feature(format!("{what} is beyond {bound:e} already at {middle:e}"));
        Ok((self.x[down.ok_or_else(none)?], self.x[up.ok_or_else(none)?]))
    }

    /// The time from `start` after which `y` stays within `part` of its whole step of where it ends.
    pub(super) fn settling(self, start: f64, part: f64, what: &str) -> Result<f64, Missing> {
        let end = *self.y.last().ok_or_else(|| Missing::Feature(format!("{what} has no points")))?;
        let bound = part * (end - self.at(start)).abs();
        let late = (0..self.x.len()).rev().find(|n| (self.y[*n] - end).abs() > bound);
        match late {
            Some(n) if n + 1 < self.x.len() && self.x[n] > start => Ok(self.x[n + 1] - start),
            _ => Err(Missing::Feature(format!("{what} has no step"))),
        }
    }

    /// The largest distance of `y` from `of(x)`.
    pub(super) fn error(self, of: impl Fn(f64) -> f64) -> f64 {
        self.x.iter().zip(self.y).map(|(x, y)| (y - of(*x)).abs()).fold(0.0, f64::max)
    }

    /// Slope and value at zero of the line of least squares.
    pub(super) fn line(self) -> (f64, f64) {
        let n = self.x.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
        let (x, y) = (mean(self.x), mean(self.y));
        let over: f64 = self.x.iter().zip(self.y).map(|(a, b)| (a - x) * (b - y)).sum();
        let under: f64 = self.x.iter().map(|a| (a - x).powi(2)).sum();
        (over / under, y - x * over / under)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_drawn() {
        let x: Vec<f64> = (0..=100).map(|n| f64::from(n) * 0.1).collect();
        let line: Vec<f64> = x.iter().map(|x| 3.0 - 0.5 * x).collect();
        let curve = Curve::new(&x, &line);
        assert!((curve.crossing(0.25, "y").unwrap() - 5.5).abs() < 1e-12);
        assert!((curve.at(4.03) - 0.985).abs() < 1e-12 && curve.at(-1.0) == 3.0 && curve.at(11.0) == -2.0);
        let (low, high) = curve.within(6.0, 1.001, "y").unwrap();
        assert!((low - 4.0).abs() < 1e-9 && (high - 8.0).abs() < 1e-9);
        let (slope, zero) = curve.line();
        assert!((slope + 0.5).abs() < 1e-12 && (zero - 3.0).abs() < 1e-12);
        assert!(curve.error(|x| 3.0 - 0.5 * x + 0.01) - 0.01 < 1e-12);
        let decay: Vec<f64> =
            x.iter().map(|x| if *x < 1.0 { 0.0 } else { 1.0 - (-(x - 1.0)).exp() }).collect();
        // Of an exponential, ln(100) time constants to 1 %.
        let settled = Curve::new(&x, &decay).settling(1.0, 0.01, "y").unwrap();
        assert!((settled - 100f64.ln()).abs() < 0.15, "{settled}");
        assert!(curve.crossing(9.0, "y").is_err() && curve.within(0.0, 1.0, "y").is_err());
    }
}
