//! What cells and amplifiers see.

use super::*;

#[test]
fn ml010_cell_voltage() {
    let findings = Layer { range: Some((0.9, 1.2)), r_f: 1e3, ..Layer::default() }.findings();
    assert_eq!(codes(&findings), ["ML010"]);
    assert_eq!((findings[0].path.as_str(), findings[0].places), ("Net.first.xbar", 1));
    assert_eq!(findings[0].what, "up to 0.3000 V across a cell, `HfO2` takes 0.2 V");
    assert_eq!(Layer { range: Some((0.7, 1.1)), r_f: 1e3, ..Layer::default() }.findings(), vec![]);
    // Without a declared range there is nothing to judge.
    assert_eq!(Layer { range: None, ..Layer::default() }.findings(), vec![]);
}

#[test]
fn ml010_a_supply_on_a_wordline_needs_no_declaration() {
    let biased = |volts: f64| {
        let mut design = Layer::default().design();
        let layer = design.modules.find("Layer").unwrap();
        let bias = design.supplies.insert("bias", Supply { volts }).unwrap();
        let mut m = design.module("Biased");
        let y = m.output("y", Nature::Voltage, 1);
        let rows = vec![Slice::Supply(bias), Slice::Supply(bias)];
        m.instance("only", Element::Module(layer)).pin("x", rows).net("y", y).add();
        design.top = Some(m.finish().unwrap());
        codes(&erc::check_with(&design, &Config::new().allow("ML014").unwrap()))
    };
    assert_eq!(biased(1.05), [""; 0]);
    assert_eq!(biased(1.15), ["ML010"]);
}

#[test]
fn ml011_a_tia_beyond_its_swing() {
    // 110 uS at 100 mV is 11 uA: 0.9 V + 11 uA 10 kohm = 1.01 V, and 2.0 V at 100 kohm.
    assert_eq!(Layer::default().findings(), vec![]);
    let findings = Layer { r_f: 1e5, ..Layer::default() }.findings();
    assert_eq!(codes(&findings), ["ML011"]);
    assert_eq!(findings[0].path, "Net.first.tia[0].amp");
    assert_eq!(findings[0].what, "its inputs ask for -0.2000 V to 2.0000 V, `Ota` gives 0.1 V to 1.7 V");
}

#[test]
fn ml011_follows_drivers_inverters_and_activations() {
    use memloom::prelude::*;
    #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
    struct Ota;
    #[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
    struct HfO2;
    #[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
    struct Weights {
        g: Conductance<1, 1>,
    }
    #[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
    struct Readout;
    #[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
    struct HardSwish;
    let checked = |high: f64| {
        let mut design = Design::new("chain");
        let weight = Weights::program([[1e-4]]).part(&mut design).unwrap().element;
        let mut m = design.module("Chain");
        let x = m.input_bus::<Voltage>("x", 1);
        m.range(&x, 0.9, high);
        let y = m.output_bus::<Voltage>("y", 1);
        let mut v = x;
        for layer in 0..2 {
            let (i, a) =
                (m.bus::<Current>(format!("i_{layer}"), 1), m.bus::<Voltage>(format!("a_{layer}"), 1));
            m.instance(format!("xbar_{layer}"), weight.clone()).pin("row", &v).pin("col", &i).add();
            m.place(format!("tia_{layer}"), &Readout, memloom::ports::Tia { inp: i.pin(), out: a.pin() });
            v = if layer == 1 { y.clone() } else { m.bus(format!("v_{layer}"), 1) };
            let ports = memloom::ports::Activation { inp: a.pin(), out: v.pin() };
            m.place(format!("act_{layer}"), &HardSwish, ports);
        }
        design.top = Some(m.finish().unwrap());
        erc::check(&design)
    };
    // x = 2 gives hard_swish(-2) = -1/3 at least, -3/8 on the way: the second layer is far from its limits.
    assert_eq!(checked(1.1), vec![]);
    let findings = checked(1.3);
    assert_eq!(codes(&findings), ["ML010"]);
    assert_eq!(findings[0].path, "Chain.xbar_0.array");
    assert!(findings[0].what.starts_with("up to 0.4000 V"), "{}", findings[0].what);
    // The follower clips at 1.7 V; what comes after it is what it can give.
    let findings = checked(1.9);
    assert_eq!(codes(&findings), ["ML010", "ML011"]);
    assert_eq!(findings[1].path, "Chain.xbar_0.driver[0].amp");
}
