//! Cells that compensate their wires and contacts.
//!
//! Current lost along wordlines and bitlines is lost in proportion, so a tile with wires is still a matrix: the
//! effective one, which [`memloom_tile`] gives exactly. Here conductances and feedback resistors are chosen whose
//! effective matrix is the wanted one. Each round solves the tile and gives every cell what its weight lacks; a column
//! whose largest cell would outgrow `g_max` gets a larger feedback resistor, and with it smaller cells. What remains
//! is what flows through cells that are absent, by way of their neighbours.

use super::amplifier::Amplifier;
use super::array::{Array, Sums};
use memloom_ir::Parasitics;
use memloom_tile::{Error, Lines, Tia, Tile};

/// Most rounds: each leaves about the drop's share of the error before it.
const ROUNDS: usize = 12;
/// A weight is met that is so near, of `g_max`: a tenth of a step of 64 levels.
pub(super) const NEAR: f64 = 1.5e-3;

/// Cells on wires.
pub(super) struct Compensated {
    pub(super) cells: Array,
    /// What the weight that is furthest off lacked in the last round, of `g_max`.
    pub(super) lack: f64,
}

/// Cells and feedback for `sums` on lines with `parasitics`, read by op-amps like `amplifier`; `feedback` is what it would be
/// without any.
///
/// # Errors
/// If the tile is none that can be solved.
pub(super) fn compensate(
    sums: &Sums<'_>,
    feedback: Vec<f64>,
    parasitics: &Parasitics,
    amplifier: Amplifier,
) -> Result<Compensated, Error> {
    let mut wanted = sums.array(feedback);
    if wanted.rows.is_empty() {
        return Ok(Compensated { cells: wanted, lack: 0.0 });
    }
    let mut cells = wanted.clone();
    let mut lack = 0.0;
    for _ in 0..ROUNDS {
        let effective = effective(&cells, parasitics, &Readout::new(&cells, amplifier))?;
        lack = correct(sums, &wanted, &mut cells, &effective) / sums.cell.g_max;
        let grown = shrink(sums, &mut wanted, &mut cells);
        if lack < NEAR && !grown {
            break;
        }
    }
    Ok(Compensated { cells, lack })
}

/// The amplifiers behind the bitlines.
struct Readout {
    tias: Vec<Tia>,
    /// Volts per volt that each should give, over what it gives: 1 but for what its resistor makes up for.
    gained: Vec<f64>,
}

impl Readout {
    fn new(cells: &Array, amplifier: Amplifier) -> Self {
        let resistors = cells.resistors(amplifier);
        // The second amplifier of a pair sees more than its column, so pairs are taken for ideal.
        if resistors.r_n.is_some() {
            let ideal = |r_f: &f64| Tia { r_f: *r_f, gain: f64::INFINITY };
            let tias = cells.feedback.iter().chain(&cells.feedback).map(ideal).collect();
            return Self { tias, gained: vec![1.0; cells.cols] };
        }
        let tias =
            resistors.r_f.iter().map(|r_f| Tia { r_f: *r_f, gain: amplifier.gain }).collect::<Vec<_>>();
        let wanted = cells.feedback.iter().zip(&resistors.reached).map(|(r, reached)| r * reached);
        let gained = tias.iter().zip(wanted).map(|(tia, r)| -tia.transfer() / r).collect();
        Self { tias, gained }
    }

    /// The tile of `cells` between ideal drivers and these amplifiers.
    fn tile(&self, cells: &Array, parasitics: &Parasitics) -> Result<Tile, Error> {
        let Parasitics { r_wordline, r_bitline, r_driver, r_sense, r_contact, .. } = parasitics;
        let lines = Lines {
            wordline: r_wordline.get(),
            bitline: r_bitline.get(),
            drivers: vec![r_driver.get()],
            terminations: self.tias.iter().map(|tia| r_sense.get() + tia.input_resistance()).collect(),
            contact: r_contact.get(),
        };
        Tile::new(cells.rows.len(), cells.cols, cells.conductance.clone(), &lines)
    }
}

/// Siemens from each wordline to each bitline, as the wanted conductances count them: what the amplifiers lose, and what
/// their resistors compensate, included.
fn effective(cells: &Array, parasitics: &Parasitics, readout: &Readout) -> Result<Vec<f64>, Error> {
    let mut siemens = readout.tile(cells, parasitics)?.effective().as_slice().to_vec();
    for row in siemens.chunks_mut(cells.cols) {
        row.iter_mut().zip(&readout.gained).for_each(|(g, by)| *g *= by);
    }
    Ok(siemens)
}

/// Gives each cell what its weight lacks; the largest lack, siemens.
fn correct(sums: &Sums<'_>, wanted: &Array, cells: &mut Array, effective: &[f64]) -> f64 {
    let (cols, mut worst) = (cells.cols, 0.0_f64);
    let (before, opposites) = (cells.conductance.clone(), cells.opposites(sums.scheme));
    for at in (0..before.len()).filter(|at| before[*at] != 0.0) {
        let (mut target, mut given) = (wanted.conductance[at], effective[at]);
        // Of a pair, the cell that holds the weight makes up for both; the other one holds its own.
        let complementary = opposites.complementary(at, cols);
        let lesser = |complementary: &usize| {
            before[*complementary] == 0.0 || wanted.conductance[*complementary] < target
        };
        if let Some(complementary) = complementary.filter(lesser) {
            target -= wanted.conductance[complementary];
            given -= effective[complementary];
        }
        worst = worst.max((target - given).abs());
        cells.conductance[at] =
            (before[at] + (target - given) * before[at] / effective[at]).max(sums.cell.g_min);
    }
    worst
}

