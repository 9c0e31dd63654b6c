//! What a dialect refuses, and what the refusal says.

mod common;

use common::*;
use memloom_codegen::{Circuit, DIALECTS, Dialect, Ngspice, Vacask, dc_deck, validate, write_design};
use memloom_ir::*;

/// The refusal of a module with these nets, or nothing.
fn nets(dialect: &dyn Dialect, names: &[(&str, u32)]) -> Option<String> {
    let mut design = leaves();
    let mut m = design.module("M");
    for (name, width) in names {
        m.net(*name, Nature::Voltage, *width);
    }
    m.finish().unwrap();
    validate(dialect, &design).err().map(|e| e.to_string())
}

#[test]
fn net_names() {
    for &dialect in DIALECTS {
        assert_eq!(nets(dialect, &[("x", 2), ("y", 1), ("i", 3), ("v", 1)]), None);
        for (bad, said) in
            [("x[0]", "not a plain name"), ("3x", "not a plain name"), ("ml_x", "generated names")]
        {
            let error = nets(dialect, &[(bad, 1)]).unwrap();
            assert!(error.contains(said) && error.contains(&format!("`{bad}`")), "{error}");
        }
        let clash = nets(dialect, &[("x", 2), ("x_1", 1)]).unwrap();
        assert!(clash.contains("M.x_1") && clash.contains("rename one"), "{clash}");
    }
    assert!(nets(&Ngspice, &[("Out", 1), ("out", 1)]).unwrap().contains("the same as `Out`"));
    assert_eq!(nets(&Vacask, &[("Out", 1), ("out", 1)]), None);
    assert!(nets(&Ngspice, &[("gnd", 1)]).unwrap().contains("reserved"));
    assert!(nets(&Vacask, &[("subckt", 1)]).unwrap().contains("reserved"));
}

#[test]
fn a_supply_and_a_net_of_one_name() {
    let mut design = leaves();
    let v_ref = design.supplies.find("v_ref").unwrap();
    let mut m = design.module("M");
    let net = m.net("v_ref", Nature::Voltage, 1);
    m.instance("r", Element::Resistor(Value::Number(1.0))).net("p", net).supply("n", v_ref).add();
    m.finish().unwrap();
    let error = validate(&Ngspice, &design).unwrap_err().to_string();
    assert!(error.contains("`v_ref` is also the name of M, supply"), "{error}");
}

#[test]
fn subcircuits_and_models_share_their_names() {
    let mut design = leaves();
    design.module("ota").finish().unwrap();
    assert!(validate(&Ngspice, &design).unwrap_err().to_string().contains("`Ota` is the same as `ota`"));
    validate(&Vacask, &design).unwrap();
}

#[test]
fn copies_of_an_array_and_a_single_instance() {
    let mut design = leaves();
    let mut m = design.module("M");
    let x = m.net("x", Nature::Voltage, 2);
    m.instance("r", Element::Resistor(Value::Number(1.0))).array(2).net("p", x).net("n", x).add();
    let one = vec![Slice::Net { net: x, start: 0, len: 1 }];
    m.instance("r_1", Element::Resistor(Value::Number(1.0))).pin("p", one.clone()).pin("n", one).add();
    m.finish().unwrap();
    assert!(validate(&Ngspice, &design).unwrap_err().to_string().contains("`r_1` is also the name of M.r"));
}

#[test]
fn an_ideal_op_amp() {
    let mut design = leaves();
    let ideal = OpAmp { gain: f64::INFINITY, gbw: 1e7, slew: 1e7, swing: (0.0, 1.8), ..OpAmp::PLAIN };
    design.op_amps.insert("Ideal", ideal).unwrap();
    for &dialect in DIALECTS {
        let error = validate(dialect, &design).unwrap_err().to_string();
        assert!(error.contains("op-amp `Ideal`") && error.contains("finite gain"), "{error}");
        let dir = tempfile::tempdir().unwrap();
        write_design(&design, &[dialect], dir.path(), &|_| ()).unwrap_err();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing may be written");
    }
}

#[test]
fn conductances_without_a_resistance() {
    for bad in [f32::NAN, f32::INFINITY, -1e-6] {
        let mut design = leaves();
        add_weights(&mut design, &[&[1e-6, 1e-6], &[1e-6, bad]], Parasitics::NONE);
        let error = validate(&Ngspice, &design).unwrap_err().to_string();
        assert!(error.contains("Weights.array") && error.contains("cell (1, 1)"), "{error}");
    }
}

