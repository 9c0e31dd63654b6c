//! An emitted crossbar whose cells are devices starts programmed, and every DC analysis finds it so: in the evaluator,
//! in both simulators, and by Newton's method here.

use crate::bench::{SIMULATORS, Simulator, engine};
use crate::golden::close;
use crate::hysteresis::sets;
use memloom::device::Device;
use memloom::ir::{Cell, CellNetlist, Crossbar, Design, Element, Id, Module, Nature, OpAmp, Supply, Value};
use memloom_codegen::{Circuit, TestBench, dc_deck};
use memloom_sim::external::Limits;
use memloom_sim::external::check::outputs;
use memloom_sim::native::{Options, evaluate_module};

const V_READ: f64 = 0.1;
const GAIN: f64 = 1e5;
const SWING: f64 = 10.0;

/// Numbers of 0 to 1 without a pattern: Weyl's sequence.
fn scattered() -> impl FnMut() -> f64 {
    let mut k = 0.0;
    move || {
        k += 1.0;
        (k * 0.618_033_988_749_894_9f64).fract()
    }
}

/// Conductances over a device's reach at [`V_READ`], of one that spans decades over three of them.
fn targets(device: &Device, count: usize) -> Vec<f32> {
    let (low, high) = device.reach(V_READ);
    let low = low.max(1e-3 * high);
    let mut part = scattered();
    // Targets are single precision: clear of the ends by more than its rounding.
    (0..count).map(|_| (low * (high / low).powf(0.001 + 0.998 * part())) as f32).collect()
}

/// Crossbars of `side` x `side` devices about 0 V on the same wordlines, one for each device, and a TIA on each bitline.
struct Reader {
    design: Design,
    top: Id<Module>,
    side: usize,
    /// Device, conductances and feedback resistor of each crossbar.
    arrays: Vec<(Device, Vec<f32>, f64)>,
}

impl Reader {
    fn new(devices: impl Iterator<Item = Device>, side: usize, r_wire: f64) -> Self {
        let arrays = devices.map(|device| {
            let g = targets(&device, side * side);
            let most = g.iter().fold(0.0f32, |most, g| most.max(*g));
            (device, g, 1.0 / (f64::from(most) * side as f64 * V_READ))
        });
        Self::of(arrays.collect(), side, r_wire)
    }

    fn of(arrays: Vec<(Device, Vec<f32>, f64)>, side: usize, r_wire: f64) -> Self {
        let mut design = Design::new("reader");
        let (gain, swing) = (GAIN, (-SWING, SWING));
        let ota = OpAmp { gain, gbw: 1e9, slew: 1e9, swing, ..OpAmp::PLAIN };
        let ota = design.op_amps.insert("ota", ota).unwrap();
        let zero = design.supplies.insert("zero", Supply { volts: 0.0 }).unwrap();
        let wires = side as u32;
        let cells: Vec<_> = (arrays.iter().enumerate())
            .map(|(k, (device, ..))| {
                let (low, high) = device.reach(V_READ);
                let cell = Cell::new(low.max(1e-3 * high), high, V_READ);
                let cell = Cell { device: *device, netlist: CellNetlist::Device, ..cell };
                design.cells.insert(format!("cell{k}"), cell).unwrap()
            })
            .collect();
        let mut m = design.module("Reader");
        let x = m.input("x", Nature::Voltage, wires);
        for (k, ((_, g, r_f), cell)) in arrays.iter().zip(cells).enumerate() {
            let y = m.output(format!("y{k}"), Nature::Voltage, wires);
            let i = m.net(format!("i{k}"), Nature::Current, wires);
            let array = Element::Crossbar(Crossbar::new(wires, wires, cell, r_wire, g.clone()));
            m.instance(format!("xbar{k}"), array).net("row", x).net("col", i).add();
            let amp = m.instance(format!("amp{k}"), Element::OpAmp(ota)).array(wires);
            amp.supply("inp", zero).net("inn", i).net("out", y).add();
            let resistor = Element::Resistor(Value::Number(*r_f));
            m.instance(format!("r_f{k}"), resistor).array(wires).net("p", i).net("n", y).add();
        }
        let top = m.finish().unwrap();
        design.top = Some(top);
        Self { design, top, side, arrays }
    }

    fn natively(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        evaluate_module(&self.design, self.top, &Options::default(), vectors).unwrap()
    }

