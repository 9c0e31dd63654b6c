//! Runs a device in a simulator.

use crate::wave::Wave;
use memloom::device::Device;
use memloom_codegen::{device_parameters, device_twin, device_verilog_a, start_arguments};
use memloom_sim::device::{Trace, respond};
use memloom_sim::external::raw::Plot;
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Run, Vacask};
use std::fmt::Write;
use std::path::Path;

/// A simulator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Simulator {
    Ngspice,
    Vacask,
}

pub const SIMULATORS: [Simulator; 2] = [Simulator::Ngspice, Simulator::Vacask];

/// Devices in parallel under one drive, each from its own start.
pub struct Bench<'a> {
    pub device: &'a Device,
    pub starts: &'a [Vec<f64>],
    pub wave: &'a [(f64, f64)],
    /// Largest step, seconds.
    pub step: f64,
}

/// The Rust reference's response.
#[track_caller]
pub fn reference(device: &Device, start: &[f64], wave: &[(f64, f64)]) -> Trace {
    respond(device, start, wave, 1e-9).unwrap_or_else(|error| panic!("{error}"))
}

/// The response in a simulator at the points of the wave.
#[track_caller]
pub fn simulate(simulator: Simulator, device: &Device, start: &[f64], wave: &Wave, step: f64) -> Trace {
    let starts = [start.to_vec()];
    Bench { device, starts: &starts, wave, step }.run(simulator).0
}

impl Bench<'_> {
    /// Runs all and gives the response of the first device, with the current of all of them, at the points of the wave.
    #[track_caller]
    pub fn run(&self, simulator: Simulator) -> (Trace, Run) {
        let dir = tempfile::tempdir().unwrap();
        let (name, text) = match simulator {
            Simulator::Ngspice => ("deck.cir", self.ngspice()),
            Simulator::Vacask => ("deck.sim", self.vacask()),
        };
        let path = dir.path().join(name);
        std::fs::write(&path, &text).unwrap();
        let module = device_verilog_a(self.device.spec()).unwrap();
        std::fs::write(dir.path().join("device.va"), module).unwrap();
        let run = engine(simulator).run(&path, &Limits::default());
        let run = run.unwrap_or_else(|error| panic!("{}: {error}\n{text}", self.device.spec().name));
        (self.trace(simulator, &run.plots[0]), run)
    }

    fn end(&self) -> f64 {
        self.wave.last().unwrap().0
    }

    fn ngspice(&self) -> String {
        let (step, end) = (self.step, self.end());
        let mut text = format!("* a device\n{}", device_twin("cell", self.device, &self.starts[0]).unwrap());
        for (at, start) in self.starts.iter().enumerate() {
            writeln!(text, "Xdut{at} a 0 cell {}", arguments(self.device, start)).unwrap();
        }
        text += "Vdrive a 0 PWL(";
        self.wave.iter().for_each(|(t, v)| write!(text, "\n+ {t:e} {v:e}").unwrap());
        let states = self.device.spec().states.iter().map(|state| format!(" v(xdut0.{})", state.name));
        let saved: String = states.collect();
        text += ")\n.options reltol=1e-6 vntol=1e-9 abstol=1e-14\n.control\nset filetype=binary\n";
        text += &format!("save v(a) i(vdrive){saved}\ntran {step:e} {end:e} 0 {step:e}\n");
        text + "write out.raw\nquit 0\n.endc\n.end\n"
    }

    fn vacask(&self) -> String {
        let (step, end, model) = (self.step, self.end(), self.device.spec().name);
        let mut text = "a device\nground 0\nload \"device.va\"\nmodel source vsource\n".to_owned();
        let parameters = device_parameters(self.device, &self.starts[0]);
        let parameters: String = parameters.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        writeln!(text, "model cell ml_{model}{parameters}").unwrap();
        for (at, start) in self.starts.iter().enumerate() {
            writeln!(text, "dut{at} (a 0) cell {}", arguments(self.device, start)).unwrap();
        }
        let points: Vec<_> = self.wave.iter().map(|(t, v)| format!("{t:e},{v:e}")).collect();
        writeln!(text, "drive (a 0) source type=\"pwl\" wave=[{}]", points.join(", \\\n ")).unwrap();
        let states = self.device.spec().states.iter().map(|state| format!(" v(\"dut0:{}\")", state.name));
        let saved: String = states.collect();
        // The first step after a corner goes unchecked: by default a quarter of the line, here a hundredth.
        text += "control\n  abort always\n  options rawfile=\"binary\" reltol=1e-6 vntol=1e-9 abstol=1e-14 tran_fbr=1e-2\n";
        text += &format!("  save v(a) i(drive){saved}\n");
        text + &format!("  analysis out tran step={step:e} stop={end:e} maxstep={step:e}\nendc\n")
    }

    fn trace(&self, simulator: Simulator, plot: &Plot) -> Trace {
        let states = self.device.spec().states.iter();
        let (current, states): (_, Vec<String>) = match simulator {
            Simulator::Ngspice => ("i(vdrive)", states.map(|s| format!("xdut0.{}", s.name)).collect()),
            Simulator::Vacask => ("drive:flow(br)", states.map(|s| format!("dut0:{}", s.name)).collect()),
        };
        let at = |values: &[f64], t: f64| plot.at_time(values, t).unwrap();
        let volts = plot.voltage("a").unwrap();
        let current = plot.real(current).unwrap();
        let states: Vec<&[f64]> = states.iter().map(|name| plot.voltage(name).unwrap()).collect();
        let mut trace = Trace::default();
        for (t, _) in self.wave {
            trace.time.push(*t);
            trace.volts.push(at(volts, *t));
            // A source's own current goes in at its first terminal.
            trace.current.push(-at(current, *t));
            trace.states.push(states.iter().map(|state| at(state, *t)).collect());
        }
        trace
    }
}

fn arguments(device: &Device, start: &[f64]) -> String {
    let arguments = start_arguments(device, start);
    arguments.iter().map(|(name, value)| format!("{name}={value:e} ")).collect()
}

pub fn engine(simulator: Simulator) -> Box<dyn Engine> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openvaf");
    match simulator {
        Simulator::Ngspice => Box::new(Ngspice::find().unwrap()),
        Simulator::Vacask => Box::new(Vacask::find().unwrap().compiling(OpenVaf::find(cache).unwrap())),
    }
}

/// Largest absolute value.
pub fn peak(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, x| x.abs().max(most))
}

/// Two responses agree: currents within `tolerance` of the largest, each state within `tolerance` of 1 or its size.
#[track_caller]
pub fn assert_alike(wanted: &Trace, given: &Trace, tolerance: f64, what: &str) {
    let scale = peak(&wanted.current);
    for k in 0..wanted.time.len() {
        let error = (wanted.current[k] - given.current[k]).abs() / scale;
        let at = format!("{what} at point {k}, {:e} s, {} V", wanted.time[k], wanted.volts[k]);
        assert!(error <= tolerance, "{at}: {:e} A for {:e} A", given.current[k], wanted.current[k]);
        for (a, b) in wanted.states[k].iter().zip(&given.states[k]) {
            assert!((a - b).abs() <= tolerance * a.abs().max(1.0), "{at}: state {b} for {a}");
        }
    }
}
