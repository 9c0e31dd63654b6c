//! Noise at run time: its variance at each op-amp's output, and the numbers that are drawn.
//!
//! A cell of conductance `g` whose noise has the standard deviation `sigma` adds a current of `sigma V` to its
//! bitline, with `V` between wordline and virtual ground; an op-amp adds a voltage at its input. All are independent,
//! so a row's noise is one Gaussian number of variance `constant + sum (gain sigma)^2 V^2`. Voltages along wires are
//! taken as those at the ports.

use super::Error;
use super::flat::{Flat, Source};
use super::loads::Loads;
use super::options::Setting;
use crate::chip::ReadNoise;
use memloom_ir::siemens;
use std::collections::HashMap;

/// Variance of a row: `constant + sum q (v(slot) - ground)^2`, square volts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct RowNoise {
    pub(super) constant: f64,
    pub(super) squares: Vec<Square>,
}

/// A term of a variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Square {
    pub(super) slot: u32,
    pub(super) q: f64,
    pub(super) ground: f64,
}

/// What makes noise in one circuit.
pub(super) struct NoiseSources {
    /// Standard deviation at the input of each op-amp, volts.
    op_amp: f64,
    /// Where there is noise by physics: what op-amps drive, and the temperature, kelvin.
    physics: Option<(Loads, f64)>,
    /// Noisy cells at each free node: the node beyond, and the deviation of their conductance, siemens.
    cells: HashMap<u32, Vec<(u32, f64)>>,
}

impl NoiseSources {
    /// What makes noise in `flat`; `None` without a chip that has noise.
    pub(super) fn new(flat: &Flat<'_>, setting: Setting<'_>) -> Option<Self> {
        let spec = setting.chip?.spec();
        if !spec.is_noisy() {
            return None;
        }
        let physics = spec.is_thermal().then(|| (Loads::new(flat), spec.kelvin()));
        let mut sources = Self { op_amp: spec.op_amp_noise, physics, cells: HashMap::new() };
        if let Some(read) = &spec.read_noise {
            sources.add_cells(flat, read);
        }
        Some(sources)
    }

    fn add_cells(&mut self, flat: &Flat<'_>, read: &ReadNoise) {
        for array in &flat.arrays {
            let parasitics = array.crossbar.parasitics();
            for (row, col, g) in array.crossbar.cells() {
                let g = siemens(g);
                // d(g / (1 + g r)) / dg
                let share = (parasitics.through(g) / g).powi(2);
                let (row, col) = (array.rows[row as usize], array.cols[col as usize]);
                self.cells.entry(col).or_default().push((row, share * read.sigma(g)));
            }
        }
    }

    /// Refuses cells at `nodes`, which no op-amp holds: their noise would move the node itself.
    pub(super) fn refuse(&self, flat: &Flat<'_>, nodes: &[u32]) -> Result<(), Error> {
        let noisy = |node: &&u32| self.cells.contains_key(node);
        match nodes.iter().find(noisy) {
            Some(node) => Err(Error::Noise(flat.names.node(*node))),
            None => Ok(()),
        }
    }

    /// Variance of the noise that the parts of one stage make at its output, square volts: of op-amp number `amp`, at whose
    /// inverting node `edges` are.
    pub(super) fn of_stage(&self, flat: &Flat<'_>, amp: u32, edges: &[(u32, f64)]) -> f64 {
        let Some((loads, kelvin)) = &self.physics else { return 0.0 };
        let amp = &flat.amps[amp as usize];
        match loads.stage(amp, edges) {
            Some(stage) => stage.of_op_amp(amp.density) + stage.thermal(*kelvin),
            None => 0.0,
        }
    }

