//! Crossbars whose lines have more than one kind of resistance, and capacitance: in simulators against nodal analysis.

use super::*;
use memloom_ir::units::{Farads, Ohms};

/// Every resistance, each another.
fn unequal() -> Parasitics {
    Parasitics {
        r_wordline: Ohms::new(30.0),
        r_bitline: Ohms::new(7.0),
        r_driver: Ohms::new(200.0),
        r_sense: Ohms::new(90.0),
        r_contact: Ohms::new(450.0),
        ..Parasitics::NONE
    }
}

/// Each of them alone, and pairs that share nodes.
fn some() -> Vec<Parasitics> {
    let all = unequal();
    let none = Parasitics::NONE;
    vec![
        all,
        Parasitics { r_wordline: all.r_wordline, ..none },
        Parasitics { r_bitline: all.r_bitline, r_contact: all.r_contact, ..none },
        Parasitics { r_driver: all.r_driver, ..none },
        Parasitics { r_sense: all.r_sense, r_wordline: all.r_wordline, ..none },
        Parasitics { r_contact: all.r_contact, ..none },
        Parasitics { r_driver: all.r_driver, r_sense: all.r_sense, r_contact: all.r_contact, ..none },
    ]
}

/// Bitline voltages of a loaded crossbar by nodal analysis: nodes without resistance between them are merged, the rest is
/// dense elimination.
pub(super) fn nodal(g: &[&[f32]], parasitics: &Parasitics, x: &[f64]) -> Vec<f64> {
    let (rows, cols) = (g.len(), g[0].len());
    // Nodes that are driven, then ends of lines, then three for each cross-point.
    let (v_ref, start, end, port) = (rows, rows + 1, 2 * rows + 1, 2 * rows + 1 + cols);
    let first = port + cols;
    let at = |kind: usize, i: usize, j: usize| first + (kind * rows + i) * cols + j;
    let [wordline, bitline, driver, sense, contact] = parasitics.resistances().map(|(_, ohms)| ohms);
    let mut resistors = Vec::new();
    (0..rows).for_each(|i| resistors.push((i, start + i, driver)));
    for (i, j) in (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))) {
        let (word, bit, cell) = (at(0, i, j), at(1, i, j), at(2, i, j));
        resistors.push((if j == 0 { start + i } else { at(0, i, j - 1) }, word, wordline));
        resistors.push((bit, if i + 1 == rows { end + j } else { at(1, i + 1, j) }, bitline));
        resistors.push((word, cell, 1.0 / siemens(g[i][j])));
        resistors.push((cell, bit, contact));
    }
    for j in 0..cols {
        resistors.push((end + j, port + j, sense));
        resistors.push((port + j, v_ref, 1e3));
    }
    let size = at(3, 0, 0);
    let mut same: Vec<usize> = (0..size).collect();
    for (a, b, _) in resistors.iter().filter(|(.., ohms)| *ohms == 0.0) {
        let (kept, gone) = (same[*a].min(same[*b]), same[*a].max(same[*b]));
        same.iter_mut().filter(|node| **node == gone).for_each(|node| *node = kept);
    }
    let mut m = vec![vec![0.0; size + 1]; size];
    for (a, b, ohms) in resistors.iter().filter(|(.., ohms)| *ohms > 0.0 && ohms.is_finite()) {
        for (a, b) in [(same[*a], same[*b]), (same[*b], same[*a])] {
            m[a][a] += 1.0 / ohms;
            m[a][b] -= 1.0 / ohms;
        }
    }
    for node in 0..size {
        let lone = m[node].iter().all(|x| *x == 0.0);
        if node <= v_ref || lone {
            m[node] = vec![0.0; size + 1];
            m[node][node] = 1.0;
            m[node][size] = if node < v_ref { x[node] } else { V_REF };
        }
    }
    for k in 0..size {
        let (above, below) = m.split_at_mut(k + 1);
        let pivot = &above[k];
        for row in below.iter_mut().filter(|row| row[k] != 0.0) {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(pivot).for_each(|(a, p)| *a -= factor * p);
        }
    }
    let mut v = vec![0.0; size];
    for k in (0..size).rev() {
        let known: f64 = (k + 1..size).map(|c| m[k][c] * v[c]).sum();
        v[k] = (m[k][size] - known) / m[k][k];
    }
    (0..cols).map(|j| v[same[port + j]]).collect()
}

