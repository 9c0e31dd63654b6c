//! Every leaf model, in Verilog-A and as a twin, against its definition.

use super::close;
use crate::common::*;
use memloom_codegen::{
    Analysis, Circuit, Deck, Drive, Source, TestBench, Text, Tolerance, leaf_decks, simulated, verilog_a,
};
use memloom_ir::device::Vteam;
use memloom_ir::functions::{ALL, HARD_SIGMOID, HARD_SWISH, LEAKY_RELU, RELU};
use memloom_ir::*;

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

fn leaf(dialect: &dyn TestBench, name: &str) -> Raw {
    let decks = leaf_decks(dialect, &with_store(), Circuit::Embedded).unwrap();
    let file = format!("leaf_{name}.{}", dialect.extension());
    run(dialect, decks.iter().find(|deck| deck.name == file).unwrap_or_else(|| panic!("no deck {file}")))
}

#[test]
fn activations_compute_their_function() {
    let names = [
        ("HardSwish", Function::Activation(HARD_SWISH), 0.1),
        ("HardSigmoid", Function::Activation(HARD_SIGMOID), 0.2),
        ("Relu", Function::Activation(RELU), 0.08),
    ];
    for dialect in simulated() {
        for (name, function, unit) in names {
            let raw = leaf(dialect, name);
            assert_eq!(raw.column("inp").len(), 161);
            for (inp, out) in raw.column("inp").iter().zip(raw.column("out")) {
                let y = function.activation((inp - 0.9) / unit).unwrap();
                close(
                    *out,
                    (0.9 + unit * y).clamp(0.1, 1.7),
                    1e-9,
                    &format!("{} {name}({inp})", dialect.name()),
                );
            }
        }
    }
}

/// Each function of the library as its text in SPICE and in Verilog-A, parameters at their default and elsewhere.
#[test]
fn every_function_of_the_library_is_computed() {
    let mut design = with_store();
    let functions: Vec<_> = ALL.iter().copied().chain([LEAKY_RELU.with(0.2).unwrap()]).collect();
    for (k, function) in functions.iter().enumerate() {
        let behaviour = Behaviour { function: (*function).into(), swing: (0.1, 1.7), unit: 0.1 };
        design.behaviours.insert(format!("Function{k}"), behaviour).unwrap();
    }
    for dialect in simulated() {
        let decks = leaf_decks(dialect, &design, Circuit::Embedded).unwrap();
        for (k, function) in functions.iter().enumerate() {
            let file = format!("leaf_Function{k}.{}", dialect.extension());
            let raw = run(dialect, decks.iter().find(|deck| deck.name == file).unwrap());
            for (inp, out) in raw.column("inp").iter().zip(raw.column("out")) {
                let x = (inp - 0.9) / 0.1;
                // The decks have a reltol of 1e-6, of voltages about 0.9 V; a function that bends shows it.
                let allowed = 2e-6 + 0.1 * function.definition().text_error * (1.0 + x.abs());
                let wanted = (0.9 + 0.1 * function.at(x)).clamp(0.1, 1.7);
                close(*out, wanted, allowed, &format!("{} {function}({x})", dialect.name()));
            }
        }
    }
}