    fn simulated(&self, simulator: Simulator, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let dialect: &dyn TestBench = match simulator {
            Simulator::Ngspice => &memloom_codegen::Ngspice,
            Simulator::Vacask => &memloom_codegen::Vacask,
        };
        let dir = tempfile::tempdir().unwrap();
        let deck = dc_deck(dialect, &self.design, self.top, vectors, Circuit::Embedded).unwrap();
        let read = outputs(&*engine(simulator), &deck, vectors.len(), dir.path(), &Limits::default());
        read.unwrap_or_else(|error| panic!("{error}\n{}", deck.text))
    }

    /// Output of every bitline of a reader without wires: for its voltage `v`, Newton's method on
    /// `sum i(x - v) + (-gain v - v) / r_f = 0`.
    fn by_newton(&self, x: &[f64]) -> Vec<f64> {
        let of_array = |(device, g, r_f): &(Device, Vec<f32>, f64)| {
            let states: Vec<_> = g.iter().map(|g| device.state_for(f64::from(*g), V_READ).unwrap()).collect();
            let current = |v: f64, cell: usize| {
                let mut state = states[cell].clone();
                device.settle(v, &mut state);
                device.current(v, &state)
            };
            let of_col = |col: usize| {
                let rest = |v: f64| {
                    let cells = (0..self.side).map(|row| current(x[row] - v, row * self.side + col));
                    cells.sum::<f64>() - (GAIN + 1.0) * v / r_f
                };
                let mut v = 0.0;
                for _ in 0..8 {
                    let h = 1e-7;
                    let step = rest(v) * 2.0 * h / (rest(v + h) - rest(v - h));
                    v -= step;
                    if step.abs() < 1e-9 {
                        break;
                    }
                }
                -GAIN * v
            };
            (0..self.side).map(of_col).collect::<Vec<_>>()
        };
        self.arrays.iter().flat_map(of_array).collect()
    }

    /// Every output of every vector is as wanted, within 1e-6 of the span of its crossbar's.
    fn assert_alike(&self, who: &str, given: &[Vec<f64>], wanted: &[Vec<f64>]) {
        assert_eq!(given.len(), wanted.len());
        for (k, (device, ..)) in self.arrays.iter().enumerate() {
            let of_array = |row: &Vec<f64>| row[k * self.side..][..self.side].to_vec();
            let all: Vec<f64> = wanted.iter().flat_map(of_array).collect();
            let span =
                all.iter().fold(f64::MIN, |a, b| a.max(*b)) - all.iter().fold(f64::MAX, |a, b| a.min(*b));
            for (at, (given, wanted)) in given.iter().flat_map(of_array).zip(&all).enumerate() {
                let error = (given - wanted).abs() / span;
                let (vector, col) = (at / self.side, at % self.side);
                let what = format!("{who}, {} {k}, vector {vector}, column {col}", device.spec().name);
                assert!(error < 1e-6, "{what}: {given} for {wanted}, {error:e} of the span {span}");
            }
        }
    }
}

/// Random vectors within the read range.
fn vectors(count: usize, side: usize) -> Vec<Vec<f64>> {
    let mut part = scattered();
    (0..count).map(|_| (0..side).map(|_| V_READ * (2.0 * part() - 1.0)).collect()).collect()
}

/// Every published set, 8 x 8, 50 random vectors: evaluator, both simulators and Newton's method agree.
#[test]
fn devices_of_every_set_read_alike_everywhere() {
    let vectors = vectors(50, 8);
    for (name, set) in sets() {
        let reader = Reader::new(std::iter::once(set.device), 8, 0.0);
        let wanted: Vec<_> = vectors.iter().map(|x| reader.by_newton(x)).collect();
        reader.assert_alike(&format!("{name} natively"), &reader.natively(&vectors), &wanted);
        for simulator in SIMULATORS {
            let what = format!("{name} in {simulator:?}");
            reader.assert_alike(&what, &reader.simulated(simulator, &vectors), &wanted);
        }
    }
}

