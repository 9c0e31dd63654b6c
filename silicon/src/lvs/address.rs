//! Whether each cell is where its address says: what a full array, which is its own mirror image, hides from a comparison
//! of netlists.

use super::LvsError;
use super::klayout::Device;
use crate::handover::ArrayLayout;
use crate::layout::lattice;
use crate::process::Process;
use memloom_codegen::bit;
use std::collections::HashMap;
use std::path::Path;

/// Most findings of a kind that are told.
const TOLD: usize = 10;

/// What is wrong with the places of extracted memristors: each cross-point of `array` has to have one where `process` puts
/// it, between the wordline and the bitline that labels name so.
pub(super) fn of_devices(array: &ArrayLayout, process: &Process, devices: &[Device]) -> Vec<String> {
    let lattice = lattice(process);
    let mut by_place: HashMap<(i64, i64), (&str, &str)> = HashMap::with_capacity(devices.len());
    let mut wrong = Findings::default();
    for Device(x, y, row, col) in devices {
        if by_place.insert((*x, *y), (row, col)).is_some() {
            wrong.add(|| format!("two memristors at {}", Place(*x, *y)));
        }
    }
    for row in 0..array.rows {
        for col in 0..array.cols {
            let (x, y) = lattice.at(row, col);
            let (line, bitline) = (bit("row", array.rows, row), bit("col", array.cols, col));
            match by_place.remove(&(x, y)) {
                Some((p, n)) if p == line && n == bitline => {}
                Some((p, n)) => wrong.add(|| {
                    format!("the memristor at {} is between `{p}` and `{n}`, its address says {line} and {bitline}", Place(x, y))
                }),
                None => wrong.add(|| format!("no memristor of {line} and {bitline} at {}", Place(x, y))),
            }
        }
    }
    let mut others: Vec<_> = by_place.into_keys().collect();
    others.sort_unstable();
    for (x, y) in others {
        wrong.add(|| format!("a memristor at {}, where no address is", Place(x, y)));
    }
    wrong.told()
}

/// What is wrong with the addresses of a programming map, and how many lines it has. What the arrays' layouts have at those
/// places, [`of_devices`] has checked.
///
/// # Errors
/// [`LvsError::Map`] for a line that is none of a map.
pub(super) fn of_map(
    path: &Path,
    process: &Process,
    arrays: &[ArrayLayout],
) -> Result<(Vec<String>, u64), LvsError> {
    let broken = |line: u64, what: String| LvsError::Map { path: path.into(), line, what };
    let arrays: HashMap<&str, &ArrayLayout> =
        arrays.iter().map(|array| (array.name.as_str(), array)).collect();
    let lattice = lattice(process);
    let mut reader = csv::Reader::from_path(path).map_err(|error| broken(1, error.to_string()))?;
    let head = reader.headers().map_err(|error| broken(1, error.to_string()))?.clone();
    let column = |name: &str| {
        let at = head.iter().position(|column| column == name);
        at.ok_or_else(|| broken(1, format!("there is no column `{name}`")))
    };
    let columns = [column("array")?, column("row")?, column("column")?, column("x_um")?, column("y_um")?];
    let mut wrong = Findings::default();
    let (mut lines, mut record) = (0, csv::StringRecord::new());
    while reader.read_record(&mut record).map_err(|error| broken(lines + 2, error.to_string()))? {
        lines += 1;
        let line = lines + 1;
        let fields = columns.map(|at| &record[at]);
        let [name, row, col, x, y] = fields;
        let (Ok(row), Ok(col), Some(x), Some(y)) =
            (row.parse::<u32>(), col.parse::<u32>(), nanometres(x), nanometres(y))
        else {
            return Err(broken(line, format!("`{}` is no address", fields.join(","))));
        };
        match arrays.get(name) {
            None => wrong.add(|| format!("line {line}: there is no array `{name}`")),
            Some(array) if row >= array.rows || col >= array.cols => {
                wrong.add(|| format!("line {line}: `{name}` has no cell ({row}, {col})"));
            }
            Some(_) if lattice.at(row, col) != (x, y) => wrong.add(|| {
                let (right, up) = lattice.at(row, col);
                format!(
                    "line {line}: cell ({row}, {col}) of `{name}` is at {}, not at {}",
                    Place(right, up),
                    Place(x, y)
                )
            }),
            Some(_) => {}
        }
    }
    if lines == 0 {
        return Err(broken(1, "it has no cell".into()));
    }
    Ok((wrong.told(), lines))
}

/// A number of micrometres in nanometres.
fn nanometres(text: &str) -> Option<i64> {
    let um: f64 = text.parse().ok()?;
    (um.abs() < 1e9).then(|| (um * 1e3).round() as i64)
}

/// A place in nanometres, shown in micrometres.
struct Place(i64, i64);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({}, {}) um", self.0 as f64 / 1e3, self.1 as f64 / 1e3)
    }
}

/// The first findings, and how many there are.
#[derive(Default)]
struct Findings {
    first: Vec<String>,
    count: usize,
}

impl Findings {
    fn add(&mut self, finding: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(finding());
        }
    }

    fn told(mut self) -> Vec<String> {
        if self.count > self.first.len() {
            self.first.push(format!("and {} more", self.count - self.first.len()));
        }
        self.first
    }
}
