//! What lines, ends and contacts of a crossbar make of its rules.

use super::{AMP, codes};
use memloom::blocks;
use memloom::erc::{self, Config, Level};
use memloom::ir::{Cell, Crossbar, Design, Element, Nature, Origin, Parasitics, Value};
use memloom::technology::{Named, TiaSpec};
use memloom::units::{Farads, Ohms};

/// A TIA of `r_f` ohm and `c_f` farad at a bitline of one cell, beside `stray` farad; two of them.
fn loops(r_f: f64, c_f: f64, stray: f64, wires: Parasitics) -> Design {
    let mut design = Design::new("test");
    let cell = blocks::cell(&mut design, &Named::new("HfO2", Cell::new(1e-7, 1e-4, 0.2))).unwrap();
    let spec = TiaSpec { r_f, c_f, v_ref: 0.9, i_in: None, op_amp: Named::new("Ota", AMP) };
    let tia = blocks::tia(&mut design, &Named::new("Readout", spec), Origin::Library).unwrap();
    let ground = blocks::supply(&mut design, "vss", 0.0).unwrap();
    let mut m = design.module("Top");
    let x = m.input("x", Nature::Voltage, 1);
    let y = m.output("y", Nature::Voltage, 2);
    let i = m.net("i", Nature::Current, 2);
    let array = Crossbar::new(1, 2, cell, 0.0, vec![1e-7; 2]).with_parasitics(wires);
    m.instance("xbar", Element::Crossbar(array)).net("row", x).net("col", i).add();
    let capacitor = Element::Capacitor(Value::Number(stray));
    m.instance("stray", capacitor).array(2).net("p", i).supply("n", ground).add();
    // The second one's own resistor is small.
    let tia = m.instance("tia", Element::Module(tia)).array(2).net("inp", i).net("out", y);
    tia.arg("r_f", vec![r_f, 1e3]).add();
    design.top = Some(m.finish().unwrap());
    design
}

#[test]
fn ml021_phase_margin() {
    let findings = erc::check(&loops(5e5, 0.0, 1e-11, Parasitics::NONE));
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML021"], "Top.tia[0].amp"));
    assert_eq!((findings[0].level, findings[0].places), (Level::Warning, 1));
    let what = "its phase margin is 3.5 degrees with a feedback of 500 kohm and 0 F and 10 pF at its inverting input, the \
                limit is 45; `c_f = 780 fF` gives 65.5 degrees";
    assert_eq!(findings[0].what, what);
    assert_eq!(erc::check(&loops(5e5, 7.8e-13, 1e-11, Parasitics::NONE)), vec![]);
    // The limit is the caller's.
    let mut config = Config::new();
    config.limits.phase_margin = 3.0;
    assert_eq!(erc::check_with(&loops(5e5, 0.0, 1e-11, Parasitics::NONE), &config), vec![]);
}

#[test]
fn ml021_counts_what_lines_have() {
    let found = |wires, config: &Config| codes(&erc::check_with(&loops(1e7, 0.0, 1e-18, wires), config));
    let none: [&str; 0] = [];
    // A line of a cell without a declared capacitance has 0.2 fF, or what the caller says.
    let (usual, mut loaded) = (Config::new(), Config::new());
    loaded.limits.line_capacitance = 1e-12;
    assert_eq!(found(Parasitics::NONE, &usual), none);
    assert_eq!(found(Parasitics::NONE, &loaded), ["ML021"]);
    // What is declared stands in its place.
    let wire = |c_wire| Parasitics { c_wire: Farads::new(c_wire), ..Parasitics::NONE };
    assert_eq!(found(wire(1e-12), &usual), ["ML021"]);
    assert_eq!(found(wire(1e-18), &loaded), none);
    assert_eq!(found(Parasitics { c_cell: Farads::new(1e-12), ..Parasitics::NONE }, &usual), ["ML021"]);
    // Behind a large resistance it is hidden from the loop.
    let hidden = Parasitics { r_sense: Ohms::new(1e6), ..wire(1e-12) };
    assert_eq!(found(hidden, &usual.allow("ML012").unwrap()), none);
}

#[test]
fn ml012_counts_ends_and_contacts() {
    let wires = Parasitics { r_driver: Ohms::new(500.0), r_sense: Ohms::new(300.0), ..Parasitics::NONE };
    let mut design = loops(1e3, 0.0, 1e-18, wires);
    let lossy = |design: &mut Design, g: f32, parasitics| {
        let top = design.top.unwrap();
        let xbar = design.modules[top].instances.find("xbar").unwrap();
        let Element::Crossbar(array) = &mut design.modules[top].instances[xbar].element else { panic!() };
        *array = array.holding(vec![g; 2]).with_parasitics(parasitics);
    };
    // Rows carry two cells: 500 ohm 2 g and 300 ohm g.
    lossy(&mut design, 1e-4, wires);
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML012"]);
    assert!(
        findings[0].what.contains("column 0 lose 13.0 %")
            || findings[0].what.contains("column 1 lose 13.0 %"),
        "{}",
        findings[0].what
    );
    lossy(&mut design, 1e-4, Parasitics { r_contact: Ohms::new(2500.0), ..Parasitics::NONE });
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML012"]);
    assert!(findings[0].what.contains("and the cells' contacts lose 20.0 %"), "{}", findings[0].what);
}
