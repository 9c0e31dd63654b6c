//! Slices and concatenations of buses, values of one instance, constants as supplies.

use memloom::ir::{Design, Element, Instance, Module, Slice};
use memloom::prelude::*;

const V_DD: Volts = Volts::new(1.8);

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

/// Each with its own feedback resistor.
#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota, i_in = -50 uA ..= 50 uA)]
struct Readout {
    r_f: Ohms,
}

#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct Swish {
    unit_out: Volts,
}

#[activation(identity, unit = 100 mV, v_ref = 0.9 V)]
struct Buffer {
    unit: Volts,
}

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<2, 2>,
}

fn top(design: &Design) -> &Module {
    &design.modules[design.top.expect("a top")]
}

fn instance<'m>(module: &'m Module, name: &str) -> &'m Instance {
    &module.instances[module.instances.find(name).expect("an instance")]
}

fn wires(module: &Module, net: &str, start: u32, len: u32) -> Slice {
    Slice::Net { net: module.nets.find(net).expect("a net"), start, len }
}

/// Two tiles over halves of the input, their currents summed on one net.
#[module]
struct Tiles {
    #[input]
    x: Bus<Voltage, 3>,
    #[output]
    y: Bus<Voltage, 2>,
    #[net]
    i: Bus<Current, 2>,
    #[inst(row = x[0..2], col = i)]
    left: Weights,
    #[inst(row = [x[2], 0.9 V], col = [i[..1], i[1..]])]
    right: Weights,
    #[inst(inp = i, out = y)]
    tia: [Readout; 2],
}

#[test]
fn slices_and_concatenations_are_wired_in_order() {
    let weights = || Weights::program([[1e-5; 2]; 2]);
    let tia = [Readout { r_f: Ohms::new(1e4) }, Readout { r_f: Ohms::new(1.5e4) }];
    let design = elaborate("tiles", &Tiles { left: weights(), right: weights(), tia }).expect("good");
    let module = top(&design);
    let v_ref = Slice::Supply(design.supplies.find("v_ref").expect("v_ref"));
    assert_eq!(instance(module, "left").pins[0], [wires(module, "x", 0, 2)]);
    let right = &instance(module, "right").pins;
    assert_eq!(right[0], [wires(module, "x", 2, 1), v_ref]);
    assert_eq!(right[1], [wires(module, "i", 0, 1), wires(module, "i", 1, 1)]);
    assert!(memloom::erc::check(&design).is_empty());
}

#[test]
fn a_value_sets_the_parameters_of_its_instance() {
    let weights = || Weights::program([[1e-5; 2]; 2]);
    let tia = |a, b| [Readout { r_f: Ohms::new(a) }, Readout { r_f: Ohms::new(b) }];
    let own = elaborate("t", &Tiles { left: weights(), right: weights(), tia: tia(1e4, 2e4) }).expect("good");
    let tias = instance(top(&own), "tia");
    assert_eq!((tias.count, &tias.args["r_f"]), (2, &vec![1e4, 2e4]));
    let same =
        elaborate("t", &Tiles { left: weights(), right: weights(), tia: tia(3e4, 3e4) }).expect("good");
    assert_eq!(instance(top(&same), "tia").args["r_f"], [3e4]);
    // Alone, the value is the default of its module.
    let alone = elaborate("t", &Readout { r_f: Ohms::new(5e3) }).expect("good");
    assert_eq!(top(&alone).params["r_f"], 5e3);
}

/// Activations that draw 1.0 at other voltages, and a pull-up to a constant.
#[module]
struct Drawn {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    h: Bus<Voltage>,
    #[inst(inp = x, out = h)]
    swish: Swish,
    #[inst(inp = h, out = y)]
    buffer: Buffer,
    #[inst(p = y, n = { V_DD })]
    pull: Resistor,
}

#[test]
fn units_of_one_instance_and_constant_supplies() {
    let drawn = |swish, buffer| Drawn {
        swish: Swish { unit_out: Volts::new(swish) },
        buffer: Buffer { unit: Volts::new(buffer) },
        pull: Resistor(Ohms::new(1e4)),
    };
    let design = elaborate("drawn", &drawn(0.2, 0.05)).expect("good");
    let module = top(&design);
    assert_eq!(instance(module, "swish").args.iter().collect::<Vec<_>>(), [(&"unit_out".into(), &vec![0.2])]);
    let buffer = &instance(module, "buffer").args;
    assert_eq!((&buffer["unit_in"], &buffer["unit_out"]), (&vec![0.05], &vec![0.05]));
    let volts: Vec<f64> = design.supplies.iter().map(|(_, _, s)| s.volts).collect();
    assert_eq!(volts, [0.9, 1.8]);
}

/// Two values that differ in a parameter alone.
#[module]
struct Two {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(x = x[0], y = y[0])]
    a: Drawn,
    #[inst(x = x[1], y = y[1])]
    b: Drawn,
}

#[test]
fn values_with_other_parameters_are_other_modules() {
    let drawn = |volts| Drawn {
        swish: Swish { unit_out: Volts::new(volts) },
        buffer: Buffer { unit: Volts::new(0.1) },
        pull: Resistor(Ohms::new(1e4)),
    };
    let design = elaborate("two", &Two { a: drawn(0.1), b: drawn(0.2) }).expect("good");
    assert_eq!(design.modules.names().collect::<Vec<_>>(), ["Drawn", "Drawn_2", "Two"]);
}

/// Copies that are not alike take their share of a concatenation.
#[module]
struct Shares {
    #[input]
    a: Bus<Voltage, 2>,
    #[input]
    b: Bus<Voltage, 2>,
    #[inst(p = [a[1], b, a[0]], n = ground)]
    load: [Resistor; 4],
}

#[test]
fn unlike_copies_share_a_concatenation() {
    let load = [1e3, 2e3, 3e3, 4e3].map(|ohm| Resistor(Ohms::new(ohm)));
    let design = elaborate("shares", &Shares { load }).expect("good");
    let module = top(&design);
    let p = |name: &str| instance(module, name).pins[0].clone();
    assert_eq!(p("load_0"), [wires(module, "a", 1, 1)]);
    assert_eq!(p("load_2"), [wires(module, "b", 1, 1)]);
    assert_eq!(p("load_3"), [wires(module, "a", 0, 1)]);
    assert!(matches!(instance(module, "load_3").element, Element::Resistor(_)));
}

/// Fields under a condition are there or not as in any struct.
#[module]
struct Conditional {
    #[input]
    x: Bus<Voltage, 1>,
    #[output]
    y: Bus<Voltage, 1>,
    #[cfg(not(test))]
    #[net]
    never: Bus<Voltage, 1>,
    #[cfg(test)]
    #[net]
    always: Bus<Voltage, 1>,
    #[cfg(test)]
    #[inst(p = x, n = always)]
    first: Resistor,
    #[cfg(not(test))]
    #[inst(p = x, n = never)]
    other: Resistor,
    #[inst(p = always, n = y)]
    second: Resistor,
}

#[test]
fn fields_under_a_condition() {
    let r = Resistor(Ohms::new(1e3));
    let design = elaborate("conditional", &Conditional { first: r, second: r }).unwrap();
    let top = &design.modules[design.top.unwrap()];
    assert_eq!(top.instances.names().collect::<Vec<_>>(), ["first", "second"]);
    assert_eq!(top.nets.names().collect::<Vec<_>>(), ["x", "y", "always"]);
}