#[test]
fn every_resistance_drops_what_nodal_analysis_says() {
    let vectors = vec![vec![0.2, 0.9, 1.0, 1.1, 0.5, 0.6, 0.7, 0.8], vec![1.0; 8]];
    let mut seen = Vec::new();
    for parasitics in some() {
        let design = loaded_crossbar(&WEIGHTS, parasitics);
        seen.push(nodal(&WEIGHTS, &parasitics, &vectors[0]));
        for dialect in simulated() {
            let deck = dc_deck(dialect, &design, design.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
            let raw = run(dialect, &deck);
            for (k, vector) in vectors.iter().enumerate() {
                for (node, v) in deck.outputs.iter().zip(nodal(&WEIGHTS, &parasitics, vector)) {
                    let follower = (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN);
                    let what = format!("{} {node}: {parasitics:?}", dialect.name());
                    close(raw.column(node)[k], follower, 1e-9, &what);
                }
            }
        }
    }
    // Each shows.
    let ideal = nodal(&WEIGHTS, &Parasitics::NONE, &vectors[0]);
    assert!(seen.iter().all(|v| v.iter().zip(&ideal).any(|(a, b)| (a - b).abs() > 1e-6)), "{seen:?}");
}

/// A corner of any of them is one line of the netlist: no new build.
#[test]
fn each_resistance_is_a_parameter() {
    let (g, x): ([&[f32]; 3], _) = ([&[1e-5, 2e-5], &[1e-4, 5e-5], &[3e-5, 8e-5]], vec![0.8, 1.0, 1.1]);
    let design = loaded_crossbar(&g, unequal());
    let corner = Parasitics { r_driver: Ohms::new(900.0), r_bitline: Ohms::new(60.0), ..unequal() };
    for (dialect, word) in simulated().zip([".param", "parameters"]) {
        let top = design.top.unwrap();
        let mut deck = dc_deck(dialect, &design, top, std::slice::from_ref(&x), Circuit::Embedded).unwrap();
        for (name, before, after) in [("r_driver", 200, 900), ("r_bitline", 7, 60)] {
            let declared = format!("\n{word} ml_{name}={before}\n");
            assert_eq!(deck.text.matches(&declared).count(), 1, "{}", deck.text);
            deck.text = deck.text.replace(&declared, &format!("\n{word} ml_{name}={after}\n"));
        }
        let raw = run(dialect, &deck);
        for (node, v) in deck.outputs.iter().zip(nodal(&g, &corner, &x)) {
            close(raw.column(node)[0], (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN), 1e-9, dialect.name());
        }
    }
}

/// At DC capacitors are open: in both simulators nothing changes, and both take what is printed.
#[test]
fn capacitors_change_nothing_at_dc() {
    let (c_wire, c_cell) = (Farads::new(0.2e-15), Farads::new(0.1e-15));
    let x = vec![vec![0.2, 0.9, 1.0, 1.1, 0.5, 0.6, 0.7, 0.8]];
    for parasitics in [unequal(), Parasitics::NONE] {
        let mut loaded = loaded_crossbar(&WEIGHTS, Parasitics { c_wire, c_cell, ..parasitics });
        let ota = loaded.op_amps.find("Ota").unwrap();
        loaded.op_amps[ota].c_in = 2e-12;
        for dialect in simulated() {
            let deck = dc_deck(dialect, &loaded, loaded.top.unwrap(), &x, Circuit::Embedded).unwrap();
            let raw = run(dialect, &deck);
            for (node, v) in deck.outputs.iter().zip(nodal(&WEIGHTS, &parasitics, &x[0])) {
                close(raw.column(node)[0], (0.9 + GAIN * (v + 1e-3)) / (1.0 + GAIN), 1e-9, dialect.name());
            }
        }
    }
}
