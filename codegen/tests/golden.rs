//! The text of a small design, byte for byte. `MEMLOOM_BLESS=1` rewrites the files in `tests/golden`.

mod common;

use common::*;
use memloom_codegen::{Circuit, DIALECTS, dc_deck, simulated, verilog_a, write_design};
use memloom_ir::*;
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Compares with `tests/golden/<path>`, but for the version of memloom.
fn golden(path: &str, given: &str) {
    let version = concat!("memloom ", env!("CARGO_PKG_VERSION"));
    let given = given.replace(version, "memloom VERSION");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(path);
    if std::env::var_os("MEMLOOM_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &given).unwrap();
    }
    let wanted = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    assert_eq!(given, wanted.replace("\r\n", "\n"), "{path}");
}

fn build(design: &Design) -> BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let files = write_design(design, DIALECTS, dir.path(), &|_| ()).unwrap();
    let text = |path: &str| std::fs::read_to_string(dir.path().join(path)).unwrap();
    files.iter().map(|file| (file.path.clone(), text(&file.path))).collect()
}

/// The small design with wires, and a memory of two channels beside it.
fn design() -> Design {
    let mut design = small(2.5);
    let v_ref = design.supplies.find("v_ref").unwrap();
    let mut m = design.module("Memory");
    m.section("layer_2");
    let inp = m.input("inp", Nature::Voltage, 2);
    let tap = m.output("tap", Nature::Voltage, 8);
    let rows = m.input("wr_row", Nature::Select, 3);
    let cols = m.input("wr_col", Nature::Select, 3);
    let rd_row = m.input("rd_row", Nature::Select, 2);
    let rd_col = m.input("rd_col", Nature::Select, 2);
    let store =
        m.instance("store", Element::Store(FrameStore::window(3, 3, 2, 2, 1))).array(2).net("inp", inp);
    let store = store.net("tap", tap).net("wr_row", rows).net("wr_col", cols);
    store.net("rd_row", rd_row).net("rd_col", rd_col).supply("v_ref", v_ref).add();
    m.finish().unwrap();
    design
}

#[test]
fn files_of_a_build() {
    for (path, text) in build(&design()) {
        golden(&path, &text);
    }
}

/// Cells that are devices: one at either end of their range, one absent, with wires.
#[test]
fn a_crossbar_of_devices() {
    let mut design = Design::new("devices");
    let [low, high] = [2f32.powi(-20), 2f32.powi(-10)];
    let cell = Cell { netlist: CellNetlist::Device, ..Cell::new(low.into(), high.into(), 0.2) };
    design.cells.insert("HfO2", cell).unwrap();
    add_weights(&mut design, &[&[low, ABSENT, high]], wires(2.5));
    for (path, text) in build(&design).iter().filter(|(path, _)| path.contains("layer_1")) {
        golden(&format!("devices/{path}"), text);
    }
}

/// Lines with every resistance and capacitance, and lines that are one node each; an op-amp with an input capacitance.
#[test]
fn a_crossbar_on_loaded_lines() {
    let ohms = units::Ohms::new;
    let loaded = Parasitics {
        r_wordline: ohms(3.0),
        r_bitline: ohms(0.5),
        r_driver: ohms(100.0),
        r_sense: ohms(50.0),
        r_contact: ohms(1e3),
        c_wire: units::Farads::new(0.2e-15),
        c_cell: units::Farads::new(0.1e-15),
    };
    let (none, c_wire) = (ohms(0.0), loaded.c_wire);
    let lumped = Parasitics { r_wordline: none, r_bitline: none, ..loaded };
    for (name, parasitics) in
        [("loaded", loaded), ("lumped", lumped), ("open", Parasitics { c_wire, ..Parasitics::NONE })]
    {
        let mut design = leaves();
        let ota = design.op_amps.find("Ota").unwrap();
        design.op_amps[ota].c_in = 2e-12;
        add_weights(&mut design, &[&[1e-5, ABSENT], &[2e-5, 3e-5]], parasitics);
        add_readout(&mut design);
        let models = |path: &str| name == "loaded" && (path.contains("cells") || path.contains("op_amp"));
        let kept = |path: &str| path.contains("layer_1") || models(path);
        for (path, text) in build(&design).iter().filter(|(path, _)| kept(path)) {
            golden(&format!("lines/{name}/{path}"), text);
        }
    }
}

#[test]
fn a_dc_deck() {
    let design = small(0.0);
    for dialect in simulated() {
        let vectors = [vec![0.9, 0.95, 0.85, 1.0], vec![0.8, 0.8, 1.0, 0.92]];
        let files = [format!("../spice/{}/top.{}", dialect.name(), dialect.extension())];
        let deck = dc_deck(dialect, &design, design.top.unwrap(), &vectors, Circuit::Files(&files)).unwrap();
        golden(&format!("testbench/{}", deck.name), &deck.text);
    }
}

#[test]
fn the_same_design_gives_the_same_bytes() {
    let first = build(&design());
    assert_eq!(first, build(&design()));
    let models: Vec<String> =
        verilog_a(&design()).unwrap().into_iter().map(|f| format!("verilog_a/{}", f.name)).collect();
    assert!(models.iter().all(|path| first.contains_key(path)), "{models:?}");
}

#[test]
fn sizes_and_hashes_are_those_of_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let told = std::sync::Mutex::new(Vec::new());
    let files =
        write_design(&design(), DIALECTS, dir.path(), &|f| told.lock().unwrap().push(f.clone())).unwrap();
    assert_eq!(told.lock().unwrap().len(), files.len());
    for file in &files {
        let bytes = std::fs::read(dir.path().join(&file.path)).unwrap();
        let hash: String =
            <sha2::Sha256 as sha2::Digest>::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!((file.bytes, &file.sha256), (bytes.len() as u64, &hash));
    }
    let found = walk(dir.path());
    assert_eq!(found.len(), files.len(), "nothing else was left: {found:?}");
}

fn walk(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_write_that_fails_names_the_path_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("spice/vacask/top.sim")).unwrap();
    let error = write_design(&design(), DIALECTS, dir.path(), &|_| ()).unwrap_err().to_string();
    assert!(error.contains("spice/vacask/top.sim") && error.contains("cannot write"), "{error}");
    assert!(!walk(dir.path()).iter().any(|path| path.starts_with(dir.path().join("spice/vacask/top.sim"))));
}

#[test]
fn a_file_that_is_there_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("spice/vacask/top.sim");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "mine").unwrap();
    let error = write_design(&design(), DIALECTS, dir.path(), &|_| ()).unwrap_err().to_string();
    assert!(error.contains("spice/vacask/top.sim"), "{error}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
}
