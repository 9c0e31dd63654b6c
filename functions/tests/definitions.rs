//! Each function is held to what its file says of it: text, turning points and kernel against the exact value.

mod text;

use memloom_functions::{ALL, Activation, Voice};
use proptest::prelude::*;

const VOICE: Voice = Voice { x: "x", parameter: ("", "") };

/// Every function, those with a parameter also at the ends of its range.
fn variants() -> Vec<Activation> {
    let more = ALL.iter().flat_map(|f| {
        let ends = f.definition().parameter.map(|p| [p.range.0, p.range.1]);
        ends.into_iter().flatten().map(|end| f.with(end).expect("an end is inside"))
    });
    ALL.iter().copied().chain(more).collect()
}

#[test]
fn names_are_plain_and_unique() {
    for (k, f) in ALL.iter().enumerate() {
        assert!(f.name().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{f}");
        assert!(ALL[..k].iter().all(|other| other.name() != f.name()), "{f} twice");
        assert_eq!(Activation::find(f.name()), Some(*f));
    }
}

#[test]
fn homogeneous_is_what_scales_with_its_variable() {
    for f in variants() {
        let scales = |a: f64, x: f64| (f.at(a * x) - a * f.at(x)).abs() <= 1e-12 * (a * f.at(x)).abs();
        let always = [0.01, 0.5, 3.0, 100.0]
            .iter()
            .all(|a| [-7.0, -1.0, 0.0, 0.3, 2.0].iter().all(|x| scales(*a, *x)));
        assert_eq!(f.definition().homogeneous, always, "{f}");
    }
}

#[test]
fn values_as_the_papers_have_them() {
    // Computed with mpmath 1.3 to 20 digits: 1/(1+exp(-1)), tanh(1), silu(1), gelu(1), silu and gelu at -1.
    for (name, x, wanted) in [
        ("hard_swish", 1.0, 2.0 / 3.0),
        ("hard_sigmoid", -1.5, 0.25),
        ("relu", -2.0, 0.0),
        ("identity", -2.0, -2.0),
        ("relu6", 7.5, 6.0),
        ("leaky_relu", -2.0, -0.02),
        ("sigmoid", 1.0, 0.731_058_578_630_004_9),
        ("tanh", 1.0, 0.761_594_155_955_764_9),
        ("silu", 1.0, 0.731_058_578_630_004_9),
        ("silu", -1.0, -0.268_941_421_369_995_1),
        ("gelu", 1.0, 0.841_344_746_068_542_9),
        ("gelu", -1.0, -0.158_655_253_931_457_05),
    ] {
        let got = Activation::find(name).expect(name).at(x);
        assert!((got - wanted).abs() <= 2e-16 * wanted.abs().max(1.0), "{name}({x}) = {got}, not {wanted}");
    }
}

#[test]
fn a_parameter_outside_its_range_is_refused() {
    let leaky = Activation::find("leaky_relu").unwrap();
    let said = leaky.with(1.5).unwrap_err().to_string();
    assert_eq!(said, "`slope` of `leaky_relu` lies between 0 and 1; write a value inside");
    assert!(leaky.with(f64::NAN).is_err());
    assert!(Activation::find("relu").unwrap().with(0.1).unwrap_err().to_string().contains("no parameter"));
}

proptest! {
    #[test]
    fn the_text_is_the_function(x in -60.0..60.0_f64) {
        for f in variants() {
            let text = f.text(VOICE);
            let value = text::evaluate(&text, &|name| match f.parameter() {
                _ if name == "x" => Some(x),
                Some((parameter, value)) if name == parameter => Some(value),
                _ => None,
            });
            let value = value.unwrap();
            let allowed = f.definition().text_error * (1.0 + x.abs());
            prop_assert!((value - f.at(x)).abs() <= allowed, "{f}({x}): {value}, not {}", f.at(x));
        }
    }

    #[test]
    fn between_turning_points_it_is_monotone(a in -12.0..12.0_f64, width in 0.0..24.0_f64, part in 0.0..1.0_f64) {
        let (low, high) = (a, a + width);
        for f in variants() {
            let (least, most) = f.range(low, high);
            let y = f.at(low + part * width);
            let rounding = 1e-15 * (1.0 + y.abs());
            prop_assert!(least - rounding <= y && y <= most + rounding, "{f} on {low} to {high}: {y}");
        }
    }

    #[test]
    fn the_kernel_is_the_function(x in -60.0..60.0_f32) {
        for f in variants() {
            let Some(gate) = f.definition().gate else { continue };
            let sum = (x + gate.shift).clamp(gate.low, gate.high);
            let y = f64::from(if gate.gated { x * sum } else { sum }) / gate.divisor;
            prop_assert!((y - f.at(x.into())).abs() <= 1e-5 * (1.0 + y.abs()), "{f}({x}): {y}");
        }
    }
}

#[test]
fn turning_points_are_where_the_slope_changes_sign() {
    for f in ALL {
        for turn in f.definition().turns {
            let step = 1e-3;
            let (before, after) = (f.at(*turn) - f.at(turn - step), f.at(turn + step) - f.at(*turn));
            assert!(before * after <= 0.0, "{f} at {turn}: {before} then {after}");
        }
    }
}
