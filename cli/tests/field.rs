//! What people bring, and what the command says of it: pictures that saturate, weights of other makers, settings that
//! nobody stated.

mod common;
#[path = "../../network/tests/common/mod.rs"]
mod networks;

use common::{batch, fails, memloom, succeeds};
use networks::{StateDict, metadata, safetensors, state_dict};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A network of a few thousand weights for CIFAR-10's images.
fn network() -> StateDict {
    let mut dict = state_dict(&networks::TINY, 4, 7, 9, 10);
    // No layer is silent on every image.
    let biases = dict.iter_mut().filter(|(name, ..)| name.ends_with("fc1.bias"));
    biases.for_each(|(.., values)| values.iter_mut().for_each(|x| *x = 1.0 + x.abs()));
    dict
}

fn write(folder: &Path, dict: &StateDict, metadata: &[(&str, String)]) {
    fs::write(folder.join("net.safetensors"), safetensors(dict, metadata)).unwrap();
}

fn json(folder: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&succeeds(folder, &[args, &["--json"]].concat())).unwrap()
}

/// Ranges that leave too little room: what a network has that was calibrated on other images than it sees.
fn narrow(folder: &Path) {
    succeeds(folder, &["calibrate", "net.safetensors", "--images", "images.bin", "--out", "net.ranges.json"]);
    let path = folder.join("net.ranges.json");
    let mut ranges: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let layer = ranges["stages"]["b3.dw"].as_object_mut().unwrap();
    for value in layer.values_mut() {
        *value = (value.as_f64().unwrap() * 0.2).into();
    }
    fs::write(path, ranges.to_string()).unwrap();
}

#[test]
fn what_saturates_is_said_by_every_command_that_computes_an_output() {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    write(folder, &network(), &metadata("3x32x32"));
    batch(&folder.join("images.bin"), 20);
    narrow(folder);
    let model = ["--model", "net.safetensors"];
    let calibrate = "memloom calibrate net.safetensors --images images.bin --out net.ranges.json";
    let saturated = |what: &str, saturation: &Value| {
        assert!(saturation["clipped"].as_u64().unwrap() > 0, "{what}: {saturation}");
        let layer = saturation["layers"].as_array().unwrap().iter().find(|l| l["layer"] == "b3.dw");
        let layer = layer.unwrap_or_else(|| panic!("{what}: {saturation}"));
        assert!(layer["clipped"].as_u64() <= layer["outputs"].as_u64(), "{what}: {layer}");
        assert!(layer["beyond_volts"].as_f64().unwrap() > 1e-3, "{what}: {layer}");
        assert_eq!(saturation["calibrate"], calibrate, "{what}");
    };
    let told = |what: &str, text: &str| {
        for part in ["saturated: ", "b3.dw ", "outputs, by up to ", calibrate] {
            assert!(text.contains(part), "{what} does not say `{part}`:\n{text}");
        }
    };
    for (what, args, place) in [
        ("one picture", &["run", "images.bin", "--index", "1"][..], "/saturation"),
        ("pictures", &["run", "images.bin", "--count", "2"], "/circuits/0/saturation"),
        ("eval", &["eval", "--cifar10", "images.bin", "--count", "4"], "/saturation"),
        (
            "sweep",
            &[
                "sweep",
                "--cifar10",
                "images.bin",
                "--count",
                "4",
                "--vary",
                "tile=64,32",
                "--out",
                "s.parquet",
            ],
            "/saturation_of_last_point",
        ),
    ] {
        let args = [args, &model].concat();
        saturated(what, json(folder, &args).pointer(place).unwrap());
        told(what, &succeeds(folder, &args));
    }
    // One picture twice is as saturated as two of them, and a circuit without rails is not.
    let without = json(folder, &["run", "images.bin", "--model", "net.safetensors", "--no-rails"]);
    assert_eq!(without["saturation"]["clipped"], 0, "{without}");
    let built = json(folder, &["build", "net.safetensors"]);
    let declared = built.pointer("/check/circuits/1/saturation").unwrap();
    assert_eq!(declared["layers"].as_array().unwrap().is_empty(), declared["clipped"] == 0, "{declared}");
}

#[test]
fn a_check_says_what_saturates_too() {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    write(folder, &network(), &metadata("3x32x32"));
    batch(&folder.join("images.bin"), 20);
    narrow(folder);
    let args =
        ["check", "net.safetensors", "--engine", "ngspice", "--layers", "b3.dw", "--image", "images.bin"];
    let found = json(folder, &args);
    assert!(found["saturation"]["clipped"].as_u64().unwrap() > 0, "{found}");
    assert_eq!(found["layers"][0]["layer"], "b3.dw");
    assert_eq!(found["layers"][0]["passed"], true);
    assert!(found["layers"][0]["clipped"].is_u64() && found["network"]["unstated"].is_array());
    let text = succeeds(folder, &args);
    assert!(text.contains("saturated: ") && text.contains("1 of 1 layers agree"), "{text}");
}