    /// Noise of an op-amp's output, of which `gains` are the volts per ampere into each of the nodes `free` and
    /// `of_amps` the volts per volt at the input of each of `amps`.
    pub(super) fn row(
        &self,
        flat: &Flat<'_>,
        slot_of: &[u32],
        (free, gains): (&[u32], &[f64]),
        (amps, of_amps): (&[u32], &[f64]),
    ) -> Result<RowNoise, Error> {
        let constant = of_amps.iter().map(|gain| (gain * self.op_amp).powi(2)).sum();
        let mut noise = RowNoise { constant, squares: Vec::new() };
        for (node, gain) in free.iter().zip(gains) {
            let Some(cells) = self.cells.get(node) else { continue };
            let ground = ground(flat, *node, amps)?;
            for (row, sigma) in cells {
                let q = (gain * sigma).powi(2);
                match flat.source[*row as usize] {
                    Source::Supply(volts) => noise.constant += q * (volts - ground).powi(2),
                    Source::Free => return Err(Error::Noise(flat.names.node(*row))),
                    _ => noise.squares.push(Square { slot: slot_of[*row as usize], q, ground }),
                }
            }
        }
        Ok(noise)
    }
}

/// The voltage at which an op-amp holds a bitline.
fn ground(flat: &Flat<'_>, node: u32, amps: &[u32]) -> Result<f64, Error> {
    let held = amps.iter().find_map(|amp| {
        let amp = &flat.amps[*amp as usize];
        match flat.source[amp.inp as usize] {
            Source::Supply(volts) if amp.inn == node => Some(volts),
            _ => None,
        }
    });
    held.ok_or_else(|| Error::Noise(flat.names.node(node)))
}

/// Where the numbers of a step come from: a number is drawn by seed, image and position, in no order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draw<const L: usize> {
    pub(super) seed: u64,
    /// Image of each lane.
    pub(super) image: [u32; L],
    /// Position of row 0 in each lane; that of row `r` is `r * ticks` on.
    pub(super) position: [u32; L],
    pub(super) ticks: u32,
}

/// A standard normal number: one of the [`Pair`] to which `position` belongs.
#[inline(always)]
pub(super) fn normal(seed: u64, image: u32, position: u32) -> f32 {
    let Pair { square, cosine, sine } = Pair::draw(seed, image, position / 2);
    square.sqrt() * if position.is_multiple_of(2) { cosine } else { sine }
}

/// Two independent standard normal numbers, those of an even position and of the odd one after it, as the square of their
/// radius and the cosine and sine of their angle, for those who have a root to take anyway.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) square: f32,
    pub(super) cosine: f32,
    pub(super) sine: f32,
}

impl Pair {
    /// Threefry-2x32 with 13 rounds (Salmon et al. 2011) of `(image, number)` under the key `seed`, then Box and Muller's
    /// transform. It has no branches, so that loops over it vectorise.
    #[inline(always)]
    pub(super) fn draw(seed: u64, image: u32, number: u32) -> Self {
        let [a, b] = threefry([seed as u32, (seed >> 32) as u32], [image, number]);
        // In (0, 1] and in [-1/2, 1/2).
        let u = ((a >> 8) + 1) as f32 * (1.0 / (1 << 24) as f32);
        let turn = (b >> 8) as f32 * (1.0 / (1 << 24) as f32) - 0.5;
        Self { square: (-2.0 * ln(u)).max(0.0), cosine: cos_turn(turn), sine: sin_turn(turn) }
    }
}

#[inline(always)]
fn threefry(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    const ROTATIONS: [u32; 8] = [13, 15, 26, 6, 17, 29, 16, 24];
    let keys = [key[0], key[1], 0x1bd1_1bda ^ key[0] ^ key[1]];
    let (mut x, mut y) = (counter[0].wrapping_add(keys[0]), counter[1].wrapping_add(keys[1]));
    let mut round = 0;
    while round < 13 {
        x = x.wrapping_add(y);
        y = y.rotate_left(ROTATIONS[round % 8]) ^ x;
        round += 1;
        if round.is_multiple_of(4) {
            let injection = round / 4;
            x = x.wrapping_add(keys[injection % 3]);
            y = y.wrapping_add(keys[(injection + 1) % 3]).wrapping_add(injection as u32);
        }
    }
    [x, y]
}

/// The natural logarithm of a number in (0, 1]: the polynomial of Cephes' `logf` (Moshier) on the mantissa.
#[inline(always)]
fn ln(x: f32) -> f32 {
    const COEFFICIENTS: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    // The mantissa from sqrt(1/2) to sqrt(2), less one.
    let shifted = x.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (shifted as i32 >> 23) as f32;
    let m = f32::from_bits((shifted & 0x007f_ffff).wrapping_add(0x3f35_04f3)) - 1.0;
    // Pairs first, by Estrin: Horner's steps would wait for each other.
    let [a, b, c, d, e, f, g, h, last] = COEFFICIENTS;
    let square = m * m;
    let (high, low) = ((a * m + b) * square + (c * m + d), (e * m + f) * square + (g * m + h));
    let series = (high * (square * square) + low) * m + last;
    exponent * std::f32::consts::LN_2 + (m - square * (0.5 - m * series))
}

