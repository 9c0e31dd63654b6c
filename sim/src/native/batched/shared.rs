//! The noise of row drivers and inverters, which are written into the rows that read them: one draw for all that read it.
//!
//! Where all readers of such a line end in one sum, its noise is drawn with that of a reader. Where it is in proportion to
//! what an input itself adds to all sums, as behind a follower, the input gets it. Else the line's numbers are an input more.

use super::fuse::Row;
use super::sums::Noise;
use std::collections::{BTreeMap, HashMap};

/// An input that gets the noise of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noisy {
    pub(super) input: u32,
    /// The program's row whose numbers it takes, and their deviation.
    pub(super) row: u32,
    pub(super) sigma: f64,
}

/// Where the noise of lines goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Shared {
    /// Inputs behind those of the program: standard normal numbers of these rows.
    pub(super) lines: Vec<u32>,
    pub(super) noisy: Vec<Noisy>,
}

/// Finds a place for the noise of the lines that `rows` read. `inputs` is the number of the program's inputs, `variance`
/// gives that of a line, `ends` says which rows are outputs, `taken` which inputs are read by others than rows.
pub(super) fn share(
    rows: &mut [Row],
    inputs: u32,
    variance: impl Fn(u32) -> f64,
    (ends, taken): (&[usize], &[u32]),
) -> Shared {
    let mut readers: BTreeMap<u32, Vec<(usize, f64)>> = BTreeMap::new();
    for (row, found) in rows.iter().enumerate() {
        found.lines.iter().for_each(|(line, gain)| readers.entry(*line).or_default().push((row, *gain)));
    }
    if readers.is_empty() {
        return Shared::default();
    }
    let (roots, of_input) = (roots(rows, ends), of_inputs(rows));
    let mut shared = Shared::default();
    for (line, readers) in readers {
        let variance = variance(line);
        let root = roots[readers[0].0].0;
        if readers.iter().all(|(row, _)| roots[*row].0 == root) {
            let total: f64 = readers.iter().map(|(row, gain)| gain * roots[*row].1).sum();
            let reach = |(row, gain): &&(usize, f64)| (gain * roots[*row].1).abs();
            let most = readers.iter().max_by(|a, b| reach(a).total_cmp(&reach(b))).expect("a line is read");
            add(&mut rows[most.0], line, (total / roots[most.0].1).powi(2) * variance);
        } else if let Some((input, gain)) = behind(rows, &of_input, &readers, taken) {
            shared.noisy.push(Noisy { input, row: line, sigma: variance.sqrt() / gain });
        } else {
            let input = inputs + shared.lines.len() as u32;
            shared.lines.push(line);
            for (row, gain) in readers {
                rows[row].inputs.insert(input, (gain * variance.sqrt(), 0.0));
            }
        }
    }
    shared
}

fn add(row: &mut Row, line: u32, variance: f64) {
    let noise = row.noise.get_or_insert(Noise { constant: 0.0, row: line, sign: 1.0 });
    noise.constant += variance;
}

/// The row at which each row's way to outputs splits or ends, and the gain up to there.
fn roots(rows: &[Row], ends: &[usize]) -> Vec<(usize, f64)> {
    let mut parents: Vec<Vec<(usize, f64)>> = vec![Vec::new(); rows.len()];
    for (parent, row) in rows.iter().enumerate() {
        row.rows.iter().for_each(|(part, gain)| parents[*part].push((parent, *gain)));
    }
    let mut roots: Vec<(usize, f64)> = (0..rows.len()).map(|row| (row, 1.0)).collect();
    // Rows are read by later ones.
    for row in (0..rows.len()).rev() {
        if let ([(parent, gain)], false) = (parents[row].as_slice(), ends.contains(&row)) {
            roots[row] = (roots[*parent].0, gain * roots[*parent].1);
        }
    }
    roots
}

/// The rows that read each input.
fn of_inputs(rows: &[Row]) -> HashMap<u32, Vec<usize>> {
    let mut readers: HashMap<u32, Vec<usize>> = HashMap::new();
    for (row, found) in rows.iter().enumerate() {
        found.inputs.keys().for_each(|input| readers.entry(*input).or_default().push(row));
    }
    readers
}

/// The input that all `readers` of a line read in proportion to it, and nobody else does; with its gain to the line.
fn behind(
    rows: &[Row],
    of_input: &HashMap<u32, Vec<usize>>,
    readers: &[(usize, f64)],
    taken: &[u32],
) -> Option<(u32, f64)> {
    let (first, gain) = readers[0];
    let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    let candidates = rows[first].inputs.iter().filter(|(input, _)| !taken.contains(input));
    let mut found = candidates.filter_map(|(input, (coefficient, _))| {
        let ratio = coefficient / gain;
        let of = of_input.get(input)?;
        let fits = |(row, gain): &(usize, f64)| {
            rows[*row].inputs.get(input).is_some_and(|(coefficient, _)| same(*coefficient, ratio * gain))
        };
        (ratio != 0.0 && of.len() == readers.len() && readers.iter().all(fits)).then_some((*input, ratio))
    });
    found.next()
}
