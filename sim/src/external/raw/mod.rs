//! SPICE rawfiles, binary and ascii, as ngspice and VACASK write them.
//!
//! A rawfile is a run of plots. Each is a text header (`Title:` to `Variables:`), then `Binary:` and little-endian
//! doubles, or `Values:` and numbers in text, point by point, in the order of the variables. The format is that of
//! ngspice's `src/frontend/rawfile.c`. The bytes are hostile until parsed: every count is checked against the bytes
//! that are there, and against what is read at most, before anything is allocated.

mod cursor;
mod data;
mod header;

use cursor::{Cursor, io};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Why a rawfile could not be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RawError {
    /// The bytes are not a rawfile.
    #[error("byte {at}: {what}")]
    Syntax {
        /// Offset of the byte.
        at: u64,
        /// What is wrong there.
        what: String,
    },
    /// The file ends early.
    #[error(
        "the data of plot `{plot}` end after {given} of {wanted} bytes; the run was cut off, run it again"
    )]
    Short {
        /// The plot's name.
        plot: String,
        /// Bytes needed.
        wanted: u128,
        /// Bytes there.
        given: u64,
    },
    /// Too large to read.
    #[error(
        "plot `{plot}` has {numbers} numbers, more than {MOST_NUMBERS} in all; save fewer vectors or points"
    )]
    TooLarge {
        /// The plot's name.
        plot: String,
        /// The numbers that its header announces.
        numbers: u128,
    },
    /// A vector that is not in the plot.
    #[error("no vector `{name}` in plot `{plot}`; it has {known}")]
    Unknown {
        /// The vector asked for.
        name: String,
        /// The plot's name.
        plot: String,
        /// Some of the vectors it has.
        known: String,
    },
    /// Complex data where real data were asked for.
    #[error("vector `{name}` of plot `{plot}` is complex; ask for its complex values")]
    Complex {
        /// The vector.
        name: String,
        /// The plot's name.
        plot: String,
    },
    /// The file could not be opened or read.
    #[error("{0}")]
    Io(String),
}

/// The values of a vector, one per point.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Real numbers.
    Real(Vec<f64>),
    /// Real and imaginary parts.
    Complex(Vec<[f64; 2]>),
}

impl Values {
    /// Number of points.
    pub fn len(&self) -> usize {
        match self {
            Self::Real(values) => values.len(),
            Self::Complex(values) => values.len(),
        }
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first point that holds a NaN or an infinity.
    pub fn first_not_finite(&self) -> Option<usize> {
        match self {
            Self::Real(values) => values.iter().position(|v| !v.is_finite()),
            Self::Complex(values) => values.iter().position(|v| !v.iter().all(|x| x.is_finite())),
        }
    }
}

/// A saved quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// Name as the simulator wrote it: `v(out)` from ngspice, `out` from VACASK.
    pub name: String,
    /// Its type in the simulator's words: `voltage`, `time`, `notype`.
    pub kind: String,
    /// Its values.
    pub values: Values,
}

/// The result of one analysis. Its first vector is the scale (time, frequency, swept value), except in an
/// operating point.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// The circuit's title.
    pub title: String,
    /// The analysis, as the simulator calls it: `Operating Point`.
    pub name: String,
    /// Points of the analysis. A vector of an unpadded plot may have fewer.
    pub points: usize,
    /// The vectors, in file order.
    pub vectors: Vec<Vector>,
}

impl Plot {
    /// The vector called `name`, upper or lower case.
    ///
    /// # Errors
    /// [`RawError::Unknown`].
    pub fn vector(&self, name: &str) -> Result<&Vector, RawError> {
        self.find(name).ok_or_else(|| self.unknown(name))
    }

    /// The values of the real vector called `name`, one per point.
    ///
    /// # Errors
    /// [`RawError::Unknown`], [`RawError::Complex`].
    pub fn real(&self, name: &str) -> Result<&[f64], RawError> {
        self.as_real(self.vector(name)?)
    }

    /// The voltages of `node`, volt, one per point: ngspice's `v(node)` or VACASK's `node`.
    ///
    /// # Errors
    /// [`RawError::Unknown`], [`RawError::Complex`].
    pub fn voltage(&self, node: &str) -> Result<&[f64], RawError> {
        let vector = self.find(&format!("v({node})")).or_else(|| self.find(node));
        self.as_real(vector.ok_or_else(|| self.unknown(node))?)
    }

    /// What `values`, one per point of a transient, are at the time `t`, seconds: on the straight line between the
    /// points about it, or of the first or last two.
    ///
    /// # Errors
    /// [`RawError::Unknown`] if the plot has no `time`.
    ///
    /// # Panics
    /// If there are fewer than two points, or not as many values.
    pub fn at_time(&self, values: &[f64], t: f64) -> Result<f64, RawError> {
        let time = self.real("time")?;
        let n = time.partition_point(|x| *x < t).clamp(1, time.len() - 1);
        Ok(values[n - 1] + (values[n] - values[n - 1]) * (t - time[n - 1]) / (time[n] - time[n - 1]))
    }

    fn find(&self, name: &str) -> Option<&Vector> {
        let exact = self.vectors.iter().find(|v| v.name == name);
        exact.or_else(|| self.vectors.iter().find(|v| v.name.eq_ignore_ascii_case(name)))
    }

    fn as_real<'a>(&self, vector: &'a Vector) -> Result<&'a [f64], RawError> {
        match &vector.values {
            Values::Real(values) => Ok(values),
            Values::Complex(_) => {
                Err(RawError::Complex { name: vector.name.clone(), plot: self.name.clone() })
            }
        }
    }

    fn unknown(&self, name: &str) -> RawError {
        const SHOWN: usize = 8;
        let mut known = self.vectors.iter().take(SHOWN).map(|v| format!("`{}`", v.name)).collect::<Vec<_>>();
        if let Some(more @ 1..) = self.vectors.len().checked_sub(SHOWN) {
            known.push(format!("{more} more"));
        }
        RawError::Unknown { name: name.into(), plot: self.name.clone(), known: known.join(", ") }
    }
}

/// Most numbers that are read of a rawfile: half a GiB of them.
pub const MOST_NUMBERS: u64 = 1 << 26;

/// Reads every plot of the rawfile at `path`, which is never held as a whole.
///
/// # Errors
/// Any [`RawError`] but those of a look-up.
pub fn read(path: &Path) -> Result<Vec<Plot>, RawError> {
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        return Err(RawError::Io("it is no file".into()));
    }
    // A file that still grows is read as far as it went.
    plots(Cursor::new(BufReader::new(file.take(metadata.len())), metadata.len()))
}

/// Reads every plot in `bytes`.
///
/// # Errors
/// [`RawError::Syntax`], [`RawError::Short`] and [`RawError::TooLarge`].
pub fn parse(bytes: &[u8]) -> Result<Vec<Plot>, RawError> {
    plots(Cursor::new(bytes, bytes.len() as u64))
}

fn plots<R: BufRead>(mut at: Cursor<R>) -> Result<Vec<Plot>, RawError> {
    let mut plots = Vec::new();
    at.skip_blank()?;
    while at.left() > 0 {
        let header = header::read(&mut at)?;
        plots.push(data::read(&mut at, header)?);
        at.skip_blank()?;
    }
    if plots.is_empty() {
        return Err(at.error("the file is empty; the simulator saved nothing"));
    }
    Ok(plots)
}
