//! Phase margin of an amplifier that turns the current at its inverting input to a voltage.
//!
//! The loop's gain is `A Y_f / Y` with the op-amp's `A = 1 / (1 / A0 + s / w)`, `w = 2 pi gbw`, the feedback's admittance
//! `Y_f = 1 / r_f + s c_f`, and `Y` of all that is at the inverting node, the feedback with it. A bitline is there as what
//! its segments, contacts and cells make of it; its wordlines count as held by their drivers. The phase margin is 180
//! degrees and the phase of the loop's gain where its magnitude is 1 (J. Graeme, "Photodiode Amplifiers", 1996, chapter 3).
//!
//! ```
//! use memloom_ir::stability::{Load, Stage};
//! // 10 pF at the input of an op-amp of 10 MHz under 500 kohm: the loop crosses 1 where its phase is used up.
//! let stage = Stage { gain: 1e5, gbw: 1e7, r_f: 5e5, c_f: 0.0 };
//! let load = Load { g: 0.0, c: 10e-12, lines: Vec::new() };
//! assert!(stage.phase_margin(&load) < 5.0);
//! let cured = Stage { c_f: stage.cure(&load, 65.0).unwrap(), ..stage };
//! assert!(cured.phase_margin(&load) > 65.0 && cured.c_f < 1e-12);
//! ```

use crate::{ABSENT, Crossbar};
use num_complex::Complex64;
use std::f64::consts::TAU;

/// An op-amp and its feedback.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Open-loop gain of the op-amp, V/V; may be infinite.
    pub gain: f64,
    /// Its gain-bandwidth product, hertz.
    pub gbw: f64,
    /// Feedback resistance, ohm.
    pub r_f: f64,
    /// Feedback capacitance, farad.
    pub c_f: f64,
}

/// What is at an inverting node besides the feedback, to whatever holds still.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Load<'d> {
    /// Siemens.
    pub g: f64,
    /// Farad.
    pub c: f64,
    /// Bitlines.
    pub lines: Vec<Line<'d>>,
}

/// A bitline of a crossbar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<'d> {
    /// The crossbar.
    pub array: &'d Crossbar,
    /// Which of its bitlines.
    pub col: u32,
    /// The line's own capacitance at each cross-point, farad.
    pub c_wire: f64,
}

/// Halvings of an interval of frequencies or capacitances on a logarithmic scale.
const HALVINGS: u32 = 50;
/// The part of `gbw` below which no loop's gain is looked for.
const LOWEST: f64 = 1e-15;
/// Feedback capacitances that are tried, farad.
const TRIED: (f64, f64) = (1e-18, 1e-6);

impl Stage {
    /// The phase margin, degrees; 180 where the loop's gain is nowhere above 1.
    pub fn phase_margin(&self, load: &Load<'_>) -> f64 {
        let w = TAU * self.gbw;
        let (mut low, mut high) = (LOWEST * w, w);
        if self.loop_gain(load, low).norm() <= 1.0 {
            return 180.0;
        }
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            *(if self.loop_gain(load, middle).norm() > 1.0 { &mut low } else { &mut high }) = middle;
        }
        180.0 + self.loop_gain(load, high).arg().to_degrees()
    }

    /// The loop's gain at an angular frequency: its magnitude falls, since that of the feedback's share rises no faster than
    /// the frequency.
    fn loop_gain(&self, load: &Load<'_>, omega: f64) -> Complex64 {
        let s = Complex64::new(0.0, omega);
        let feedback = self.r_f.recip() + s * self.c_f;
        let inverse_gain = self.gain.recip() + s / (TAU * self.gbw);
        feedback / ((feedback + load.admittance(s)) * inverse_gain)
    }

    /// The least feedback capacitance that gives the phase margin `wanted`, degrees: farad, to two digits, upwards. `None`
    /// where none does.
    pub fn cure(&self, load: &Load<'_>, wanted: f64) -> Option<f64> {
        let cures = |c_f: f64| Self { c_f, ..*self }.phase_margin(load) >= wanted;
        let (mut low, most) = TRIED;
        let mut high = low;
        while !cures(high) {
            (low, high) = (high, 2.0 * high);
            if high > most {
                return None;
            }
        }
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            *(if cures(middle) { &mut high } else { &mut low }) = middle;
        }
        let digit = 10f64.powf(high.log10().floor() - 1.0);
        // By way of text: a multiple of a power of ten is rarely the number nearest to it.
        format!("{:.1e}", (high / digit).ceil() * digit).parse().ok()
    }
}