#[test]
fn the_multiplier_multiplies() {
    for dialect in simulated() {
        let raw = leaf(dialect, "Multiplier");
        assert_eq!(raw.column("out").len(), 81);
        for ((a, b), out) in raw.column("a").iter().zip(raw.column("b")).zip(raw.column("out")) {
            close(*out, (0.9 + (a - 0.9) * (b - 0.9) / 0.25).clamp(0.1, 1.7), 1e-9, "a * b");
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
    let raws: Vec<Raw> = simulated().map(|dialect| leaf(dialect, "Ota")).collect();
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
        let steepest =
            time.windows(2).zip(out.windows(2)).map(|(t, v)| ((v[1] - v[0]) / (t[1] - t[0])).abs());
        assert!(steepest.fold(0.0, f64::max) < 1.02e7);
    }
    // A simulator may pass a corner of the input by one step: at full slew, that much.
    let step = unit / 2000.0;
    for k in 1..500 {
        let t = f64::from(k) / 100.0 * unit;
        let [a, b] = [&raws[0], &raws[1]].map(|raw| at(raw.column("time"), raw.column("out"), t));
        close(a, b, 1e7 * step, &format!("twin and Verilog-A at {t}"));
    }
}

/// Resistance of the leaf deck's memristor and its sense resistor at `times`, by fourth-order Runge-Kutta.
fn vteam(times: &[f64], drive: impl Fn(f64) -> f64, r_sense: f64) -> Vec<f64> {
    let d = Vteam::MAGIC;
    let (k_off, k_on) = (d.k_off / d.d, d.k_on / d.d);
    let (r_on, r_off, edge) = (1e4, 1e6, 1e-2);
    let window = |u: f64| {
        let u = u.clamp(0.0, 1.0);
        u * u * (3.0 - 2.0 * u)
    };
    let resistance = |x: f64| r_on + (r_off - r_on) * x;
    let rate = |t: f64, x: f64| {
        let v = drive(t) * resistance(x) / (resistance(x) + r_sense);
        if v > d.v_off {
            k_off * (v / d.v_off - 1.0).powf(d.alpha_off) * window((1.0 - x) / edge)
        } else if v < d.v_on {
            k_on * (v / d.v_on - 1.0).powf(d.alpha_on) * window(x / edge)
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
    let unit = Vteam::MAGIC.d / Vteam::MAGIC.k_off;
    let r_sense = 10.0;
    let times: Vec<f64> = (1..88).map(|k| f64::from(k) * unit / 20.0 + unit / 40.0).collect();
    for dialect in simulated() {
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

/// Below `v_on` the MAGIC set crosses its range in 1.388e-11 s at -3 V (Kvatinsky 2015): 12 ps leave 0.135 of it.
#[test]
fn a_memristor_starts_in_its_own_state_and_leaves_both_ends() {
    let design = leaves();
    let steps = [(0.0, 0.0), (1.0, 0.0), (1.1, -3.0), (13.1, -3.0), (13.2, -0.1), (20.0, -0.1), (20.1, -3.0)];
    let ends = [(40.0, -3.0), (40.1, 0.2), (50.0, 0.2), (50.1, 0.9), (300.0, 0.9)];
    let wave: Vec<(f64, f64)> = steps.iter().chain(&ends).map(|(ps, v)| (ps * 1e-12, *v)).collect();
    let outputs = ["drive".to_owned(), "sense".to_owned()];
    let mut states = Vec::new();
    for dialect in simulated() {
        let mut out = Vec::new();
        let mut text = Text::new(&mut out, dialect.syntax().wrap());
        text.lines(&dialect.file_head("a memristor switched on and off")).unwrap();
        text.lines(&dialect.models(&design, &[], "").unwrap()).unwrap();
        dialect.syntax().call(&mut text, "cell", &["drive", "sense"], "HfO2", &[("x_0", 1.0)]).unwrap();
        dialect.syntax().resistor(&mut text, "sense", &["sense", "0"], &Value::Number(10.0)).unwrap();
        let source = Source { name: "drive", node: "drive", current: false };
        dialect.source(&mut text, source, Drive::Wave(&wave)).unwrap();
        let analysis = Analysis::Transient { stop: 3e-10, step: 1e-13 };
        dialect.control(&mut text, analysis, Tolerance::Exact, &outputs).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (files, raw) = (verilog_a(&design).unwrap(), dialect.raw());
        let name = format!("on_off.{}", dialect.extension());
        let raw = run(dialect, &Deck { name, text, files, raw, outputs: outputs.to_vec() });
        let state = |ps: f64| {
            let [v, sense] =
                ["drive", "sense"].map(|node| at(raw.column("time"), raw.column(node), ps * 1e-12));
            ((v - sense) / (sense / 10.0) - 1e4) / 9.9e5
        };
        close(state(1.05), 1.0, 1e-3, "starts at HRS");
        close(state(18.0), 1.0 - 12.03 / 13.88, 5e-3, "12 ps at -3 V");
        close(state(45.0), 0.0, 1e-3, "stops at LRS");
        assert!(state(299.0) > 0.05, "leaves LRS: {}", state(299.0));
        states.push([18.0, 45.0, 100.0, 200.0, 299.0].map(state));
    }
    for (twin, verilog_a) in states[0].into_iter().zip(states[1]) {
        close(twin, verilog_a, 5e-4, "twin and Verilog-A");
    }
}

#[test]
fn a_frame_memory_shows_its_windows() {
    let frame = FrameStore::window(3, 3, 3, 1, 1);
    for dialect in simulated() {
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
    for dialect in simulated() {
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

#[test]
fn every_verilog_a_file_compiles_without_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    let files = verilog_a(&with_store()).unwrap();
    assert_eq!(files.len(), 8);
    for file in files {
        let path = dir.path().join(&file.name);
        std::fs::write(&path, &file.text).unwrap();
        let output = std::process::Command::new(openvaf()).arg(&path).output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && !said.contains("warning"), "{}: {said}", file.name);
    }
}
