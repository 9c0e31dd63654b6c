//! What holds for every tile of resistors.

use crate::kit::{numbers, of_span, seeded, square, wires};
use memloom_tile::{Lines, Tia, Tile};
use proptest::prelude::*;

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[test]
fn threads_do_not_change_a_bit() {
    let (tile, volts) = square(150, 5, 1e3, 1e5);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let matrix = tile.effective();
            let product = matrix.apply(&[volts.clone(), volts.clone()].concat()).unwrap();
            let point = tile.solve(&volts).unwrap();
            let ports = tile.ports();
            let between = (1..300).map(|line| ports.between(0, line)).collect::<Vec<_>>();
            [matrix.as_slice(), &product, &point.wordline, &point.along_bitline, &between].map(bits)
        })
    };
    let one = run(1);
    assert!(one == run(2) && one == run(5));
}

#[test]
fn both_solvers_agree_on_large_tiles() {
    for (rows, cols, low, high) in
        [(200, 300, 1e5, 1e6), (260, 130, 1e3, 1e3), (128, 128, 10.0, 1e4), (130, 260, 10.0, 10.0)]
    {
        let (g, volts) = seeded(rows, cols, 17, low, high);
        let lines =
            Lines { drivers: vec![20.0], terminations: vec![3.0], wordline: 1.0, bitline: 2.0, contact: 0.5 };
        let tile = Tile::new(rows, cols, g, &lines).unwrap();
        let matrix = tile.effective().apply(&volts).unwrap();
        let apart = of_span(tile.solve(&volts).unwrap().currents(&tile), &matrix);
        assert!(apart < 1e-11, "{rows} x {cols}: {apart}");
    }
}

#[test]
fn a_transposed_tile_has_the_transposed_matrix() {
    // Reciprocity: with rows and columns exchanged, and both read from the corner they share.
    let (rows, cols) = (40, 57);
    let (g, _) = seeded(rows, cols, 8, 1e3, 1e5);
    let lines =
        Lines { wordline: 1.5, bitline: 4.0, drivers: vec![30.0], terminations: vec![7.0], contact: 2.0 };
    let turned =
        Lines { wordline: 4.0, bitline: 1.5, drivers: vec![7.0], terminations: vec![30.0], contact: 2.0 };
    let other = (0..rows * cols).map(|k| g[(rows - 1 - k % rows) * cols + cols - 1 - k / rows]).collect();
    let tile = Tile::new(rows, cols, g, &lines).unwrap().effective();
    let other = Tile::new(cols, rows, other, &turned).unwrap().effective();
    for (row, col) in (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))) {
        let (a, b) = (tile.siemens(row, col), other.siemens(cols - 1 - col, rows - 1 - row));
        assert!((a - b).abs() <= 1e-12 * a, "{row} {col}: {a} {b}");
    }
}

#[test]
fn currents_balance_at_every_node_and_power_is_lost() {
    let (rows, cols) = (45, 38);
    let (g, volts) = seeded(rows, cols, 21, 500.0, 1e5);
    let lines =
        Lines { wordline: 3.0, bitline: 2.0, drivers: vec![15.0], terminations: vec![4.0], contact: 0.0 };
    let tile = Tile::new(rows, cols, g, &lines).unwrap();
    let point = tile.solve(&volts).unwrap();
    let cell_loss: f64 =
        point.cell.iter().zip(point.wordline.iter().zip(&point.bitline)).map(|(i, (v, u))| i * (v - u)).sum();
    let mut wire_loss = 0.0;
    for (row, col) in (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))) {
        let at = row * cols + col;
        let left = if col == 0 { volts[row] } else { point.wordline[at - 1] };
        let below = if row + 1 == rows { 0.0 } else { point.bitline[at + cols] };
        wire_loss += point.along_wordline[at] * (left - point.wordline[at]);
        wire_loss += point.along_bitline[at] * (point.bitline[at] - below);
    }
    let given: f64 = (0..rows).map(|row| volts[row] * point.along_wordline[row * cols]).sum();
    assert!(((cell_loss + wire_loss) / given - 1.0).abs() < 1e-12, "{cell_loss} {wire_loss} {given}");
    let (in_all, out): (f64, f64) =
        ((0..rows).map(|row| point.along_wordline[row * cols]).sum(), point.currents(&tile).iter().sum());
    assert!((in_all / out - 1.0).abs() < 1e-13);
}

