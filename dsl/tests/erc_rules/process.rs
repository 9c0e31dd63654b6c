//! What a process can make and drive.

use super::*;
use memloom::erc::Process;

/// A process that the default layer is well within.
const ROOMY: Process = Process { drive: 1e-3, resistor: (1e3, 1e6), capacitance: 2e-3, area: 1e-6 };

fn found(layer: &Layer, process: Option<Process>) -> Vec<Finding> {
    let mut config = Config::new();
    config.limits.process = process;
    erc::check_with(&layer.design(), &config)
}

#[test]
fn without_a_process_nothing_is_looked_for() {
    assert_eq!(found(&Layer { r_f: 1.0, ..Layer::default() }, None), vec![]);
    assert_eq!(found(&Layer::default(), Some(ROOMY)), vec![]);
}

#[test]
fn ml022_a_wordline_beyond_its_driver() {
    // 100 uS at the cells' 0.2 V draws 20 uA.
    let findings = found(&Layer::default(), Some(Process { drive: 19e-6, ..ROOMY }));
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML022"], "Net.first.xbar"));
    assert_eq!(
        findings[0].what,
        "wordline 1 draws 0.020 mA at 0.2 V, an op-amp of the process drives 0.019 mA"
    );
    assert_eq!(found(&Layer::default(), Some(Process { drive: 21e-6, ..ROOMY })), vec![]);
}

#[test]
fn ml023_a_resistor_that_is_none() {
    let findings = found(&Layer::default(), Some(Process { resistor: (2e4, 1e6), ..ROOMY }));
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML023"], "Net.first.tia"));
    assert_eq!(findings[0].what, "a resistor of 1.0000e4 ohm; the process has 2.0000e4 to 1.0000e6 ohm");
    assert_eq!(codes(&found(&Layer::default(), Some(Process { resistor: (10.0, 5e3), ..ROOMY }))), ["ML023"]);
}

#[test]
fn ml024_capacitors_larger_than_the_chip() {
    // 1 pF at 2 fF/um2 is 500 um2.
    let of = |area: f64| found(&Layer::default(), Some(Process { area, ..ROOMY }));
    assert_eq!(of(510e-12), vec![]);
    let findings = of(490e-12);
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML024"], "Net"));
    let what =
        "capacitors of 1.000e-12 F, of them 0.000e0 F in sample-and-holds, take 0.0005 mm2 of 0.0005 mm2";
    assert_eq!(findings[0].what, what);
}
