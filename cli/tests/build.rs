//! `memloom build`: what it writes, and that it writes the same every time.

mod common;

use common::{files, memloom, model, succeeds, tiny};
use memloom::ir::{ABSENT, Element};
use memloom_network::lower::Circuit;
use memloom_network::plan::plan;
use memloom_network::{Network, Ranges, embedded, technologies};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// `facts/network.md`: one device per weight, bias and pooling tap, batch norm folded; columns, and pooled channels.
const DEVICES: u64 = 1_624_450;
const COLUMNS: u64 = 9_978 + 2_872;

fn manifest(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap()
}

fn hash(path: &Path) -> String {
    Sha256::digest(fs::read(path).unwrap()).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn no_arguments_build_the_embedded_network_with_a_manifest_that_holds() {
    let work = tempfile::tempdir().unwrap();
    let text = succeeds(work.path(), &[]);
    for part in
        ["b3.dw", "memristors in", "op-amps:", "invert a signal", "bytes in", "without rails", "same class"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours or bars in a pipe");
    let out = work.path().join("out");
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 1, "nothing beside the output folder");

    let manifest = manifest(&out);
    let listed = manifest["files"].as_array().unwrap();
    for file in listed {
        let path = out.join(file["path"].as_str().unwrap());
        assert_eq!(file["bytes"], fs::metadata(&path).unwrap().len(), "{}", path.display());
        assert_eq!(file["sha256"], hash(&path), "{}", path.display());
    }
    let mut names: Vec<String> = listed.iter().map(|f| f["path"].as_str().unwrap().to_owned()).collect();
    names.push("manifest.json".into());
    names.sort();
    assert_eq!(names, files(&out));
    assert_eq!(manifest["model"]["sha256"], hash(&model()));

    let accounts = &manifest["parts"]["accounts"];
    assert_eq!(accounts[0]["network"], DEVICES);
    assert_eq!(accounts[1]["network"], COLUMNS);
    assert!(
        accounts.as_array().unwrap().iter().all(|a| a["circuit"] == a["network"] || a["why"].is_string())
    );
    // The circuit as it is printed, its op-amps' gain included.
    let check = &manifest["check"]["circuits"][0];
    assert_eq!(check["same_class"], 1);
    assert!(check["of_span"].as_f64().unwrap() < 1e-6, "{check}");
}

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let work = tempfile::tempdir().unwrap();
    for threads in ["1", "2"] {
        succeeds(work.path(), &["build", "--scheme", "differential", "--threads", threads, "--out", threads]);
    }
    let (one, two) = (work.path().join("1"), work.path().join("2"));
    assert_eq!(files(&one), files(&two));
    for file in files(&one) {
        assert!(fs::read(one.join(&file)).unwrap() == fs::read(two.join(&file)).unwrap(), "{file} differs");
    }
}

#[test]
fn a_build_is_replaced_whole() {
    let work = tempfile::tempdir().unwrap();
    succeeds(work.path(), &["build", "--out", "chip"]);
    let first = manifest(&work.path().join("chip"));
    succeeds(work.path(), &["build", "--out", "chip", "--tile", "64x64"]);
    let second = manifest(&work.path().join("chip"));
    assert_eq!(
        (&first["technology"]["tile"][0], &second["technology"]["tile"][0]),
        (&128.into(), &64.into())
    );
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 1);
}

/// Resistors of a crossbar, `(row, column) -> ohm`.
type Cells = HashMap<(u32, u32), f64>;

/// The crossbars' subcircuits in an ngspice file, read as any SPICE reads them.
fn crossbars(text: &str) -> HashMap<String, Cells> {
    let mut found = HashMap::new();
    let mut current: Option<(String, Cells)> = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            ".subckt" if words[1].starts_with("ml_") && words[1].ends_with("__xbar") => {
                current = Some((words[1].to_owned(), Cells::new()));
            }
            ".ends" => found.extend(current.take()),
            name if name.starts_with('R') => {
                let Some((_, cells)) = &mut current else { continue };
                let wire = |word: &str, kind: &str| word.strip_prefix(kind).unwrap().parse().unwrap();
                let place = (wire(words[1], "row_"), wire(words[2].trim_end(), "col_"));
                assert!(cells.insert(place, words[3].parse().unwrap()).is_none(), "{line}");
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_emitted_conductance_reads_back_exactly() {
    let work = tempfile::tempdir().unwrap();
    succeeds(work.path(), &["build"]);
    let (weights, ranges) = embedded();
    let network = Network::parse("embedded", weights, Default::default()).unwrap();
    let stages = memloom_network::stage::stages(&network.graph).unwrap();
    let ranges = Ranges::from_json(ranges, &stages).unwrap();
    let plan = plan(&stages, &ranges, &technologies::all()[0]).unwrap();
    let circuit = Circuit::new("read back", &stages, &plan).unwrap();

    let mut emitted = HashMap::new();
    for file in files(&work.path().join("out/spice/ngspice")) {
        let text = fs::read_to_string(work.path().join("out/spice/ngspice").join(file)).unwrap();
        // A name with one wire has no index.
        emitted.extend(crossbars(&text.replace(" row ", " row_0 ").replace(" col ", " col_0 ")));
    }
    let mut cells = 0u64;
    for (_, module, m) in circuit.design.modules.iter() {
        for (_, name, instance) in m.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            let read = &emitted[&format!("ml_{module}__{name}")];
            for row in 0..array.rows() {
                for (col, g) in array.row(row).iter().enumerate() {
                    let back = read.get(&(row, col as u32)).map_or(ABSENT, |ohm| (1.0 / ohm) as f32);
                    assert_eq!(back.to_bits(), g.to_bits(), "{module} row {row} column {col}");
                    cells += u64::from(*g != ABSENT);
                }
            }
            assert_eq!(read.len(), array.cell_count());
        }
    }
    assert!(cells > DEVICES);
}

/// Other dialects have netlists and no decks; a name that is none is refused before any work.
#[test]
fn dialects_by_name() {
    let work = tempfile::tempdir().unwrap();
    let (model, out) = (tiny(), work.path().join("out"));
    let dialects = ["build", model.to_str().unwrap(), "--dialect", "xyce,spectre,xyce"];
    succeeds(work.path(), &dialects);
    let names = files(&out);
    for (name, extension, first) in [("xyce", "cir", "* "), ("spectre", "scs", "// ")] {
        let top = fs::read_to_string(out.join(format!("spice/{name}/top.{extension}"))).unwrap();
        assert!(top.lines().take(3).all(|line| line.starts_with(first)), "{top}");
        assert!(top.contains("not run in a simulator"), "{top}");
    }
    assert!(names.iter().all(|name| !name.contains("testbench/") && !name.contains("ngspice")), "{names:?}");
    let output =
        memloom(work.path()).args(["build", "--dialect", "spice3", "--out", "other"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`spice3` is no dialect; choose one of ngspice, vacask, xyce"), "{said}");
    assert!(!work.path().join("other").exists());
}
