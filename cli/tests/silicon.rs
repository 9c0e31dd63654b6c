//! `memloom layout` and `memloom lvs`, on a network of a few hundred weights.

mod common;

use common::{fails, files, succeeds, tiny};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn layout(folder: &Path) {
    succeeds(folder, &["layout", tiny().to_str().unwrap()]);
}

/// Exchanges two texts of equal length, once each, in a file.
fn exchange(path: &Path, one: &str, other: &str) {
    assert_eq!(one.len(), other.len());
    let mut bytes = fs::read(path).unwrap();
    let at = |text: &str| {
        let mut places = bytes.windows(text.len()).enumerate().filter(|(_, part)| *part == text.as_bytes());
        places.next().unwrap_or_else(|| panic!("no {text} in {}", path.display())).0
    };
    let places = [(at(one), other), (at(other), one)];
    for (place, text) in places {
        bytes[place..place + text.len()].copy_from_slice(text.as_bytes());
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_network_is_handed_over_and_agrees_with_itself() {
    let work = tempfile::tempdir().unwrap();
    layout(work.path());
    let out = work.path().join("silicon");
    let written = files(&out);
    for file in
        ["cdl/arrays.cdl", "cdl/boxes.cdl", "cdl/network.cdl", "manifest.json", "program/conductance.csv"]
    {
        assert!(written.iter().any(|path| path == file), "{file}: {written:?}");
    }
    let netlist = fs::read_to_string(out.join("cdl/network.cdl")).unwrap();
    let statements = netlist.lines().filter(|line| !line.starts_with('*'));
    for line in statements {
        let first = line.chars().next().unwrap();
        assert!(matches!(first, 'X' | 'R' | 'C' | '.' | '+'), "no device: {line}");
        assert!(!line.contains(['{', '=', '\'']), "an expression: {line}");
    }
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let boxes = manifest["black_boxes"].as_array().unwrap();
    assert!(boxes.iter().any(|found| found["name"] == "Ota" && found["pins"] == 5), "{boxes:?}");
    let said = succeeds(work.path(), &["lvs"]);
    assert!(said.ends_with("layouts, netlists and addresses agree\n"), "{said}");
    let found: Value = serde_json::from_str(&succeeds(work.path(), &["lvs", "--json"])).unwrap();
    assert_eq!(found["arrays"].as_array().unwrap().len(), manifest["arrays"].as_array().unwrap().len());
    // A second run replaces the first, with the same bytes.
    let before = fs::read(out.join("manifest.json")).unwrap();
    layout(work.path());
    assert_eq!(fs::read(out.join("manifest.json")).unwrap(), before);
}

#[test]
fn what_was_edited_is_told_and_not_replaced() {
    let work = tempfile::tempdir().unwrap();
    layout(work.path());
    let out = work.path().join("silicon");
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let arrays = manifest["arrays"].as_array().unwrap();
    let wide = arrays.iter().find(|array| array["cols"].as_u64() > Some(1)).unwrap();
    let name = wide["name"].as_str().unwrap();
    exchange(&out.join(format!("gds/{name}.gds")), "col_0", "col_1");
    let said = fails(work.path(), &["lvs", "silicon", "--arrays", name]);
    assert!(said.contains("`silicon` is not what the circuit says"), "{said}");
    let said = fails(work.path(), &["layout", tiny().to_str().unwrap()]);
    assert!(said.contains("(changed)"), "{said}");
    // Another netlist, in which a rail is exchanged.
    let netlist = fs::read_to_string(out.join("cdl/network.cdl")).unwrap();
    let changed = netlist.replacen("vdd vss Ota", "vss vdd Ota", 1);
    assert_ne!(changed, netlist);
    fs::write(out.join("cdl/mine.cdl"), changed).unwrap();
    let other = arrays.iter().find(|array| array["name"] != name).unwrap()["name"].as_str().unwrap();
    let args = ["lvs", "silicon", "--arrays", other, "--netlist", "silicon/cdl/mine.cdl"];
    let said = common::memloom(work.path()).args(args).output().unwrap();
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(
        !said.status.success() && text.contains("netlist: KLayout") && text.contains("netlist: netgen"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let work = tempfile::tempdir().unwrap();
    let said = fails(work.path(), &["lvs", "nowhere"]);
    assert!(said.contains("give a folder that `memloom layout` wrote"), "{said}");
    layout(work.path());
    let said = fails(work.path(), &["lvs", "silicon", "--arrays", "none"]);
    assert!(said.contains("there is no array `none`"), "{said}");
    let said = common::memloom(work.path()).arg("lvs").env("MEMLOOM_KLAYOUT", "/bin/false").output().unwrap();
    let said = common::failed(&said);
    assert!(said.contains("KLayout on `/bin/false`") && said.contains("set MEMLOOM_KLAYOUT"), "{said}");
    fs::write(work.path().join("silicon/manifest.json"), "{").unwrap();
    let said = fails(work.path(), &["lvs"]);
    assert!(said.contains("write the hand-over anew"), "{said}");
}
