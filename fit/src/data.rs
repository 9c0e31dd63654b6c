//! Measured time, voltage and current.

use crate::layout::{Layout, Source};
use crate::{Error, table};
use memloom_devices::V_MAX;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Largest file that is read, bytes.
pub const MOST_BYTES: u64 = 100_000_000;
/// Most rows that are taken.
pub const MOST_ROWS: usize = 200_000;
/// Fewest rows that say something of a device.
pub const LEAST_ROWS: usize = 20;

/// Largest current that counts as one, amperes, either sign.
const I_MAX: f64 = 1e6;

/// What was measured at a device, SI; all of one length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measurement {
    /// Rising, seconds.
    pub time: Vec<f64>,
    /// Volts across the device.
    pub volts: Vec<f64>,
    /// Amperes into it.
    pub current: Vec<f64>,
}

impl Measurement {
    /// Reads a file of columns, separated by commas, semicolons or tabs, with a header that names them `time` or `t`,
    /// `voltage` or `v`, `current` or `i`, or as instruments do (`Smu1.V[1][1]`, `Current (uA)`), in any order and among
    /// others; values are in SI units unless the header says other ones; lines that begin with `#` are comments.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::File`] with the line of the first mistake.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Read { path: path.into(), source };
        let refused = |what| Error::File { path: path.into(), what };
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        // What reading a folder says, and what its size is, differs between file systems.
        if about.is_dir() {
            return Err(refused("it is a folder; name a CSV file in it".into()));
        }
        let bytes = about.len();
        if bytes > MOST_BYTES {
            let keep = format!("keep at most {MOST_BYTES}, for example every tenth row");
            return Err(refused(format!("it has {bytes} bytes; {keep}")));
        }
        Self::of(path, file.take(MOST_BYTES))
    }

    /// Reads text that came from `path`; see [`Self::read`].
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::File`] with the line of the first mistake.
    pub fn of(path: &Path, text: impl Read) -> Result<Self, Error> {
        Ok(Self::of_layout(path, text, &Layout::default())?.0)
    }

    /// Reads text that came from `path` and is laid out as `layout` says; how it was read.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::File`] with the line of the first mistake.
    pub fn of_layout(path: &Path, text: impl Read, layout: &Layout) -> Result<(Self, Source), Error> {
        Self::parse_layout(text, layout).map_err(|error| match error {
            Error::Data { what } => Error::File { path: path.into(), what },
            Error::Read { source, .. } => Error::Read { path: path.into(), source },
            other => other,
        })
    }

    /// Reads text; see [`Self::read`].
    ///
    /// # Errors
    /// [`Error::Data`] with the line of the first mistake.
    pub fn parse(text: impl Read) -> Result<Self, Error> {
        Ok(Self::parse_layout(text, &Layout::default())?.0)
    }

    /// Reads text that is laid out as `layout` says; how it was read.
    ///
    /// # Errors
    /// [`Error::Data`] with the line of the first mistake.
    pub fn parse_layout(mut text: impl Read, layout: &Layout) -> Result<(Self, Source), Error> {
        let mut bytes = Vec::new();
        text.read_to_end(&mut bytes).map_err(|source| Error::Read { path: "".into(), source })?;
        let (mut data, mut rows) = (Self::default(), 0_u32);
        let source = table::read(&bytes, layout, |line, [t, v, i]| {
            let time = t.unwrap_or_else(|| layout.step.unwrap_or(0.0) * f64::from(rows));
            rows += 1;
            data.push([time, v.unwrap_or(0.0), i.unwrap_or(0.0)], line)
        })?;
        data.enough()?;
        Ok((data, source))
    }

    /// Takes what was measured: seconds, volts, amperes.
    ///
    /// # Errors
    /// [`Error::Data`] for what a CSV file would be refused for.
    pub fn new(time: &[f64], volts: &[f64], current: &[f64]) -> Result<Self, Error> {
        if time.len() != volts.len() || time.len() != current.len() {
            let (t, v, i) = (time.len(), volts.len(), current.len());
            let what = format!("there are {t} times, {v} voltages and {i} currents; give as many of each");
            return Err(Error::Data { what });
        }
        let mut data = Self::default();
        for (k, ((t, v), i)) in time.iter().zip(volts).zip(current).enumerate() {
            if let Some(bad) = [t, v, i].into_iter().find(|x| !x.is_finite()) {
                return Err(Error::Data {
                    what: format!("row {k} has the value `{bad}`; give finite numbers"),
                });
            }
            data.push([*t, *v, *i], k as u64 + 1)?;
        }
        data.enough()?;
        Ok(data)
    }

    /// How many points it has.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// Every so manieth point, so that at most `most` are left.
    pub(crate) fn thinned(&self, most: usize) -> Self {
        let every = self.len().div_ceil(most);
        let thin = |values: &[f64]| values.iter().copied().step_by(every).collect();
        Self { time: thin(&self.time), volts: thin(&self.volts), current: thin(&self.current) }
    }

    fn push(&mut self, [t, v, i]: [f64; 3], line: u64) -> Result<(), Error> {
        let fail = |what: String| Err(Error::Data { what: format!("line {line}: {what}") });
        if let Some(before) = self.time.last().filter(|before| t <= **before) {
            return fail(format!(
                "time `{t}` does not come after `{before}`; sort the rows by time, each once"
            ));
        }
        if v.abs() > V_MAX {
            return fail(format!("voltage `{v}` is beyond {V_MAX} V either way; give volts within them"));
        }
        if i.abs() > I_MAX {
            return fail(format!("current `{i}` is beyond {I_MAX} A either way; give amperes within them"));
        }
        if self.len() == MOST_ROWS {
            return fail(format!(
                "there are more than {MOST_ROWS} rows; keep fewer, for example every tenth"
            ));
        }
        self.time.push(t);
        self.volts.push(v);
        self.current.push(i);
        Ok(())
    }

    fn enough(&self) -> Result<(), Error> {
        let fail = |what: String| Err(Error::Data { what });
        if self.len() < LEAST_ROWS {
            let rows = self.len();
            return fail(format!("there are {rows} rows of values; give at least {LEAST_ROWS}"));
        }
        let moves = |values: &[f64]| values.iter().any(|value| *value != values[0]);
        if !moves(&self.volts) {
            return fail("the voltage never changes; give a sweep or pulses".into());
        }
        if !moves(&self.current) {
            return fail("the current never changes; give what was measured under the voltage".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn refused(text: &str) -> String {
        Measurement::parse(text.as_bytes()).expect_err("a mistake").to_string()
    }

    fn rows(header: &str, change: impl Fn(usize) -> Option<String>) -> String {
        let mut text = format!("{header}\n");
        for k in 0..30 {
            let row = change(k).unwrap_or_else(|| format!("{k}e-3,{},{k}e-6", k as f64 / 30.0));
            writeln!(text, "{row}").unwrap();
        }
        text
    }

    #[test]
    fn columns_go_by_their_names() {
        let long = Measurement::parse(rows("time,voltage,current", |_| None).as_bytes()).unwrap();
        assert_eq!((long.len(), long.time[2], long.current[29]), (30, 2e-3, 29e-6));
        let swapped = rows("note, I ,T,V", |k| Some(format!("x, {k}e-6 ,{k}e-3,{}", k as f64 / 30.0)));
        assert_eq!(Measurement::parse(swapped.as_bytes()).unwrap(), long);
    }

    #[test]
    fn mistakes_name_their_line_and_what_to_write() {
        let at = |row: usize, text: &'static str| {
            refused(&rows("t,v,i", move |k| (k == row).then(|| text.to_owned())))
        };
        for (said, parts) in [
            (refused(""), ["no column `time`", "`time,voltage,current`"]),
            (refused("t,v\n0,1\n"), ["no column `current` among `t`, `v`", "line 1"]),
            (refused("t,v,i,time\n0,1,1,1\n"), ["two columns `time`", "keep one"]),
            (refused("t,v,i\n0,1,1\n"), ["1 rows", "at least 20"]),
            (at(3, "3e-3,1.0 mV,0"), ["line 5: `1.0 mV`", "`voltage`"]),
            (at(3, "\"3e-3\n,1,0"), ["line 5: `3e-3`", "`time`"]),
            (at(3, "3e-3,1,NaN"), ["line 5: `NaN`", "finite"]),
            (at(3, "3e-3,1"), ["line 5", "no value for `current`"]),
            (at(4, "1e-3,0,0"), ["line 6: time `0.001`", "sort"]),
            (at(4, "3e-3,0,0"), ["line 6: time `0.003`", "each once"]),
            (at(4, "4e-3,1e9,0"), ["line 6: voltage", "10 V"]),
            (at(4, "4e-3,1,-1e7"), ["line 6: current `-10000000`", "1000000 A"]),
            (refused(&rows("t,v,i", |k| Some(format!("{k},1,{k}")))), ["voltage never changes", "sweep"]),
            (
                refused(&rows("t,v,i", |k| Some(format!("{k},{k}e-2,0")))),
                ["current never changes", "measured"],
            ),
        ] {
            assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        }
        let binary = Measurement::parse(&b"t,v,i\n\xff\xfe,1,1\n"[..]).unwrap_err().to_string();
        assert!(binary.contains("line 2") && binary.contains("UTF-8"), "{binary}");
    }

    #[test]
    fn large_files_are_refused_unread() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 30).unwrap();
        let error = Measurement::read(file.path()).unwrap_err().to_string();
        assert!(error.contains("1073741824 bytes") && error.contains("keep at most"), "{error}");
        let missing = Measurement::read(&file.path().with_extension("none")).unwrap_err().to_string();
        assert!(missing.contains("`") && missing.contains("No such file"), "{missing}");
    }
}
