//! Phase margins by the formula of the rule check against ngspice's small-signal analysis of what is printed.
//!
//! The loop's gain is measured in the closed loop: with the reference as the only source, `v(inn) = T (v(inp) - v(inn))`.

use super::*;
use memloom_codegen::{bit, write_netlist};
use memloom_ir::blocks;
use memloom_ir::stability::{Line, Load, Stage};
use memloom_ir::technology::{Named, TiaSpec};
use memloom_ir::units::{Farads, Ohms};
use std::fmt::Write;

/// A bitline of equal cells, and the TIA that reads it.
#[derive(Clone, Copy)]
struct Case {
    rows: u32,
    g: f32,
    parasitics: Parasitics,
    amp: OpAmp,
    r_f: f64,
    c_f: f64,
    /// Beside the line, to ground.
    stray: f64,
}

const AMP: OpAmp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e12, swing: (-1e3, 1e3), ..OpAmp::PLAIN };
const CASE: Case =
    Case { rows: 8, g: 1e-5, parasitics: Parasitics::NONE, amp: AMP, r_f: 1e5, c_f: 0.0, stray: 1e-12 };

fn lines(r_bitline: f64, r_sense: f64, c_wire: f64, c_cell: f64) -> Parasitics {
    Parasitics {
        r_bitline: Ohms::new(r_bitline),
        r_sense: Ohms::new(r_sense),
        c_wire: Farads::new(c_wire),
        c_cell: Farads::new(c_cell),
        ..Parasitics::NONE
    }
}

/// Twenty of them: margins of a few degrees to nearly 90.
fn cases() -> Vec<Case> {
    let slow = OpAmp { gain: 200.0, gbw: 1e5, ..AMP };
    let fast = OpAmp { gain: 1e5, gbw: 1e9, c_in: 2e-13, ..AMP };
    let heavy = OpAmp { c_in: 5e-12, ..AMP };
    let array = Case { rows: 64, g: 1e-7, r_f: 1e6, stray: 0.0, amp: OpAmp { gain: 1e5, ..AMP }, ..CASE };
    let fine = |c_wire| Case { parasitics: lines(0.0, 0.0, c_wire, 0.0), ..array };
    let wired = |r, sense| Case {
        parasitics: lines(r, sense, 2e-14, 1e-14),
        amp: OpAmp { gain: 1e5, gbw: 1e8, ..AMP },
        ..array
    };
    let driven =
        Parasitics { r_driver: Ohms::new(300.0), r_wordline: Ohms::new(2.0), ..wired(2.0, 50.0).parasitics };
    let contact = Parasitics { r_contact: Ohms::new(2e4), ..wired(0.0, 0.0).parasitics };
    vec![
        Case { r_f: 5e5, rows: 1, g: 1e-7, stray: 1e-11, ..CASE },
        Case { r_f: 5e5, rows: 1, g: 1e-7, stray: 1e-11, c_f: 5.6e-13, ..CASE },
        CASE,
        Case { stray: 1e-11, ..CASE },
        Case { stray: 1e-10, ..CASE },
        Case { stray: 1e-11, c_f: 1e-13, ..CASE },
        Case { stray: 1e-11, c_f: 1e-12, ..CASE },
        Case { stray: 1e-11, g: 1e-4, ..CASE },
        Case { amp: slow, stray: 1e-9, r_f: 1e6, g: 1e-7, ..CASE },
        Case { amp: fast, r_f: 1e4, ..CASE },
        Case { amp: fast, r_f: 1e4, c_f: 5e-14, ..CASE },
        Case { amp: heavy, ..CASE },
        Case { amp: heavy, stray: 0.0, r_f: 1e7, g: 1e-7, ..CASE },
        fine(2e-16),
        fine(1e-13),
        wired(0.0, 0.0),
        wired(20.0, 500.0),
        Case { c_f: 5e-14, ..wired(20.0, 500.0) },
        Case { parasitics: driven, c_f: 3e-14, ..wired(2.0, 50.0) },
        Case { parasitics: contact, c_f: 1e-14, ..wired(0.0, 0.0) },
    ]
}

impl Case {
    fn design(&self) -> Design {
        let mut design = Design::new("loop");
        let cell = Named::new("cell", Cell::new(1e-8, 1e-3, 0.2));
        let cell = blocks::cell(&mut design, &cell).unwrap();
        let op_amp = Named::new("ota", self.amp);
        let spec = TiaSpec { r_f: self.r_f, c_f: self.c_f, v_ref: V_REF, i_in: None, op_amp };
        let tia = blocks::tia(&mut design, &Named::new("readout", spec), Origin::Library).unwrap();
        let ground = blocks::supply(&mut design, "vss", 0.0).unwrap();
        let array = Crossbar::new(self.rows, 1, cell, 0.0, vec![self.g; self.rows as usize]);
        let array = Element::Crossbar(array.with_parasitics(self.parasitics));
        let mut m = design.module("dut");
        let x = m.input("x", Nature::Voltage, self.rows);
        let y = m.output("y", Nature::Voltage, 1);
        let i = m.net("line", Nature::Current, 1);
        m.instance("xbar", array).net("row", x).net("col", i).add();
        m.instance("tia", Element::Module(tia)).net("inp", i).net("out", y).add();
        let stray = Element::Capacitor(Value::Number(self.stray));
        m.instance("stray", stray).net("p", i).supply("n", ground).add();
        design.top = Some(m.finish().unwrap());
        design
    }

