//! What is drawn on: layers, sizes and rules of a process, each with its source.

use serde::Serialize;

/// A layer of GDSII: its number and datatype.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Layer(pub i16, pub i16);

/// A metal that lines are drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metal {
    /// Its name in LEF.
    pub name: &'static str,
    /// What is drawn.
    pub drawing: Layer,
    /// Where a pin is.
    pub pin: Layer,
    /// What a pin is called.
    pub label: Layer,
    /// Width of a line, nanometres.
    pub line: i32,
}

/// What a rule measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measure {
    /// Least width of `layer`.
    Width {
        /// The layer.
        layer: Layer,
    },
    /// Least distance between shapes of `layer`.
    Space {
        /// The layer.
        layer: Layer,
    },
    /// Shapes of `layer` are squares of this size.
    Square {
        /// The layer.
        layer: Layer,
    },
    /// `outer` reaches this far beyond `inner` on every side.
    Enclosure {
        /// What encloses.
        outer: Layer,
        /// What is enclosed.
        inner: Layer,
    },
    /// `outer` reaches this far beyond `inner` on one of any two sides that meet.
    EnclosureOfTwoSides {
        /// What encloses.
        outer: Layer,
        /// What is enclosed.
        inner: Layer,
    },
}

/// A design rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name in the process' manual.
    pub name: &'static str,
    /// What it measures.
    #[serde(flatten)]
    pub measure: Measure,
    /// The limit, nanometres.
    pub nm: i32,
    /// Where it is written.
    pub source: &'static str,
}

/// A process as far as crossbars need it: wordlines in a metal, bitlines in the one above, memristors at the vias between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Its name.
    pub name: &'static str,
    /// Wordlines.
    pub wordline: Metal,
    /// Bitlines.
    pub bitline: Metal,
    /// The via between them.
    pub via: Layer,
    /// Side of a via, nanometres.
    pub via_side: i32,
    /// What makes a via a memristor: it encloses the via.
    pub memristor: Layer,
    /// Side of a memristor, nanometres.
    pub memristor_side: i32,
    /// Outline of a macro.
    pub boundary: Layer,
    /// From a cell to the next, both ways, nanometres.
    pub pitch: i32,
    /// How far lines go on beyond the centre of the outermost cell, nanometres; their pins are there.
    pub margin: i32,
    /// Length of a pin, nanometres.
    pub pin: i32,
    /// What a layout is checked for.
    pub rules: &'static [Rule],
}

const MET1: Layer = Layer(68, 20);
const VIA: Layer = Layer(68, 44);
const MET2: Layer = Layer(69, 20);
const RERAM: Layer = Layer(201, 20);

/// SkyWater's open 130 nm process with ReRAM between metal 1 and metal 2 (sky130B).
///
/// Layers, and the sizes of via, memristor and lines, are those of the published cell,
/// `cells/reram_cell/sky130_fd_pr_reram__reram_cell.gds` of google/skywater-pdk-libs-sky130_fd_pr_reram (d6d2a3c). That GDS
/// calls metal 1 the bottom electrode; its LEF has the names the other way round. Pitch, margin and pin are our choice: the
/// rules allow a pitch of 0.55 um.
pub const SKY130: Process = Process {
    name: "sky130",
    wordline: Metal { name: "met1", drawing: MET1, pin: Layer(68, 16), label: Layer(68, 5), line: 260 },
    bitline: Metal { name: "met2", drawing: MET2, pin: Layer(69, 16), label: Layer(69, 5), line: 260 },
    via: VIA,
    via_side: 150,
    memristor: RERAM,
    memristor_side: 320,
    boundary: Layer(235, 4),
    pitch: 800,
    margin: 1200,
    pin: 400,
    rules: SKY130_RULES,
};

/// `docs/rules/periphery-rules.rst` of google/skywater-pdk.
const PERIPHERY: &str = "skywater-pdk, periphery rules";
/// Texts in `cells/reram_test_drc` of google/skywater-pdk-libs-sky130_fd_pr_reram, where a structure passes each rule and
/// one breaks it.
const RERAM_CELL: &str = "sky130_fd_pr_reram, reram_test_drc";

const SKY130_RULES: &[Rule] = &[
    rule("m1.1", Measure::Width { layer: MET1 }, 140, PERIPHERY),
    rule("m1.2", Measure::Space { layer: MET1 }, 140, PERIPHERY),
    rule("via.1a", Measure::Square { layer: VIA }, 150, PERIPHERY),
    rule("via.2", Measure::Space { layer: VIA }, 170, PERIPHERY),
    rule("via.4a", Measure::Enclosure { outer: MET1, inner: VIA }, 55, PERIPHERY),
    rule("via.5a", Measure::EnclosureOfTwoSides { outer: MET1, inner: VIA }, 85, PERIPHERY),
    rule("m2.1", Measure::Width { layer: MET2 }, 140, PERIPHERY),
    rule("m2.2", Measure::Space { layer: MET2 }, 140, PERIPHERY),
    rule("m2.4", Measure::Enclosure { outer: MET2, inner: VIA }, 55, PERIPHERY),
    rule("m2.5", Measure::EnclosureOfTwoSides { outer: MET2, inner: VIA }, 85, PERIPHERY),
    rule("rr1_cell.1", Measure::Width { layer: RERAM }, 230, RERAM_CELL),
    rule("rr1_cell.2", Measure::Space { layer: RERAM }, 230, RERAM_CELL),
    rule("rr1_cell.5", Measure::Enclosure { outer: RERAM, inner: VIA }, 55, RERAM_CELL),
    rule("rr1_cell.6", Measure::EnclosureOfTwoSides { outer: RERAM, inner: VIA }, 85, RERAM_CELL),
];

const fn rule(name: &'static str, measure: Measure, nm: i32, source: &'static str) -> Rule {
    Rule { name, measure, nm, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes are even, so that centred shapes lie on the grid of 5 nm, and lines keep their distance.
    #[test]
    fn shapes_fit_the_grid_and_the_pitch() {
        let Process { wordline, bitline, via_side, memristor_side, pitch, margin, pin, .. } = SKY130;
        for size in [wordline.line, bitline.line, via_side, memristor_side] {
            assert_eq!(size % 10, 0);
        }
        assert!([pitch, margin, pin].iter().all(|length| length % 5 == 0));
        assert!(pitch - memristor_side >= 230 && pitch - wordline.line >= 140);
        assert!(margin - pin > memristor_side / 2);
    }
}
