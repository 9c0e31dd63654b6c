//! Measured time, voltage and current.

use crate::Error;
use csv::{ReaderBuilder, StringRecord, Trim};
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

/// A column: its name and its short name in the header.
const COLUMNS: [(&str, &str); 3] = [("time", "t"), ("voltage", "v"), ("current", "i")];

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
    /// Reads a CSV file with a header that names the columns `time` or `t`, `voltage` or `v`, `current` or `i`, in any
    /// order and among others; values in SI units; lines that begin with `#` are comments.
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

    /// Reads CSV text that came from `path`; see [`Self::read`].
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::File`] with the line of the first mistake.
    pub fn of(path: &Path, text: impl Read) -> Result<Self, Error> {
        Self::parse(text).map_err(|error| match error {
            Error::Data { what } => Error::File { path: path.into(), what },
            Error::Read { source, .. } => Error::Read { path: path.into(), source },
            other => other,
        })
    }

    /// Reads CSV text; see [`Self::read`].
    ///
    /// # Errors
    /// [`Error::Data`] with the line of the first mistake.
    pub fn parse(text: impl Read) -> Result<Self, Error> {
        let mut reader =
            ReaderBuilder::new().flexible(true).trim(Trim::All).comment(Some(b'#')).from_reader(text);
        let columns = columns(reader.headers().map_err(unreadable)?)?;
        let (mut data, mut record) = (Self::default(), StringRecord::new());
        while reader.read_record(&mut record).map_err(unreadable)? {
            let line = record.position().map_or(0, csv::Position::line);
            let mut values = [0.0; 3];
            for ((value, (name, _)), at) in values.iter_mut().zip(COLUMNS).zip(columns) {
                *value = number(record.get(at), name, line)?;
            }
            data.push(values, line)?;
        }
        data.enough()?;
        Ok(data)
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

/// Where the columns are.
fn columns(header: &StringRecord) -> Result<[usize; 3], Error> {
    let mut places = [0; 3];
    for (place, (name, short)) in places.iter_mut().zip(COLUMNS) {
        let named = |field: &str| [name, short].iter().any(|n| field.eq_ignore_ascii_case(n));
        let mut found = header.iter().enumerate().filter(|(_, field)| named(field));
        let what = match (found.next(), found.next()) {
            (Some((at, _)), None) => {
                *place = at;
                continue;
            }
            (None, _) => format!(
                "line 1: no column `{name}` among {}; write a header such as `time,voltage,current`",
                shown(header)
            ),
            _ => format!("line 1: two columns `{name}`; keep one"),
        };
        return Err(Error::Data { what });
    }
    Ok(places)
}

/// The header's names, the first few and short.
fn shown(header: &StringRecord) -> String {
    let names: Vec<String> = header.iter().take(8).map(|field| format!("`{}`", cut(field))).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// The beginning of a field, on one line.
fn cut(field: &str) -> String {
    field.chars().take_while(|c| !c.is_control()).take(40).collect()
}

fn number(field: Option<&str>, name: &str, line: u64) -> Result<f64, Error> {
    let fail = |what: String| Err(Error::Data { what: format!("line {line}: {what}") });
    let Some(text) = field else {
        return fail(format!("there is no value for `{name}`; write one in every row"));
    };
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => fail(format!(
            "`{}` is no value for `{name}`; write a finite number in SI units such as `-1.5e-6`",
            cut(text)
        )),
    }
}

fn unreadable(error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::Read { path: "".into(), source },
        csv::ErrorKind::Utf8 { .. } => {
            Error::Data { what: format!("line {line}: it is no text; write a CSV file in UTF-8") }
        }
        _ => Error::Data { what: format!("line {line}: it is no CSV; separate values by commas") },
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
