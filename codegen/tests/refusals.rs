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
    let ideal = OpAmp { gain: f64::INFINITY, gbw: 1e7, slew: 1e7, offset: 0.0, swing: (0.0, 1.8) };
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
        add_weights(&mut design, &[&[1e-6, 1e-6], &[1e-6, bad]], 0.0);
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
