//! Rows of numbers from text: which character separates them, where the header is, where the rows begin.

use crate::Error;
use crate::header::{self, Miss, cut};
use crate::layout::{Found, Layout, Source};
use csv::{Reader, ReaderBuilder, StringRecord, Trim};

/// Lines before the header that are passed over, of an instrument's settings.
const PREAMBLE: usize = 200;
/// What may separate values, the likeliest last: a comma is also a decimal point.
const SEPARATORS: [u8; 3] = [b';', b'\t', b','];

/// Reads `text`, and calls `take` with the line and the values, SI, of each row: time, voltage, current; `None` of what
/// is not read.
///
/// # Errors
/// [`Error::Data`] with the line of the first mistake; those of `take`.
pub(crate) fn read(
    text: &[u8],
    layout: &Layout,
    mut take: impl FnMut(u64, [Option<f64>; 3]) -> Result<(), Error>,
) -> Result<Source, Error> {
    let Start { separator, columns, row } = start(text, layout)?;
    let (mut reader, mut record) = (reader(text, separator), StringRecord::new());
    let mut at = 0;
    while reader.read_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, csv::Position::line);
        at += 1;
        if at <= row || record.iter().all(str::is_empty) {
            continue;
        }
        let mut values = [None; 3];
        for found in &columns {
            let value = value(record.get(found.place), found, separator, line)?;
            values[found.quantity as usize] = Some(value * found.unit.factor);
        }
        take(line, values)?;
    }
    Ok(Source { columns, separator: char::from(separator), step: layout.step })
}

fn reader(text: &[u8], separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(Trim::All)
        .comment(Some(b'#'))
        .delimiter(separator)
        .from_reader(text)
}

/// How the rows of a file are to be read.
struct Start {
    separator: u8,
    columns: Vec<Found>,
    /// Records before the first row. Not its line: after `\r\n` a record is said to begin in the line before.
    row: usize,
}

/// The layout of a file. The separator is the first under which there are columns; where there are none under any,
/// what is wrong is said of the separator that finds most of them.
fn start(text: &[u8], layout: &Layout) -> Result<Start, Error> {
    let mut worst: Option<(usize, Error)> = None;
    for separator in SEPARATORS {
        match start_with(text, separator, layout) {
            Ok(start) => return Ok(start),
            Err((matched, error)) => {
                if worst.as_ref().is_none_or(|(most, _)| matched >= *most) {
                    worst = Some((matched, error));
                }
            }
        }
    }
    Err(worst.expect("there are separators").1)
}

/// As [`start`], with one separator; else how many columns were found, and what is wrong.
fn start_with(text: &[u8], separator: u8, layout: &Layout) -> Result<Start, (usize, Error)> {
    let mut reader = reader(text, separator);
    let mut lines = Vec::new();
    for record in reader.records().take(PREAMBLE) {
        match record {
            Ok(record) => lines.push(record),
            // What cannot be read is told when its line is reached, if the header comes before.
            Err(error) if lines.is_empty() => return Err((0, unreadable(error))),
            Err(_) => break,
        }
    }
    let line = |at: usize| lines[at].position().map_or(1, csv::Position::line);
    let fault = |at: usize, what: String| Error::Data { what: format!("line {}: {what}", line(at)) };
    let numeric = |text: &str| number(text, separator);
    let mut nearest: Option<(usize, Miss)> = None;
    for (at, record) in lines.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &lines[before]);
        if let Some(found) = header::numbered(record, before, layout, numeric) {
            let columns = found.map_err(|what| (usize::MAX, fault(at, what)))?;
            return Ok(Start { separator, columns, row: at });
        }
        if layout.numbers().is_some() {
            continue;
        }
        match header::find(record, layout) {
            Ok(mut columns) => {
                let units = lines.get(at + 1).and_then(|below| header::units_below(below, &columns));
                for (found, unit) in columns.iter_mut().zip(units.iter().flatten()) {
                    if layout.of(found.quantity).is_none_or(|column| column.unit.is_none()) {
                        found.unit = unit.clone();
                    }
                }
                let row = at + 1 + usize::from(units.is_some());
                return Ok(Start { separator, columns, row });
            }
            Err(miss) if miss.certain => return Err((usize::MAX, fault(at, miss.what))),
            Err(miss) => {
                if nearest.as_ref().is_none_or(|(_, best)| miss.matched > best.matched) {
                    nearest = Some((at, miss));
                }
            }
        }
    }
    Err(nowhere(&lines, layout, nearest, fault, numeric))
}

/// Why no line is a header.
fn nowhere(
    lines: &[StringRecord],
    layout: &Layout,
    nearest: Option<(usize, Miss)>,
    fault: impl Fn(usize, String) -> Error,
    number: impl Fn(&str) -> Option<f64>,
) -> (usize, Error) {
    let bare =
        lines.first().is_some_and(|row| row.len() > 1 && row.iter().all(|text| number(text).is_some()));
    match nearest {
        Some((at, miss)) if !(bare && miss.matched == 0) => (miss.matched, fault(at, miss.what)),
        Some((at, _)) => {
            let what = "no header with a column `time`; write one such as `time,voltage,current`, or number the columns: \
                        `--columns time=1:ms,voltage=2,current=3:uA` (`--step 10ms` where there are no times)";
            (1, fault(at, what.into()))
        }
        None if layout.numbers().is_some() => {
            let what = "no line has numbers in all the columns that are named; write their numbers from 1";
            (0, Error::Data { what: format!("line 1: {what}") })
        }
        None => {
            let what =
                header::find(&StringRecord::new(), layout).err().map_or(String::new(), |miss| miss.what);
            (0, Error::Data { what: format!("line 1: {what}") })
        }
    }
}