/// The cosine of `turn` full turns, for -1/2 to 1/2: `-cos` of the angle from half a turn, by its Taylor series within
/// a quarter turn.
#[inline(always)]
fn cos_turn(turn: f32) -> f32 {
    let folded = turn.abs();
    let (angle, sign) = if folded > 0.25 { (0.5 - folded, -1.0) } else { (folded, 1.0) };
    let x = angle * std::f32::consts::TAU;
    let q = x * x;
    let series = 1.0 / 24.0 - q * (1.0 / 720.0 - q * (1.0 / 40320.0 - q / 3_628_800.0));
    sign * (1.0 - q * (0.5 - q * series))
}

/// The sine of `turn` full turns, for -1/2 to 1/2, likewise.
#[inline(always)]
fn sin_turn(turn: f32) -> f32 {
    let folded = turn.abs();
    let angle = if folded > 0.25 { 0.5 - folded } else { folded };
    let x = angle * std::f32::consts::TAU;
    let q = x * x;
    let series = 1.0 / 120.0 - q * (1.0 / 5040.0 - q * (1.0 / 362_880.0 - q / 39_916_800.0));
    (x - x * q * (1.0 / 6.0 - q * series)).copysign(turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threefry_is_the_published_one() {
        // Random123's known answers, kat_vectors: threefry 2 13.
        assert_eq!(threefry([0, 0], [0, 0]), [0x9d1c_5ec6, 0x8bd5_0731]);
        assert_eq!(threefry([u32::MAX; 2], [u32::MAX; 2]), [0xfd36_d048, 0x2d17_272c]);
        assert_eq!(
            threefry([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]),
            [0xba3e_4725, 0xf27d_669e]
        );
    }

    #[test]
    fn logarithm_cosine_and_sine_are_close() {
        for k in 1..=1 << 16 {
            let x = k as f32 / (1 << 16) as f32;
            assert!((f64::from(ln(x)) - f64::from(x).ln()).abs() < 2e-6, "ln {x}");
            let turn = x - 0.5;
            let cosine = (f64::from(turn) * std::f64::consts::TAU).cos();
            assert!((f64::from(cos_turn(turn)) - cosine).abs() < 2e-6, "cos {turn}");
            let sine = (f64::from(turn) * std::f64::consts::TAU).sin();
            assert!((f64::from(sin_turn(turn)) - sine).abs() < 2e-6, "sin {turn}");
        }
    }

    #[test]
    fn numbers_are_normal() {
        let count = 400_000;
        let numbers: Vec<f64> = (0..count).map(|k| f64::from(normal(42, k % 7, k))).collect();
        let mean = |power: i32| numbers.iter().map(|x| x.powi(power)).sum::<f64>() / f64::from(count);
        // Five standard errors: of the moments of 1, 3 and 15 as variances.
        let error = |variance: f64| 5.0 * (variance / f64::from(count)).sqrt();
        assert!(mean(1).abs() < error(1.0));
        assert!((mean(2) - 1.0).abs() < error(2.0));
        assert!(mean(3).abs() < error(15.0));
        assert!((mean(4) - 3.0).abs() < error(96.0));
        let beyond = numbers.iter().filter(|x| x.abs() > 3.0).count() as f64 / f64::from(count);
        assert!((beyond - 0.0027).abs() < error(0.0027), "{beyond}");
        // Those of a pair, and those of neighbouring pairs, know nothing of each other.
        for apart in [1, 2] {
            let pairs = numbers.iter().zip(&numbers[apart..]);
            let (both, squares) = pairs.fold((0.0, 0.0), |(both, squares), (a, b)| {
                (both + a * b, squares + (a * a - 1.0) * (b * b - 1.0))
            });
            assert!((both / f64::from(count)).abs() < error(1.0));
            assert!((squares / f64::from(count)).abs() < error(4.0));
        }
    }
}