/// However many vectors a deck has, and in whichever order: the same again, back, of the other sign. In a sweep of
/// ngspice `time` is the swept value of the point before.
#[test]
fn devices_hold_their_state_in_every_sweep() {
    let reader = Reader::new(sets().map(|(_, set)| set.device), 2, 0.0);
    let (a, b) = (vec![V_READ, 0.3 * V_READ], vec![-0.5 * V_READ, V_READ]);
    let minus: Vec<f64> = a.iter().map(|x| -x).collect();
    let sweeps = [
        vec![&a],
        vec![&a, &a],
        vec![&b, &a],
        vec![&a, &a, &a],
        vec![&a, &b, &a],
        vec![&a, &minus, &b, &minus, &a],
    ];
    for sweep in sweeps {
        let vectors: Vec<Vec<f64>> = sweep.into_iter().cloned().collect();
        let wanted: Vec<_> = vectors.iter().map(|x| reader.by_newton(x)).collect();
        // A sweep of one vector spans too little to measure by.
        let all: Vec<_> = [&a, &b, &minus].into_iter().map(|x| reader.by_newton(x)).collect();
        let with_all = |given: Vec<Vec<f64>>| [given, all.clone()].concat();
        let wanted = with_all(wanted);
        reader.assert_alike("natively", &with_all(reader.natively(&vectors)), &wanted);
        for simulator in SIMULATORS {
            let given = with_all(reader.simulated(simulator, &vectors));
            reader.assert_alike(&format!("{} vectors in {simulator:?}", vectors.len()), &given, &wanted);
        }
    }
}

/// With wires of the order of the devices, which no op-amp holds at a virtual ground.
#[test]
fn devices_between_wires_read_alike() {
    for (name, set) in
        sets().filter(|(name, _)| ["yakopcic", "stanford", "nonlinear"].iter().any(|m| name.starts_with(m)))
    {
        let g_max = set.device.reach(V_READ).1;
        let reader = Reader::new(std::iter::once(set.device), 4, 0.1 / g_max);
        let vectors = vectors(5, 4);
        let natively = reader.natively(&vectors);
        for simulator in SIMULATORS {
            let given = reader.simulated(simulator, &vectors);
            reader.assert_alike(&format!("{name} in {simulator:?}"), &given, &natively);
        }
        let without = Reader::of(reader.arrays.clone(), 4, 0.0).natively(&vectors);
        assert!((without[0][0] / natively[0][0] - 1.0).abs() > 1e-2, "{name}: wires count");
    }
}

/// At the voltage that they were programmed for, devices conduct what was asked of them, and the evaluator takes them
/// for resistors when netlists do.
#[test]
fn at_the_read_voltage_devices_are_their_targets() {
    let mut reader = Reader::new(sets().map(|(_, set)| set.device), 2, 0.0);
    for row in 0..2 {
        let mut x = vec![0.0; 2];
        x[row] = V_READ;
        let given = &reader.natively(&[x])[0];
        for (k, (device, g, r_f)) in reader.arrays.iter().enumerate() {
            for col in 0..2 {
                let siemens = -given[2 * k + col] / (r_f * V_READ);
                close(siemens, f64::from(g[2 * row + col]), 2e-4, device.spec().name);
            }
        }
    }
    let half = vec![vec![0.5 * V_READ; 2]];
    let devices = reader.natively(&half);
    let names: Vec<_> = reader.design.cells.iter().map(|(id, ..)| id).collect();
    names.into_iter().for_each(|id| reader.design.cells[id].netlist = CellNetlist::Resistor);
    let resistors = reader.natively(&half);
    let of = |model: &str| reader.arrays.iter().position(|(d, ..)| d.spec().name == model).unwrap() * 2;
    assert_eq!(devices[0][of("vteam")] as f32, resistors[0][of("vteam")] as f32, "ohmic");
    assert!((devices[0][of("mms")] / resistors[0][of("mms")] - 1.0).abs() > 1e-3, "a rectifying contact");
}

#[test]
fn a_cell_out_of_reach_is_refused_by_its_place() {
    let device = Device::SPECS[0].sets[0].device;
    let (low, high) = device.reach(V_READ);
    let g = [2.0 * low, high, 0.5 * low, high].map(|g| g as f32);
    let reader = Reader::of(vec![(device, g.to_vec(), 1e3)], 2, 0.0);
    let vectors = [vec![0.0, 0.0]];
    let error = dc_deck(&memloom_codegen::Ngspice, &reader.design, reader.top, &vectors, Circuit::Embedded);
    let text = error.unwrap_err().to_string();
    assert!(text.contains("Reader.xbar0") && text.contains("cell (1, 0) cannot be programmed"), "{text}");
    let text =
        evaluate_module(&reader.design, reader.top, &Options::default(), &vectors).unwrap_err().to_string();
    assert!(text.contains("`xbar0`") && text.contains("no state of"), "{text}");
}
