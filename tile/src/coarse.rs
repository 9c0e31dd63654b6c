//! What sweeps of whole lines hardly change: voltages that are smooth along both kinds of lines.
//!
//! For equal cells `g` and equal ends of the lines, products of a mode of the wordline, of eigenvalue `h`, and one of
//! the bitline, `w`, are eigenvectors: without the bitlines, of the conductance `s = h + g w / (g + w)`. A sweep of the
//! wordlines takes it for `h + g`, so that its inverse needs the correction
//! `1 / s - 1 / (h + g) = g^2 / (g + w) / (s (h + g))`. That is much where lines are longer than a voltage reaches along them, but only for a few smooth products, and here
//! it is added to the sweep: to a tile of equal cells exactly, to others as if each cell was the mean one.

use super::Tile;
use super::modes::Modes;
use super::sweep::{LANES, Lane};

/// The smooth voltages of one tile, and a field's share of them.
pub(super) struct Coarse {
    words: Modes,
    bits: Modes,
    /// Correction of the inverse for a mode of a wordline and one of a bitline, ohm: one row per mode of a wordline.
    correction: Vec<Vec<f64>>,
    /// Per panel of wordlines, currents in each mode of a wordline.
    gathered: Vec<Gathered>,
    /// Per panel of bitlines, the correction of the voltages in each mode of a bitline.
    volts: Vec<Vec<Lane>>,
}

/// One panel's currents in each mode along it.
pub(super) struct Gathered(Vec<Lane>);

impl Gathered {
    /// Adds the currents of a block of nodes.
    #[inline(always)]
    pub(super) fn add(&mut self, modes: &Modes, block: usize, currents: &[Lane; LANES]) {
        for (sum, mode) in self.0.iter_mut().zip(&modes.at) {
            let mut sums = *sum;
            for (at, currents) in mode[block].iter().zip(currents) {
                for lane in 0..LANES {
                    sums[lane] += at * currents[lane];
                }
            }
            *sum = sums;
        }
    }
}

impl Coarse {
    pub(super) fn new(tile: &Tile) -> Self {
        let (rows, cols) = (tile.rows, tile.cols);
        let g = tile.conductance.iter().sum::<f64>() / (rows * cols) as f64;
        let mut words = Modes::new(cols, tile.wordline, &tile.drivers, g);
        let mut bits = Modes::new(rows, tile.bitline, &tile.terminations, g);
        if words.at.is_empty() || bits.at.is_empty() {
            (words, bits) = Default::default();
        }
        let correction = |h: f64, w: f64| g * (g / (g + w)) / ((h + g * (w / (g + w))) * (g + h));
        let corrections = |h: &f64| bits.siemens.iter().map(|w| correction(*h, *w)).collect();
        Self {
            correction: words.siemens.iter().map(corrections).collect(),
            gathered: (0..rows)
                .step_by(LANES)
                .map(|_| Gathered(vec![[0.0; LANES]; words.at.len()]))
                .collect(),
            volts: (0..cols).step_by(LANES).map(|_| vec![[0.0; LANES]; bits.at.len()]).collect(),
            words,
            bits,
        }
    }

    /// Forgets what was found.
    pub(super) fn clear(&mut self) {
        self.volts.iter_mut().for_each(|volts| volts.fill([0.0; LANES]));
    }

    /// The modes of a wordline, and what each panel has gathered in them.
    pub(super) fn gather(&mut self) -> (&Modes, &mut [Gathered]) {
        (&self.words, &mut self.gathered)
    }

    /// Finds the voltages for the currents gathered, which it forgets; returns the product of both.
    pub(super) fn find(&mut self) -> f64 {
        self.clear();
        let Self { words, bits, correction, gathered, volts } = self;
        let mut power = 0.0;
        for (word, (along, correction)) in words.at.iter().zip(correction).enumerate() {
            for (bit, (down, correction)) in bits.at.iter().zip(correction).enumerate() {
                let mut currents = [0.0; LANES];
                for (gathered, down) in gathered.iter().zip(down) {
                    for lane in 0..LANES {
                        currents[lane] += gathered.0[word][lane] * down[lane];
                    }
                }
                let current: f64 = currents.iter().sum();
                power += *correction * current * current;
                for (volts, along) in volts.iter_mut().zip(along) {
                    for lane in 0..LANES {
                        volts[bit][lane] += *correction * current * along[lane];
                    }
                }
            }
        }
        gathered.iter_mut().for_each(|gathered| gathered.0.fill([0.0; LANES]));
        power
    }

    /// Adds the voltages found to a block of a panel of bitlines.
    #[inline(always)]
    pub(super) fn add(&self, panel: usize, block: usize, nodes: &mut [Lane; LANES]) {
        let volts = &self.volts[panel];
        for (k, node) in nodes.iter_mut().enumerate() {
            let mut sums = *node;
            for (mode, volts) in self.bits.at.iter().zip(volts) {
                let at = mode[block][k];
                for lane in 0..LANES {
                    sums[lane] += at * volts[lane];
                }
            }
            *node = sums;
        }
    }
}
