//! Crossbars by hand formulas and against a dense nodal solver.

use crate::kit::{GAIN, Kit, V_REF, assert_close, dense_solve, numbers, resistor, wire, wires};
use memloom::functions::HARD_SWISH;
use memloom::ir::{
    CellNetlist, Element, Function, Id, Module, ModuleBuilder, Nature, Net, Parasitics, Slice, siemens,
};
use memloom::units::Ohms;
use memloom_sim::native::{Options, Program, evaluate_module};
use proptest::prelude::*;

const R_F: f64 = 1e4;

/// A crossbar with a TIA per column; `r_source` ohm between each input and its wordline, if not zero.
fn layer(kit: &mut Kit, rows: u32, cols: u32, r_wire: f64, r_source: f64, g: &[f64]) -> Id<Module> {
    let tia = kit.tia(R_F);
    let array = kit.crossbar(rows, cols, r_wire, g);
    kit.module("layer", |m| {
        let x = m.input("x", Nature::Voltage, rows);
        let y = m.output("y", Nature::Voltage, cols);
        let i = m.net("i", Nature::Current, cols);
        let line = if r_source > 0.0 { m.net("line", Nature::Voltage, rows) } else { x };
        for row in (0..rows).filter(|_| r_source > 0.0) {
            resistor(m, &format!("r{row}"), r_source, wire(x, row), wire(line, row));
        }
        m.instance("array", array).net("row", line).net("col", i).add();
        m.instance("tia", Element::Module(tia)).array(cols).net("i", i).net("v", y).add();
    })
}

/// The same layer by nodal analysis on the full grid of wires, every cross-point two nodes, with the op-amp's
/// output as an unknown and `x` as the inputs.
fn nodal(rows: usize, cols: usize, r_wire: f64, r_source: f64, g: &[f64], gain: f64, x: &[f64]) -> Vec<f64> {
    let wired = r_wire > 0.0;
    let on_row = |r: usize, c: usize| if wired { r * cols + c } else { r };
    let first_col = if wired { rows * cols } else { rows };
    let on_col = |r: usize, c: usize| if wired { first_col + r * cols + c } else { first_col + c };
    let first_line = first_col + if wired { rows * cols } else { cols };
    let port = |c: usize| if wired { first_line + rows + c } else { first_col + c };
    let line = |r: usize| if wired { first_line + r } else { r };
    let out = |c: usize| first_line + rows + cols + c;
    let size = out(cols);
    let (mut a, mut b) = (vec![vec![0.0; size]; size], vec![0.0; size]);
    let mut join = |p: usize, q: usize, g: f64| {
        for (p, q) in [(p, q), (q, p)] {
            a[p][p] += g;
            a[p][q] -= g;
        }
    };
    for (r, c) in (0..rows).flat_map(|r| (0..cols).map(move |c| (r, c))) {
        join(on_row(r, c), on_col(r, c), siemens(g[r * cols + c] as f32));
        if wired {
            join(if c == 0 { line(r) } else { on_row(r, c - 1) }, on_row(r, c), 1.0 / r_wire);
            join(on_col(r, c), if r + 1 == rows { port(c) } else { on_col(r + 1, c) }, 1.0 / r_wire);
        }
    }
    (0..cols).for_each(|c| join(port(c), out(c), 1.0 / R_F));
    for r in 0..rows {
        if r_source > 0.0 {
            a[line(r)][line(r)] += 1.0 / r_source;
            b[line(r)] = x[r] / r_source;
        } else {
            a[line(r)] = vec![0.0; size];
            a[line(r)][line(r)] = 1.0;
            b[line(r)] = x[r];
        }
    }
    for c in 0..cols {
        a[out(c)] = vec![0.0; size];
        a[out(c)][out(c)] = 1.0;
        a[out(c)][port(c)] = gain;
        b[out(c)] = V_REF + gain * V_REF;
    }
    // Nodes that the case without wires does not use.
    for (node, row) in a.iter_mut().enumerate() {
        if row.iter().all(|v| *v == 0.0) {
            row[node] = 1.0;
        }
    }
    let solved = dense_solve(a, b);
    (0..cols).map(|c| solved[out(c)]).collect()
}

