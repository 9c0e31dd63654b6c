//! `check --whole`: images go through a simulator layer by layer, as a user runs it.

mod common;

use common::{batch, fails, memloom, succeeds, tiny};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A folder with images and the tiny network.
fn work() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    batch(&folder.path().join("images.bin"), 3);
    fs::copy(tiny(), folder.path().join("net.safetensors")).unwrap();
    folder
}

fn args<'a>(engine: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let whole = ["check", "net.safetensors", "--whole", "--image", "images.bin", "--engine", engine];
    [&whole[..], more].concat()
}

fn json(folder: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&succeeds(folder, &[args, &["--json"]].concat())).unwrap()
}

/// What it found but for how long it took.
fn timeless(mut found: Value) -> Value {
    let strip = |value: &mut Value| {
        let object = value.as_object_mut().unwrap();
        object.retain(|key, _| key != "seconds" && key != "peak_bytes");
    };
    found["layers"].as_array_mut().unwrap().iter_mut().for_each(strip);
    strip(&mut found);
    found
}

#[test]
fn two_images_come_out_as_the_evaluator_has_them() {
    let work = work();
    for engine in ["ngspice", "vacask"] {
        let found = json(work.path(), &args(engine, &["--index", "1", "--count", "2"]));
        let plan = json(work.path(), &["plan", "net.safetensors"]);
        let layers = found["layers"].as_array().unwrap();
        assert_eq!(layers.len() + 1, plan["layers"].as_array().unwrap().len(), "all but the input");
        for layer in layers {
            assert_eq!(layer["passed"], true, "{engine}: {layer}");
            assert!(layer["added_of_span"].as_f64().unwrap() < 1e-7, "{engine}: {layer}");
        }
        let images = found["images"].as_array().unwrap();
        assert_eq!(images.len(), 2);
        for image in images {
            assert_eq!(image["passed"], true, "{engine}: {image}");
            assert_eq!(image["simulated"]["class"], image["evaluator"]["class"]);
            assert_ne!(image["simulated"]["logits"], image["evaluator"]["logits"], "it was computed apart");
        }
        assert!(found["peak_bytes"].as_u64().unwrap() < 200_000_000, "{engine}");
    }
}

#[test]
fn it_goes_on_where_it_was_stopped() {
    let work = work();
    let resume = args("ngspice", &["--resume", "w.journal"]);
    let whole = json(work.path(), &resume);
    let journal = work.path().join("w.journal");
    let text = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    assert_eq!(lines.len(), whole["layers"].as_array().unwrap().len() + 1);
    // Cut off in the middle of a line, all but the last two layers done.
    let kept = lines[..lines.len() - 2].concat();
    fs::write(&journal, format!("{kept}{}", &lines[lines.len() - 2][..9])).unwrap();
    assert_eq!(timeless(json(work.path(), &resume)), timeless(whole.clone()));
    assert!(fs::read_to_string(&journal).unwrap().starts_with(&kept), "what was done was not done again");
    assert_eq!(json(work.path(), &resume), json(work.path(), &resume), "all is in the journal");
    // Another image is other work.
    let message = fails(work.path(), &[&resume[..], &["--index", "2"]].concat());
    assert!(message.contains("holds other work") && message.contains("`images.0` is"), "{message}");
    // A layer that is not due.
    let before = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, [lines[0], lines[2]].concat()).unwrap();
    let message = fails(work.path(), &resume);
    assert!(message.contains("line 2: it was changed"), "{message}");
    fs::write(&journal, before).unwrap();
}

#[test]
fn flags_that_mean_nothing_are_told() {
    let work = work();
    for (more, part) in [
        (&["--layers", "stem"][..], "--layers"),
        (&["--pixels", "3"], "--pixels"),
        (&["--count", "0"], "nothing would be left to do"),
        (&["--index", "7"], "has no image `7`"),
    ] {
        let output = memloom(work.path()).args(args("ngspice", more)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(part), "{said}");
    }
    let without = ["check", "net.safetensors", "--engine", "ngspice", "--resume", "w.journal"];
    let output = memloom(work.path()).args(without).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("--whole"));
}