/// A number, where commas do not separate values with a decimal comma too.
fn number(text: &str, separator: u8) -> Option<f64> {
    let comma = separator != b',' && text.matches(',').count() == 1 && !text.contains('.');
    let value: f64 = if comma { text.replace(',', ".").parse() } else { text.parse() }.ok()?;
    value.is_finite().then_some(value)
}

fn value(field: Option<&str>, found: &Found, separator: u8, line: u64) -> Result<f64, Error> {
    let fail = |what: String| Err(Error::Data { what: format!("line {line}: {what}") });
    let name = found.quantity.name();
    let Some(text) = field else {
        return fail(format!("there is no value for `{name}`; write one in every row"));
    };
    number(text, separator).map_or_else(
        || {
            let unit = &found.unit.symbol;
            let units = if found.unit.factor == 1.0 { "SI units".into() } else { format!("`{unit}`") };
            fail(format!(
                "`{}` is no value for `{name}`; write a finite number in {units} such as `-1.5e-6`",
                cut(text)
            ))
        },
        Ok,
    )
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
    use crate::{Layout, Measurement, Quantity};
    use std::fmt::Write;

    fn rows(head: &str, row: impl Fn(f64) -> String) -> String {
        let mut text = head.to_owned();
        (0..30).for_each(|k| writeln!(text, "{}", row(f64::from(k))).unwrap());
        text
    }

    fn layout(columns: &[&str], step: Option<f64>) -> Layout {
        let mut layout = Layout::every(step);
        columns.iter().for_each(|text| layout.name(text).unwrap());
        layout
    }

    /// The same measurement in every dress is the same measurement.
    #[test]
    fn separators_units_headers_and_preambles_do_not_matter() {
        let plain = |k: f64| format!("{},{},{}", k * 1e-3, k / 32.0, k * 1e-6);
        let wanted = Measurement::parse(rows("t,v,i\n", plain).as_bytes()).unwrap();
        let german = |k: f64| format!("{};{};{}", k, k / 32.0, k).replace('.', ",");
        let cases = [
            (rows("Zeit;x;y\n", german), layout(&["time=Zeit:ms", "voltage=x", "current=y:uA"], None)),
            (rows("Time (ms);Voltage (V);Current (uA)\n", german), Layout::default()),
            (
                rows("Time\tVoltage\tCurrent\nms\tV\tuA\n", |k| german(k).replace(';', "\t")),
                Layout::default(),
            ),
            (
                rows("Model,2450\nSerial,12\n\nIndex,Time (ms),V(V),I(uA),\n", |k| {
                    format!("7,{k},{},{k},", k / 32.0)
                }),
                Layout::default(),
            ),
            (rows("", |k| format!("{k},{},{k}", k / 32.0)), layout(&["t=1:ms", "v=2", "i=3:uA"], None)),
            (rows("", |k| format!("{},{k}", k / 32.0)), layout(&["v=1", "i=2:uA"], Some(1e-3))),
            (
                rows("SetupTitle,IV\nDataName,V1,I1,Time\n", |k| {
                    format!("DataValue,{},{},{}", k / 32.0, k * 1e-6, k * 1e-3)
                }),
                Layout::default(),
            ),
        ];
        for (text, layout) in cases {
            let (found, source) = Measurement::parse_layout(text.as_bytes(), &layout)
                .unwrap_or_else(|error| panic!("{error} in\n{text}"));
            let near = |a: &[f64], b: &[f64]| {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs())
            };
            assert!(near(&found.time, &wanted.time), "{source}: {:?}", found.time);
            assert!(near(&found.volts, &wanted.volts) && near(&found.current, &wanted.current), "{source}");
            assert!(!source.is_plain(), "{source}");
        }
        assert!(Quantity::ALL.iter().all(|q| layout(&[], None).of(*q).is_none()));
    }

    #[test]
    fn no_row_is_lost_after_line_ends_of_other_systems() {
        let text = rows("t,v,i\n", |k| format!("{k},{},{k}", k / 32.0));
        let unix = Measurement::parse(text.as_bytes()).unwrap();
        assert_eq!(unix.len(), 30);
        assert_eq!(Measurement::parse(text.replace('\n', "\r\n").as_bytes()).unwrap(), unix);
    }

    #[test]
    fn what_is_not_there_is_said_with_the_flag_that_says_it() {
        for (text, layout, parts) in [
            (rows("", |k| format!("{k},{k},{k}")), Layout::default(), ["line 1", "--columns time=1"]),
            (
                rows("a,b,c\n", |k| format!("{k},{k},{k}")),
                Layout::default(),
                ["no column `time`", "--columns"],
            ),
            (rows("a;b;c\n", |k| format!("{k};{k};{k}")), Layout::default(), ["among `a;b;c`", "--columns"]),
            (
                rows("t,v,i\n", |k| format!("{k},{k},{k}")),
                layout(&["current=Id"], None),
                ["no column `Id` for `current`", "`t`, `v`, `i`"],
            ),
            (
                rows("t,v,i\n", |k| format!("{k},{k},{k}")),
                layout(&["t=1", "v=2", "i=9"], None),
                ["line 1", "numbers from 1"],
            ),
            (
                rows("t;v;i\n", |k| format!("{k};1.000,5;{k}")),
                Layout::default(),
                ["line 2: `1.000,5`", "`voltage`"],
            ),
        ] {
            let error = Measurement::parse_layout(text.as_bytes(), &layout).unwrap_err().to_string();
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
