//! Speed of the native evaluator: compiling a large layer, and multiply-adds per second.
//!
//! `cargo bench -p memloom-sim --bench native`

use memloom::ir::{
    Cell, Crossbar, Design, Element, FrameStore, Id, Module, ModuleBuilder, Nature, Net, OpAmp, Slice,
    Supply, Value,
};
use memloom_sim::native::{Evaluator, Matrix, Options, Program, Signals};
use std::time::Instant;

const V_REF: f64 = 0.9;
/// Rows and columns of a tile.
const TILE: u32 = 128;

struct Parts {
    design: Design,
    cell: Id<Cell>,
    op_amp: Id<OpAmp>,
    v_ref: Id<Supply>,
    seed: u32,
}

impl Parts {
    fn new() -> Self {
        let mut design = Design::new("bench");
        let op_amp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
        let cell = Cell::new(1e-6, 1e-4, 0.2);
        Self {
            cell: design.cells.insert("cell", cell).unwrap(),
            op_amp: design.op_amps.insert("ota", op_amp).unwrap(),
            v_ref: design.supplies.insert("v_ref", Supply { volts: V_REF }).unwrap(),
            design,
            seed: 1,
        }
    }

    /// A dual-rail array: of each pair of rows, one has the cell.
    fn array(&mut self, rows: u32, cols: u32, r_wire: f64) -> Element {
        let mut g = vec![0.0; (rows * cols) as usize];
        for (row, col) in (0..rows / 2).flat_map(|row| (0..cols).map(move |col| (row, col))) {
            self.seed = self.seed.wrapping_mul(1664525).wrapping_add(1013904223);
            let (sign, size) = (self.seed >> 31, (self.seed >> 8) & 0xffff);
            g[((2 * row + sign) * cols + col) as usize] = 1e-6 + 1e-5 * size as f32 / 65536.0;
        }
        Element::Crossbar(Crossbar::new(rows, cols, self.cell, r_wire, g))
    }