    /// Rows of numbers that ngspice gives for `analysis`, with the sources `v_ref` and `x_0` ending in what is given.
    fn run(&self, (v_ref, x): (&str, &str), analysis: &str, written: &str) -> Vec<Vec<f64>> {
        let mut text = b"loop\n".to_vec();
        write_netlist(&Ngspice, &self.design(), "", &mut text).unwrap();
        let mut text = String::from_utf8(text).unwrap();
        let inputs: Vec<String> = (0..self.rows).map(|row| bit("x", self.rows, row)).collect();
        for (row, input) in inputs.iter().enumerate() {
            let more = if row == 0 { x } else { "" };
            writeln!(text, "Vin{row} {input} 0 DC {V_REF} {more}").unwrap();
        }
        writeln!(text, "Vref v_ref 0 DC {V_REF} {v_ref}\nVss vss 0 0").unwrap();
        writeln!(text, "Xdut {} y v_ref vss dut", inputs.join("\n+ ")).unwrap();
        let control = "set wr_singlescale\nset numdgt=15";
        writeln!(text, ".control\n{control}\n{analysis}\nwrdata out.txt {written}\n.endc\n.end").unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("loop.cir");
        std::fs::write(&path, &text).unwrap();
        let output = command(&Ngspice, &path, dir.path()).output().unwrap();
        let numbers = std::fs::read_to_string(dir.path().join("out.txt"));
        let numbers =
            numbers.unwrap_or_else(|e| panic!("{e}: {}\n{text}", String::from_utf8_lossy(&output.stderr)));
        numbers.lines().map(|l| l.split_whitespace().map(|x| x.parse().unwrap()).collect()).collect()
    }

    /// The phase margin that ngspice has, degrees.
    fn measured(&self) -> f64 {
        let gain = "let t = v(xdut.line)/(v(v_ref)-v(xdut.line))\nlet re = real(t)\nlet im = imag(t)";
        let rows = self.run(("AC 1", ""), &format!("ac dec 400 1 1e11\n{gain}"), "re im");
        let magnitude = |row: &Vec<f64>| row[1].hypot(row[2]).ln();
        let at =
            rows.windows(2).find(|pair| magnitude(&pair[0]) > 0.0 && magnitude(&pair[1]) <= 0.0).unwrap();
        let share = magnitude(&at[0]) / (magnitude(&at[0]) - magnitude(&at[1]));
        let phase = |row: &Vec<f64>| row[2].atan2(row[1]).to_degrees();
        180.0 + phase(&at[0]) + share * (phase(&at[1]) - phase(&at[0]))
    }

    /// The same by the formula.
    fn computed(&self) -> f64 {
        let design = self.design();
        let top = &design.modules[design.top.unwrap()];
        let Element::Crossbar(array) = &top.instances.iter().next().unwrap().2.element else { panic!() };
        let stage = Stage { gain: self.amp.gain, gbw: self.amp.gbw, r_f: self.r_f, c_f: self.c_f };
        let line = Line { array, col: 0, c_wire: self.parasitics.c_wire.get() };
        stage.phase_margin(&Load { g: 0.0, c: self.stray + self.amp.c_in, lines: vec![line] })
    }
}

#[test]
fn phase_margins_are_those_of_the_printed_circuit() {
    let cases = cases();
    assert_eq!(cases.len(), 20);
    let margins: Vec<(f64, f64)> = cases.iter().map(|case| (case.computed(), case.measured())).collect();
    println!("{margins:?}");
    for (k, (computed, measured)) in margins.iter().enumerate() {
        assert!((computed - measured).abs() < 3.0, "case {k}: {computed}, ngspice has {measured}");
    }
    let of = |low: f64, high: f64| margins.iter().filter(|(m, _)| (low..high).contains(m)).count();
    assert!(of(0.0, 30.0) > 3 && of(30.0, 60.0) > 3 && of(60.0, 90.1) > 3, "{margins:?}");
}

/// A step's overshoot is that of the poles behind the margin: `exp(-pi z / sqrt(1 - z^2))`.
#[test]
fn a_step_overshoots_as_the_loop_says() {
    let case = Case { r_f: 5e5, rows: 1, g: 1e-7, stray: 1e-11, ..CASE };
    let stage = Stage { gain: case.amp.gain, gbw: case.amp.gbw, r_f: case.r_f, c_f: 0.0 };
    let load = Load { g: f64::from(case.g), c: case.stray, lines: Vec::new() };
    let cured = Case { c_f: stage.cure(&load, 65.5).unwrap(), ..case };
    let mut overshoots = Vec::new();
    for case in [case, cured] {
        let rows = case.run(("", "PULSE(0.9 0.91 1u 1n 1n 1 2)"), "tran 10n 60u 0 10n", "v(y)");
        let y: Vec<f64> = rows.iter().map(|row| row[1]).collect();
        let (start, most) = (y[0], y.iter().map(|v| (v - y[0]).abs()).fold(0.0, f64::max));
        // c s^2 + (g + w / A0 c + w c_f) s + w (g_f + g / A0), the last line of the closed loop's gain.
        let (w, g_f) = (std::f64::consts::TAU * case.amp.gbw, 1.0 / case.r_f);
        let (g, c) = (g_f + f64::from(case.g), case.stray + case.c_f);
        let (b, k) = (g + w / case.amp.gain * c + w * case.c_f, w * (g_f + g / case.amp.gain));
        let end = 0.01 * f64::from(case.g) * w / k;
        let z = b / (2.0 * (c * k).sqrt());
        let wanted = (-std::f64::consts::PI * z / (1.0 - z * z).sqrt()).exp();
        let found = most / end - 1.0;
        assert!((found - wanted).abs() < 0.01, "{found}, not {wanted}; from {start}");
        overshoots.push(found);
    }
    assert!(overshoots[0] > 0.8 && overshoots[1] < 0.06, "{overshoots:?}");
}
