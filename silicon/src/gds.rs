//! A writer of GDSII streams.
//!
//! The one crate for it, `gds21` 3.0.0-pre.2, brings 29 others (`serde_yaml` 0.8, `syn` 1, `schemars`) and stamps the time of
//! day; what a crossbar needs are seven kinds of records. Records and their numbers: Calma GDSII Stream Format Manual,
//! release 6.0, 1987.

use crate::process::Layer;
use std::io::{self, Write};

/// A library of structures. Its time stamps are zero, so that the same library gives the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Library {
    /// Name.
    pub name: String,
    /// Structures, each after those that it refers to.
    pub structures: Vec<Structure>,
}

/// A structure: a cell of a layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Name.
    pub name: String,
    /// What it is made of.
    pub elements: Vec<Element>,
}

/// Part of a structure. Lengths are in nanometres.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A rectangle.
    Rectangle {
        /// Layer.
        layer: Layer,
        /// Left, bottom, right, top.
        corners: [i32; 4],
    },
    /// A label.
    Text {
        /// Layer.
        layer: Layer,
        /// Where it is.
        at: (i32, i32),
        /// What it says.
        text: String,
    },
    /// Copies of a structure, columns to the right and rows upwards.
    Array {
        /// The structure.
        of: String,
        /// Where the first one is.
        at: (i32, i32),
        /// Columns and rows, at least 1 and at most 32767.
        count: (u16, u16),
        /// From one to the next.
        pitch: (i32, i32),
    },
}

/// A rectangle around a centre.
pub fn centred(layer: Layer, (x, y): (i32, i32), (width, height): (i32, i32)) -> Element {
    Element::Rectangle { layer, corners: [x - width / 2, y - height / 2, x + width / 2, y + height / 2] }
}

/// Numbers of records with their type of data in the low byte.
mod record {
    pub(super) const HEADER: u16 = 0x0002;
    pub(super) const BGNLIB: u16 = 0x0102;
    pub(super) const LIBNAME: u16 = 0x0206;
    pub(super) const UNITS: u16 = 0x0305;
    pub(super) const ENDLIB: u16 = 0x0400;
    pub(super) const BGNSTR: u16 = 0x0502;
    pub(super) const STRNAME: u16 = 0x0606;
    pub(super) const ENDSTR: u16 = 0x0700;
    pub(super) const BOUNDARY: u16 = 0x0800;
    pub(super) const AREF: u16 = 0x0B00;
    pub(super) const TEXT: u16 = 0x0C00;
    pub(super) const LAYER: u16 = 0x0D02;
    pub(super) const DATATYPE: u16 = 0x0E02;
    pub(super) const XY: u16 = 0x1003;
    pub(super) const ENDEL: u16 = 0x1100;
    pub(super) const SNAME: u16 = 0x1206;
    pub(super) const COLROW: u16 = 0x1302;
    pub(super) const TEXTTYPE: u16 = 0x1602;
    pub(super) const STRING: u16 = 0x1906;
}

/// The format's version.
const VERSION: i16 = 600;
/// Year, month, day, hour, minute, second of the last change and of the last access: none.
const NO_TIME: [i16; 12] = [0; 12];

impl Library {
    /// Writes the stream; its unit is the micrometre, its grid the nanometre.
    ///
    /// # Errors
    /// Those of the writer, and [`io::ErrorKind::InvalidInput`] for a name that is too long, and for an array that is too
    /// large.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut stream = Stream { out };
        stream.integers(record::HEADER, &[VERSION])?;
        stream.integers(record::BGNLIB, &NO_TIME)?;
        stream.text(record::LIBNAME, &self.name)?;
        let units: Vec<u8> = [1e-3, 1e-9].into_iter().flat_map(real).collect();
        stream.record(record::UNITS, &units)?;
        self.structures.iter().try_for_each(|structure| stream.structure(structure))?;
        stream.record(record::ENDLIB, &[])
    }
}

struct Stream<'w> {
    out: &'w mut dyn Write,
}

