//! The circuit computes the network: on CIFAR-10 images, and layer by layer in simulators.

mod common;

use common::{cifar10, succeeds};
use memloom_codegen::{Dialect, Ngspice, Vacask};
use memloom_sim::external::{self, Engine, Limits, OpenVaf};
use serde_json::Value;

fn json(args: &[&str]) -> Value {
    let work = tempfile::tempdir().unwrap();
    serde_json::from_str(&succeeds(work.path(), args)).unwrap()
}

#[test]
fn the_first_1000_images_get_the_reference_logits() {
    let batch = cifar10("test_batch.bin");
    for scheme in ["dual_rail", "differential"] {
        // As it is printed, the op-amps' gain included; some images are beyond what calibration left room for.
        let args =
            ["run", batch.to_str().unwrap(), "--count", "1000", "--no-rails", "--scheme", scheme, "--json"];
        let found = json(&args);
        let circuit = &found["circuits"][0];
        assert_eq!(circuit["same_class"], 1000, "{scheme}");
        assert!(circuit["of_span"].as_f64().unwrap() < 1e-5, "{scheme}: {circuit}");
    }
}

/// Cells of 30 uS at least, resistors of 10 kohm at least: small weights take pairs of cells, those of poolings too. What is
/// left is the offset that the op-amp was measured with.
#[test]
fn a_circuit_of_sky130_gets_the_reference_logits() {
    let batch = cifar10("test_batch.bin");
    let args = ["run", batch.to_str().unwrap(), "--count", "50", "--technology", "sky130"];
    let found = json(&[&args[..], &["--gain", "ideal", "--no-rails", "--json"]].concat());
    let circuit = &found["circuits"][0];
    assert!(circuit["same_class"].as_u64().unwrap() >= 48, "{circuit}");
    assert!(circuit["of_span"].as_f64().unwrap() < 0.1, "{circuit}");
}

#[test]
fn one_image_prints_its_class_and_label() {
    let batch = cifar10("test_batch.bin");
    let found = json(&["run", batch.to_str().unwrap(), "--index", "3", "--json"]);
    assert_eq!(found["label"], "cat");
    assert_eq!(found["circuit"]["class"], "cat");
    let pairs = found["circuit"]["logits"]
        .as_array()
        .unwrap()
        .iter()
        .zip(found["reference"]["logits"].as_array().unwrap());
    for (circuit, reference) in pairs {
        let (circuit, reference) = (circuit.as_f64().unwrap(), reference.as_f64().unwrap());
        // A few values saturate: near the reference, and not equal to it.
        assert!((circuit - reference).abs() < 1.0 && circuit != reference, "{circuit} {reference}");
    }
}

#[test]
fn calibration_gives_the_ranges_in_the_repository() {
    let work = tempfile::tempdir().unwrap();
    let batch = cifar10("calibration_batch.bin");
    let images = ["--images", batch.to_str().unwrap(), "--out", "net.ranges.json"];
    succeeds(work.path(), &[&["calibrate", "--percentile", "99.97%"][..], &images].concat());
    let measured = std::fs::read_to_string(work.path().join("net.ranges.json")).unwrap();
    assert_eq!(measured, std::fs::read_to_string(common::model().with_extension("ranges.json")).unwrap());
}

/// Every layer of the network at three pixels of real images.
fn every_layer_agrees(engine: &str, scheme: &str, layers: &str, count: usize) {
    let batch = cifar10("test_batch.bin");
    let image = batch.to_str().unwrap();
    let args =
        ["check", "--engine", engine, "--layers", layers, "--image", image, "--scheme", scheme, "--json"];
    let found = json(&args);
    let layers = found["layers"].as_array().unwrap();
    assert_eq!(layers.len(), count);
    for layer in layers {
        assert_eq!(layer["passed"], true, "{layer}");
        assert!(layer["pixels"].as_u64().unwrap() >= 3, "{layer}");
        assert!([1e-6, 1e-4].contains(&layer["limit"].as_f64().unwrap()), "{layer}");
        assert!(layer["of_span"].as_f64().unwrap() <= layer["limit"].as_f64().unwrap(), "{layer}");
    }
}