/// Circuits whose cells are devices of their model: what is printed is what is evaluated, in both simulators.
#[test]
fn cells_that_are_devices_are_checked_as_resistors_are() {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    write(folder, &network(), &metadata("3x32x32"));
    for engine in ["ngspice", "vacask"] {
        let check = |cells: &str| {
            let layers = ["--layers", "b3.project,fc2", "--cells", cells];
            json(folder, &[&["check", "net.safetensors", "--engine", engine][..], &layers].concat())
        };
        let (resistors, devices) = (check("resistor"), check("device"));
        for layer in 0..2 {
            let worst = &devices["layers"][layer]["of_span"];
            assert!(worst.as_f64().unwrap() < 1e-6, "{engine}: {devices}");
            assert_ne!(worst, &resistors["layers"][layer]["of_span"], "{engine}: another circuit");
        }
    }
}

/// The settings that a command says nobody stated, with what states them.
fn unstated(found: &Value) -> Vec<(String, String)> {
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    let all = found["network"]["unstated"].as_array().unwrap();
    all.iter().map(|entry| (text(entry, "setting"), text(entry, "stated_by"))).collect()
}

#[test]
fn settings_that_nobody_stated_are_said_and_the_flags_that_state_them_do() {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    write(folder, &network(), &[("input", "3x32x32".into())]);
    batch(&folder.join("images.bin"), 10);
    let plan = json(folder, &["plan", "net.safetensors"]);
    let all = unstated(&plan);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["stem_stride", "first_block_stride", "bn_eps", "mean", "std", "ranges"]);
    assert_eq!(all[5].1, "memloom calibrate net.safetensors --images data_batch_1.bin --out net.ranges.json");
    let text = succeeds(folder, &["plan", "net.safetensors"]);
    all.iter().for_each(|(_, flag)| assert!(text.contains(flag), "`{flag}` is not in:\n{text}"));
    for args in [
        &["run", "images.bin", "--model", "net.safetensors"][..],
        &["run", "images.bin", "--count", "2", "--model", "net.safetensors"],
        &["eval", "--cifar10", "images.bin", "--model", "net.safetensors"],
        &["build", "net.safetensors"],
        &["calibrate", "net.safetensors", "--images", "images.bin", "--out", "other.json"],
        &[
            "sweep",
            "--cifar10",
            "images.bin",
            "--vary",
            "tile=64",
            "--out",
            "s.parquet",
            "--model",
            "net.safetensors",
        ],
    ] {
        let found = unstated(&json(folder, args));
        assert_eq!(found[0].1, "--stem-stride 2", "{args:?}");
        assert_eq!(found.iter().any(|(name, _)| name == "ranges"), args[0] != "calibrate", "{args:?}");
        assert!(succeeds(folder, args).contains("--mean 0.485,0.456,0.406"), "{args:?}");
    }
    // Every flag as it is written, and the file that calibration is offered to write.
    let flags: Vec<&str> = all[..5].iter().flat_map(|(_, flag)| flag.split(' ')).collect();
    let line = unstated(&json(folder, &[&["plan", "net.safetensors"], &flags[..]].concat())).remove(0).1;
    assert!(line.contains("--stem-stride 2 --first-block-stride 2 --bn-eps 0.001 --mean 0.485,"), "{line}");
    let words: Vec<&str> = line.split(' ').skip(1).map(|w| w.trim_start_matches("data_batch_1")).collect();
    let words: Vec<&str> = words.into_iter().map(|w| if w == ".bin" { "images.bin" } else { w }).collect();
    succeeds(folder, &words);
    let stated = json(folder, &[&["plan", "net.safetensors"], &flags[..]].concat());
    assert_eq!(unstated(&stated), [], "{stated}");
    assert!(
        !succeeds(folder, &[&["plan", "net.safetensors"], &flags[..]].concat()).contains("nobody stated")
    );
    let scaled =
        memloom(folder).args(["plan", "net.safetensors", "--mean", "123.7,116.3,103.5"]).output().unwrap();
    let said = String::from_utf8(scaled.stderr).unwrap();
    assert!(scaled.status.code() == Some(2) && said.contains("pixels are from 0 to 1"), "{said}");
}

#[test]
fn a_prefix_of_all_names_is_told() {
    let work = tempfile::tempdir().unwrap();
    let mut dict = network();
    dict.iter_mut().for_each(|(name, ..)| *name = format!("module.{name}"));
    write(work.path(), &dict, &metadata("3x32x32"));
    let text = succeeds(work.path(), &["plan", "net.safetensors"]);
    assert!(text.contains("`module.` before the names of all tensors was left out"), "{text}");
    assert_eq!(json(work.path(), &["plan", "net.safetensors"])["network"]["stripped_prefix"], "module.");
}

