//! Tiles of any shape against nodal analysis with a dense matrix.

use crate::kit::{numbers, of_span};
use memloom_tile::{Lines, Tile};
use proptest::prelude::*;

/// Column currents by nodal analysis: nodes without resistance between them are merged, the rest is Gauss-Jordan.
fn nodal(rows: usize, cols: usize, g: &[f64], lines: &Lines, volts: &[f64]) -> Vec<f64> {
    // Nodes: row sources, ground, wordlines, bitlines.
    let (ground, first) = (rows, rows + 1);
    let word = |r: usize, c: usize| first + r * cols + c;
    let bit = |r: usize, c: usize| first + rows * cols + r * cols + c;
    // Between each cell and its contact, which is on the side of the bitline.
    let inside = |r: usize, c: usize| first + 2 * rows * cols + r * cols + c;
    let mut resistors = Vec::new();
    for (r, c) in (0..rows).flat_map(|r| (0..cols).map(move |c| (r, c))) {
        resistors.push(match c {
            0 => (r, word(r, 0), lines.wordline + lines.drivers[r]),
            _ => (word(r, c - 1), word(r, c), lines.wordline),
        });
        resistors.push(match r + 1 == rows {
            true => (bit(r, c), ground, lines.bitline + lines.terminations[c]),
            false => (bit(r, c), bit(r + 1, c), lines.bitline),
        });
        resistors.push((inside(r, c), bit(r, c), lines.contact));
    }
    let size = first + 3 * rows * cols;
    let mut same: Vec<usize> = (0..size).collect();
    fn root(same: &[usize], mut node: usize) -> usize {
        while same[node] != node {
            node = same[node];
        }
        node
    }
    for (a, b, _) in resistors.iter().filter(|(_, _, ohms)| *ohms == 0.0) {
        let (a, b) = (root(&same, *a), root(&same, *b));
        same[a.max(b)] = a.min(b);
    }
    let mut a = vec![vec![0.0; size]; size];
    let mut join = |p: usize, q: usize, g: f64| {
        let (p, q) = (root(&same, p), root(&same, q));
        for (p, q) in [(p, q), (q, p)] {
            a[p][p] += g;
            a[p][q] -= g;
        }
    };
    resistors.iter().filter(|(_, _, ohms)| *ohms > 0.0).for_each(|(p, q, ohms)| join(*p, *q, 1.0 / ohms));
    for (r, c) in (0..rows).flat_map(|r| (0..cols).map(move |c| (r, c))) {
        join(word(r, c), inside(r, c), g[r * cols + c]);
    }
    let mut b = vec![0.0; size];
    for node in 0..size {
        if node <= ground || same[node] != node {
            a[node] = vec![0.0; size];
            a[node][node] = 1.0;
            b[node] = if node < ground { volts[node] } else { 0.0 };
        }
    }
    let v = crate::kit::gauss_jordan(a, b);
    let at = |node: usize| v[root(&same, node)];
    let column = |c: usize| (0..rows).map(|r| g[r * cols + c] * (at(word(r, c)) - at(inside(r, c)))).sum();
    (0..cols).map(column).collect()
}

/// Both solvers of a random tile against the reference.
fn check(rows: usize, cols: usize, seed: u64, ohms: [f64; 5], absent: f64, span: f64) {
    let mut next = numbers(seed);
    let mut cell = || if next() < absent { 0.0 } else { 1e-6 * span.powf(next()) };
    let g: Vec<f64> = (0..rows * cols).map(|_| cell()).collect();
    let [wordline, bitline, driver, termination, contact] = ohms;
    let drivers = (0..rows).map(|_| driver * next()).collect();
    let terminations = (0..cols).map(|_| termination * next()).collect();
    let volts: Vec<f64> = (0..rows).map(|_| next() - 0.5).collect();
    let lines = Lines { wordline, bitline, drivers, terminations, contact };
    let tile = Tile::new(rows, cols, g.clone(), &lines).unwrap();
    let want = nodal(rows, cols, &g, &lines, &volts);
    // What rounding may do beside the largest current that one row alone could send.
    let matrix = tile.effective().apply(&volts).unwrap();
    let point = tile.solve(&volts).unwrap();
    let most = g.iter().zip(volts.iter().flat_map(|v| vec![v; cols])).map(|(g, v)| (g * v).abs());
    let unit = most.fold(f64::MIN_POSITIVE, f64::max);
    for (got, want) in matrix.iter().chain(point.currents(&tile)).zip(want.iter().chain(&want)) {
        assert!((got - want).abs() <= 1e-9 * unit, "{rows} x {cols}, {ohms:?}: {got}, not {want}");
    }
    assert!(point.error <= 1e-12, "{rows} x {cols}, {ohms:?}: {}", point.error);
}