#[test]
fn a_parameter_that_is_not_there() {
    let mut design = leaves();
    let mut m = design.module("M");
    let x = m.net("x", Nature::Voltage, 2);
    let bit = |start| vec![Slice::Net { net: x, start, len: 1 }];
    m.instance("r", Element::Resistor(Value::Param("r_g".into()))).pin("p", bit(0)).pin("n", bit(1)).add();
    m.finish().unwrap();
    assert!(validate(&Vacask, &design).unwrap_err().to_string().contains("no parameter `r_g`"));
}

#[test]
fn a_wide_module_that_nobody_uses() {
    let mut design = leaves();
    let mut m = design.module("Wide");
    m.input("x", Nature::Voltage, 2000);
    m.finish().unwrap();
    let error = validate(&Ngspice, &design).unwrap_err().to_string();
    assert!(error.contains("module `Wide`") && error.contains("1004") && error.contains("top"), "{error}");
    validate(&Vacask, &design).unwrap();
}

#[test]
fn names_that_inlining_makes() {
    let mut design = leaves();
    let mut m = design.module("Wide");
    m.input("x", Nature::Voltage, 2000);
    m.net("inner", Nature::Voltage, 1);
    let wide = m.finish().unwrap();
    let mut m = design.module("Top");
    let x = m.net("x", Nature::Voltage, 2000);
    m.net("w__inner", Nature::Voltage, 1);
    m.instance("w", Element::Module(wide)).net("x", x).add();
    m.finish().unwrap();
    let error = validate(&Ngspice, &design).unwrap_err().to_string();
    assert!(error.contains("Top.w") && error.contains("`w__inner` is taken"), "{error}");
}

#[test]
fn sections_that_cannot_be_files() {
    for (bad, said) in
        [("a/b", "file's name"), ("", "file's name"), ("Cells", "overwrite `cells`"), ("flat", "another")]
    {
        let mut design = leaves();
        design.module("M").finish().unwrap();
        let mut m = design.module("N");
        m.section(bad);
        m.finish().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let error = write_design(&design, DIALECTS, dir.path(), &|_| ()).unwrap_err().to_string();
        assert!(error.contains(said), "{bad}: {error}");
    }
}

#[test]
fn vectors_of_a_deck() {
    let design = small(0.0);
    let top = design.top.unwrap();
    let deck = |vectors: &[Vec<f64>]| dc_deck(&Ngspice, &design, top, vectors, Circuit::Embedded);
    let said = |vectors: &[Vec<f64>]| deck(vectors).unwrap_err().to_string();
    assert!(said(&[]).contains("no input vector"));
    assert!(said(&[vec![0.9; 3]]).contains("has 3 values; give 4"));
    assert!(said(&[vec![0.9, 0.9, f64::NAN, 0.9]]).contains("vector 0 has the value `NaN`"));
    let weights = design.modules.find("Weights").unwrap();
    let error =
        dc_deck(&Ngspice, &design, weights, &[vec![0.0; 8]], Circuit::Embedded).unwrap_err().to_string();
    assert!(error.contains("port `col` is a current output"), "{error}");
}

/// A follower of a foreign op-amp whose file holds `text`; with what `change` does to it.
fn foreign(text: &str, change: impl FnOnce(&mut Design, &mut Foreign)) -> (tempfile::TempDir, Design) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ota.sp");
    std::fs::write(&path, text).unwrap();
    let mut design = Design::new("foreign");
    blocks::supply(&mut design, "vdd", 1.8).unwrap();
    let signal = |name: &str, direction| ForeignPin {
        name: name.into(),
        role: PinRole::Signal { direction, nature: Some(Nature::Voltage) },
    };
    let supply = ForeignPin { name: "vdd".into(), role: PinRole::Supply { rail: "vdd".into() } };
    let mut cell = Foreign {
        name: "ota".into(),
        kind: Kind::Subckt,
        libraries: vec![Library {
            language: Language::Spice,
            path: path.to_str().unwrap().into(),
            section: None,
        }],
        pins: vec![signal("inp", Direction::Input), signal("out", Direction::Output), supply],
        params: vec!["w".into()],
    };
    change(&mut design, &mut cell);
    let id = blocks::foreign(&mut design, &cell).unwrap();
    let mut m = design.module("M");
    let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
    m.instance("amp", Element::Foreign(id)).net("inp", x).net("out", y).arg("w", [2e-6]).add();
    design.top = Some(m.finish().unwrap());
    (dir, design)
}

const OTA: &str = ".subckt ota inp out vdd w=1u\n.ends\n";