    fn inverting(&mut self, name: &str, r_in: Option<f64>, r_f: f64) -> Id<Module> {
        let (op_amp, v_ref) = (self.op_amp, self.v_ref);
        let mut m = self.design.module(name);
        let nature = if r_in.is_some() { Nature::Voltage } else { Nature::Current };
        let x = m.input("x", nature, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let mut s = x;
        if let Some(ohms) = r_in {
            s = m.net("s", Nature::Voltage, 1);
            m.instance("r_in", Element::Resistor(Value::Number(ohms))).net("p", x).net("n", s).add();
        }
        m.instance("r_f", Element::Resistor(Value::Number(r_f))).net("p", s).net("n", y).add();
        m.instance("amp", Element::OpAmp(op_amp)).supply("inp", v_ref).net("inn", s).net("out", y).add();
        m.finish().unwrap()
    }

    /// `rows x cols` weights in tiles: the partial sums of a column of tiles meet as currents.
    fn dense(&mut self, rows: u32, cols: u32, r_wire: f64) -> Id<Module> {
        let (inverter, tia) = (self.inverting("inverter", Some(1e4), 1e4), self.inverting("tia", None, 1e3));
        let mut tiles = Vec::new();
        for (r, c) in (0..2 * rows)
            .step_by(TILE as usize)
            .flat_map(|r| (0..cols).step_by(TILE as usize).map(move |c| (r, c)))
        {
            let (height, width) = (TILE.min(2 * rows - r), TILE.min(cols - c));
            tiles.push((r, c, height, width, self.array(height, width, r_wire)));
        }
        let mut m = self.design.module(format!("dense_{rows}_{cols}"));
        let x = m.input("x", Nature::Voltage, rows);
        let y = m.output("y", Nature::Voltage, cols);
        let i = m.net("i", Nature::Current, cols);
        let inverted = m.net("inverted", Nature::Voltage, rows);
        m.instance("inv", Element::Module(inverter)).array(rows).net("x", x).net("y", inverted).add();
        for (r, c, height, width, array) in tiles {
            let rails = (r..r + height).map(|row| wire(if row % 2 == 0 { x } else { inverted }, row / 2, 1));
            let rails: Vec<_> = rails.collect();
            m.instance(format!("tile_{r}_{c}"), array)
                .pin("row", rails)
                .pin("col", vec![wire(i, c, width)])
                .add();
        }
        m.instance("tia", Element::Module(tia)).array(cols).net("x", i).net("y", y).add();
        m.finish().unwrap()
    }

    /// A 3x3 depthwise layer of 16 channels on a 32 x 32 frame.
    fn depthwise(&mut self) -> Id<Module> {
        let tia = self.inverting("tia", None, 1e4);
        let arrays: Vec<_> = (0..16).map(|_| self.array(10, 1, 0.0)).collect();
        let v_ref = self.v_ref;
        let mut m = self.design.module("kernels");
        let x = m.input("x", Nature::Voltage, 144);
        let y = m.output("y", Nature::Voltage, 16);
        let i = m.net("i", Nature::Current, 16);
        for (c, array) in arrays.into_iter().enumerate() {
            let c = c as u32;
            let rows = vec![wire(x, 9 * c, 9), Slice::Supply(v_ref)];
            m.instance(format!("k{c}"), array).pin("row", rows).pin("col", vec![wire(i, c, 1)]).add();
        }
        m.instance("tia", Element::Module(tia)).array(16).net("x", i).net("y", y).add();
        let kernels = m.finish().unwrap();
        let mut m = self.design.module("depthwise");
        let x = m.input("x", Nature::Voltage, 16);
        let y = m.output("y", Nature::Voltage, 16);
        let taps = memory(&mut m, x, v_ref);
        m.instance("kernels", Element::Module(kernels)).net("x", taps).net("y", y).add();
        m.finish().unwrap()
    }
}

fn memory(m: &mut ModuleBuilder<'_>, x: Id<Net>, v_ref: Id<Supply>) -> Id<Net> {
    let taps = m.net("taps", Nature::Voltage, 144);
    let selects = ["wr_row", "wr_col", "rd_row", "rd_col"].map(|pin| (pin, m.net(pin, Nature::Select, 32)));
    let mut store = m.instance("frame", Element::Store(FrameStore::window(32, 32, 3, 1, 1))).array(16);
    for (pin, net) in selects {
        store = store.net(pin, net);
    }
    store.net("inp", x).net("tap", taps).supply("v_ref", v_ref).add();
    taps
}

fn wire(net: Id<Net>, start: u32, len: u32) -> Slice {
    Slice::Net { net, start, len }
}

fn dense(rows: u32, cols: u32, r_wire: f64) {
    let mut parts = Parts::new();
    let module = parts.dense(rows, cols, r_wire);
    let start = Instant::now();
    let program = Program::compile(&parts.design, module, &Options::default()).unwrap();
    let compiled = start.elapsed().as_secs_f64();
    let vectors: Vec<Vec<f64>> = (0..2048)
        .map(|k| (0..rows).map(|row| V_REF + 1e-3 * f64::from((k * 7 + row) % 100)).collect())
        .collect();
    let start = Instant::now();
    program.run(&vectors).unwrap();
    let run = start.elapsed().as_secs_f64();
    let work = (program.multiply_adds() * vectors.len()) as f64;
    println!(
        "dense {rows} x {cols}, {r_wire} ohm: compiled in {compiled:.2} s, {:.2} GMAC/s",
        work / run * 1e-9
    );
}

fn depthwise() {
    let mut parts = Parts::new();
    parts.design.top = Some(parts.depthwise());
    let evaluator = Evaluator::new(&parts.design, &Options::default()).unwrap();
    let image = |k: usize| {
        let values = (0..16 * 1024).map(|p| V_REF + 1e-3 * ((k + p) % 100) as f64).collect();
        Signals::from_iter([("x".to_string(), Matrix::new(16, values))])
    };
    let work = evaluator.multiply_adds(&image(0)).unwrap() as f64;
    let start = Instant::now();
    evaluator.run_batch(1000, image).unwrap();
    let run = start.elapsed().as_secs_f64();
    println!(
        "depthwise 3 x 3 x 16 on 32 x 32: {:.2} GMAC/s, {:.2} ms an image",
        1e3 * work / run * 1e-9,
        run
    );
}

fn main() {
    dense(577, 1024, 0.0);
    dense(577, 1024, 2.5);
    depthwise();
}
