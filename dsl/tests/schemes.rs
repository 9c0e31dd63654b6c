//! Unsigned and differential crossbars, arrays of unlike copies, supplies.

use memloom::ir::{Crossbar, Design, Element, Module, Slice};
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Plain {
    g: Conductance<2, 3>,
}

#[crossbar(cell = HfO2, signed = differential)]
struct Pairs {
    g: Conductance<2, 2>,
}

fn top(design: &Design) -> &Module {
    &design.modules[design.top.expect("a top")]
}

fn array(module: &Module) -> &Crossbar {
    match &module.instances[module.instances.find("array").expect("array")].element {
        Element::Crossbar(array) => array,
        other => panic!("{other:?} is not a crossbar"),
    }
}

#[test]
fn an_unsigned_crossbar_is_its_conductances() {
    let design = elaborate("d", &Plain::program([[1e-5, 2e-5, 3e-5], [4e-5, 5e-5, 6e-5]])).expect("good");
    let array = array(top(&design));
    assert_eq!((array.rows(), array.cols()), (2, 3));
    assert_eq!(*array.parasitics(), memloom::ir::Parasitics::NONE);
    assert_eq!(array.conductance(), [1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 6e-5]);
    let ports: Vec<_> = top(&design).ports.iter().map(|p| top(&design).nets.name(p.net)).collect();
    assert_eq!(ports, ["row", "col"]);
}

#[test]
fn differential_puts_the_sign_on_the_bitline() {
    let design = elaborate("d", &Pairs::program([[1e-5, -2e-5], [0.0, 4e-5]])).expect("good");
    let module = top(&design);
    assert_eq!(array(module).row(0), [1e-5, 0.0, 0.0, 2e-5]);
    assert_eq!(array(module).row(1), [0.0, 4e-5, 0.0, 0.0]);
    let net = |name| module.nets.find(name).expect("a net");
    let instance = &module.instances[module.instances.find("array").expect("array")];
    assert_eq!(instance.pins[1], [module.all(net("col_p")), module.all(net("col_n"))].concat());
}

/// Three resistors to ground and three to a supply.
#[module]
struct Loads {
    #[input]
    x: Bus<Voltage, 3>,
    #[inst(p = x, n = ground)]
    down: [Resistor; 3],
    #[inst(p = x, n = 1.8 V)]
    up: [Resistor; 3],
}

#[test]
fn unlike_copies_are_instances_of_their_own() {
    let r = |value| Resistor(Ohms::new(value));
    let design = elaborate("d", &Loads { down: [r(1e3), r(2e3), r(3e3)], up: [r(1e3); 3] }).expect("good");
    let module = top(&design);
    let names: Vec<&str> = module.instances.names().collect();
    assert_eq!(names, ["down_0", "down_1", "down_2", "up"]);
    let x = module.nets.find("x").expect("x");
    let ground = design.supplies.find("ground").expect("ground");
    let second = &module.instances[module.instances.find("down_1").expect("the second")];
    assert_eq!(second.pins, [vec![Slice::Net { net: x, start: 1, len: 1 }], vec![Slice::Supply(ground)]]);
    let volts: Vec<f64> = design.supplies.iter().map(|(_, _, s)| s.volts).collect();
    assert_eq!(volts, [0.0, 1.8]);
    let up = &module.instances[module.instances.find("up").expect("up")];
    assert_eq!((up.count, up.array), (3, true));
}