impl Load<'_> {
    /// The same with each bitline as what its cells and its capacitance add up to. A bitline's resistance hides some of its
    /// capacitance, so that this margin is the lower one.
    pub fn lumped(&self) -> Self {
        let sum = |(g, c): (f64, f64), line: &Line<'_>| (g + line.siemens(), c + line.farads());
        let (g, c) = self.lines.iter().fold((self.g, self.c), sum);
        Self { g, c, lines: Vec::new() }
    }

    fn admittance(&self, s: Complex64) -> Complex64 {
        self.lines.iter().map(|line| line.admittance(s)).sum::<Complex64>() + self.g + s * self.c
    }
}

impl Line<'_> {
    /// The cells of the line with their contacts, siemens.
    fn cells(&self) -> impl Iterator<Item = f64> {
        (0..self.array.rows()).map(|row| f64::from(self.array.row(row)[self.col as usize]))
    }

    fn siemens(&self) -> f64 {
        self.cells().map(|g| self.array.parasitics().through(g)).sum()
    }

    fn farads(&self) -> f64 {
        let there = self.cells().filter(|g| *g != f64::from(ABSENT)).count();
        f64::from(self.array.rows()) * self.c_wire + there as f64 * self.array.parasitics().c_cell.get()
    }

    /// From its far end down: at each cross-point a cell behind its contact and the line's capacitance, then a segment.
    fn admittance(&self, s: Complex64) -> Complex64 {
        let parasitics = self.array.parasitics();
        let behind = |y: Complex64, ohms: f64| y / (1.0 + y * ohms);
        let mut y = Complex64::ZERO;
        for g in self.cells() {
            if g != f64::from(ABSENT) {
                y += behind(g + s * parasitics.c_cell.get(), parasitics.r_contact.get());
            }
            y = behind(y + s * self.c_wire, parasitics.r_bitline.get());
        }
        behind(y, parasitics.r_sense.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `A = w / s` and no feedback capacitor, `|L| = 1` is a quadratic in the square of the frequency.
    #[test]
    fn the_margin_is_that_of_the_closed_form() {
        for (r_f, g, c) in [(1e4, 0.0, 1e-11), (1e6, 1e-5, 1e-12), (1e5, 1e-3, 1e-13), (1e7, 0.0, 1e-11)] {
            let stage = Stage { gain: f64::INFINITY, gbw: 1e7, r_f, c_f: 0.0 };
            let (w, total) = (TAU * stage.gbw, g + 1.0 / r_f);
            let (b, root) = (total / c, w / (r_f * c));
            let square = 0.5 * (-b * b + (b.powi(4) + 4.0 * root * root).sqrt());
            let wanted = 90.0 - (square.sqrt() / b).atan().to_degrees();
            let found = stage.phase_margin(&Load { g, c, lines: Vec::new() });
            assert!((found - wanted).abs() < 1e-6, "{r_f} {g} {c}: {found}, not {wanted}");
        }
    }

    #[test]
    fn without_a_loop_gain_above_one_nothing_rings() {
        let stage = Stage { gain: 10.0, gbw: 1e7, r_f: 1e6, c_f: 0.0 };
        assert_eq!(stage.phase_margin(&Load { g: 1e-3, c: 1e-9, lines: Vec::new() }), 180.0);
    }

    #[test]
    fn the_cure_is_the_least_of_two_digits() {
        let stage = Stage { gain: 1e4, gbw: 1e7, r_f: 1e5, c_f: 0.0 };
        let load = Load { g: 1e-5, c: 1e-11, lines: Vec::new() };
        let c_f = stage.cure(&load, 65.0).unwrap();
        let margin = |c_f| Stage { c_f, ..stage }.phase_margin(&load);
        assert!(margin(c_f) >= 65.0 && margin(c_f * 0.9) < 65.0, "{c_f}");
        assert_eq!(format!("{c_f:e}").len(), "1.2e-12".len(), "{c_f:e}");
        assert_eq!(stage.cure(&load, 120.0), None);
    }
}
