//! The cells of sky130 in ngspice against what is kept of them, and against what is worked out by hand.

use memloom_silicon::characterise::Characterise;
use memloom_sky130::{Condition, measured};
use std::time::Duration;

fn typical(cells: &[&str]) -> Condition {
    Characterise::new(Duration::from_secs(300)).unwrap().condition("tt", 27.0, cells).unwrap()
}

/// Each value is what the repository says, to a part in a thousand: ngspice's own tolerance.
fn as_kept(found: &Condition) {
    let kept = measured();
    let kept = kept.at("tt", 27.0).unwrap();
    for (cell, values) in &found.cells {
        assert_eq!(values.len(), kept.cells[cell].len());
        for (name, value) in values {
            let kept = kept.value(cell, name).unwrap();
            assert!((value - kept).abs() <= 1e-3 * kept.abs() + 1e-9, "{cell}.{name}: {value}, kept {kept}");
        }
    }
}

#[test]
fn the_amplifier_is_as_kept_and_as_worked_out() {
    let found = typical(&["ota"]);
    as_kept(&found);
    let of = |name: &str| found.value("ota", name).unwrap();
    // The tail current of 8 fingers at 5 uA charges 4 pF; the tail's output resistance adds to it, and the load's current
    // flows beside it.
    let slew = 8.0 * 5e-6 / 4e-12;
    for way in ["slew_up", "slew_down"] {
        assert!((of(way) / slew - 1.0).abs() < 0.35, "{way}: {}, by hand {slew}", of(way));
    }
    // Fingers at 5 uA: tail 8, output 52, bias 2.
    let supply = 62.0 * 5e-6;
    assert!((of("supply_current") / supply - 1.0).abs() < 0.05, "{}", of("supply_current"));
    // A weakly inverted pair of half the tail current each has at most I / (n V_T) of transconductance, n = 1.
    let most = 20e-6 / 0.02587 / (2.0 * std::f64::consts::PI * 4e-12);
    assert!(of("gbw") < most && of("gbw") > 0.3 * most, "{}, at most {most}", of("gbw"));
    assert!(of("gain_unloaded") > of("gain") && of("phase_margin") > 60.0);
    // What a transimpedance amplifier of 10 kohm takes is its swing over 10 kohm.
    let sunk = (0.9 - of("swing_low")) / 10e3;
    assert!((of("sink") / sunk - 1.0).abs() < 0.05, "{}, by hand {sunk}", of("sink"));
}

#[test]
fn the_activations_are_as_kept_and_within_their_bounds() {
    let found = typical(&["relu", "hard_swish"]);
    as_kept(&found);
    // Of the span over -4 to 4.
    assert!(found.value("relu", "error").unwrap() < 0.01);
    // Six pieces are off by 3/64 of a unit at most, of 4.375 that the function spans.
    let pieces = 3.0 / 64.0 / 4.375;
    let error = found.value("hard_swish", "error").unwrap();
    assert!(error > 0.9 * pieces && error < 0.02, "{error}, of the pieces alone {pieces}");
}
