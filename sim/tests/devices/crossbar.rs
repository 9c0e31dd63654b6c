//! An emitted crossbar starts programmed: every cell a device, read one wordline at a time.

use crate::bench::{SIMULATORS, Simulator, engine};
use crate::golden::close;
use crate::hysteresis::sets;
use memloom::device::Device;
use memloom::ir::{Cell, CellNetlist, Crossbar, Design, Element, Id, Module, Nature, OpAmp, Supply, Value};
use memloom_codegen::{Circuit, TestBench, dc_deck};
use memloom_sim::external::Limits;
use memloom_sim::external::check::outputs;

const V_READ: f64 = 0.1;

/// Four conductances over a device's reach at [`V_READ`], lowest first; of one that spans decades, three of them.
fn targets(device: &Device) -> [f32; 4] {
    let (low, high) = device.reach(V_READ);
    let low = low.max(1e-3 * high);
    // Targets are single precision: clear of the ends by more than its rounding.
    [0.001, 0.2, 0.6, 0.999].map(|part| (low * (high / low).powf(part)) as f32)
}

/// A 2 x 2 crossbar of `device` about 0 V, a TIA on each bitline that turns its highest conductance into 1 V.
fn reader(device: Device, g: [f32; 4], r_f: f64) -> (Design, Id<Module>) {
    let mut design = Design::new("reader");
    let (g_min, g_max) = (f64::from(g[0]), f64::from(g[3]));
    let cell = Cell { device, netlist: CellNetlist::Device, ..Cell::new(g_min, g_max, V_READ) };
    let cell = design.cells.insert("cell", cell).unwrap();
    // So much gain that bitlines are at 0 V to 1 nV.
    let ota = OpAmp { gain: 1e9, gbw: 1e9, slew: 1e9, offset: 0.0, swing: (-10.0, 10.0) };
    let ota = design.op_amps.insert("ota", ota).unwrap();
    let zero = design.supplies.insert("zero", Supply { volts: 0.0 }).unwrap();
    let mut m = design.module("Reader");
    let x = m.input("x", Nature::Voltage, 2);
    let y = m.output("y", Nature::Voltage, 2);
    let i = m.net("i", Nature::Current, 2);
    let array = Crossbar::new(2, 2, cell, 0.0, g.to_vec());
    m.instance("xbar", Element::Crossbar(array)).net("row", x).net("col", i).add();
    m.instance("amp", Element::OpAmp(ota)).array(2).supply("inp", zero).net("inn", i).net("out", y).add();
    m.instance("r_f", Element::Resistor(Value::Number(r_f))).array(2).net("p", i).net("n", y).add();
    let top = m.finish().unwrap();
    design.top = Some(top);
    (design, top)
}

#[test]
fn an_emitted_crossbar_has_its_conductances_at_the_start() {
    for (name, set) in sets() {
        let g = targets(&set.device);
        let r_f = 1.0 / (f64::from(g[3]) * V_READ);
        let (design, top) = reader(set.device, g, r_f);
        for simulator in SIMULATORS {
            let dialect: &dyn TestBench = match simulator {
                Simulator::Ngspice => &memloom_codegen::Ngspice,
                Simulator::Vacask => &memloom_codegen::Vacask,
            };
            let dir = tempfile::tempdir().unwrap();
            for row in 0..2 {
                let mut vector = vec![0.0; 2];
                vector[row] = V_READ;
                let deck = dc_deck(dialect, &design, top, &[vector], Circuit::Embedded).unwrap();
                let read = outputs(&*engine(simulator), &deck, 1, dir.path(), &Limits::default());
                let read = read.unwrap_or_else(|error| panic!("{name}: {error}\n{}", deck.text));
                for col in 0..2 {
                    let given = -read[0][col] / (r_f * V_READ);
                    let what = format!("{name} in {simulator:?}, cell ({row}, {col})");
                    close(given, f64::from(g[2 * row + col]), 1e-5, &what);
                }
            }
        }
    }
}

#[test]
fn a_cell_out_of_reach_is_refused_by_its_place() {
    let device = Device::SPECS[0].sets[0].device;
    let g = targets(&device);
    let (design, top) = reader(device, [g[0], g[1], 0.5 * g[0], g[3]], 1e3);
    let vectors = [vec![0.0, 0.0]];
    let error = dc_deck(&memloom_codegen::Ngspice, &design, top, &vectors, Circuit::Embedded).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("Reader.xbar") && text.contains("cell (1, 0) cannot be programmed"), "{text}");
}