/// A crossbar on lines with all resistances: every part a resistor of the circuit itself, against the array.
#[test]
fn lines_are_the_resistors_that_they_stand_for() {
    let all = Parasitics {
        r_wordline: Ohms::new(40.0),
        r_bitline: Ohms::new(9.0),
        r_driver: Ohms::new(300.0),
        r_sense: Ohms::new(120.0),
        r_contact: Ohms::new(2e3),
        ..Parasitics::NONE
    };
    let (none, zero) = (Parasitics::NONE, Ohms::new(0.0));
    for parasitics in [
        all,
        Parasitics { r_wordline: zero, ..all },
        Parasitics { r_bitline: zero, r_sense: zero, ..all },
        Parasitics { r_contact: all.r_contact, ..none },
        Parasitics { r_driver: all.r_driver, ..none },
        Parasitics { r_sense: all.r_sense, r_contact: all.r_contact, ..none },
    ] {
        for netlist in [CellNetlist::Resistor, CellNetlist::Device] {
            let (g, x) = random(5, 4, 21, 0.2);
            let mut kit = Kit::new();
            kit.design.cells[kit.cell].netlist = netlist;
            let (tia, array) = (kit.tia(R_F), kit.crossbar(5, 4, 0.0, &g));
            let Element::Crossbar(array) = array else { unreachable!() };
            let array = Element::Crossbar(array.with_parasitics(parasitics));
            let readout = |m: &mut ModuleBuilder<'_>, i| {
                let y = m.output("y", Nature::Voltage, 4);
                m.instance("tia", Element::Module(tia)).array(4).net("i", i).net("v", y).add();
            };
            let whole = kit.module("whole", |m| {
                let (x, i) = (m.input("x", Nature::Voltage, 5), m.net("i", Nature::Current, 4));
                m.instance("array", array).net("row", x).net("col", i).add();
                readout(m, i);
            });
            let parts = kit.module("parts", |m| {
                let (x, i) = (m.input("x", Nature::Voltage, 5), m.net("i", Nature::Current, 4));
                resistors(m, &g, &parasitics, x, i);
                readout(m, i);
            });
            let options = Options { ignore_rails: true, ..Options::default() };
            let got = evaluate_module(&kit.design, whole, &options, std::slice::from_ref(&x)).unwrap();
            let want = evaluate_module(&kit.design, parts, &options, &[x]).unwrap();
            assert_close(&got[0], &want[0], 1e-9);
        }
    }
}

/// The lines, contacts and cells of a crossbar of 5 x 4, one by one.
fn resistors(m: &mut ModuleBuilder<'_>, g: &[f64], parasitics: &Parasitics, x: Id<Net>, i: Id<Net>) {
    let [wordline, bitline, driver, sense, contact] = parasitics.resistances().map(|(_, ohms)| ohms);
    // The next node through a resistor, or the same one.
    let through = |m: &mut ModuleBuilder<'_>, name: String, ohms: f64, from: Slice| {
        if ohms == 0.0 {
            return from;
        }
        let to = m.net(format!("n_{name}"), Nature::Voltage, 1);
        resistor(m, &name, ohms, from, wire(to, 0));
        wire(to, 0)
    };
    let mut bits: Vec<Slice> = (0..4).map(|c| through(m, format!("sense{c}"), sense, wire(i, c))).collect();
    for row in (0..5u32).rev() {
        let mut word = through(m, format!("driver{row}"), driver, wire(x, row));
        for col in 0..4u32 {
            word = through(m, format!("word{row}_{col}"), wordline, word);
            let bit = &mut bits[col as usize];
            *bit = through(m, format!("bit{row}_{col}"), bitline, *bit);
            let g = g[(row * 4 + col) as usize] as f32;
            if g != 0.0 {
                let cell = through(m, format!("contact{row}_{col}"), contact, *bit);
                resistor(m, &format!("cell{row}_{col}"), 1.0 / siemens(g), word, cell);
            }
        }
    }
}

