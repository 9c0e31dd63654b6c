//! Feedback resistors that compensate the finite gain of their op-amps.
//!
//! The op-amp of an inverting stage holds its summing node at `-v / A0` instead of at 0. With `s` siemens at the node
//! beside the feedback, its currents add up to `i + v / r_f = -(v / A0) (s + 1 / r_f)`, so that the stage has the
//! transimpedance `-v / i = r` with `1 / r = (1 + 1 / A0) / r_f + s / A0`. The loss depends on the noise gain
//! `1 + s r_f`, column by column, but not on the signal: another `r_f` undoes it.

/// The op-amp that stages are built around.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amplifier {
    /// Open-loop gain `A0`, V/V, that is compensated; infinite where none is.
    pub(super) gain: f64,
    /// The largest feedback that can be made, ohm.
    pub(super) most: f64,
}

impl Amplifier {
    /// The feedback, ohm, behind which a summing node of `s` siemens has the transimpedance `r`, ohm. Negative or
    /// infinite if no feedback can give it, for the noise gain is as large as the op-amp's own.
    pub(super) fn feedback(self, r: f64, s: f64) -> f64 {
        (1.0 + self.gain.recip()) / (r.recip() - s / self.gain)
    }

    /// The two feedbacks, ohm, of a subtracting pair that has the transimpedance `r` for the current into its second
    /// node, and `-r` for that into its first: that of the first stage, and the other one, which also carries the
    /// first stage's output to the second node. The nodes see `first` and `second` siemens of cells.
    pub(super) fn pair(self, r: f64, (first, second): (f64, f64)) -> (f64, f64) {
        // The second node sees the resistor between the stages, too, which is as large as its feedback.
        let r_f = (1.0 + 2.0 / self.gain) / (r.recip() - second / self.gain);
        (self.feedback(r_f, first), r_f)
    }

    /// The largest transimpedance, ohm, at a summing node of `s` siemens.
    pub(super) fn reach(self, s: f64) -> f64 {
        ((1.0 + self.gain.recip()) / self.most + s / self.gain).recip()
    }

    /// As [`Amplifier::reach`], of a pair.
    pub(super) fn reach_of_pair(self, (first, second): (f64, f64)) -> f64 {
        let r_f = self.reach(first);
        ((1.0 + 2.0 / self.gain) / r_f + second / self.gain).recip()
    }

    /// The feedback of a stage of gain -1 behind an input resistor `r`, ohm.
    pub(super) fn inverter(self, r: f64) -> f64 {
        self.feedback(r, r.recip())
    }

    /// The gain of a follower.
    pub(super) fn follower(self) -> f64 {
        (1.0 + self.gain.recip()).recip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOST: f64 = 1e7;

    /// The output of a stage for the current `i` into its node, by halving the interval in which its currents add up to
    /// nothing.
    fn stage(i: f64, s: f64, r_f: f64, gain: f64) -> f64 {
        let (mut low, mut high) = (-1e9, 1e9);
        for _ in 0..200 {
            let v = 0.5 * (low + high);
            let node = -v / gain;
            let into = i - s * node + (v - node) / r_f;
            if into > 0.0 { high = v } else { low = v }
        }
        0.5 * (low + high)
    }

    proptest! {
        #[test]
        fn the_wanted_transimpedance_comes_out(
            r in 1e3f64..1e5, s in 0.0f64..2e-4, first in 0.0f64..2e-4, gain in 50.0f64..1e5, i in -1e-5f64..1e-5,
        ) {
            let amplifier = Amplifier { gain, most: MOST };
            prop_assume!(r * s.max(first) < 0.5 * gain);
            let near = |a: f64, b: f64| (a - b).abs() < 1e-6 * (1.0 + b.abs());
            prop_assert!(near(stage(i, s, amplifier.feedback(r, s), gain), -r * i));
            let inverted = stage(i, r.recip(), amplifier.inverter(r), gain);
            prop_assert!(near(inverted, -r * i));
            let (r_n, r_f) = amplifier.pair(r, (first, s));
            prop_assume!(r_n > 0.0 && r_f > 0.0);
            // With the largest resistors, the largest reach.
            let within = |most: f64| Amplifier { gain, most };
            prop_assert!(near(within(amplifier.feedback(r, s)).reach(s) / r, 1.0));
            let most = r_f.max(r_n);
            let reach = within(most).reach_of_pair((first, s));
            let (n, f) = amplifier.pair(reach, (first, s));
            prop_assert!(reach >= r * (1.0 - 1e-9) && near(n.max(f) / most, 1.0));
            let inverse = stage(i, first, r_n, gain);
            let node = |j: f64| stage(j + inverse / r_f, s + r_f.recip(), r_f, gain);
            prop_assert!(near(node(0.0), r * i));
            prop_assert!(near(node(3.0 * i), -2.0 * r * i));
        }

        #[test]
        fn an_ideal_op_amp_needs_nothing(r in 1e2f64..1e7, s in 0.0f64..1e-2) {
            let ideal = Amplifier { gain: f64::INFINITY, most: MOST };
            prop_assert!((ideal.feedback(r, s) - r).abs() <= 1e-12 * r);
            prop_assert!((ideal.inverter(r) - r).abs() <= 1e-12 * r);
            prop_assert_eq!(ideal.follower(), 1.0);
        }
    }
}
