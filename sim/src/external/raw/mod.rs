//! SPICE rawfiles, binary and ascii, as ngspice and VACASK write them.
//!
//! A rawfile is a run of plots. Each is a text header (`Title:` to `Variables:`), then `Binary:` and little-endian
//! doubles, or `Values:` and numbers in text, point by point, in the order of the variables. The format is that of
//! ngspice's `src/frontend/rawfile.c`. The bytes are hostile until parsed: every count is checked against the bytes
//! that are there before anything is allocated.

mod data;
mod header;

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Why a rawfile could not be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RawError {
    /// The bytes are not a rawfile.
    #[error("byte {at}: {what}")]
    Syntax {
        /// Offset of the byte.
        at: usize,
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
        given: usize,
    },
    /// Too large to read.
    #[error("larger than {limit} bytes; save fewer vectors or points")]
    TooLarge {
        /// The limit, bytes.
        limit: u64,
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

/// Largest rawfile read, bytes.
pub const MAX_BYTES: u64 = 2 << 30;

/// Reads every plot of the rawfile at `path`.
///
/// # Errors
/// Any [`RawError`] but those of a look-up.
pub fn read(path: &Path) -> Result<Vec<Plot>, RawError> {
    let io = |error: std::io::Error| RawError::Io(error.to_string());
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(RawError::TooLarge { limit: MAX_BYTES });
    }
    parse(&bytes)
}

/// Reads every plot in `bytes`.
///
/// # Errors
/// [`RawError::Syntax`] and [`RawError::Short`].
pub fn parse(bytes: &[u8]) -> Result<Vec<Plot>, RawError> {
    let mut at = Cursor { bytes, at: 0 };
    let mut plots = Vec::new();
    at.skip_blank();
    while !at.rest().is_empty() {
        let header = header::read(&mut at)?;
        plots.push(data::read(&mut at, header)?);
        at.skip_blank();
    }
    if plots.is_empty() {
        return Err(at.error("the file is empty; the simulator saved nothing"));
    }
    Ok(plots)
}

/// A place in the file.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// The text up to the next line feed, which is passed over too; `None` at the end of the file.
    fn line(&mut self) -> Option<std::borrow::Cow<'a, str>> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        Some(String::from_utf8_lossy(&rest[..end]))
    }

    /// The next word of ascii text, or an empty one at the end of the file.
    fn word(&mut self) -> &'a [u8] {
        self.skip_blank();
        let rest = self.rest();
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn skip_blank(&mut self) {
        self.at += self.rest().iter().take_while(|b| b.is_ascii_whitespace()).count();
    }

    fn error(&self, what: impl Into<String>) -> RawError {
        RawError::Syntax { at: self.at, what: what.into() }
    }
}