fn random(rows: u32, cols: u32, seed: u64, absent: f64) -> (Vec<f64>, Vec<f64>) {
    let mut next = numbers(seed);
    let g = (0..rows * cols).map(|_| if next() < absent { 0.0 } else { 1e-6 + 99e-6 * next() }).collect();
    (g, (0..rows).map(|_| V_REF + 0.2 * (next() - 0.5)).collect())
}

fn compare(rows: u32, cols: u32, r_wire: f64, r_source: f64, seed: u64, absent: f64) {
    let (g, x) = random(rows, cols, seed, absent);
    let mut kit = Kit::new();
    let module = layer(&mut kit, rows, cols, r_wire, r_source, &g);
    let options = Options { ignore_rails: true, ..Options::default() };
    let got = evaluate_module(&kit.design, module, &options, std::slice::from_ref(&x)).unwrap();
    let want = nodal(rows as usize, cols as usize, r_wire, r_source, &g, GAIN, &x);
    assert_close(&got[0], &want, 1e-9);
}

#[test]
fn a_dual_rail_layer_by_hand() {
    let mut kit = Kit::new();
    let (tia, hard_swish, v_ref) = (kit.tia(R_F), kit.hard_swish, kit.v_ref);
    let weights: [[f64; 3]; 4] = [[0.5, -1.0, 2.0], [-0.25, 0.0, 1.5], [1.0, 1.0, -2.0], [0.75, -0.5, 0.25]];
    let unit = 1e-5;
    // Rows 0..4 carry x, rows 4..8 its mirror about v_ref; a TIA inverts, so positive weights sit on the mirror.
    let mut g = vec![0.0; 24];
    for (row, weights) in weights.iter().enumerate() {
        for (col, w) in weights.iter().enumerate() {
            g[(if *w > 0.0 { row + 4 } else { row }) * 3 + col] = unit * w.abs();
        }
    }
    let array = kit.crossbar(8, 3, 0.0, &g);
    let module = kit.module("layer", |m| {
        let x = m.input("x", Nature::Voltage, 8);
        let y = m.output("y", Nature::Voltage, 3);
        let z = m.output("z", Nature::Voltage, 3);
        let i = m.net("i", Nature::Current, 3);
        m.instance("array", array).net("row", x).net("col", i).add();
        m.instance("tia", Element::Module(tia)).array(3).net("i", i).net("v", y).add();
        let act = m.instance("act", Element::Behaviour(hard_swish)).array(3);
        act.net("inp", y).net("out", z).supply("v_ref", v_ref).add();
    });
    let x = [0.1, -0.2, 0.3, 0.05];
    let inputs: Vec<f64> = x.iter().copied().chain(x.iter().map(|x| -x)).map(|x| V_REF + x).collect();
    let got = evaluate_module(&kit.design, module, &Options::default(), &[inputs]).unwrap().concat();
    for col in 0..3 {
        let product: f64 = (0..4).map(|row| weights[row][col] * x[row]).sum();
        let on_column: f64 = (0..8).map(|row| g[row * 3 + col]).sum();
        let noise_gain = 1.0 + R_F * on_column;
        let v = R_F * unit * product / (1.0 + noise_gain / GAIN);
        assert_close(&[got[col]], &[V_REF + v], 1e-8);
        let z = V_REF + 0.1 * Function::Activation(HARD_SWISH).activation((got[col] - V_REF) / 0.1).unwrap();
        assert_close(&[got[3 + col]], &[z], 1e-14);
    }
}

#[test]
fn wires_and_sources_match_the_full_grid() {
    compare(6, 5, 2.5, 0.0, 1, 0.0);
    compare(5, 7, 40.0, 0.0, 2, 0.5);
    compare(7, 4, 10.0, 500.0, 3, 0.3);
    compare(4, 6, 0.0, 1000.0, 4, 0.2);
}

