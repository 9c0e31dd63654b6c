//! Every rule has a design that trips it and one that does not.

use memloom_ir::blocks;
use memloom_ir::erc::{self, Level};
use memloom_ir::technology::{Named, TiaSpec};
use memloom_ir::{Cell, Crossbar, Design, Element, ModuleBuilder, Nature, OpAmp, Origin, Slice, Value};

fn codes(design: &Design) -> Vec<&'static str> {
    erc::check(design).iter().map(|f| f.rule.code).collect()
}

fn design_of(build: impl FnOnce(&mut ModuleBuilder<'_>)) -> Design {
    let mut design = Design::new("test");
    let mut m = design.module("m");
    build(&mut m);
    m.finish().unwrap();
    design
}

fn resistor() -> Element {
    Element::Resistor(Value::Number(1e3))
}

fn cell() -> Cell {
    Cell::new(1e-6, 1e-4, 0.2)
}

fn tia_spec() -> Named<TiaSpec> {
    let op_amp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
    Named::new(
        "Readout",
        TiaSpec { r_f: 1e4, c_f: 1e-12, v_ref: 0.9, i_in: None, op_amp: Named::new("Ota", op_amp) },
    )
}

/// A 2x1 array with its TIA: every rule is met.
fn sound(g: [f32; 2]) -> Design {
    let mut design = Design::new("sound");
    let cell = blocks::cell(&mut design, &Named::new("HfO2", cell())).unwrap();
    let tia = blocks::tia(&mut design, &tia_spec(), Origin::Library).unwrap();
    let mut m = design.module("layer");
    let x = m.input("x", Nature::Voltage, 2);
    let y = m.output("y", Nature::Voltage, 1);
    let i = m.net("i", Nature::Current, 1);
    m.instance("xbar", Element::Crossbar(Crossbar::new(2, 1, cell, 0.0, g.to_vec())))
        .net("row", x)
        .net("col", i)
        .add();
    m.instance("tia", Element::Module(tia)).net("inp", i).net("out", y).add();
    m.finish().unwrap();
    design
}

#[test]
fn a_sound_design_has_no_findings() {
    assert_eq!(erc::check(&sound([1e-6, 1e-4])), vec![]);
}

#[test]
fn ml001_undriven() {
    let design = design_of(|m| {
        let x = m.net("x", Nature::Voltage, 2);
        let y = m.output("y", Nature::Voltage, 1);
        m.instance("r", resistor()).net("p", y).pin("n", vec![Slice::Net { net: x, start: 0, len: 1 }]).add();
        let amp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.0, 1.8), ..OpAmp::PLAIN };
        let amp = m.design().op_amps.insert("Ota", amp).unwrap();
        let second = vec![Slice::Net { net: x, start: 1, len: 1 }];
        m.instance("amp", Element::OpAmp(amp))
            .pin("inp", second.clone())
            .pin("inn", second)
            .net("out", y)
            .add();
    });
    let findings = erc::check(&design);
    let undriven = findings.iter().find(|f| f.rule.code == "ML001").expect("x[1] floats");
    assert_eq!(undriven.path, "m.x[1]");
    let text = undriven.to_string();
    assert!(text.starts_with("error[ML001] `m.x[1]`: nothing drives this voltage; connect"), "{text}");
    assert!(text.contains("ir/tests/erc.rs:"), "{text}");
}

#[test]
fn ml002_two_drivers() {
    let design = design_of(|m| {
        let x = m.input("x", Nature::Voltage, 1);
        let amp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.0, 1.8), ..OpAmp::PLAIN };
        let amp = m.design().op_amps.insert("Ota", amp).unwrap();
        m.instance("amp", Element::OpAmp(amp)).net("inp", x).net("inn", x).net("out", x).add();
    });
    assert!(codes(&design).contains(&"ML002"));
}

#[test]
fn ml002_currents_may_sum() {
    let mut design = sound([1e-5, 1e-5]);
    let cell = design.cells.find("HfO2").unwrap();
    let tia = design.modules.find("Readout").unwrap();
    let mut m = design.module("two");
    let x = m.input("x", Nature::Voltage, 2);
    let y = m.output("y", Nature::Voltage, 1);
    let i = m.net("i", Nature::Current, 1);
    for name in ["a", "b"] {
        let array = Crossbar::new(2, 1, cell, 0.0, vec![1e-5; 2]);
        m.instance(name, Element::Crossbar(array)).net("row", x).net("col", i).add();
    }
    m.instance("tia", Element::Module(tia)).net("inp", i).net("out", y).add();
    m.finish().unwrap();
    assert_eq!(erc::check(&design), vec![]);
}

#[test]
fn ml003_single_pin_is_a_warning() {
    let design = design_of(|m| {
        let x = m.input("x", Nature::Voltage, 1);
        let dangling = m.net("dangling", Nature::Voltage, 1);
        m.instance("r", resistor()).net("p", x).net("n", dangling).add();
        m.net("unused", Nature::Voltage, 1);
    });
    let findings = erc::check(&design);
    let paths: Vec<_> = findings.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["m.dangling", "m.unused"]);
    assert!(findings.iter().all(|f| f.rule.code == "ML003" && f.rule.level == Level::Warning));
    assert_eq!(erc::errors(&findings).count(), 0);
}

#[test]
fn ml004_conductance_out_of_range() {
    assert_eq!(codes(&sound([1e-6, 2e-4])), ["ML004"]);
    assert_eq!(codes(&sound([f32::NAN, 1e-5])), ["ML004"]);
    let finding = &erc::check(&sound([5e-7, 2e-4]))[0];
    assert_eq!(finding.path, "layer.xbar");
    assert!(
        finding.what.contains("row 0, column 0") && finding.what.ends_with("(and 1 more)"),
        "{}",
        finding.what
    );
}

#[test]
fn ml005_names_that_spice_folds() {
    let design = design_of(|m| {
        let out = m.input("Out", Nature::Voltage, 1);
        let other = m.output("out", Nature::Voltage, 1);
        m.instance("r", resistor()).net("p", out).net("n", other).add();
    });
    assert_eq!(codes(&design), ["ML005"]);
}

#[test]
fn ml006_current_without_a_sink() {
    let mut design = sound([1e-5, 1e-5]);
    let cell = design.cells.find("HfO2").unwrap();
    let mut m = design.module("open");
    let x = m.input("x", Nature::Voltage, 1);
    let i = m.net("i", Nature::Current, 1);
    for name in ["a", "b"] {
        let array = Crossbar::new(1, 1, cell, 0.0, vec![1e-5]);
        m.instance(name, Element::Crossbar(array)).net("row", x).net("col", i).add();
    }
    m.finish().unwrap();
    assert_eq!(codes(&design), ["ML006"]);
}

#[test]
fn codes_are_unique_and_texts_whole() {
    let codes: std::collections::BTreeSet<_> = erc::rules().map(|r| r.code).collect();
    assert_eq!(codes.len(), erc::rules().count());
    assert!(erc::rules().all(|r| !r.help.is_empty() && !r.text.is_empty()));
}
