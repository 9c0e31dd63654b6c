//! A 4 x 3 fully connected layer: declared, elaborated, looked at.

use memloom::ir::{Element, Id, Module, Slice};
use memloom::prelude::*;

/// HfO2 filamentary cell.
#[memristor(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V, model = vteam)]
struct HfO2;

/// 4 rows by 3 columns.
#[crossbar(cell = HfO2, r_wire = 2.5 ohm, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Weights {
    g: Conductance<4, 3>,
}

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct HardSwish;

/// One layer.
#[module]
struct FullyConnected {
    #[input]
    x: Bus<Voltage, 4>,
    #[output]
    y: Bus<Voltage, 3>,
    #[net]
    i: Bus<Current, 3>,
    #[net]
    v: Bus<Voltage, 3>,
    #[inst(row = x, col = i)]
    xbar: Weights,
    #[inst(inp = i, out = v)]
    tia: [Readout; 3],
    #[inst(inp = v, out = y)]
    act: [HardSwish; 3],
}

fn layer(g: f64) -> FullyConnected {
    let mut weights = [[g; 3]; 4];
    weights[0][1] = -2e-5;
    weights[3][2] = 0.0;
    FullyConnected { xbar: Weights::program(weights), tia: [Readout; 3], act: [HardSwish; 3] }
}

#[test]
fn the_layer_elaborates() {
    let design = elaborate("layer", &layer(1e-5)).expect("a good design");
    let names: Vec<&str> = design.modules.names().collect();
    assert_eq!(names, ["Weights_row_driver", "Weights", "Readout", "FullyConnected"]);
    assert_eq!(design.top, design.modules.find("FullyConnected"));
    let rails: Vec<_> = design.supplies.iter().map(|(_, name, s)| (name, s.volts)).collect();
    assert_eq!(rails, [("v_ref", 0.9)]);

    let top = &design.modules[design.top.expect("a top")];
    assert_eq!((top.doc.as_str(), top.port_width()), ("One layer.", 7));
    let tia = &top.instances[top.instances.find("tia").expect("tia")];
    assert_eq!((tia.count, tia.array), (3, true));
    let (i, v) = (top.nets.find("i").expect("i"), top.nets.find("v").expect("v"));
    assert_eq!(tia.pins, [top.all(i), top.all(v)]);
    let act = &top.instances[top.instances.find("act").expect("act")];
    let v_ref = design.supplies.find("v_ref").expect("v_ref");
    assert_eq!(act.pins[2], [Slice::Supply(v_ref)]);
}

#[test]
fn dual_rail_puts_the_sign_on_the_wordline() {
    let design = elaborate("layer", &layer(1e-5)).expect("a good design");
    let module = &design.modules[design.modules.find("Weights").expect("weights")];
    let Element::Crossbar(array) = &module.instances[module.instances.find("array").expect("array")].element
    else {
        panic!("a crossbar");
    };
    assert_eq!((array.rows(), array.cols()), (8, 3));
    assert_eq!(*array.parasitics(), memloom::ir::Parasitics::wires(Ohms::new(2.5)));
    assert_eq!(array.cell_count(), 11);
    assert_eq!(array.row(0), [1e-5, 0.0, 1e-5]);
    assert_eq!(array.row(4), [0.0, 2e-5, 0.0]);
    assert_eq!(array.row(3), [1e-5, 1e-5, 0.0]);
}

#[test]
fn every_node_knows_its_line() {
    let design = elaborate("layer", &layer(1e-5)).expect("a good design");
    let top = &design.modules[design.top.expect("a top")];
    let line_of = |text: &str| {
        let (at, line) = include_str!("layer.rs")
            .lines()
            .enumerate()
            .find(|(_, line)| line.starts_with(text))
            .expect("the declaration");
        let column =
            line.find(text.split_whitespace().last().expect("a name").trim_end_matches(':')).expect("a name");
        format!("dsl/tests/layer.rs:{}:{}", at + 1, column + 1)
    };
    assert_eq!(top.origin.to_string(), line_of("struct FullyConnected"));
    assert_eq!(top.nets[top.nets.find("v").expect("v")].origin.to_string(), line_of("    v:"));
    let tia = &top.instances[top.instances.find("tia").expect("tia")];
    assert_eq!(tia.origin.to_string(), line_of("    tia:"));
}

/// Two layers in a row.
#[module]
struct Stack {
    #[input]
    x: Bus<Voltage, 4>,
    #[output]
    y: Bus<Voltage, 3>,
    #[output]
    z: Bus<Voltage, 3>,
    #[output]
    w: Bus<Voltage, 3>,
    #[inst(x = x, y = y)]
    first: FullyConnected,
    #[inst(x = x, y = z)]
    second: FullyConnected,
    #[inst(x = x, y = w)]
    third: FullyConnected,
}

#[test]
fn one_circuit_is_defined_once_and_another_value_gets_a_number() {
    let stack = Stack { first: layer(1e-5), second: layer(3e-5), third: layer(1e-5) };
    let design = elaborate("stack", &stack).expect("a good design");
    let names: Vec<&str> = design.modules.names().collect();
    let expected = [
        "Weights_row_driver",
        "Weights",
        "Readout",
        "FullyConnected",
        "Weights_2",
        "FullyConnected_2",
        "Stack",
    ];
    assert_eq!(names, expected);
    let top = &design.modules[design.top.expect("a top")];
    let module = |name: &str| match top.instances[top.instances.find(name).expect("an instance")].element {
        Element::Module(id) => id,
        _ => panic!("a module"),
    };
    let _: Id<Module> = module("first");
    assert_eq!(module("first"), module("third"));
    assert_ne!(module("first"), module("second"));
}

mod other {
    use super::*;

    #[tia(r_f = 20 kohm, v_ref = 0.9 V, opamp = Ota)]
    pub(super) struct Readout;
}

#[module]
struct Clash {
    #[input]
    i: Bus<Current>,
    #[input]
    j: Bus<Current>,
    #[output]
    a: Bus<Voltage>,
    #[output]
    b: Bus<Voltage>,
    #[inst(inp = i, out = a)]
    one: Readout,
    #[inst(inp = j, out = b)]
    two: other::Readout,
}

#[test]
fn two_declarations_of_one_name_are_refused() {
    let error = elaborate("clash", &Clash { one: Readout, two: other::Readout }).expect_err("a clash");
    assert!(error.to_string().contains("two modules called `Readout`"), "{error}");
}
