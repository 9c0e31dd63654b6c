//! LEF: what place and route sees of an array. Written by hand: `lef21` is of the same family as `gds21`, see
//! [`crate::gds`], and a macro is a screenful of text.

use crate::layout::{Layout, Line};
use crate::process::Process;
use std::fmt;
use std::io::{self, Write};

/// Writes the macro of `layout`: outline, a pin per line, and where routes may not pass. Grammar: LEF/DEF 5.8 Language
/// Reference.
///
/// # Errors
/// Those of the writer.
pub fn write(layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let (width, height) = layout.size;
    let Process { name: process, wordline, bitline, pin, .. } = layout.process;
    let name = &layout.name;
    writeln!(out, "# written by memloom {} for {process}", env!("CARGO_PKG_VERSION"))?;
    out.write_all(b"VERSION 5.8 ;\nBUSBITCHARS \"[]\" ;\nDIVIDERCHAR \"/\" ;\n\n")?;
    writeln!(out, "MACRO {name}\n  CLASS BLOCK ;\n  FOREIGN {name} 0 0 ;\n  ORIGIN 0 0 ;")?;
    writeln!(out, "  SIZE {} BY {} ;", Microns(width), Microns(height))?;
    for Line { name, metal, pin, .. } in &layout.lines {
        writeln!(out, "  PIN {name}\n    DIRECTION INOUT ;\n    USE SIGNAL ;\n    PORT")?;
        writeln!(out, "      LAYER {} ;\n        RECT {} ;", metal.name, Rect(*pin))?;
        writeln!(out, "    END\n  END {name}")?;
    }
    writeln!(out, "  OBS")?;
    // All of a metal but the strip that its pins are in.
    writeln!(out, "    LAYER {} ;\n      RECT {} ;", wordline.name, Rect([pin, 0, width, height]))?;
    writeln!(out, "    LAYER {} ;\n      RECT {} ;", bitline.name, Rect([0, pin, width, height]))?;
    writeln!(out, "  END\nEND {name}\n\nEND LIBRARY")
}

/// Left, bottom, right, top.
struct Rect([i32; 4]);

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [left, bottom, right, top] = self.0.map(Microns);
        write!(f, "{left} {bottom} {right} {top}")
    }
}

/// Nanometres as micrometres.
struct Microns(i32);

impl fmt::Display for Microns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}
