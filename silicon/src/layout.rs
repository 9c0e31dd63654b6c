//! The layout of an array: wordlines, bitlines, and a memristor where they cross.
//!
//! Its origin is the lower left corner of its outline. Wordline 0 is the lowest, bitline 0 the leftmost; their pins are at
//! their left and lower ends.

use crate::gds::{Element, Library, Structure, centred};
use crate::process::{Metal, Process};
use memloom_codegen::Lattice;
use memloom_codegen::cdl::Array;

/// Why an array has no layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Its cells are more than a memristor.
    #[error(
        "array `{array}` has cells with supply pins ({pins}), and only cells of two pins are laid out; declare the cell without a transistor, or draw the array by hand"
    )]
    Supplies {
        /// The array.
        array: String,
        /// The cells' pins besides `p` and `n`.
        pins: String,
    },
    /// It has no cell.
    #[error("array `{array}` has {rows} wordlines and {cols} bitlines; give it from 1 to 32767 of each")]
    Size {
        /// The array.
        array: String,
        /// Wordlines.
        rows: u32,
        /// Bitlines.
        cols: u32,
    },
}

/// A line of an array, with its pin.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Name of its pin.
    pub name: String,
    /// The metal.
    pub metal: Metal,
    /// Left, bottom, right, top of the line, nanometres.
    pub shape: [i32; 4],
    /// Of its pin.
    pub pin: [i32; 4],
}

/// An array on a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Name of the array.
    pub name: String,
    /// Name of the structure at a cross-point.
    pub cross_point: String,
    /// The process.
    pub process: Process,
    /// Width and height of the outline, nanometres.
    pub size: (i32, i32),
    /// Wordlines, then bitlines.
    pub lines: Vec<Line>,
    /// Bitlines and wordlines.
    count: (u16, u16),
}

/// Where the cells of every array on `process` are.
pub fn lattice(process: &Process) -> Lattice {
    Lattice { first: (process.margin, process.margin), pitch: (process.pitch, process.pitch) }
}

impl Layout {
    /// Lays out `array`.
    ///
    /// # Errors
    /// See [`LayoutError`].
    pub fn new(process: &Process, array: &Array<'_>) -> Result<Self, LayoutError> {
        let pins: Vec<&str> = array.supply_pins().collect();
        if !pins.is_empty() {
            return Err(LayoutError::Supplies { array: array.name.clone(), pins: pins.join(", ") });
        }
        let count = |lines: u32| i16::try_from(lines).ok().filter(|lines| *lines > 0).map(i16::cast_unsigned);
        let (Some(rows), Some(cols)) = (count(array.rows), count(array.cols)) else {
            let (array, rows, cols) = (array.name.clone(), array.rows, array.cols);
            return Err(LayoutError::Size { array, rows, cols });
        };
        let Process { wordline, bitline, pitch, margin, pin, .. } = *process;
        let length = |lines: u16| 2 * margin + i32::from(lines - 1) * pitch;
        let (width, height) = (length(cols), length(rows));
        let across = |metal: Metal, at: usize| {
            let middle = margin + at as i32 * pitch;
            (middle - metal.line / 2, middle + metal.line / 2)
        };
        let wordlines = array.row_pins().into_iter().enumerate().map(|(at, name)| {
            let (low, high) = across(wordline, at);
            Line { name, metal: wordline, shape: [0, low, width, high], pin: [0, low, pin, high] }
        });
        let bitlines = array.col_pins().into_iter().enumerate().map(|(at, name)| {
            let (left, right) = across(bitline, at);
            Line { name, metal: bitline, shape: [left, 0, right, height], pin: [left, 0, right, pin] }
        });
        Ok(Self {
            name: array.name.clone(),
            cross_point: format!("ml_{}_cross_point", array.cell),
            process: *process,
            size: (width, height),
            lines: wordlines.chain(bitlines).collect(),
            count: (cols, rows),
        })
    }

    /// Bitlines and wordlines.
    pub fn count(&self) -> (u16, u16) {
        self.count
    }

    /// As a library of GDSII.
    pub fn gds(&self) -> Library {
        let Process { via, via_side, memristor, memristor_side, boundary, pitch, .. } = self.process;
        let square = |layer, side| centred(layer, (0, 0), (side, side));
        let cross_point = Structure {
            name: self.cross_point.clone(),
            elements: vec![square(via, via_side), square(memristor, memristor_side)],
        };
        let mut elements =
            vec![Element::Rectangle { layer: boundary, corners: [0, 0, self.size.0, self.size.1] }];
        for Line { name, metal, shape, pin } in &self.lines {
            let [left, bottom, right, top] = *pin;
            elements.extend([
                Element::Rectangle { layer: metal.drawing, corners: *shape },
                Element::Rectangle { layer: metal.pin, corners: *pin },
                Element::Text {
                    layer: metal.label,
                    at: ((left + right) / 2, (bottom + top) / 2),
                    text: name.clone(),
                },
            ]);
        }
        elements.push(Element::Array {
            of: self.cross_point.clone(),
            at: lattice(&self.process).first,
            count: self.count,
            pitch: (pitch, pitch),
        });
        let array = Structure { name: self.name.clone(), elements };
        Library { name: self.name.clone(), structures: vec![cross_point, array] }
    }
}
