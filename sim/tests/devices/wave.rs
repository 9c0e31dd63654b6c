//! Drives.

use memloom::device::Sweep;

/// Points of straight lines: seconds, volts.
pub type Wave = Vec<(f64, f64)>;

/// `periods` of a sweep, `points` straight lines a period.
pub fn sweep(sweep: Sweep, periods: f64, points: usize) -> Wave {
    let count = (periods * points as f64).round() as usize;
    (0..=count)
        .map(|k| {
            let t = sweep.period * k as f64 / points as f64;
            // Exactly 0 V where the sine is.
            (t, if k % (points / 2) == 0 { 0.0 } else { sweep.at(t) })
        })
        .collect()
}

/// `(volts, seconds)` held one after the other, with edges of `edge` seconds between; `points` straight lines a level.
pub fn levels(levels: &[(f64, f64)], edge: f64, points: usize) -> Wave {
    let (mut time, mut wave) = (0.0, vec![(0.0, 0.0)]);
    for (volts, seconds) in levels {
        time += edge;
        wave.push((time, *volts));
        for k in 1..=points {
            wave.push((time + seconds * k as f64 / points as f64, *volts));
        }
        time += seconds;
    }
    wave
}
