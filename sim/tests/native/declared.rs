//! What op-amps and cells declare of offset and noise is what a chip draws.

use crate::kit::{Kit, V_REF};
use memloom::ir::{AutoZero, Element, Nature, OpAmp};
use memloom_sim::chip::{Chip, Flicker, NonIdealities};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};

const COUNT: u32 = 4000;

/// Deviation of the outputs of many followers of one input on one chip.
fn spread(amp: impl FnOnce(OpAmp) -> OpAmp, spec: NonIdealities) -> f64 {
    let mut kit = Kit::new();
    let id = kit.op_amp;
    kit.design.op_amps[id] = amp(kit.design.op_amps[id]);
    kit.module("followers", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, COUNT);
        m.instance("amp", Element::OpAmp(id)).array(COUNT).net("inp", x).net("inn", y).net("out", y).add();
    });
    let chip = Chip::new(NonIdealities { seed: 6, ..spec }).unwrap();
    let evaluator = Evaluator::on_chip(&kit.design, &chip, &Options::default()).unwrap();
    let run = evaluator.run(&Signals::from_iter([("x".to_owned(), Matrix::new(1, vec![V_REF]))])).unwrap();
    let values = run.outputs["y"].values();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()
}

fn assert_near(found: f64, wanted: f64) {
    // Five standard errors of a deviation.
    assert!(
        (found / wanted - 1.0).abs() < 5.0 / (2.0 * f64::from(COUNT)).sqrt(),
        "{found:e}, not {wanted:e}"
    );
}

/// No spread but the rounding of a mean.
fn assert_none(found: f64) {
    assert!(found < 1e-12, "{found:e}");
}

const ZEROED: Option<AutoZero> = Some(AutoZero { residual: 2e-5, time: 5e-6 });

#[test]
fn an_op_amp_that_zeroes_its_offset_has_what_that_leaves() {
    let offset = |volts| NonIdealities { offset_sigma: volts, ..NonIdealities::default() };
    assert_near(spread(|amp| amp, offset(3e-3)), 3e-3);
    assert_near(spread(|amp| OpAmp { auto_zero: ZEROED, ..amp }, offset(3e-3)), 2e-5);
    // An op-amp that has less to begin with keeps that; one of a chip without deviations has none.
    assert_near(spread(|amp| OpAmp { auto_zero: ZEROED, ..amp }, offset(1e-5)), 1e-5);
    assert_none(spread(|amp| OpAmp { auto_zero: ZEROED, ..amp }, offset(0.0)));
}

#[test]
fn flicker_is_as_declared_or_as_given_and_zeroed_with_the_offset() {
    let quiet = |amp| OpAmp { noise_density: 1e-8, flicker_corner: 1e5, ..amp };
    // ln(gbw / from) is what 1 / f comes to through a follower.
    let flicker = |from: f64| (1e-16 * 1e5 * (1e7 / from).ln()).sqrt();
    let given = |corner, time| NonIdealities {
        flicker: Flicker { corner: Some(corner), cell: None, time },
        ..NonIdealities::default()
    };
    assert_near(spread(quiet, given(1e5, 100.0)), flicker(0.01));
    assert_near(spread(quiet, given(4e5, 100.0)), 2.0 * flicker(0.01));
    assert_none(spread(quiet, given(1e5, 0.0)));
    assert_none(spread(|amp| OpAmp { auto_zero: ZEROED, ..quiet(amp) }, given(1e5, 100.0)));
    assert_none(spread(quiet, NonIdealities::default()));
    // White noise of a follower comes on top, and is less than a tenth of it here.
    let declared = NonIdealities { noise: true, ..NonIdealities::default() };
    let white = 1e-16 * std::f64::consts::TAU * 1e7 / 4.0;
    assert_near(spread(quiet, declared), (flicker(1.0 / 86_400.0).powi(2) + white).sqrt());
}
