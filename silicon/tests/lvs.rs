//! Layout against schematic: the clean one passes, every seeded mistake is found.

mod common;

use memloom_silicon::gds::{Element, Library, Structure};
use memloom_silicon::handover::{NETWORK, gds_path};
use memloom_silicon::layout::{Layout, lattice};
use memloom_silicon::lvs::{ArrayReport, Lvs, NetworkReport};
use memloom_silicon::process::{Layer, SKY130};
use memloom_silicon::{Handover, write_handover};
use pretty_assertions::assert_eq;
use std::fs;
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;

const ROWS: u32 = 4;
const COLS: u32 = 3;

fn tools() -> &'static Lvs {
    static TOOLS: LazyLock<Lvs> = LazyLock::new(|| {
        Lvs::new(Duration::from_secs(300)).expect("scripts/setup installs KLayout and netgen")
    });
    &TOOLS
}

/// A hand-over of a small layer.
struct Case {
    folder: TempDir,
    written: Handover,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let written = write_handover(&common::layer(ROWS, COLS), &SKY130, folder.path()).unwrap();
        Self { folder, written }
    }

    /// What the tools say of the array.
    fn array(&self) -> ArrayReport {
        let mut reports = tools().arrays(self.folder.path(), &SKY130, &self.written.arrays).unwrap();
        assert_eq!(reports.len(), 1);
        reports.remove(0)
    }

    /// What they say once `edit` has been at the layout, whose memristors are single shapes then.
    fn of_layout(edit: impl FnOnce(&mut Vec<Element>)) -> ArrayReport {
        let case = Self::new();
        let design = common::layer(ROWS, COLS);
        let cdl = memloom_codegen::cdl::Cdl::new(&design).unwrap();
        let layout = Layout::new(&SKY130, cdl.arrays().next().unwrap()).unwrap();
        let mut elements = flat(&layout.gds());
        edit(&mut elements);
        let library = Library {
            name: "edited".into(),
            structures: vec![Structure { name: layout.name.clone(), elements }],
        };
        let mut bytes = Vec::new();
        library.write(&mut bytes).unwrap();
        fs::write(case.folder.path().join(gds_path(&layout.name)), bytes).unwrap();
        case.array()
    }

    /// What they say of the modules' netlist with `from` in place of `to`, against the one handed over.
    fn of_netlist(replace: &[(&str, &str)]) -> NetworkReport {
        let case = Self::new();
        let path = case.folder.path().join(NETWORK);
        let mut text = fs::read_to_string(&path).unwrap();
        for (from, to) in replace {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        let other = case.folder.path().join("cdl/other.cdl");
        fs::write(&other, text).unwrap();
        tools().network(case.folder.path(), &case.written.subcircuits, Some(&other)).unwrap()
    }
}

/// The array's elements with its memristors as shapes of their own.
fn flat(library: &Library) -> Vec<Element> {
    let [cross_point, array] = &library.structures[..] else { panic!("a cross-point and an array") };
    let mut elements: Vec<Element> = Vec::new();
    for element in &array.elements {
        let Element::Array { at, count, pitch, .. } = element else {
            elements.push(element.clone());
            continue;
        };
        for row in 0..i32::from(count.1) {
            for col in 0..i32::from(count.0) {
                let by = (at.0 + col * pitch.0, at.1 + row * pitch.1);
                elements.extend(cross_point.elements.iter().map(|element| moved(element, by)));
            }
        }
    }
    elements
}

fn moved(element: &Element, (x, y): (i32, i32)) -> Element {
    let Element::Rectangle { layer, corners: [left, bottom, right, top] } = element else {
        panic!("a shape")
    };
    Element::Rectangle { layer: *layer, corners: [left + x, bottom + y, right + x, top + y] }
}

/// Whether `element` is part of the memristor at a cross-point.
fn is_cell(element: &Element, row: u32, col: u32) -> bool {
    let (x, y) = lattice(&SKY130).at(row, col);
    let Element::Rectangle { layer, corners: [left, bottom, right, top] } = element else { return false };
    let centre = (i64::from(left + right) / 2, i64::from(bottom + top) / 2);
    [SKY130.via, SKY130.memristor].contains(layer) && centre == (x, y)
}

/// The only rectangle of `layer` at the middle of line `at`, counted from 0.
fn line(elements: &mut [Element], layer: Layer, at: usize) -> &mut [i32; 4] {
    let shapes = elements.iter_mut().filter_map(|element| match element {
        Element::Rectangle { layer: own, corners } if *own == layer => Some(corners),
        _ => None,
    });
    shapes.into_iter().nth(at).unwrap()
}

/// Exchanges two labels.
fn swap_labels(elements: &mut [Element], one: &str, other: &str) {
    for element in elements {
        let Element::Text { text, .. } = element else { continue };
        *text = match text.as_str() {
            own if own == one => other.to_owned(),
            own if own == other => one.to_owned(),
            own => own.to_owned(),
        };
    }
}