/// A channel whose weights are zero, as half precision or pruning leaves it.
#[test]
fn findings_of_weights_that_are_zero_are_about_the_weights_and_once_for_each_layer() {
    let work = tempfile::tempdir().unwrap();
    let mut dict = network();
    let zero = |dict: &mut StateDict, name: &str, channels: &[usize]| {
        let (_, shape, values) = dict.iter_mut().find(|(own, ..)| own == name).unwrap();
        let row = values.len() / shape[0];
        channels.iter().for_each(|channel| values[channel * row..(channel + 1) * row].fill(0.0));
    };
    zero(&mut dict, "features.1.block.0.0.weight", &[2]);
    zero(&mut dict, "features.5.block.1.0.weight", &[0, 3]);
    write(work.path(), &dict, &metadata("3x32x32"));
    let output = memloom(work.path()).args(["plan", "net.safetensors"]).output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("ML003")).collect();
    assert!(
        lines.iter().any(|l| l.contains("[ML003] layer `b0.dw`: all weights of channel 2 are zero")),
        "{said}"
    );
    assert!(
        lines.iter().any(|l| l.contains("[ML003] layer `b4.dw`: all weights of channels 0, 3 are zero")),
        "{said}"
    );
    let mut layers: Vec<&str> = lines.iter().map(|line| line.split('`').nth(1).unwrap()).collect();
    layers.sort_unstable();
    let count = layers.len();
    layers.dedup();
    assert_eq!(layers.len(), count, "each layer once: {said}");
    assert!(!said.contains("connect it, or leave it out"), "no wires that nobody drew: {said}");

    // The same as values, wherever a circuit is told of, and on a build's page.
    let planned = json(work.path(), &["plan", "net.safetensors"]);
    let of_layer = |found: &serde_json::Value| {
        let all = found["findings"].as_array().unwrap().clone();
        all.into_iter().find(|f| f["code"] == "ML003" && f["layer"] == "b0.dw").unwrap()
    };
    let finding = of_layer(&planned);
    assert_eq!((&finding["level"], &finding["places"]), (&"warning".into(), &9.into()), "{finding}");
    let what = finding["what"].as_str().unwrap();
    assert!(what.contains("all weights of channel 2 are zero"), "{finding}");
    assert!(!finding["help"].as_str().unwrap().is_empty() && !finding["path"].as_str().unwrap().is_empty());
    let built = json(work.path(), &["build", "net.safetensors", "--out", "built"]);
    assert_eq!(of_layer(&built), finding);
    let read = &built["read_disturb"];
    assert_eq!((&read["reads"], &read["t_read"]), (&1_000_000.into(), &1e-6.into()), "{read}");
    let cells = read["cells"].as_array().unwrap();
    assert!(cells.len() == 5 && cells.iter().all(|cell| cell["change"] == 0.0), "below a threshold: {read}");
    let manifest = std::fs::read_to_string(work.path().join("built/manifest.json")).unwrap();
    assert_eq!(of_layer(&serde_json::from_str(&manifest).unwrap()), finding);
    let page = std::fs::read_to_string(work.path().join("built/report.html")).unwrap();
    assert!(page.contains("Findings of the electrical rule check") && page.contains(what), "{page}");
    assert!(page.contains("1,000,000 reads of 1e-6 s at 0.2 V move no cell"), "{page}");
}

#[test]
fn a_search_takes_the_share_with_which_a_chip_comes_nearest() {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    write(folder, &network(), &metadata("3x32x32"));
    batch(&folder.join("images.bin"), 12);
    let calibrate = ["calibrate", "net.safetensors", "--images", "images.bin", "--out", "net.ranges.json"];
    let refused = fails(folder, &[&calibrate[..], &["--levels", "16"]].concat());
    assert!(refused.contains("`--levels`") && refused.contains("add `--search`"), "{refused}");
    // Nothing errs: to leave values out can only do harm. Noise drowns what is drawn small.
    let mut shares = Vec::new();
    for errors in [&["--rails", "on"][..], &["--op-amp-noise", "20mV"]] {
        let found = json(folder, &[&calibrate[..], &["--search", "--force"], errors].concat());
        let tried = found["tried"].as_array().unwrap();
        let quality = |one: &Value| one["signal_to_error_db"].as_f64().unwrap_or(f64::INFINITY);
        let best = tried.iter().map(quality).fold(f64::NEG_INFINITY, f64::max);
        let chosen = found["percentile"].as_f64().unwrap();
        assert!(tried.iter().any(|one| one["percentile"] == chosen && quality(one) == best), "{found}");
        let ranges: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("net.ranges.json")).unwrap()).unwrap();
        assert_eq!(ranges["share"].as_f64().unwrap_or(1.0), chosen);
        shares.push(chosen);
    }
    assert_eq!(shares[0], 1.0);
    assert!(shares[1] < 1.0, "{shares:?}");
}
