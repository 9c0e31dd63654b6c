//! Waveforms as points of straight lines.

/// Levels, each held for its duration in seconds; the line from one to the next takes `edge` seconds from its start.
pub(super) fn pulses(levels: &[(f64, f64)], edge: f64) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(2 * levels.len());
    let mut time = 0.0;
    for (duration, level) in levels {
        if let Some((_, before)) = points.last().copied() {
            points.push((time, before));
            points.push((time + edge, *level));
        } else {
            points.push((0.0, *level));
        }
        time += duration;
    }
    points.push((time, levels.last().map_or(0.0, |(_, level)| *level)));
    points
}

/// A select line that is at 1 V in the ticks that are `high`, but for a guard at either end, so that no two are high
/// at once and a source has settled before a cell follows it.
pub(super) fn selects(ticks: u32, tick: f64, high: impl Fn(u32) -> bool) -> Vec<(f64, f64)> {
    let (guard, edge) = (0.1 * tick, 0.05 * tick);
    let mut points = vec![(0.0, 0.0)];
    for at in (0..ticks).filter(|at| high(*at)) {
        let (start, end) = (f64::from(at) * tick + guard, f64::from(at + 1) * tick - guard);
        points.extend([(start, 0.0), (start + edge, 1.0), (end - edge, 1.0), (end, 0.0)]);
    }
    points.push((f64::from(ticks) * tick, 0.0));
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_back() {
        for points in [pulses(&[(1.0, 0.0), (2.0, 1.0)], 0.1), selects(4, 1.0, |k| k != 1)] {
            assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0), "{points:?}");
        }
        assert_eq!(pulses(&[(1.0, 0.0), (2.0, 1.0)], 0.1), [(0.0, 0.0), (1.0, 0.0), (1.1, 1.0), (3.0, 1.0)]);
    }
}