#[test]
fn what_is_handed_over_is_clean() {
    let case = Case::new();
    let report = case.array();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.devices, report.netgen), (12, Some(Vec::new())));
    assert_eq!(Lvs::map(case.folder.path(), &SKY130, &case.written.arrays).unwrap(), (vec![], 11));
    let network = tools().network(case.folder.path(), &case.written.subcircuits, None).unwrap();
    assert!(network.is_clean(), "{network:?}");
    // Three modules, the array, its cell, and four black boxes.
    assert_eq!(network.subcircuits, 9);
    let same = Case::of_netlist(&[]);
    assert!(same.is_clean() && same.compared.is_some(), "{same:?}");
}

#[test]
fn shapes_taken_apart_are_as_clean_as_an_array_of_them() {
    let report = Case::of_layout(|_| ());
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn an_open_bitline_is_found() {
    let report = Case::of_layout(|elements| {
        let [left, bottom, right, top] = *line(elements, SKY130.bitline.drawing, 1);
        line(elements, SKY130.bitline.drawing, 1)[3] = 1500;
        elements
            .push(Element::Rectangle { layer: SKY130.bitline.drawing, corners: [left, 1700, right, top] });
        assert!(bottom < 1500);
    });
    assert!(!report.klayout.is_empty() && report.netgen.is_some_and(|told| !told.is_empty()));
    assert_eq!(report.rules, []);
    assert!(report.addresses[0].contains("row_1 and col_1"), "{:?}", report.addresses);
}

#[test]
fn a_shorted_bitline_is_found() {
    let report = Case::of_layout(|elements| {
        let bridge = [2000, 2300, 2800, 2500];
        elements.push(Element::Rectangle { layer: SKY130.bitline.drawing, corners: bridge });
    });
    assert!(report.klayout.iter().any(|told| told.contains("col_1,col_2")), "{:?}", report.klayout);
    assert!(report.netgen.is_some_and(|told| !told.is_empty()));
    assert!(!report.addresses.is_empty());
}

#[test]
fn a_missing_cell_is_found() {
    let report = Case::of_layout(|elements| elements.retain(|element| !is_cell(element, 1, 2)));
    assert!(!report.klayout.is_empty() && report.netgen.is_some_and(|told| !told.is_empty()));
    assert_eq!(report.addresses, ["no memristor of row_1 and col_2 at (2.8, 2) um"]);
    assert_eq!(report.devices, 11);
}

/// Off its lines it is no device, and its via is not enclosed.
#[test]
fn a_moved_cell_is_found() {
    let report = Case::of_layout(|elements| {
        for element in elements.iter_mut().filter(|element| is_cell(element, 1, 2)) {
            *element = moved(element, (0, 100));
        }
    });
    assert_eq!(report.addresses.len(), 2, "{:?}", report.addresses);
    let rules: Vec<_> = report.rules.iter().map(|broken| (broken.rule.as_str(), broken.count)).collect();
    assert!(rules.contains(&("via.4a", 1)), "{rules:?}");
}

/// A via without its memristor joins the lines.
#[test]
fn a_plain_via_is_a_short() {
    let report = Case::of_layout(|elements| {
        elements.retain(|element| {
            !(is_cell(element, 1, 1)
                && matches!(element, Element::Rectangle { layer, .. } if *layer == SKY130.memristor))
        });
    });
    assert!(report.klayout.iter().any(|told| told.contains("col_1,row_1")), "{:?}", report.klayout);
}

/// The array is its own mirror image: no comparison of netlists sees this, the address does.
#[test]
fn swapped_labels_are_found_by_their_places_alone() {
    for (one, other) in [("col_0", "col_1"), ("row_0", "row_3")] {
        let report = Case::of_layout(|elements| swap_labels(elements, one, other));
        assert_eq!((&report.klayout, &report.netgen), (&vec![], &Some(vec![])));
        assert!(report.addresses[0].contains("its address says"), "{:?}", report.addresses);
    }
}

#[test]
fn a_label_that_is_gone_is_found() {
    let report = Case::of_layout(|elements| {
        elements.retain(|element| !matches!(element, Element::Text { text, .. } if text == "col_2"));
    });
    assert!(report.klayout.iter().any(|told| told.contains("COL_2")), "{:?}", report.klayout);
}

#[test]
fn exactly_the_seeded_violations_of_design_rules_are_found() {
    let report = Case::of_layout(|elements| {
        let layer = SKY130.bitline.drawing;
        // Beside the outermost bitline: 130 nm off, and 130 nm wide.
        let [.., right, _] = *line(elements, layer, 2);
        elements.push(Element::Rectangle { layer, corners: [right + 130, 0, right + 430, 1000] });
        elements.push(Element::Rectangle { layer, corners: [right + 600, 0, right + 730, 1000] });
        let memristor = SKY130.memristor;
        elements
            .push(Element::Rectangle { layer: memristor, corners: [right + 600, 2000, right + 830, 2225] });
    });
    let rules: Vec<_> = report.rules.iter().map(|broken| (broken.rule.as_str(), broken.count)).collect();
    assert_eq!(rules, [("m2.1", 1), ("m2.2", 1), ("rr1_cell.1", 1)]);
}

#[test]
fn mistakes_in_a_netlist_are_found_by_both_tools() {
    let mistakes: [(&str, &[(&str, &str)]); 9] = [
        (
            "another activation",
            &[("Xact_0 v_0 y_0 v_ref vdd vss Relu", "Xact_0 v_0 y_0 v_ref vdd vss HardSwish")],
        ),
        (
            "swapped activations",
            &[
                ("Xact_0 v_0 y_0 v_ref vdd vss Relu", "Xact_0 v_0 y_0 v_ref vdd vss HardSwish"),
                ("Xact_1 v_1 y_1 v_ref vdd vss HardSwish", "Xact_1 v_1 y_1 v_ref vdd vss Relu"),
            ],
        ),
        ("swapped wordlines", &[("Xxbar x_0 x_1", "Xxbar x_1 x_0")]),
        ("swapped columns", &[("i_0 i_1 i_2 Weights", "i_1 i_0 i_2 Weights")]),
        ("a wrong supply", &[("Xact_1 v_1 y_1 v_ref vdd vss", "Xact_1 v_1 y_1 v_ref vss vdd")]),
        ("a supply from elsewhere", &[("Xtia_0 i_0 v_0 v_ref vdd", "Xtia_0 i_0 v_0 vdd vdd")]),
        ("a dropped device", &[("Cc_f inp out 1e-12\n", "")]),
        ("a dropped subcircuit", &[("Xact_2 v_2 y_2 v_ref vdd vss Relu\n", "")]),
        ("another capacitor", &[("Cc_f inp out 1e-12", "Cc_f inp out 1.01e-12")]),
    ];
    for (what, replace) in mistakes {
        let report = Case::of_netlist(replace);
        let (klayout, netgen) = report.compared.unwrap();
        assert!(!klayout.is_empty(), "KLayout: {what}");
        assert!(!netgen.is_empty(), "netgen: {what}");
    }
}

#[test]
fn a_subcircuit_with_other_pins_is_found() {
    let report = Case::of_netlist(&[(".SUBCKT Layer x_0", ".SUBCKT Layer more x_0")]);
    assert_eq!(report.pins, ["Layer has 11 pins, the design's 10"]);
}

#[test]
fn an_address_that_is_not_the_cells_is_found() {
    let case = Case::new();
    let path = case.folder.path().join(memloom_silicon::handover::MAP);
    let text = fs::read_to_string(&path).unwrap();
    let map = |text: &str| {
        fs::write(&path, text).unwrap();
        Lvs::map(case.folder.path(), &SKY130, &case.written.arrays)
    };
    let (told, _) = map(&text.replace(",1,2,2.8,2,", ",1,2,2,2,")).unwrap();
    assert_eq!(told, ["line 6: cell (1, 2) of `ml_HfO2_4x3` is at (2.8, 2) um, not at (2, 2) um"]);
    let (told, _) = map(&text.replace(",1,2,2.8,2,", ",2,1,2.8,2,")).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    let (told, _) = map(&text.replace(",1,2,2.8,2,", ",9,2,2.8,2,")).unwrap();
    assert_eq!(told, ["line 6: `ml_HfO2_4x3` has no cell (9, 2)"]);
    let error = map(&text.replace(",1,2,2.8,2,", ",1,2,,,")).unwrap_err().to_string();
    assert!(error.contains("line 6") && error.contains("is no address"), "{error}");
    assert!(map("tile,array\n").is_err() && map(text.lines().next().unwrap()).is_err());
}

#[test]
fn a_void_comparison_is_an_error() {
    let case = Case::new();
    let empty = case.folder.path().join("empty.cdl");
    fs::write(&empty, "* nothing\n").unwrap();
    let error =
        tools().network(case.folder.path(), &case.written.subcircuits, Some(&empty)).unwrap_err().to_string();
    assert!(error.contains("found no subcircuit"), "{error}");
    fs::write(case.folder.path().join(gds_path(&case.written.arrays[0].name)), "no stream").unwrap();
    let error = tools().arrays(case.folder.path(), &SKY130, &case.written.arrays).unwrap_err().to_string();
    assert!(error.starts_with("KLayout on `ml_HfO2_4x3`: it failed"), "{error}");
}

/// Too large for netgen. The time is printed.
#[test]
fn a_whole_tile_is_extracted_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let written = write_handover(&common::array(128, 128), &SKY130, folder.path()).unwrap();
    let report = tools().arrays(folder.path(), &SKY130, &written.arrays).unwrap().remove(0);
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.devices, report.netgen), (128 * 128, None));
    println!("128 x 128: extracted in {:.2} s, compared in {:.2} s", report.extract_s, report.compare_s);
}
