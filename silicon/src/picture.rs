//! Pictures in SVG: an array as it is laid out, and all arrays of a design side by side, to scale.

use crate::layout::{Layout, lattice};
use memloom_codegen::cdl::array_name;
use memloom_ir::{Design, Element};
use std::collections::HashMap;
use std::io::{self, Write};

const STYLE: &str = "<style>text{font-family:sans-serif}.w{fill:#4a7fd6;fill-opacity:.8}.b{fill:#c8508c;fill-opacity:.6}.m{fill:#1a9850}.o{fill:none;stroke:#888}</style>";
/// Lines of an array that are drawn, from the lower left corner.
const SHOWN: u32 = 12;

/// Draws the lower left corner of `layout`: at most 12 wordlines by 12 bitlines, with their names.
///
/// # Errors
/// Those of the writer.
pub fn tile(layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let process = &layout.process;
    let (cols, rows) = layout.count();
    let shown = |lines: u16| u32::from(lines).min(SHOWN);
    let (pitch, margin) = (f64::from(process.pitch), f64::from(process.margin));
    let side = |lines: u16| 2.0 * margin + pitch * f64::from(shown(lines) - 1);
    let (width, height) = (side(cols), side(rows));
    let (left, top) = (1.5 * margin, margin);
    head(out, -left, -top, width + left + pitch, height + top + 1.5 * margin)?;
    let um = |nm: i32| f64::from(nm) / 1e3;
    let captions = [
        format!("{}: {rows} wordlines (blue) by {cols} bitlines (red)", layout.name),
        format!(
            "{} um by {} um; memristors (green) {} um apart",
            um(layout.size.0),
            um(layout.size.1),
            um(process.pitch)
        ),
    ];
    for (caption, y) in captions.iter().zip([-700, -350]) {
        writeln!(out, "<text x=\"{}\" y=\"{y}\" font-size=\"260\">{caption}</text>", -left)?;
    }
    // Upwards is downwards in SVG.
    let up = |y: f64| height - y;
    let mut rectangle = |class: char, [x0, y0, x1, y1]: [f64; 4]| {
        let (y, w, h) = (up(y1), x1 - x0, y1 - y0);
        writeln!(out, "<rect class=\"{class}\" x=\"{x0}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>")
    };
    let lines = |class: char| {
        let skip = if class == 'b' { usize::from(rows) } else { 0 };
        let count = shown(if class == 'b' { cols } else { rows });
        layout.lines.iter().skip(skip).take(count as usize)
    };
    for class in ['w', 'b'] {
        for line in lines(class) {
            let [x0, y0, x1, y1] = line.shape.map(f64::from);
            rectangle(class, [x0, y0, x1.min(width), y1.min(height)])?;
        }
    }
    let half = f64::from(process.memristor_side) / 2.0;
    for row in 0..shown(rows) {
        for col in 0..shown(cols) {
            let (x, y) = lattice(process).at(row, col);
            let (x, y) = (x as f64, y as f64);
            rectangle('m', [x - half, y - half, x + half, y + half])?;
        }
    }
    for (at, line) in lines('w').enumerate() {
        let y = up(margin + pitch * at as f64 - 90.0);
        writeln!(
            out,
            "<text x=\"-100\" y=\"{y}\" font-size=\"260\" text-anchor=\"end\">{}</text>",
            line.name
        )?;
    }
    for (at, line) in lines('b').enumerate() {
        let (x, y) = (margin + pitch * at as f64 + 90.0, height + 100.0);
        writeln!(
            out,
            "<text font-size=\"260\" text-anchor=\"end\" transform=\"translate({x} {y}) rotate(-90)\">{}</text>",
            line.name
        )?;
    }
    out.write_all(b"</svg>\n")
}

/// An array at its place, micrometres.
struct Placed<'d> {
    section: &'d str,
    corner: (f64, f64),
    size: (f64, f64),
}

/// Draws every crossbar of `design` to scale, shelf by shelf in the order of modules, a colour per section. It is no
/// placement: there is no room for amplifiers, drivers and wires.
///
/// # Errors
/// Those of the writer.
pub fn floor_plan(design: &Design, layouts: &[Layout], out: &mut dyn Write) -> io::Result<()> {
    let sizes: HashMap<&str, (f64, f64)> = layouts
        .iter()
        .map(|layout| (&*layout.name, (f64::from(layout.size.0) / 1e3, f64::from(layout.size.1) / 1e3)))
        .collect();
    let (placed, width, height) = shelves(design, &sizes);
    let area: f64 = placed.iter().map(|array| array.size.0 * array.size.1).sum();
    let font = width / 60.0;
    head(out, 0.0, -3.0 * font, width, height + 3.0 * font)?;
    writeln!(
        out,
        "<text x=\"0\" y=\"{}\" font-size=\"{font:.1}\">{}: {} crossbars of {:.3} mm2 together, to scale, a colour per layer; no placement</text>",
        -font,
        design.name,
        placed.len(),
        area / 1e6,
    )?;
    let mut sections: Vec<&str> = Vec::new();
    for Placed { section, corner: (x, y), size: (w, h) } in &placed {
        if sections.last() != Some(section) {
            sections.push(section);
        }
        // Neighbours in order are far apart on the colour circle.
        let hue = sections.len() * 137 % 360;
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"hsl({hue} 55% 60%)\"><title>{section}</title></rect>"
        )?;
    }
    out.write_all(b"</svg>\n")
}

/// Places crossbars from left to right on shelves as wide as all of them are in a square. Gives them, and the width and
/// height of all.
fn shelves<'d>(design: &'d Design, sizes: &HashMap<&str, (f64, f64)>) -> (Vec<Placed<'d>>, f64, f64) {
    const GAP: f64 = 2.0;
    let mut arrays: Vec<(&str, (f64, f64))> = Vec::new();
    for (.., module) in design.modules.iter() {
        for (.., instance) in module.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            let size = sizes.get(&*array_name(design, array)).copied();
            arrays.extend(
                size.map(|size| (&*module.section, size)).into_iter().cycle().take(instance.count as usize),
            );
        }
    }
    let area: f64 = arrays.iter().map(|(_, (w, h))| (w + GAP) * (h + GAP)).sum();
    let widest = arrays.iter().map(|(_, (w, _))| *w).fold(1.0, f64::max);
    let width = area.sqrt().max(widest);
    let (mut x, mut y, mut shelf) = (0.0, 0.0, 0.0f64);
    let mut placed = Vec::with_capacity(arrays.len());
    for (section, size) in arrays {
        if x > 0.0 && x + size.0 > width {
            (x, y, shelf) = (0.0, y + shelf + GAP, 0.0);
        }
        placed.push(Placed { section, corner: (x, y), size });
        (x, shelf) = (x + size.0 + GAP, shelf.max(size.1));
    }
    (placed, width, y + shelf)
}

fn head(out: &mut dyn Write, x: f64, y: f64, width: f64, height: f64) -> io::Result<()> {
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{x:.1} {y:.1} {width:.1} {height:.1}\" width=\"960\">\n{STYLE}"
    )
}