impl Stream<'_> {
    fn structure(&mut self, structure: &Structure) -> io::Result<()> {
        self.integers(record::BGNSTR, &NO_TIME)?;
        self.text(record::STRNAME, &structure.name)?;
        structure.elements.iter().try_for_each(|element| self.element(element))?;
        self.record(record::ENDSTR, &[])
    }

    fn element(&mut self, element: &Element) -> io::Result<()> {
        match element {
            Element::Rectangle { layer, corners: [left, bottom, right, top] } => {
                self.record(record::BOUNDARY, &[])?;
                self.layer(*layer, record::DATATYPE)?;
                let (low, high) = ([(*left, *bottom), (*right, *bottom)], [(*right, *top), (*left, *top)]);
                self.points(&[low[0], low[1], high[0], high[1], low[0]])?;
            }
            Element::Text { layer, at, text } => {
                self.record(record::TEXT, &[])?;
                self.layer(*layer, record::TEXTTYPE)?;
                self.points(&[*at])?;
                self.text(record::STRING, text)?;
            }
            Element::Array { of, at: (x, y), count: (columns, rows), pitch } => {
                self.record(record::AREF, &[])?;
                self.text(record::SNAME, of)?;
                let many = |count: u16| i16::try_from(count).ok().filter(|count| *count > 0);
                let (Some(across), Some(up)) = (many(*columns), many(*rows)) else {
                    return Err(invalid(format!(
                        "{columns} x {rows} copies of `{of}`, not 1 to 32767 each way"
                    )));
                };
                self.integers(record::COLROW, &[across, up])?;
                let right = x + i32::from(across) * pitch.0;
                let top = y + i32::from(up) * pitch.1;
                self.points(&[(*x, *y), (right, *y), (*x, top)])?;
            }
        }
        self.record(record::ENDEL, &[])
    }

    fn layer(&mut self, Layer(number, kind): Layer, kind_record: u16) -> io::Result<()> {
        self.integers(record::LAYER, &[number])?;
        self.integers(kind_record, &[kind])
    }

    fn points(&mut self, points: &[(i32, i32)]) -> io::Result<()> {
        let bytes: Vec<u8> =
            points.iter().flat_map(|(x, y)| [x.to_be_bytes(), y.to_be_bytes()]).flatten().collect();
        self.record(record::XY, &bytes)
    }

    fn integers(&mut self, kind: u16, values: &[i16]) -> io::Result<()> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
        self.record(kind, &bytes)
    }

    /// Text, with a zero byte behind it if its length is odd.
    fn text(&mut self, kind: u16, text: &str) -> io::Result<()> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        self.record(kind, &bytes)
    }

    fn record(&mut self, kind: u16, data: &[u8]) -> io::Result<()> {
        let length = u16::try_from(data.len() + 4)
            .map_err(|_| invalid(format!("a record of {} bytes", data.len())))?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(&kind.to_be_bytes())?;
        self.out.write_all(data)
    }
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("GDSII cannot hold {what}"))
}

/// The format's real number, at least 0: a power of 16 in excess of 64, and 56 bits of a fraction below 1.
fn real(value: f64) -> [u8; 8] {
    let (mut fraction, mut power) = (value, 64u8);
    while fraction >= 1.0 {
        (fraction, power) = (fraction / 16.0, power + 1);
    }
    while fraction > 0.0 && fraction < 1.0 / 16.0 {
        (fraction, power) = (fraction * 16.0, power - 1);
    }
    let mut bytes = ((fraction * 2f64.powi(56)) as u64).to_be_bytes();
    bytes[0] = power;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that KLayout writes for a grid of 1 nm.
    #[test]
    fn units_are_those_of_other_writers() {
        assert_eq!(real(1e-3), [0x3e, 0x41, 0x89, 0x37, 0x4b, 0xc6, 0xa7, 0xf0]);
        assert_eq!(real(1e-9), [0x39, 0x44, 0xb8, 0x2f, 0xa0, 0x9b, 0x5a, 0x54]);
        assert_eq!(real(1.0), [0x41, 0x10, 0, 0, 0, 0, 0, 0]);
        assert_eq!(real(0.0)[1..], [0; 7]);
    }

    #[test]
    fn a_stream_is_records_of_even_length() {
        let elements = vec![
            centred(Layer(68, 20), (0, 0), (10, 20)),
            Element::Text { layer: Layer(68, 5), at: (1, -1), text: "odd".into() },
        ];
        let library =
            Library { name: "lib".into(), structures: vec![Structure { name: "s".into(), elements }] };
        let mut bytes = Vec::new();
        library.write(&mut bytes).unwrap();
        let mut kinds = Vec::new();
        let mut rest = &bytes[..];
        while let [high, low, kind, ..] = *rest {
            let length = usize::from(u16::from_be_bytes([high, low]));
            assert_eq!(length % 2, 0);
            kinds.push(kind);
            rest = &rest[length..];
        }
        let head = [0, 1, 2, 3, 5, 6];
        let boundary = [8, 0x0d, 0x0e, 0x10, 0x11];
        let text = [0x0c, 0x0d, 0x16, 0x10, 0x19, 0x11];
        assert_eq!(kinds, [&head[..], &boundary, &text, &[7, 4]].concat());
    }

    #[test]
    fn an_array_that_the_format_cannot_count_is_refused() {
        let element = Element::Array { of: "c".into(), at: (0, 0), count: (40_000, 1), pitch: (1, 1) };
        let structure = Structure { name: "s".into(), elements: vec![element] };
        let error =
            Library { name: "l".into(), structures: vec![structure] }.write(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("40000 x 1 copies of `c`"), "{error}");
    }
}