#[test]
fn foreign_cells_are_called_as_their_file_says() {
    let (dir, design) = foreign(OTA, |_, _| {});
    let mut text = Vec::new();
    memloom_codegen::write_netlist(&Ngspice, &design, "", &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let path = dir.path().join("ota.sp");
    assert!(text.contains(&format!(".include \"{}\"\n", path.display())), "{text}");
    assert!(text.contains("\n.subckt M x y vdd\nXamp x y vdd ota w=2e-6\n.ends M\n"), "{text}");

    let lib = format!(".lib tt\n{OTA}.endl\n");
    let (_dir, design) = foreign(&lib, |_, cell| cell.libraries[0].section = Some("tt".into()));
    let mut text = Vec::new();
    memloom_codegen::write_netlist(&Ngspice, &design, "", &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains(".lib \"") && text.contains("ota.sp\" tt\n"), "{text}");
}

#[test]
fn a_foreign_cell_that_its_file_does_not_have() {
    let said = |text: &str, change: fn(&mut Design, &mut Foreign)| {
        let (_dir, design) = foreign(text, change);
        validate(&Ngspice, &design).unwrap_err().to_string()
    };
    let error = said(OTA, |_, cell| cell.libraries[0].path = "/nowhere/ota.sp".into());
    assert!(
        error.contains("foreign cell `ota`: cannot read `/nowhere/ota.sp`: there is no such file"),
        "{error}"
    );
    let error = said(OTA, |_, cell| cell.libraries[0].section = Some("tt".into()));
    assert!(error.contains("has no sections; leave `library = \"tt\"` out"), "{error}");
    let error = said(".subckt ota inp out vdd vss w=1\n.ends\n", |_, _| {});
    assert!(error.contains("has 4 pins, 3 are declared; add `vss`"), "{error}");
    let error = said(".subckt ota out inp vdd w=1\n.ends\n", |_, _| {});
    assert!(error.contains("has its pins in the order `out inp vdd`"), "{error}");
    let error = said(".subckt ota inp out vdd\n.ends\n", |_, _| {});
    assert!(error.contains("has no parameter `w`; it has none"), "{error}");
    let error = said(".subckt otta inp out vdd\n.ends\n", |_, _| {});
    assert!(error.contains("has no `.subckt ota`; did you mean `otta`?"), "{error}");
    let error = said(OTA, |_, cell| cell.libraries[0].path += "\"; .shell");
    assert!(error.contains("cannot read"), "{error}");
}

#[test]
fn a_foreign_cell_without_a_file_for_the_dialect_or_a_rail() {
    let (_dir, design) = foreign(OTA, |_, _| {});
    let error = validate(&Vacask, &design).unwrap_err().to_string();
    assert!(
        error.contains("has no file that vacask reads; give it one in VACASK, `vacask = \"..\"`"),
        "{error}"
    );
    let (_dir, design) = foreign(OTA, |design, cell| {
        cell.pins[2].role = PinRole::Supply { rail: "vcc".into() };
        design.supplies = Arena::default();
    });
    let error = validate(&Ngspice, &design).unwrap_err().to_string();
    assert!(error.contains("M.amp: supply pin `vdd` has no rail `vcc`"), "{error}");
}

#[test]
fn an_activation_of_fixed_units_cannot_take_others() {
    let text = ".subckt swish inp out\nE1 out 0 inp 0 1\n.ends\n";
    let (_dir, mut design) = foreign(&(OTA.to_owned() + text), |_, _| {});
    let mut cell = design.foreign[design.foreign.find("ota").unwrap()].clone();
    (cell.name, cell.params) = ("swish".into(), Vec::new());
    cell.pins.pop();
    let swish =
        Behaviour { function: Function::Activation(functions::HARD_SWISH), swing: (0.0, 1.8), unit: 0.1 };
    let named = technology::Named::new("Swish", swish).with_body(Body::foreign(cell, Vec::new()));
    let swish = blocks::behaviour(&mut design, &named).unwrap();
    let v_ref = blocks::supply(&mut design, "v_ref", 0.9).unwrap();
    for (unit, fits) in [(0.1, true), (0.08, false)] {
        let mut design = design.clone();
        let mut m = design.module("Act");
        let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
        let act = m.instance("act", Element::Behaviour(swish)).net("inp", x).net("out", y);
        act.supply("v_ref", v_ref).arg("unit_in", [unit]).add();
        m.finish().unwrap();
        match validate(&Ngspice, &design) {
            Ok(()) => assert!(fits),
            Err(error) => {
                let error = error.to_string();
                assert!(
                    !fits && error.contains("1.0 is to be 0.08 V here, and `swish` draws it at 0.1 V"),
                    "{error}"
                );
            }
        }
    }
}
