//! What is refused, and how it says so.

use crate::kit::wires;
use memloom_tile::{Lines, Tile};

#[track_caller]
fn refused(rows: usize, cols: usize, g: Vec<f64>, lines: &Lines, text: &str) {
    assert_eq!(Tile::new(rows, cols, g, lines).unwrap_err().to_string(), text);
}

#[test]
fn tiles_that_are_none() {
    let plain = Lines::default();
    refused(0, 3, vec![], &plain, "a tile of `0 x 3` has no cells; give it at least one row and one column");
    let text = "a tile of `4000 x 97` has 4097 lines, beyond the 4096 that are solved at once; split it into smaller \
                tiles";
    refused(4000, 97, vec![], &plain, text);
    refused(
        usize::MAX,
        2,
        vec![],
        &plain,
        &text.replace("4000 x 97", &format!("{} x 2", usize::MAX)).replace("4097", &usize::MAX.to_string()),
    );
    refused(2, 3, vec![0.0; 5], &plain, "`5` conductances do not fit the tile; give 6");
}

#[test]
fn numbers_out_of_range() {
    let plain = Lines::default();
    for (bad, shown) in [(-1e-6, "-0.000001"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let text = format!(
            "cell (1, 0) has a conductance of `{shown}` S; give 0 for an absent cell, or a number from 1e-60 to 1e60"
        );
        refused(2, 2, vec![0.0, 0.0, bad, 0.0], &plain, &text);
    }
    let range = "give 0, or a number from 1e-60 to 1e60";
    let text = format!("the wordline segment's resistance is `-1` ohm; {range}");
    refused(1, 1, vec![0.0], &Lines { wordline: -1.0, ..plain.clone() }, &text);
    let text = format!("the bitline segment's resistance is `inf` ohm; {range}");
    refused(1, 1, vec![0.0], &Lines { bitline: f64::INFINITY, ..plain.clone() }, &text);
    let text = format!("the contact's resistance is `-2` ohm; {range}");
    refused(1, 1, vec![0.0], &Lines { contact: -2.0, ..plain.clone() }, &text);
    let text = format!("the resistance of driver 1 is `NaN` ohm; {range}");
    refused(2, 1, vec![0.0; 2], &Lines { drivers: vec![0.0, f64::NAN], ..plain.clone() }, &text);
    let text = "`3` termination resistances do not fit the tile; give 2";
    refused(1, 2, vec![0.0; 2], &Lines { terminations: vec![1.0; 3], ..plain }, text);
}

#[test]
fn voltages_that_do_not_fit() {
    let tile = Tile::new(2, 1, vec![1e-6; 2], &wires(1.0)).unwrap();
    let text = |volts: &[f64]| tile.solve(volts).unwrap_err().to_string();
    assert_eq!(text(&[1.0]), "`1` row voltages do not fit the tile; give 2");
    assert_eq!(text(&[1.0, f64::NAN]), "row 1 is driven with `NaN` V; give a number up to 1e60");
    let error = tile.effective().apply(&[1.0; 3]).unwrap_err();
    assert_eq!(error.to_string(), "`3` row voltages do not fit the tile; give 4");
}