/// Layers of MobileNetV3-Small as torchvision builds it for 32 x 32 images.
const LAYERS: usize = 79;

#[test]
fn every_layer_agrees_in_ngspice() {
    every_layer_agrees("ngspice", "dual_rail", "all", LAYERS);
}

#[test]
fn every_layer_agrees_in_vacask() {
    every_layer_agrees("vacask", "dual_rail", "all", LAYERS);
}

#[test]
fn differential_layers_agree_in_both_simulators() {
    for engine in ["ngspice", "vacask"] {
        every_layer_agrees(engine, "differential", "stem,b2.dw,b3.se.gap,b3.se.fc1,b3.se.mul,b6.project", 6);
    }
}

/// Cells chosen for their wires, on those wires: what the evaluator makes of them, ngspice does too.
#[test]
fn wired_layers_agree_in_ngspice() {
    let batch = cifar10("test_batch.bin");
    let args = ["check", "--engine", "ngspice", "--layers", "b0.dw,b1.expand,b3.se.fc1", "--r-wire", "2.5"];
    let found =
        json(&[&args[..], &["--tile", "64x64", "--image", batch.to_str().unwrap(), "--json"]].concat());
    let layers = found["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 3);
    for layer in layers {
        // Behind wires, an output that meets its rail is further off.
        let limit = if layer["clipped"] == 0 { 1e-6 } else { 1e-4 };
        assert!(layer["of_span"].as_f64().unwrap() < limit, "{layer}");
    }
}

/// Op-amps and rectifiers of BSIM4 transistors, against the evaluator, which knows their measured gain, offset and swing.
#[test]
fn layers_of_transistors_agree_in_ngspice() {
    let batch = cifar10("test_batch.bin");
    let args = ["check", "--engine", "ngspice", "--technology", "sky130", "--transistors", "--json"];
    let which = ["--layers", "b0.se.fc1,b0.se.fc2", "--image", batch.to_str().unwrap()];
    let work = tempfile::tempdir().unwrap();
    let kept = work.path().join("kept");
    let found = json(&[&args[..], &which, &["--keep", kept.to_str().unwrap()]].concat());
    // The library moves with the decks.
    let deck = kept.join("b0_se_fc1/step_0_piece_0_from_0/dc_b0_se_fc1.cir");
    let library = kept.join("transistors.sp");
    assert!(library.is_file());
    let include = format!(".include \"{}\"", library.display());
    assert!(std::fs::read_to_string(deck).unwrap().contains(&include));
    let layers = found["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 2);
    for layer in layers {
        let of_span = layer["of_span"].as_f64().unwrap();
        // Behavioural op-amps would agree to a millionth.
        assert!(of_span > 1e-4 && of_span < 1e-2 && layer["passed"] == true, "{layer}");
    }
}

/// Runs decks of a build where they lie.
fn decks_run(build: &std::path::Path, engine: &dyn Engine, dialect: &dyn Dialect) {
    let folder = build.join("testbench").join(dialect.name());
    let mut decks: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    decks.sort();
    let layers = ["dc_stem.", "dc_b0_se_fc1.", "dc_b2_add.", "dc_b8_dw."];
    let wanted = |name: &str| name.starts_with("leaf_") || layers.iter().any(|layer| name.starts_with(layer));
    let decks: Vec<_> =
        decks.into_iter().filter(|d| wanted(d.file_name().unwrap().to_str().unwrap())).collect();
    // Cell, op-amp, three activations, multiplier, sample-and-hold, switch, frame memory; four layers.
    assert_eq!(decks.len(), 13, "{decks:?}");
    for deck in decks {
        let run = engine.run(&deck, &Limits::default()).unwrap();
        assert!(run.plots.iter().any(|plot| plot.points > 1), "{}", deck.display());
    }
}

#[test]
fn the_decks_of_a_build_run_where_they_lie() {
    let work = tempfile::tempdir().unwrap();
    succeeds(work.path(), &["build"]);
    let build = work.path().join("out");
    decks_run(&build, &external::Ngspice::find().unwrap(), &Ngspice);
    let compiler = OpenVaf::find(work.path().join("osdi")).unwrap();
    decks_run(&build, &external::Vacask::find().unwrap().compiling(compiler), &Vacask);
}