#[test]
fn a_large_coupled_system_goes_the_sparse_way() {
    // Source resistors couple all lines and op-amps: 60 + 80 + 80 unknowns.
    compare(60, 80, 0.0, 200.0, 5, 0.1);
}

#[test]
fn columns_of_two_tiles_share_a_tia() {
    let (g, x) = random(6, 3, 9, 0.0);
    let mut whole = Kit::new();
    let one = layer(&mut whole, 6, 3, 0.0, 0.0, &g);
    let mut split = Kit::new();
    let tia = split.tia(R_F);
    let tiles = [split.crossbar(2, 3, 0.0, &g[..6]), split.crossbar(4, 3, 0.0, &g[6..])];
    let two = split.module("tiled", |m| {
        let x = m.input("x", Nature::Voltage, 6);
        let y = m.output("y", Nature::Voltage, 3);
        let i = m.net("i", Nature::Current, 3);
        let [first, second] = tiles;
        m.instance("t0", first).pin("row", wires(x, 0, 2)).net("col", i).add();
        m.instance("t1", second).pin("row", wires(x, 2, 4)).net("col", i).add();
        m.instance("tia", Element::Module(tia)).array(3).net("i", i).net("v", y).add();
    });
    let options = Options::default();
    let want = evaluate_module(&whole.design, one, &options, std::slice::from_ref(&x)).unwrap();
    let got = evaluate_module(&split.design, two, &options, &[x]).unwrap();
    assert_close(&got[0], &want[0], 1e-15);
}

#[test]
fn the_largest_cell_voltage_is_seen() {
    let (g, _) = random(3, 2, 11, 0.0);
    let mut kit = Kit::new();
    let module = layer(&mut kit, 3, 2, 0.0, 0.0, &g);
    let options = Options { watch_cells: true, ..Options::ideal() };
    let program = Program::compile(&kit.design, module, &options).unwrap();
    let vectors = [vec![V_REF, V_REF + 0.1, V_REF - 0.05], vec![V_REF - 0.17, V_REF, V_REF]];
    let (_, tally) = program.run_tallied(&vectors).unwrap();
    assert_close(&[tally.cell_volts], &[0.17], 1e-12);
    // A clipped TIA no longer holds its column at v_ref.
    let options = Options { watch_cells: true, ..Options::default() };
    let program = Program::compile(&kit.design, module, &options).unwrap();
    let (_, tally) = program.run_tallied(&[vec![V_REF + 5.0, V_REF, V_REF]]).unwrap();
    assert!(tally.clipped > 0 && tally.cell_volts < 5.0 && tally.cell_volts > 1.0, "{tally:?}");
}

#[test]
fn threads_do_not_change_a_bit() {
    let (g, _) = random(40, 30, 12, 0.2);
    let mut next = numbers(13);
    let vectors: Vec<Vec<f64>> = (0..150).map(|_| (0..40).map(|_| V_REF + 0.1 * next()).collect()).collect();
    let mut kit = Kit::new();
    let module = layer(&mut kit, 40, 30, 3.0, 0.0, &g);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| evaluate_module(&kit.design, module, &Options::default(), &vectors).unwrap())
    };
    let bits = |values: Vec<Vec<f64>>| values.concat().into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let one = bits(run(1));
    assert_eq!(one, bits(run(2)));
    // Nor does the place of a vector in its block.
    let alone = evaluate_module(&kit.design, module, &Options::default(), &vectors[77..78]).unwrap();
    assert_eq!(bits(alone), one[77 * 30..78 * 30]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn random_layers_match_nodal_analysis(
        rows in 1u32..7, cols in 1u32..6, seed in any::<u64>(), wire in 0usize..3, source in 0usize..2,
    ) {
        compare(rows, cols, [0.0, 1.0, 60.0][wire], [0.0, 300.0][source], seed, 0.25);
    }
}