#[test]
fn one_cell_by_hand() {
    let lines =
        Lines { wordline: 2.0, bitline: 3.0, drivers: vec![50.0], terminations: vec![1.0], contact: 7.0 };
    let tile = Tile::new(1, 1, vec![1e-3], &lines).unwrap();
    let want = 1.0 / (1000.0 + 2.0 + 3.0 + 50.0 + 1.0 + 7.0);
    assert!((tile.effective().siemens(0, 0) - want).abs() < 1e-18);
    let point = tile.solve(&[0.5]).unwrap();
    assert!((point.cell[0] - 0.5 * want).abs() < 1e-18);
    assert!((point.wordline[0] - (0.5 - 52.0 * 0.5 * want)).abs() < 1e-15);
    assert!((point.bitline[0] - 4.0 * 0.5 * want).abs() < 1e-15);
}

#[test]
fn without_any_resistance_the_matrix_is_the_cells() {
    let g: Vec<f64> = (0..12).map(|k| 1e-6 * f64::from(k)).collect();
    let tile = Tile::new(4, 3, g.clone(), &Lines::default()).unwrap();
    assert_eq!(tile.effective().as_slice(), g);
    assert_eq!(tile.solve(&[0.5; 4]).unwrap().cell, g.iter().map(|g| g * 0.5).collect::<Vec<_>>());
}

#[test]
fn shapes_at_the_edges_of_panels_and_cuts() {
    for (rows, cols) in [(1, 70), (70, 1), (33, 3), (3, 33), (17, 16), (2, 2), (1, 2), (20, 31)] {
        check(rows, cols, (rows * 100 + cols) as u64, [2.0, 3.0, 10.0, 5.0, 8.0], 0.2, 100.0);
    }
}

#[test]
fn columns_and_rows_without_cells_carry_nothing() {
    let (rows, cols) = (6, 5);
    let empty = |row: usize, col: usize| row == 2 || col == 3;
    let cell = |k: usize| if empty(k / cols, k % cols) { 0.0 } else { 1e-4 };
    let tile = Tile::new(rows, cols, (0..rows * cols).map(cell).collect(), &crate::kit::wires(10.0)).unwrap();
    let matrix = tile.effective();
    for (row, col) in (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))) {
        assert_eq!(matrix.siemens(row, col) == 0.0, empty(row, col), "{row} {col}");
    }
    let nothing = Tile::new(rows, cols, vec![0.0; 30], &crate::kit::wires(10.0)).unwrap();
    assert!(nothing.effective().as_slice().iter().all(|g| *g == 0.0));
    let point = nothing.solve(&[1.0; 6]).unwrap();
    assert!(point.cell.iter().all(|i| *i == 0.0) && point.wordline.iter().all(|v| *v == 1.0));
}

#[test]
fn slow_gradients_give_way_to_the_direct_solver() {
    // Cells of 1 mohm between wires of 1 ohm: what the line sweeps leave coupled is nearly everything.
    let (g, volts) = crate::kit::seeded(96, 80, 3, 1e-3, 1e-2);
    let tile = Tile::new(96, 80, g, &crate::kit::wires(1.0)).unwrap();
    let want = tile.effective().apply(&volts).unwrap();
    let point = tile.solve(&volts).unwrap();
    assert!(of_span(point.currents(&tile), &want) < 1e-9);
    assert!(point.error < 1e-9, "{}", point.error);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn random_tiles_match_nodal_analysis(
        rows in 1usize..9, cols in 1usize..9, seed in any::<u64>(),
        ohms in prop::array::uniform5(prop::sample::select(vec![0.0, 1.0, 40.0, 1e4])),
        absent in prop::sample::select(vec![0.0, 0.3, 0.8]), span in prop::sample::select(vec![1.0, 10.0, 1e3]),
    ) {
        check(rows, cols, seed, ohms, absent, span);
    }
}
