//! What the attributes cost: `cargo check` of a crate of 200 declarations and 50 modules, against the same structs
//! under `#[derive(Debug, Clone)]`. Run with `cargo bench -p memloom --bench cost`.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const DECLARATIONS: usize = 100;
const MODULES: usize = 50;
const RUNS: usize = 5;

/// 100 crossbars, 100 TIAs and 50 modules of three instances each.
fn circuits() -> String {
    let mut text = String::from(
        "#![allow(dead_code)]\nuse memloom::prelude::*;\n\
         #[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]\npub struct HfO2;\n\
         #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]\npub struct Ota;\n\
         #[activation(relu, unit = 100 mV, v_ref = 0.9 V)]\npub struct Relu;\n",
    );
    for k in 0..DECLARATIONS {
        write!(
            text,
            "#[crossbar(cell = HfO2, r_wire = 2.5 ohm)]\npub struct Weights{k} {{ g: Conductance<4, 3> }}\n\
             #[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]\npub struct Readout{k};\n"
        )
        .expect("text grows");
    }
    for k in 0..MODULES {
        write!(
            text,
            "#[module]\npub struct Layer{k} {{\n\
             #[input] x: Bus<Voltage, 4>,\n#[output] y: Bus<Voltage, 3>,\n\
             #[net] i: Bus<Current, 3>,\n#[net] v: Bus<Voltage, 3>,\n\
             #[inst(row = x, col = i)] xbar: Weights{k},\n\
             #[inst(inp = i, out = v)] tia: [Readout{k}; 3],\n\
             #[inst(inp = v, out = y)] act: [Relu; 3],\n}}\n"
        )
        .expect("text grows");
    }
    text
}

/// The same structs as values alone.
fn structs() -> String {
    let mut text = String::from(
        "#![allow(dead_code)]\nuse memloom::prelude::*;\n\
         #[derive(Debug, Clone)]\npub struct HfO2;\n#[derive(Debug, Clone)]\npub struct Ota;\n\
         #[derive(Debug, Clone)]\npub struct Relu;\n",
    );
    for k in 0..DECLARATIONS {
        write!(
            text,
            "#[derive(Debug, Clone)]\npub struct Weights{k} {{ g: Conductance<4, 3> }}\n\
             #[derive(Debug, Clone)]\npub struct Readout{k};\n"
        )
        .expect("text grows");
    }
    for k in 0..MODULES {
        write!(
            text,
            "#[derive(Debug, Clone)]\npub struct Layer{k} {{ xbar: Weights{k}, tia: [Readout{k}; 3], act: [Relu; 3] }}\n"
        )
        .expect("text grows");
    }
    text
}

/// The shortest `cargo check` of `source` in `folder`, memloom itself being checked already.
fn check(folder: &Path, source: &str) -> Duration {
    let manifest = format!(
        "[package]\nname = \"cost\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nmemloom = {{ path = {:?} }}\n\n[workspace]\n",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::create_dir_all(folder.join("src")).expect("a folder for the crate");
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    // The versions that the workspace is built with: nothing is fetched.
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
    std::fs::copy(lock, folder.join("Cargo.lock")).expect("the workspace's lock file");
    let mut best = Duration::MAX;
    for run in 0..=RUNS {
        // Another text each time, or cargo would have nothing to do.
        std::fs::write(folder.join("src/lib.rs"), format!("{source}// run {run}\n")).expect("a source");
        let start = Instant::now();
        let cargo = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .status()
            .expect("cargo runs");
        assert!(cargo.success(), "the crate in {} does not check", folder.display());
        // The first run checks memloom too.
        if run > 0 {
            best = best.min(start.elapsed());
        }
    }
    best
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let with = check(&folder.path().join("circuits"), &circuits());
    let without = check(&folder.path().join("structs"), &structs());
    let ratio = with.as_secs_f64() / without.as_secs_f64();
    println!(
        "{} declarations and {MODULES} modules: {:.2} s as circuits, {:.2} s as structs with derives, ratio {ratio:.1}",
        2 * DECLARATIONS,
        with.as_secs_f64(),
        without.as_secs_f64()
    );
}
