//! What is printed does what the IR says: run in ngspice and VACASK.

mod common;

use common::*;
use memloom::ir::*;
use memloom_codegen::{Circuit, DIALECTS, Deck, Dialect, dc_deck, leaf_decks, verilog_a};

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
                |sum: f64| rails.iter().zip(WEIGHTS).map(|(v, row)| f64::from(row[j]) * (v - sum)).sum::<f64>();
            let v = amplifier(&current, 1e4 * (j + 1) as f64);
            let y = Function::HardSwish.activation((v - V_REF) / 0.05).unwrap();
            (V_REF + 0.1 * y).clamp(0.1, 1.7)
        })
        .collect()
}

#[test]
fn dc_of_the_small_design_is_the_closed_form() {
    let design = small(0.0);
    let vectors = vec![vec![0.9, 0.95, 0.85, 1.0], vec![0.8, 0.8, 1.0, 0.92], vec![0.9; 4]];
    for dialect in DIALECTS {
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

/// A design whose top has a 3x3 memory in it, so that its leaf models are printed too.
fn with_store() -> Design {
    let mut design = leaves();
    let v_ref = design.supplies.find("v_ref").unwrap();
    let frame = FrameStore::window(3, 3, 3, 1, 1);
    let mut m = design.module("Memory");
    let inp = m.input("inp", Nature::Voltage, 2);
    let tap = m.output("tap", Nature::Voltage, 18);
    let select = ["wr_row", "wr_col", "rd_row", "rd_col"].map(|name| m.input(name, Nature::Select, 3));
    let store = m.instance("store", Element::Store(frame)).array(2).net("inp", inp).net("tap", tap);
    let [wr_row, wr_col, rd_row, rd_col] = select;
    let store = store.net("wr_row", wr_row).net("wr_col", wr_col).net("rd_row", rd_row).net("rd_col", rd_col);
    store.supply("v_ref", v_ref).add();
    design.top = Some(m.finish().unwrap());
    design
}

fn leaf(dialect: &dyn Dialect, name: &str) -> Raw {
    let decks = leaf_decks(dialect, &with_store(), Circuit::Embedded).unwrap();
    let file = format!("leaf_{name}.{}", dialect.extension());
    run(dialect, decks.iter().find(|deck| deck.name == file).unwrap_or_else(|| panic!("no deck {file}")))
}

#[test]
fn activations_compute_their_function() {
    let names = [
        ("HardSwish", Function::HardSwish),
        ("HardSigmoid", Function::HardSigmoid),
        ("Relu", Function::Relu),
    ];
    for dialect in DIALECTS {
        for (name, function) in names {
            let raw = leaf(dialect, name);
            assert_eq!(raw.column("inp").len(), 161);
            for (inp, out) in raw.column("inp").iter().zip(raw.column("out")) {
                let y = function.activation((inp - 0.9) / 0.1).unwrap();
                close(*out, (0.9 + 0.1 * y).clamp(0.1, 1.7), 1e-9, &format!("{} {name}({inp})", dialect.name()));
            }
        }
    }
}

#[test]
fn the_multiplier_multiplies() {
    for dialect in DIALECTS {
        let raw = leaf(dialect, "Multiplier");
        assert_eq!(raw.column("out").len(), 81);
        for ((a, b), out) in raw.column("a").iter().zip(raw.column("b")).zip(raw.column("out")) {
            close(*out, (0.9 + (a - 0.9) * (b - 0.9) / 0.1).clamp(0.1, 1.7), 1e-9, "a * b");
        }
    }
}

/// The value of `ys` at `x` between the points of `xs`.
fn at(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let k = xs.partition_point(|t| *t < x).clamp(1, xs.len() - 1);
    ys[k - 1] + (ys[k] - ys[k - 1]) * (x - xs[k - 1]) / (xs[k] - xs[k - 1])
}

#[test]
fn the_op_amp_follows_slews_and_stops_at_its_rails() {
    let raws = DIALECTS.map(|dialect| leaf(dialect, "Ota"));
    let unit = 2.0 * 1.6 / 1e7 + 10.0 / 1e7;
    for raw in &raws {
        let (time, out) = (raw.column("time"), raw.column("out"));
        let settled = |part: f64| at(time, out, part * unit);
        // Closed loop: out = (mid + A (inp + offset)) / (1 + A).
        let follower = |inp: f64| (0.9 + GAIN * (inp + 1e-3)) / (1.0 + GAIN);
        close(settled(0.9), follower(0.5), 1e-6, "before the step");
        close(settled(1.99), follower(1.3), 1e-5, "after the step");
        close(settled(2.99), 1.7, 1e-5, "upper rail");
        close(settled(3.99), 0.1, 1e-5, "lower rail");
        let slope = (at(time, out, unit + 1.5e-8) - at(time, out, unit + 5e-9)) / 1e-8;
        close(slope, 1e7, 2e4, "slew");
        let steepest = time.windows(2).zip(out.windows(2)).map(|(t, v)| ((v[1] - v[0]) / (t[1] - t[0])).abs());
        assert!(steepest.fold(0.0, f64::max) < 1.02e7);
    }
    for k in 1..500 {
        let t = f64::from(k) / 100.0 * unit;
        let [a, b] = [&raws[0], &raws[1]].map(|raw| at(raw.column("time"), raw.column("out"), t));
        close(a, b, 2e-3, &format!("twin and Verilog-A at {t}"));
    }
}

/// Resistance of the leaf deck's memristor and its sense resistor at `times`, by fourth-order Runge-Kutta.
fn vteam(times: &[f64], drive: impl Fn(f64) -> f64, r_sense: f64) -> Vec<f64> {
    let d = Vteam::MAGIC;
    let (r_on, r_off, edge) = (1e4, 1e6, 1e-2);
    let window = |u: f64| {
        let u = u.clamp(0.0, 1.0);
        u * u * (3.0 - 2.0 * u)
    };
    let resistance = |x: f64| r_on + (r_off - r_on) * x;
    let rate = |t: f64, x: f64| {
        let v = drive(t) * resistance(x) / (resistance(x) + r_sense);
        if v > d.v_off {
            d.k_off * (v / d.v_off - 1.0).powf(d.alpha_off) * window((1.0 - x) / edge)
        } else if v < d.v_on {
            d.k_on * (v / d.v_on - 1.0).powf(d.alpha_on) * window(x / edge)
        } else {
            0.0
        }
    };
    let (mut t, mut x, mut ohms) = (0.0, 0.0, Vec::new());
    for &next in times {
        let steps = 200;
        let h = (next - t) / f64::from(steps);
        for _ in 0..steps {
            let k1 = rate(t, x);
            let k2 = rate(t + h / 2.0, x + h / 2.0 * k1);
            let k3 = rate(t + h / 2.0, x + h / 2.0 * k2);
            let k4 = rate(t + h, x + h * k3);
            x += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
            t += h;
        }
        ohms.push(resistance(x) + r_sense);
    }
    ohms
}

#[test]
fn the_memristor_switches_as_vteam_says() {
    let unit = 1.0 / Vteam::MAGIC.k_off;
    let r_sense = 10.0;
    let times: Vec<f64> = (1..88).map(|k| f64::from(k) * unit / 20.0 + unit / 40.0).collect();
    for dialect in DIALECTS {
        let raw = leaf(dialect, "HfO2");
        let (time, drive, sense) = (raw.column("time"), raw.column("drive"), raw.column("sense"));
        let wanted = vteam(&times, |t| at(time, drive, t), r_sense);
        for (t, wanted) in times.iter().zip(wanted).filter(|(t, _)| at(time, drive, **t) > 0.05) {
            let given = at(time, drive, *t) / (at(time, sense, *t) / r_sense);
            close(given, wanted, 200.0, &format!("{} ohm at {}", dialect.name(), t / unit));
        }
        // Written at 0.6 V: half a traverse, less the edges of the pulse; the read before it moved nothing.
        let read = |part: f64| at(time, drive, part * unit) / (at(time, sense, part * unit) / r_sense);
        close(read(1.9), 1e4 + r_sense, 1.0, "resistance before");
        assert!(read(4.4) > 4e5, "resistance after: {}", read(4.4));
    }
}

#[test]
fn a_frame_memory_shows_its_windows() {
    let frame = FrameStore::window(3, 3, 3, 1, 1);
    for dialect in DIALECTS {
        let raw = leaf(dialect, "ml_dut_store");
        for tick in 0..frame.read_ticks() {
            let time = (f64::from(frame.write_ticks() + tick) + 0.5) * 1e-6;
            for tap in 0..frame.taps() {
                let wanted = frame.pixel(tick, tap).map_or(0.05, |pixel| 0.1 + 0.1 * f64::from(pixel));
                let given = at(raw.column("time"), raw.column(&format!("tap_{tap}")), time);
                close(given, wanted, 1e-4, &format!("{} tap {tap} at read tick {tick}", dialect.name()));
            }
        }
    }
}

#[test]
fn sample_and_hold_and_switch() {
    for dialect in DIALECTS {
        let raw = leaf(dialect, "ml_sample_hold");
        let out = |tick: f64| at(raw.column("time"), raw.column("out"), tick * 1e-6);
        for (tick, wanted) in [(1.5, 0.4), (2.5, 0.4), (3.5, 0.4), (4.5, 1.0), (5.5, 1.0)] {
            close(out(tick), wanted, 1e-2, &format!("{} held at tick {tick}", dialect.name()));
        }
        let raw = leaf(dialect, "ml_switch");
        let n = |tick: f64| at(raw.column("time"), raw.column("n"), tick * 1e-6);
        close(n(0.5), 0.0, 1e-8, "open");
        close(n(1.5), 0.5, 1e-6, "closed: 1 mS into 1 kohm");
    }
}

/// A crossbar whose bitlines end in 1 kohm to `v_ref` each, read by followers.
fn loaded_crossbar(g: &[&[f32]], r_wire: f64) -> Design {
    let mut design = leaves();
    let weights = add_weights(&mut design, g, r_wire);
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

/// Bitline voltages of a loaded crossbar by nodal analysis, dense elimination.
fn nodal(g: &[&[f32]], r_wire: f64, x: &[f64]) -> Vec<f64> {
    let (rows, cols) = (g.len(), g[0].len());
    let (w, b) = (|i: usize, j: usize| i * cols + j, |i: usize, j: usize| (rows + i) * cols + j);
    let col = |j: usize| 2 * rows * cols + j;
    let size = 2 * rows * cols + cols;
    let mut m = vec![vec![0.0; size + 1]; size];
    let mut link = |a: usize, other: Result<usize, f64>, siemens: f64| {
        m[a][a] += siemens;
        match other {
            Ok(b) => {
                m[b][b] += siemens;
                m[a][b] -= siemens;
                m[b][a] -= siemens;
            }
            Err(volts) => m[a][size] += siemens * volts,
        }
    };
    for i in 0..rows {
        for j in 0..cols {
            link(w(i, j), if j == 0 { Err(x[i]) } else { Ok(w(i, j - 1)) }, 1.0 / r_wire);
            link(w(i, j), Ok(b(i, j)), f64::from(g[i][j]));
            link(b(i, j), Ok(if i + 1 == rows { col(j) } else { b(i + 1, j) }), 1.0 / r_wire);
        }
    }
    (0..cols).for_each(|j| link(col(j), Err(V_REF), 1e-3));
    for k in 0..size {
        let (above, below) = m.split_at_mut(k + 1);
        let pivot = &above[k];
        for row in below {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(pivot).for_each(|(a, p)| *a -= factor * p);
        }
    }
    let mut v = vec![0.0; size];
    for k in (0..size).rev() {
        let known: f64 = (k + 1..size).map(|c| m[k][c] * v[c]).sum();
        v[k] = (m[k][size] - known) / m[k][k];
    }
    (0..cols).map(|j| v[col(j)]).collect()
}

#[test]
fn wires_drop_what_nodal_analysis_says() {
    let vectors = vec![vec![0.2, 0.9, 1.0, 1.1, 0.5, 0.6, 0.7, 0.8], vec![1.0; 8]];
    for r_wire in [2.5, 300.0] {
        let design = loaded_crossbar(&WEIGHTS, r_wire);
        for dialect in DIALECTS {
            let deck = dc_deck(dialect, &design, design.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
            let raw = run(dialect, &deck);
            for (k, vector) in vectors.iter().enumerate() {
                for (node, v) in deck.outputs.iter().zip(nodal(&WEIGHTS, r_wire, vector)) {
                    let follower = (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN);
                    close(raw.column(node)[k], follower, 1e-8, &format!("{} {node}", dialect.name()));
                }
            }
        }
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
    m.instance("first", Element::Behaviour(act)).array(600).net("inp", x).net("out", inner).supply("v_ref", v_ref).add();
    m.instance("next", Element::Behaviour(act)).array(600).net("inp", inner).net("out", y).supply("v_ref", v_ref).add();
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
    let swish = |v: f64| 0.9 + 0.1 * Function::HardSwish.activation((v - 0.9) / 0.1).unwrap();
    let vectors = vec![vec![1.0, 0.8], vec![1.2, 0.7]];
    for dialect in DIALECTS {
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
    for dialect in DIALECTS {
        let deck = dc_deck(dialect, &design, id, &[vec![0.3, 1.0, 1.0], vec![0.6, 1.0, 1.0]], Circuit::Embedded).unwrap();
        let raw = run(dialect, &deck);
        for node in &deck.outputs {
            close(raw.column(node)[0], 0.3, 1e-6, node);
            close(raw.column(node)[1], 0.6, 1e-6, node);
        }
    }
}

#[test]
fn every_verilog_a_file_compiles_without_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    let files = verilog_a(&with_store()).unwrap();
    assert_eq!(files.len(), 8);
    for file in files {
        let path = dir.path().join(&file.name);
        std::fs::write(&path, &file.text).unwrap();
        let output = std::process::Command::new(openvaf()).arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && !said.contains("warning"), "{}: {said}", file.name);
    }
}

#[test]
fn a_deck_that_cannot_run_fails() {
    let design = small(0.0);
    for dialect in DIALECTS {
        let deck = dc_deck(dialect, &design, design.top.unwrap(), &[vec![0.9; 4]], Circuit::Embedded).unwrap();
        let broken = [deck.text.replace("FullyConnected", "Nowhere"), deck.text.replace("v(y_0)", "v(nowhere)")];
        for text in [broken[0].replacen("subckt Nowhere", "subckt FullyConnected", 1), broken[1].clone()] {
            let dir = tempfile::tempdir().unwrap();
            let path = Deck { text, ..deck.clone() }.write_to(dir.path()).unwrap();
            let status = command(dialect, &path, dir.path()).output().unwrap().status;
            assert!(!status.success(), "{} ends with {status}", dialect.name());
        }
    }
}