#[test]
fn precision_holds_over_many_decades() {
    // Series of three: whatever the wires, a 1 x 1 tile is exact; so is each cell of a tile of zero wires.
    for exponent in (-60..=60).step_by(12) {
        let ohms = 10f64.powi(exponent);
        for g in [1e-60, 1e-12, 1e-6, 1.0, 1e60] {
            let tile = Tile::new(1, 1, vec![g], &wires(ohms)).unwrap();
            let want = (1.0 / g + 2.0 * ohms).recip();
            let got = tile.effective().siemens(0, 0);
            assert!((got / want - 1.0).abs() < 1e-14, "{ohms} ohm, {g} S: {got}, not {want}");
            let point = tile.solve(&[0.5]).unwrap();
            assert!(point.cell[0].is_finite() && point.error.is_finite(), "{ohms} ohm, {g} S");
        }
    }
}

#[test]
fn wires_that_let_nothing_through_give_honest_small_numbers() {
    for ohms in [1e9, 1e15, 1e30, 1e60] {
        let (g, volts) = seeded(24, 20, 4, 1e3, 1e6);
        let tile = Tile::new(24, 20, g, &wires(ohms)).unwrap();
        let matrix = tile.effective();
        // No cell can pass more than its two segments, nor less than nothing.
        assert!(matrix.as_slice().iter().all(|g| (0.0..=0.5 / ohms * 1.000001).contains(g)), "{ohms}");
        // The nearest cell does pass that.
        let nearest = matrix.siemens(23, 0) * ohms;
        assert!(nearest > 0.1, "{ohms}: {nearest}");
        let point = tile.solve(&volts).unwrap();
        let apart = of_span(point.currents(&tile), &matrix.apply(&volts).unwrap());
        assert!(apart < 1e-9, "{ohms}: {apart}");
    }
}

#[test]
fn a_tia_of_finite_gain_is_a_resistance_and_a_gain() {
    // One cell, by hand: i = x / (R + R_f / (1 + A)), out = -A v_minus.
    let tia = Tia { r_f: 1e4, gain: 100.0 };
    let lines = Lines { terminations: vec![tia.input_resistance()], ..Lines::default() };
    let matrix = Tile::new(1, 1, vec![1e-3], &lines).unwrap().effective().amplified(tia);
    let v_minus = 0.2 * (1e4 / 101.0) / (1e3 + 1e4 / 101.0);
    assert!((matrix.siemens(0, 0) * 0.2 + 100.0 * v_minus).abs() < 1e-13);
    let ideal = Tia { r_f: 1e4, gain: f64::INFINITY };
    assert_eq!((ideal.input_resistance(), ideal.transfer()), (0.0, -1e4));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn more_resistance_means_less_current(
        rows in 1usize..12, cols in 1usize..12, seed in any::<u64>(), ohms in 0.0f64..100.0, more in 0.1f64..100.0,
        which in 0usize..5,
    ) {
        let (g, _) = seeded(rows, cols, seed, 1e3, 1e5);
        let mut next = numbers(seed ^ 1);
        let lines = |extra: [f64; 5]| Lines {
            wordline: ohms + extra[0],
            bitline: ohms + extra[1],
            drivers: vec![extra[2]],
            terminations: vec![extra[3]],
            contact: extra[4],
        };
        let mut extra = [0.0; 5];
        let before = Tile::new(rows, cols, g.clone(), &lines(extra)).unwrap();
        extra[which] = more * next().max(0.1);
        let after = Tile::new(rows, cols, g.clone(), &lines(extra)).unwrap();
        let (before, after) = (before.effective(), after.effective());
        for (k, g) in g.iter().enumerate() {
            let (a, b) = (before.as_slice()[k], after.as_slice()[k]);
            // All transfers are positive: currents that leave through a column are what the rows gave.
            prop_assert!(a > 0.0 && b > 0.0);
            prop_assert!(a.is_finite() && *g > 0.0);
        }
        // All rows at one voltage: every column's current falls.
        let drive = vec![1.0; rows];
        let (a, b) = (before.apply(&drive).unwrap(), after.apply(&drive).unwrap());
        let total = |currents: &[f64]| currents.iter().sum::<f64>();
        prop_assert!(total(&b) < total(&a) * (1.0 + 1e-12), "{} {}", total(&a), total(&b));
        let ideal: f64 = g.iter().sum();
        prop_assert!(total(&a) <= ideal * (1.0 + 1e-12));
    }
}