/// Gives columns whose cells outgrow `g_max` a larger feedback; whether there were any.
fn shrink(sums: &Sums<'_>, wanted: &mut Array, cells: &mut Array) -> bool {
    let (cols, outputs) = (cells.cols, cells.feedback.len());
    let mut grown = vec![1.0_f64; outputs];
    for (at, g) in cells.conductance.iter().enumerate() {
        let output = at % cols % outputs;
        grown[output] = grown[output].max(g / sums.cell.g_max);
    }
    if grown.iter().all(|by| *by <= 1.0) {
        return false;
    }
    let feedback = cells.feedback.iter().zip(&grown).map(|(r_f, by)| r_f * by).collect();
    let smaller = sums.array(feedback);
    if smaller.rows == cells.rows {
        // What a cell was given for its wires, it keeps in proportion.
        for (at, g) in cells.conductance.iter_mut().enumerate() {
            let (was, is) = (wanted.conductance[at], smaller.conductance[at]);
            let share = if was == 0.0 || *g == 0.0 { 1.0 } else { *g / was };
            *g = if is == 0.0 { 0.0 } else { (is * share).clamp(sums.cell.g_min, sums.cell.g_max) };
        }
        cells.feedback.clone_from(&smaller.feedback);
    } else {
        // Small weights took partners, on wordlines that were not there: from the beginning.
        *cells = smaller.clone();
    }
    *wanted = smaller;
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::Cell;
    use memloom_ir::technology::SignScheme;
    use memloom_ir::units::Ohms;
    use proptest::prelude::*;

    const CELL: Cell = Cell::new(1e-6, 1e-4, 0.2);
    const MOST: f64 = 1e7;
    const SCHEMES: [Option<SignScheme>; 3] =
        [Some(SignScheme::DualRail), Some(SignScheme::Differential), None];

    /// What `cells` make of `inputs` volts: the operating point of the whole tile, added up as amplifiers do.
    fn volts(
        sums: &Sums<'_>,
        cells: &Array,
        inputs: &[f64],
        parasitics: &Parasitics,
        readout: &Readout,
    ) -> Vec<f64> {
        let outputs = cells.feedback.len();
        let tile = readout.tile(cells, parasitics).unwrap();
        let rows: Vec<f64> = cells
            .rows
            .iter()
            .map(|row| if row.inverted { -inputs[row.input] } else { inputs[row.input] })
            .collect();
        let point = tile.solve(&rows).unwrap();
        let currents = point.currents(&tile);
        (0..outputs)
            .map(|k| match sums.scheme {
                Some(SignScheme::Differential) => cells.feedback[k] * (currents[outputs + k] - currents[k]),
                _ => readout.tias[k].transfer() * currents[k],
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn wired_cells_give_the_sums(
            gains in prop::collection::vec(prop_oneof![1 => Just(0.0), 9 => -2.0f64..2.0], 24 * 20),
            inputs in prop::collection::vec(-0.2f64..0.2, 24),
            r_wire in 0.1f64..4.0,
            gain in prop_oneof![Just(1e4), 200.0f64..2e3],
            scheme in 0usize..3,
            ends in prop_oneof![Just([0.0; 3]), prop::array::uniform3(0.0f64..100.0)],
        ) {
            let [driver, sense, contact] = ends.map(Ohms::new);
            let wires = Parasitics::wires(Ohms::new(r_wire));
            let parasitics = Parasitics { r_driver: driver, r_sense: sense, r_contact: contact, ..wires };
            let scheme = SCHEMES[scheme];
            // Without a sign there are only gains that one bitline gives, of cells that stay above the least when wires
            // are compensated.
            let one_sign = |a: &f64| if *a == 0.0 { 0.0 } else { -a.abs().max(0.1) };
            let gains: Vec<f64> = if scheme.is_none() { gains.iter().map(one_sign).collect() } else { gains };
            let sums = Sums { gains: &gains, rails: 0, scheme, cell: &CELL };
            let bare: Vec<f64> = gains.chunks(24).map(|row| {
                row.iter().fold(0.0_f64, |most, a| most.max(a.abs())).max(1e-2) / CELL.g_max
            }).collect();
            let amplifier = Amplifier { gain, most: MOST };
            let Compensated { cells, lack } = compensate(&sums, bare.clone(), &parasitics, amplifier).unwrap();
            // One bitline has no complementary cells: a smallest one that its lines give more than its weight stays so.
            let near = if scheme.is_some() { NEAR } else { CELL.g_min / CELL.g_max };
            prop_assert!(lack < near, "{lack}");
            for g in cells.conductance.iter().filter(|g| **g != 0.0) {
                prop_assert!((CELL.g_min..=CELL.g_max).contains(g), "{g}");
            }
            let given = volts(&sums, &cells, &inputs, &parasitics, &Readout::new(&cells, amplifier));
            // As chosen without wires, and read with nothing lost.
            let bare = sums.array(bare);
            let unmended = volts(&sums, &bare, &inputs, &parasitics, &Readout::new(&bare, Amplifier { gain: f64::INFINITY, most: MOST }));
            let wanted: Vec<f64> =
                gains.chunks(24).map(|row| row.iter().zip(&inputs).map(|(a, v)| a * v).sum()).collect();
            let error = |volts: &[f64]| volts.iter().zip(&wanted).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            // Terms may cancel, their errors do not.
            let terms = gains.chunks(24).map(|row| row.iter().zip(&inputs).map(|(a, v)| (a * v).abs()).sum::<f64>());
            let span = terms.map(|v| v * v).sum::<f64>().sqrt();
            prop_assert!(error(&given) <= 0.01 * span, "{} of {span}, {} without", error(&given), error(&unmended));
            prop_assert!(r_wire < 0.5 || error(&given) <= 0.5 * error(&unmended));
        }
    }
}
