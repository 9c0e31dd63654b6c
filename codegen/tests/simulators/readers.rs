//! SPICE dialects that no simulator here runs, read back by spicelib: what it finds is what the IR says.

use super::*;
use memloom_codegen::{Dialect, bit, write_netlist};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The dialects of SPICE cards without a simulator.
fn dialects() -> impl Iterator<Item = &'static dyn Dialect> {
    memloom_codegen::DIALECTS
        .iter()
        .copied()
        .filter(|d| d.test_bench().is_none() && d.syntax().comment() == "* ")
}

/// Python with spicelib, as `scripts/setup` makes it.
fn python() -> PathBuf {
    let ours = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/venv/bin/python3");
    std::env::var_os("MEMLOOM_PYTHON").map_or_else(ours, PathBuf::from)
}

/// What spicelib finds in `design` as `dialect` writes it: `circuits` and `parameters` by name.
fn read(dialect: &dyn Dialect, design: &Design) -> Json {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(format!("netlist.{}", dialect.extension()));
    let mut text = Vec::new();
    write_netlist(dialect, design, "", &mut text).unwrap();
    text.extend_from_slice(b".end\n");
    std::fs::write(&file, text).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulators/read.py");
    let output = std::process::Command::new(python()).arg(script).arg(&file).output();
    let output =
        output.unwrap_or_else(|e| panic!("no Python: {e}; run scripts/setup, or set MEMLOOM_PYTHON"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}; run scripts/setup for spicelib", dialect.name());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

/// Words before the first parameter.
fn pins(circuit: &Json) -> Vec<&str> {
    let words = circuit["head"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    words.take_while(|word| !word.contains('=') && *word != "PARAMS:").collect()
}

fn number(text: &Json) -> f64 {
    text.as_str().unwrap().parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Names of a module's pins: ports, bit 0 first, then the one supply of the small design where it is used.
fn wanted_pins(design: &Design, module: &Module) -> Vec<String> {
    let ports = module.ports.iter().flat_map(|port| {
        let (name, width) = (module.nets.name(port.net), module.nets[port.net].width);
        (0..width).map(move |b| bit(name, width, b))
    });
    let has_op_amp = |m: &Module| m.instances.iter().any(|(.., i)| matches!(i.element, Element::OpAmp(_)));
    let needs = has_op_amp(module)
        || module.instances.iter().any(|(.., i)| match i.element {
            Element::Module(id) => has_op_amp(&design.modules[id]),
            _ => false,
        });
    ports.chain(needs.then(|| "v_ref".to_owned())).collect()
}

#[test]
fn subcircuits_pins_and_elements_are_those_of_the_ir() {
    let design = small(0.0);
    let mut read_back = Vec::new();
    for dialect in dialects() {
        let circuits = &read(dialect, &design)["circuits"];
        for (_, name, module) in design.modules.iter() {
            let circuit = &circuits[name];
            assert_eq!(pins(circuit), wanted_pins(&design, module), "{}: {name}", dialect.name());
            let elements = circuit["elements"].as_object().unwrap();
            let count: u32 = module.instances.iter().map(|(.., i)| i.count).sum();
            assert_eq!(elements.len() as u32, count, "{}: {name}: {elements:?}", dialect.name());
        }
        calls(&circuits["FullyConnected"]["elements"], dialect);
        let readout = &circuits["Readout"]["elements"];
        let param = readout["RR_F"]["value"].as_str().unwrap();
        assert_eq!(param.trim_matches(['{', '}', '\'']), "r_f", "{param}");
        assert!(param.len() == 5, "{param} is quoted");
        assert_eq!(number(&readout["CC_F"]["value"]), 1e-12);
        read_back.push(dialect.name());
    }
    assert_eq!(read_back, ["xyce", "ltspice", "hspice"]);
}

/// The calls of the top: masters, nodes, arguments.
fn calls(elements: &Json, dialect: &dyn Dialect) {
    for k in 0..3 {
        let tia = &elements[format!("XTIA_{k}")];
        assert_eq!(tia["value"], "Readout", "{}", dialect.name());
        assert_eq!(tia["nodes"], serde_json::json!([format!("i_{k}"), format!("v_{k}"), "v_ref"]));
        assert_eq!(number(&tia["parameters"]["r_f"]), 1e4 * f64::from(k + 1), "{}", dialect.name());
        let act = &elements[format!("XACT_{k}")];
        assert_eq!((&act["value"], number(&act["parameters"]["unit_in"])), (&"HardSwish".into(), 0.05));
    }
}

#[test]
fn cells_are_those_of_the_crossbar() {
    for dialect in dialects() {
        let netlist = read(dialect, &small(2.5));
        let circuits = &netlist["circuits"];
        let parameters = netlist["parameters"].as_object().unwrap();
        let r_wire = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("ml_r_wire"));
        assert_eq!(number(r_wire.unwrap().1), 2.5, "{}", dialect.name());
        let array = &circuits["ml_Weights__array"];
        let elements = array["elements"].as_object().unwrap();
        let cells = WEIGHTS.iter().flat_map(|row| row.iter()).filter(|g| **g != ABSENT).count();
        assert_eq!(elements.len(), cells + 2 * 8 * 3, "{}", dialect.name());
        assert_eq!(pins(array).len(), 8 + 3);
        for (i, row) in WEIGHTS.iter().enumerate() {
            for (j, &g) in row.iter().enumerate() {
                let cell = elements.get(&format!("R{i}_{j}"));
                assert_eq!(
                    cell.map(|cell| (1.0 / number(&cell["value"])) as f32),
                    (g != ABSENT).then_some(g)
                );
                for kind in ["RW", "RB"] {
                    let value = elements[&format!("{kind}{i}_{j}")]["value"].as_str().unwrap();
                    assert_eq!(value.trim_matches(['{', '}', '\'']), "ml_r_wire");
                }
            }
        }
    }
}

/// A subcircuit per leaf type where models are subcircuits: its pins, and the parameters of the type.
#[test]
fn leaf_models_have_the_pins_of_their_types() {
    let design = leaves();
    for dialect in dialects().filter(|dialect| !dialect.takes_verilog_a()) {
        let circuits = &read(dialect, &design)["circuits"];
        let has = |name: &str, wanted: &[&str]| {
            assert_eq!(pins(&circuits[name]), wanted, "{}", dialect.name());
        };
        has("HfO2", &["p", "n"]);
        has("Ota", &["inp", "inn", "out"]);
        has("HardSwish", &["inp", "out", "v_ref"]);
        has("Multiplier", &["a", "b", "out", "v_ref"]);
        let head = circuits["Ota"]["head"].as_array().unwrap();
        let gain = head.iter().find_map(|word| word.as_str().unwrap().strip_prefix("gain="));
        assert_eq!(gain.map(|gain| gain.parse().unwrap()), Some(GAIN));
    }
}
