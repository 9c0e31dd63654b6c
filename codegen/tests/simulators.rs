//! What is printed does what the IR says: run in ngspice and VACASK.

mod common;
#[path = "simulators/leaf.rs"]
mod leaf;
#[path = "simulators/lines.rs"]
mod lines;
#[path = "simulators/readers.rs"]
mod readers;
#[path = "simulators/stability.rs"]
mod stability;
#[path = "simulators/words.rs"]
mod words;

use common::*;
use lines::nodal;
use memloom_codegen::{Circuit, Deck, Ngspice, Vacask, dc_deck, simulated, write_design};
use memloom_ir::functions::HARD_SWISH;
use memloom_ir::*;

fn close(given: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((given - wanted).abs() <= tolerance, "{what}: {given} instead of {wanted}");
}

/// Output of the small design for volts `x` at its inputs: no wires.
fn small_in_closed_form(x: &[f64]) -> Vec<f64> {
    let offset = 1e-3;
    // v(out) = mid + gain (v_ref + offset - v(sum)), and mid is v_ref: v(sum) = v_ref + offset - (out - v_ref)/gain.
    let amplifier = |current_at: &dyn Fn(f64) -> f64, r_f: f64| {
        // current_at is linear in v(sum); find out with out = v(sum) - r_f * current(v(sum)).
        let error = |out: f64| {
            let sum = V_REF + offset - (out - V_REF) / GAIN;
            sum - r_f * current_at(sum) - out
        };
        let (a, b) = (error(0.0), error(1.0));
        a / (a - b)
    };
    let negative = x.iter().map(|x| amplifier(&|sum| (x - sum) / 1e4, 1e4));
    let rails: Vec<f64> = x.iter().copied().chain(negative).collect();
    (0..3)
        .map(|j| {
            let current =
                |sum: f64| rails.iter().zip(WEIGHTS).map(|(v, row)| siemens(row[j]) * (v - sum)).sum::<f64>();
            let v = amplifier(&current, 1e4 * (j + 1) as f64);
            let y = Function::Activation(HARD_SWISH).activation((v - V_REF) / 0.05).unwrap();
            (V_REF + 0.1 * y).clamp(0.1, 1.7)
        })
        .collect()
}

#[test]
fn dc_of_the_small_design_is_the_closed_form() {
    let design = small(0.0);
    let vectors = [vec![0.9, 0.95, 0.85, 1.0], vec![0.8, 0.8, 1.0, 0.92], vec![0.9; 4]];
    for dialect in simulated() {
        for count in [1, 3] {
            let deck =
                dc_deck(dialect, &design, design.top.unwrap(), &vectors[..count], Circuit::Embedded).unwrap();
            let raw = run(dialect, &deck);
            for (k, vector) in vectors[..count].iter().enumerate() {
                for (node, wanted) in deck.outputs.iter().zip(small_in_closed_form(vector)) {
                    let what = format!("{} {node} of vector {k}", dialect.name());
                    assert_eq!(raw.column(node).len(), count);
                    close(raw.column(node)[k], wanted, 2e-8, &what);
                }
            }
        }
    }
}

/// A crossbar whose bitlines end in 1 kohm to `v_ref` each, read by followers.
fn loaded_crossbar(g: &[&[f32]], parasitics: Parasitics) -> Design {
    let mut design = leaves();
    let weights = add_weights(&mut design, g, parasitics);
    let v_ref = design.supplies.find("v_ref").unwrap();
    let ota = design.op_amps.find("Ota").unwrap();
    let (rows, cols) = (g.len() as u32, g[0].len() as u32);
    let mut m = design.module("Loaded");
    let x = m.input("x", Nature::Voltage, rows);
    let y = m.output("y", Nature::Voltage, cols);
    let col = m.net("col", Nature::Current, cols);
    m.instance("weights", Element::Module(weights)).net("row", x).net("col", col).add();
    let load = m.instance("r_load", Element::Resistor(Value::Number(1e3))).array(cols);
    load.net("p", col).supply("n", v_ref).add();
    let read = m.instance("read", Element::OpAmp(ota)).array(cols);
    read.net("inp", col).net("inn", y).net("out", y).add();
    design.top = Some(m.finish().unwrap());
    design
}

