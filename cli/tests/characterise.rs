//! `memloom characterise`, and the technology that reads what it measured.

mod common;

use common::{failed, fails, memloom, succeeds, tiny};
use serde_json::Value;
use std::fs;

const ONE: [&str; 7] = ["characterise", "--cells", "relu", "--corners", "tt", "--celsius", "27"];

#[test]
fn a_cell_is_measured_and_written_where_it_may_be() {
    let work = tempfile::tempdir().unwrap();
    let out = [&ONE[..], &["--out", "measured.json"]].concat();
    let said = succeeds(work.path(), &out);
    assert!(
        said.contains("1 conditions")
            && said.contains("relu.error")
            && said.ends_with("wrote measured.json\n"),
        "{said}"
    );
    let text = fs::read_to_string(work.path().join("measured.json")).unwrap();
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["command"], "memloom characterise --cells relu --corners tt --celsius 27");
    assert!(found["simulator"].as_str().unwrap().starts_with("ngspice "), "{found}");
    let error = found["conditions"][0]["cells"]["relu"]["error"].as_f64().unwrap();
    assert!(error > 0.0 && error < 0.01, "{error}");
    // Its own file is replaced, a stranger's is not.
    fs::write(work.path().join("mine.json"), "{}").unwrap();
    let said = fails(work.path(), &[&ONE[..], &["--out", "mine.json"]].concat());
    assert!(said.contains("was not written by `memloom characterise`"), "{said}");
}

#[test]
fn only_a_process_has_transistors() {
    let work = tempfile::tempdir().unwrap();
    let check = ["check", "--transistors", "--engine", "ngspice", "--layers", "stem", "--technology", "hfo2"];
    let said = fails(work.path(), &check);
    assert!(said.contains("`hfo2` has no cells of transistors; `sky130` has"), "{said}");
}

#[test]
fn what_is_not_there_is_told() {
    let work = tempfile::tempdir().unwrap();
    for (flag, value, what) in [
        ("--cells", "inverter", "is no cell; choose one of ota"),
        ("--corners", "xx", "is no corner"),
        ("--celsius", "200", "-40 to 125"),
    ] {
        let run = memloom(work.path()).args(["characterise", flag, value]).output().unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.code() == Some(2) && said.contains(what), "{said}");
    }
    let run = memloom(work.path()).args(ONE).env("MEMLOOM_SKY130", work.path()).output().unwrap();
    let said = failed(&run);
    assert!(said.contains("has no `C4M.Sky130_logic_lib.spice`") && said.contains("scripts/setup"), "{said}");
}

#[test]
fn a_build_on_sky130_says_which_cells_are_transistors() {
    let work = tempfile::tempdir().unwrap();
    let args = ["build", tiny().to_str().unwrap(), "--technology", "sky130", "--dialect", "ngspice"]
        .map(String::from);
    succeeds(work.path(), &args.each_ref().map(|arg| arg.as_str()));
    let manifest: Value =
        serde_json::from_slice(&fs::read(work.path().join("out/manifest.json")).unwrap()).unwrap();
    let cells = manifest["cells"].as_array().unwrap();
    let of = |name: &str| cells.iter().find(|cell| cell["cell"] == name).unwrap()["transistors"].clone();
    assert_eq!((of("ota"), of("multiplier")), (true.into(), false.into()));
    let page = fs::read_to_string(work.path().join("out/report.html")).unwrap();
    assert!(
        page.contains("Cells of transistors, measured in ngspice") && page.contains("behavioural"),
        "no table"
    );
    // The amplifier is what was measured: of 60 dB.
    let gain = manifest["technology"]["op_amp_gain"].as_f64().unwrap();
    assert!((900.0..1500.0).contains(&gain), "{gain}");
}

#[test]
fn a_circuit_is_held_against_a_process() {
    let work = tempfile::tempdir().unwrap();
    let network = tiny();
    let plan = |more: &[&str]| {
        let args = [&["build", network.to_str().unwrap(), "--dialect", "ngspice", "--json"], more].concat();
        let manifest: Value = serde_json::from_str(&succeeds(work.path(), &args)).unwrap();
        let findings = manifest["findings"].as_array().unwrap().clone();
        let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned());
        codes.collect::<std::collections::BTreeSet<_>>()
    };
    // Its frame memories of 1 nF a cell take more than the chip, and some feedback resistors are of 1 kohm.
    assert!(plan(&[]).iter().all(|code| code.as_str() < "ML022"));
    let found = plan(&["--limits", "sky130"]);
    assert!(found.contains("ML023") && found.contains("ML024"), "{found:?}");
    let run = memloom(work.path()).args(["build", "--limits", "hfo2"]).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("no limits of a process `hfo2` are known; write `sky130`"), "{said}");
}
