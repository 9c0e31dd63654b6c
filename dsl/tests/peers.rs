//! What other circuit generators emit without a word, memloom refuses: a test for each. The mistakes that the compiler
//! sees are cases of the compile-fail suite, whose texts are looked at here.

use memloom::prelude::*;

/// What the compiler says of a case of `tests/ui`.
fn said(case: &str) -> String {
    let path = format!("tests/ui/{case}.stderr");
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[track_caller]
fn refused(case: &str, token: &str, text: &str) {
    let said = said(case);
    assert!(said.starts_with("error"), "{said}");
    assert!(said.contains(text), "{said}");
    // The caret is under the user's own token.
    let lines: Vec<&str> = said.lines().collect();
    let caret = |pair: &[&str]| {
        let (source, marks) = (pair[0], pair[1]);
        marks.trim_start().starts_with('|')
            && marks.find('^').is_some_and(|at| source.get(at..).is_some_and(|s| s.starts_with(token)))
    };
    assert!(lines.windows(2).any(caret), "no caret under `{token}`:\n{said}");
}

/// Three peers emit "10k volts" for a resistance, and ngspice runs `10kV` as 10 kohm.
#[test]
fn a_resistance_in_volts() {
    refused("units/volts_for_ohms", "kV", "`kV` measures a voltage, `r_f` is a resistance");
    refused("units/spelled_out", "volts", "`volts` is not a unit");
}

/// Hdl21 prints a megohm as `1M`, a milliohm to ngspice. Here it is a number of ohms, and a milliohm is questioned.
#[test]
fn one_megohm_is_not_a_milliohm() {
    #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
    struct Ota;
    #[tia(r_f = 1 Mohm, v_ref = 0.9 V, opamp = Ota)]
    struct Readout;
    assert_eq!(Readout::tia().spec.r_f, 1e6);
    refused("values/absurd_feedback", "1 mohm", "`r_f = 1 mohm` is absurd");
}

/// analogpy emits `R1 p n 0` for a misspelled parameter.
#[test]
fn a_misspelled_parameter() {
    refused("keys/unknown", "v_rfe", "#[tia] has no key `v_rfe`; did you mean `v_ref`?");
}

/// A misspelled net is a new floating net in two of three.
#[test]
fn a_misspelled_net() {
    refused("module/unknown_net", "curent", "the module has no net `curent`; did you mean `current`?");
}

/// Two voltage drivers on a net: accepted by all three.
#[test]
fn two_voltage_drivers_on_a_net() {
    refused("nets/double_driver", "y", "net `y` has more than one driver: `first.out`, `second.out`");
    refused("nets/wire_driven_twice", "y", "net `y[1]` has more than one driver");
}

/// `Out` and `out`: two nets to every peer, one to SPICE.
#[test]
fn names_that_differ_in_case_alone() {
    #[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
    struct Relu;
    #[module]
    struct Folded {
        #[input]
        x: Bus<Voltage>,
        #[output]
        Out: Bus<Voltage>,
        #[output]
        out: Bus<Voltage>,
        #[inst(inp = x, out = Out)]
        a: Relu,
        #[inst(inp = x, out = out)]
        b: Relu,
    }
    let design = elaborate("folded", &Folded { a: Relu, b: Relu }).expect("two names to Rust");
    let findings = memloom::erc::check(&design);
    let clash = findings.iter().find(|f| f.to_string().contains("Out")).expect("a finding");
    assert!(clash.to_string().contains("out"), "{clash}");
}

/// analogpy's writer rounds to six significant digits. A value here is the double nearest to what was written.
#[test]
fn every_digit_counts() {
    const EXACT: Ohms = Ohms::new(12_345.678_901_234_567);
    #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
    struct Ota;
    #[tia(r_f = 12.345678901234567 kohm, v_ref = 0.9 V, opamp = Ota)]
    struct Readout;
    assert_eq!(Readout::tia().spec.r_f, EXACT.get());
}
