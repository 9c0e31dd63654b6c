//! Ranges that declarations state, `#[input(range = ..)]` and `#[tia(i_in = ..)]`, as the rule check uses them.

use memloom::erc;
use memloom::ir::Design;
use memloom::prelude::*;
use pretty_assertions::assert_eq;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<2, 1>,
}

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
struct Readout {
    r_f: Ohms,
}

fn readout(kohm: f64) -> Readout {
    Readout { r_f: Ohms::new(kohm * 1e3) }
}

fn findings(design: &Design) -> Vec<(&str, String)> {
    erc::check(design).into_iter().map(|finding| (finding.rule.code, finding.what)).collect()
}

#[test]
fn cells_are_judged_by_the_range_of_a_voltage() {
    const HIGH: Volts = Volts::new(1.1);
    #[module]
    struct Fits {
        #[input(range = 0.7 V ..= HIGH)]
        x: Bus<Voltage, 2>,
        #[output]
        y: Bus<Voltage>,
        #[net]
        i: Bus<Current>,
        #[inst(row = x, col = i)]
        xbar: Weights,
        #[inst(inp = i, out = y)]
        tia: Readout,
    }
    #[module]
    struct Disturbs {
        #[input(range = 0.5 V ..= 1.1 V)]
        x: Bus<Voltage, 2>,
        #[output]
        y: Bus<Voltage>,
        #[net]
        i: Bus<Current>,
        #[inst(row = x, col = i)]
        xbar: Weights,
        #[inst(inp = i, out = y)]
        tia: Readout,
    }
    let g = [[5e-5], [5e-5]];
    let design = elaborate("fits", &Fits { xbar: Weights::program(g), tia: readout(10.0) }).unwrap();
    let x = design.modules[design.top.unwrap()].ports[0].net;
    assert_eq!(design.modules[design.top.unwrap()].nets[x].range, Some((0.7, 1.1)));
    assert_eq!(findings(&design), []);
    // 0.5 V against the virtual ground at 0.9 V.
    let design = elaborate("disturbs", &Disturbs { xbar: Weights::program(g), tia: readout(10.0) }).unwrap();
    assert_eq!(findings(&design), [("ML010", "up to 0.4000 V across a cell, `HfO2` takes 0.2 V".into())]);
}

#[test]
fn amplifiers_are_judged_by_the_range_of_a_current() {
    type Column = Bus<Current>;
    #[module]
    struct Front {
        #[input(range = -20 uA ..= 50 uA)]
        i: Column,
        #[output]
        y: Bus<Voltage>,
        #[inst(inp = i, out = y)]
        tia: Readout,
    }
    // v_ref - r_f i: 0.9 V - 10 kohm * (-20 uA ..= 50 uA) is 0.4 V to 1.1 V.
    let design = elaborate("front", &Front { tia: readout(10.0) }).unwrap();
    assert_eq!(findings(&design), []);
    let design = elaborate("front", &Front { tia: readout(20.0) }).unwrap();
    let wanted = "its inputs ask for -0.1000 V to 1.3000 V, `Ota` gives 0.1 V to 1.7 V";
    assert_eq!(findings(&design), [("ML011", wanted.into())]);
}

#[test]
fn a_readout_is_judged_by_its_own_range_where_its_current_is_not_known() {
    #[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota, i_in = -50 uA ..= 50 uA)]
    struct Ranged {
        r_f: Ohms,
    }
    #[module]
    struct Open {
        #[input]
        x: Bus<Voltage, 2>,
        #[output]
        y: Bus<Voltage>,
        #[net]
        i: Bus<Current>,
        #[inst(row = x, col = i)]
        xbar: Weights,
        #[inst(inp = i, out = y)]
        tia: Ranged,
    }
    #[module]
    struct Known {
        #[input(range = 0.8 V ..= 1.0 V)]
        x: Bus<Voltage, 2>,
        #[output]
        y: Bus<Voltage>,
        #[net]
        i: Bus<Current>,
        #[inst(row = x, col = i)]
        xbar: Weights,
        #[inst(inp = i, out = y)]
        tia: Ranged,
    }
    let xbar = || Weights::program([[5e-5], [5e-5]]);
    let tia = |kohm: f64| Ranged { r_f: Ohms::new(kohm * 1e3) };
    // 0.9 V -+ 30 kohm * 50 uA; what a value sets is beyond what its declaration could be judged by.
    let design = elaborate("open", &Open { xbar: xbar(), tia: tia(30.0) }).unwrap();
    let found = findings(&design);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("its inputs ask for -0.6000 V to 2.4000 V"), "{found:?}");
    // A known current counts, 100 uS * 0.1 V = 10 uA: 0.9 V -+ 0.3 V.
    assert_eq!(findings(&elaborate("known", &Known { xbar: xbar(), tia: tia(30.0) }).unwrap()), []);
}

#[test]
fn a_negative_conductance_is_told_of_the_sign_schemes() {
    #[module]
    struct Column {
        #[input]
        x: Bus<Voltage, 2>,
        #[output]
        i: Bus<Current>,
        #[inst(row = x, col = i)]
        xbar: Weights,
    }
    let of = |g: f64| elaborate("column", &Column { xbar: Weights::program([[5e-5], [g]]) }).unwrap();
    let (negative, large) = (of(-5e-5), of(2e-4));
    let (code, what) = &findings(&negative)[0];
    assert_eq!(*code, "ML004");
    assert!(what.contains("-5e-5 S") && what.contains("write `signed = dual_rail`"), "{what}");
    assert!(!findings(&large)[0].1.contains("signed"));
}