#[test]
fn wires_drop_what_nodal_analysis_says() {
    let vectors = vec![vec![0.2, 0.9, 1.0, 1.1, 0.5, 0.6, 0.7, 0.8], vec![1.0; 8]];
    for r_wire in [2.5, 300.0] {
        let design = loaded_crossbar(&WEIGHTS, wires(r_wire));
        for dialect in simulated() {
            let deck = dc_deck(dialect, &design, design.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
            let raw = run(dialect, &deck);
            for (k, vector) in vectors.iter().enumerate() {
                for (node, v) in deck.outputs.iter().zip(nodal(&WEIGHTS, &wires(r_wire), vector)) {
                    let follower = (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN);
                    close(raw.column(node)[k], follower, 1e-8, &format!("{} {node}", dialect.name()));
                }
            }
        }
    }
}

/// A corner of the wires is one line of the netlist: no new build.
#[test]
fn the_resistance_of_wires_is_a_parameter() {
    let (g, x): ([&[f32]; 3], _) = ([&[1e-5, 2e-5], &[1e-4, 5e-5], &[3e-5, 8e-5]], vec![0.8, 1.0, 1.1]);
    let design = loaded_crossbar(&g, wires(2.5));
    for (dialect, word) in simulated().zip([".param", "parameters"]) {
        let top = design.top.unwrap();
        let mut deck = dc_deck(dialect, &design, top, std::slice::from_ref(&x), Circuit::Embedded).unwrap();
        let declared = format!("\n{word} ml_r_wire=2.5\n");
        assert_eq!(deck.text.matches(&declared).count(), 1, "{}", deck.text);
        deck.text = deck.text.replace(&declared, &format!("\n{word} ml_r_wire=400\n"));
        let raw = run(dialect, &deck);
        let nominal = nodal(&g, &wires(2.5), &x);
        for ((node, v), nominal) in deck.outputs.iter().zip(nodal(&g, &wires(400.0), &x)).zip(nominal) {
            let follower = (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN);
            close(raw.column(node)[0], follower, 1e-8, dialect.name());
            assert!((v - nominal).abs() > 1e-5, "the corner shows: {v} {nominal}");
        }
    }
}

#[test]
fn the_files_of_a_build_run() {
    for (design, vector, wanted) in [
        (small(0.0), vec![0.9, 0.95, 0.85, 1.0], small_in_closed_form(&[0.9, 0.95, 0.85, 1.0])),
        (wide(), vec![0.9, 0.9], vec![0.9; 1200]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        write_design(&design, &[&Ngspice, &Vacask], dir.path(), &|_| ()).unwrap();
        let bench = dir.path().join("testbench");
        std::fs::create_dir(&bench).unwrap();
        for dialect in simulated() {
            let files = [format!("../spice/{}/top.{}", dialect.name(), dialect.extension())];
            let top = design.top.unwrap();
            let deck = dc_deck(dialect, &design, top, std::slice::from_ref(&vector), Circuit::Files(&files))
                .unwrap();
            assert!(deck.files.is_empty());
            let raw = run_in(dialect, &deck, &bench);
            for (node, wanted) in deck.outputs.iter().zip(&wanted) {
                close(raw.column(node)[0], *wanted, 2e-8, node);
            }
        }
        let is_flat = dir.path().join("spice/ngspice/flat.cir").is_file();
        assert_eq!(is_flat, design.top.is_some_and(|top| design.modules[top].port_width() > 1004));
    }
}

#[test]
fn a_crossbar_wider_than_a_subcircuit_still_runs() {
    let (rows, cols) = (1000, 6);
    let g: Vec<Vec<f32>> =
        (0..rows).map(|i| (0..cols).map(|j| 1e-6 * (1 + (i * 7 + j * 3) % 11) as f32).collect()).collect();
    let g: Vec<&[f32]> = g.iter().map(Vec::as_slice).collect();
    let x: Vec<f64> = (0..rows).map(|i| 0.8 + 1e-3 * f64::from((i % 200) as u32)).collect();
    let outputs = |dialect, r_wire| {
        let design = loaded_crossbar(&g, wires(r_wire));
        let vectors = std::slice::from_ref(&x);
        let deck = dc_deck(dialect, &design, design.top.unwrap(), vectors, Circuit::Embedded).unwrap();
        let raw = run(dialect, &deck);
        deck.outputs.iter().map(|node| raw.column(node)[0]).collect::<Vec<f64>>()
    };
    for (j, given) in outputs(&Ngspice, 0.0).into_iter().enumerate() {
        let current: f64 = g.iter().zip(&x).map(|(row, x)| siemens(row[j]) * x).sum();
        let siemens: f64 = g.iter().map(|row| siemens(row[j])).sum();
        let v = (current + 1e-3 * V_REF) / (siemens + 1e-3);
        close(given, (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN), 1e-8, "without wires");
    }
    for (given, wanted) in outputs(&Ngspice, 2.5).into_iter().zip(outputs(&Vacask, 2.5)) {
        close(given, wanted, 1e-9, "with wires");
    }
}

/// `Top` holds two `Wide`s of 600 hard swishes each, one after the other: 1201 pins apiece.
fn wide() -> Design {
    let mut design = leaves();
    let v_ref = design.supplies.find("v_ref").unwrap();
    let act = design.behaviours.find("HardSwish").unwrap();
    let mut m = design.module("Wide");
    let x = m.input("x", Nature::Voltage, 600);
    let y = m.output("y", Nature::Voltage, 600);
    let inner = m.net("inner", Nature::Voltage, 600);
    m.instance("first", Element::Behaviour(act))
        .array(600)
        .net("inp", x)
        .net("out", inner)
        .supply("v_ref", v_ref)
        .add();
    m.instance("next", Element::Behaviour(act))
        .array(600)
        .net("inp", inner)
        .net("out", y)
        .supply("v_ref", v_ref)
        .add();
    let wide = m.finish().unwrap();
    let mut m = design.module("Top");
    let x = m.input("x", Nature::Voltage, 2);
    let y = m.output("y", Nature::Voltage, 1200);
    let slice = |start| vec![Slice::Net { net: x, start, len: 1 }; 600];
    let rails = [slice(0), slice(1)].concat();
    m.instance("pair", Element::Module(wide)).array(2).pin("x", rails).net("y", y).add();
    design.top = Some(m.finish().unwrap());
    design
}

#[test]
fn modules_wider_than_a_subcircuit_still_run() {
    let design = wide();
    let swish = |v: f64| 0.9 + 0.1 * Function::Activation(HARD_SWISH).activation((v - 0.9) / 0.1).unwrap();
    let vectors = vec![vec![1.0, 0.8], vec![1.2, 0.7]];
    for dialect in simulated() {
        let deck = dc_deck(dialect, &design, design.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
        let raw = run(dialect, &deck);
        assert_eq!(deck.outputs.len(), 1200);
        for (k, vector) in vectors.iter().enumerate() {
            for (bit, node) in deck.outputs.iter().enumerate() {
                close(raw.column(node)[k], swish(swish(vector[bit / 600])), 1e-9, node);
            }
        }
    }
}

#[test]
fn a_store_read_whole_is_one_row_a_call() {
    let mut design = leaves();
    let v_ref = design.supplies.find("v_ref").unwrap();
    let mut m = design.module("Pool");
    let inp = m.input("inp", Nature::Voltage, 1);
    let tap = m.output("tap", Nature::Voltage, 4);
    let high = m.input("high", Nature::Voltage, 2);
    let selects = m.net("selects", Nature::Select, 4);
    // The selects are tied to driven nets through 1 ohm, for a DC deck does not clock.
    for (k, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let bit = |net, start: usize| vec![Slice::Net { net, start: start as u32, len: 1 }];
        let tie = m.instance(format!("tie_{name}"), Element::Resistor(Value::Number(1.0)));
        tie.pin("p", bit(high, k % 2)).pin("n", bit(selects, k)).add();
    }
    let wires = |start| vec![Slice::Net { net: selects, start, len: 2 }];
    let store = m.instance("store", Element::Store(FrameStore::whole(2, 2))).net("inp", inp).net("tap", tap);
    store.pin("wr_row", wires(0)).pin("wr_col", wires(2)).supply("v_ref", v_ref).add();
    let id = m.finish().unwrap();
    for dialect in simulated() {
        let deck =
            dc_deck(dialect, &design, id, &[vec![0.3, 1.0, 1.0], vec![0.6, 1.0, 1.0]], Circuit::Embedded)
                .unwrap();
        let raw = run(dialect, &deck);
        for node in &deck.outputs {
            close(raw.column(node)[0], 0.3, 1e-6, node);
            close(raw.column(node)[1], 0.6, 1e-6, node);
        }
    }
}

#[test]
fn a_deck_that_cannot_run_fails() {
    let design = small(0.0);
    for dialect in simulated() {
        let deck =
            dc_deck(dialect, &design, design.top.unwrap(), &[vec![0.9; 4]], Circuit::Embedded).unwrap();
        let broken =
            [deck.text.replace("FullyConnected", "Nowhere"), deck.text.replace("v(y_0)", "v(nowhere)")];
        for text in [broken[0].replacen("subckt Nowhere", "subckt FullyConnected", 1), broken[1].clone()] {
            let dir = tempfile::tempdir().unwrap();
            let path = Deck { text, ..deck.clone() }.write_to(dir.path()).unwrap();
            let status = command(dialect, &path, dir.path()).output().unwrap().status;
            assert!(!status.success(), "{} ends with {status}", dialect.name());
        }
    }
}
