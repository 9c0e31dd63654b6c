//! Modules built in a loop: typed handles, the rules of the IR, where things come from.

use memloom::erc;
use memloom::ir::{BuildError, Design, Direction, Element, FrameStore, Nature, Origin, Slice, Value};
use memloom::ports;
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

fn resistor() -> Element {
    Element::Resistor(Value::Number(1e3))
}

#[test]
fn a_chain_of_any_length() {
    for stages in [1_u32, 2, 7] {
        let mut design = Design::new("chain");
        let mut m = design.module("Chain");
        let mut v = m.input_bus::<Voltage>("x", 3);
        for stage in 0..stages {
            let last = stage + 1 == stages;
            let next = if last { m.output_bus("y", 3) } else { m.bus(format!("v_{stage}"), 3) };
            let ports = ports::OpAmp { inp: v.pin(), inn: next.pin(), out: next.pin() };
            m.place_array(format!("amp_{stage}"), &Ota, 3, ports);
            v = next;
        }
        let top = m.finish().unwrap();
        design.top = Some(top);
        assert_eq!(erc::check(&design), vec![]);
        assert_eq!(design.inventory(top).op_amps, u64::from(3 * stages));
    }
}

#[test]
fn slices_and_joins_pick_wires() {
    let mut design = Design::new("slices");
    let mut m = design.module("Slices");
    let a = m.input_bus::<Current>("a", 3);
    let b = m.input_bus::<Current>("b", 2);
    let mixed = a.slice(1..3).join(&b.bit(1)).join(&a.bit(0));
    assert_eq!(mixed.width(), 4);
    let y = m.output_bus::<Voltage>("y", 2);
    m.place_array("tia", &Readout, 2, ports::Tia { inp: mixed.slice(1..3).pin(), out: y.pin() });
    assert_eq!(a.slice(2..9).width(), 1, "wires that are not there are left out");
    let id = m.finish().unwrap();
    let module = &design.modules[id];
    let net = |name| module.nets.find(name).unwrap();
    let tia = &module.instances[module.instances.find("tia").unwrap()];
    let wire = |name, start| Slice::Net { net: net(name), start, len: 1 };
    assert_eq!(tia.pins[0], [wire("a", 2), wire("b", 1)]);
}

#[test]
fn nets_and_instances_know_the_line_that_adds_them() {
    let mut design = Design::new("origins");
    let mut m = design.module("M");
    let (x, x_line) = (m.input("x", Nature::Voltage, 1), line!());
    let (y, y_line) = (m.output_bus::<Voltage>("y", 1), line!());
    m.instance("r", resistor()).net("p", x).pin("n", &y).add();
    let r_line = line!() - 1;
    let id = m.finish().unwrap();
    let module = &design.modules[id];
    let line_of = |origin: &Origin| match origin {
        Origin::Source { file, line, .. } => {
            assert!(file.ends_with("tests/erc_builder.rs"), "{file}");
            *line
        }
        other => panic!("{other}"),
    };
    assert_eq!(line_of(&module.nets[x].origin), x_line);
    assert_eq!(line_of(&module.nets[module.nets.find("y").unwrap()].origin), y_line);
    assert_eq!(line_of(&module.instances[module.instances.find("r").unwrap()].origin), r_line);

    let mut m = design.module("N");
    m.origin(Origin::layer("b3.expand"));
    let z = m.input("z", Nature::Voltage, 1);
    let id = m.finish().unwrap();
    assert_eq!(design.modules[id].nets[z].origin, Origin::layer("b3.expand"), "a given origin holds");
}

/// The error of a module with inputs `x` (2 voltages) and `i` (a current).
fn error(build: impl FnOnce(&mut memloom::ir::ModuleBuilder<'_>)) -> String {
    let mut design = Design::new("wrong");
    let mut m = design.module("M");
    m.origin(Origin::layer("here"));
    m.input("x", Nature::Voltage, 2);
    m.input("i", Nature::Current, 1);
    build(&mut m);
    m.finish().expect_err("a mistake").to_string()
}

#[test]
fn mistakes_name_the_place_and_the_cure() {
    let x = |at, len| {
        let mut design = Design::new("ids");
        let net = design.module("M").port("x", Direction::Input, Nature::Voltage, 2);
        vec![Slice::Net { net, start: at, len }]
    };
    let cases = [
        (error(|m| m.instance("r", resistor()).pin("p", x(0, 1)).add()), "pin `n` of `M.r` is not connected"),
        (
            error(|m| m.instance("r", resistor()).pin("p", x(0, 1)).pin("p", x(1, 1)).add()),
            "pin `p` of `M.r` is wired twice; wire it once, to all its wires",
        ),
        (
            error(|m| m.instance("r", resistor()).pin("q", x(0, 1)).add()),
            "`M.r` has no pin `q`; its pins are `p`, `n`",
        ),
        (
            error(|m| m.instance("r", resistor()).pin("p", x(0, 2)).add()),
            "pin `p` of `M.r` has 1 wires, its connection 2; give it as many",
        ),
        (
            error(|m| m.instance("r", resistor()).pin("p", x(2, 1)).add()),
            "pin `p` of `M.r` is wired to wire 2 of `x`, which has 2; count from 0",
        ),
        (error(|m| m.instance("r", resistor()).array(0).add()), "`M.r` has no wires or copies"),
        (error(|m| drop(m.bus::<Voltage>("w", 0))), "`M.w` has no wires or copies; give it at least one"),
        (error(|m| drop(m.bus::<Voltage>("x", 1))), "module `M` has two nets called `x`; rename one"),
    ];
    for (text, expected) in cases {
        assert!(text.starts_with(&format!("layer `here`: {expected}")), "{text}");
    }
}

#[test]
fn a_current_does_not_reach_a_voltage_pin() {
    let mut design = Design::new("wrong");
    let tia = Readout.part(&mut design).unwrap().element;
    let mut m = design.module("M");
    let v = m.input("v", Nature::Voltage, 1);
    let y = m.output("y", Nature::Voltage, 1);
    m.instance("tia", tia).net("inp", v).net("out", y).add();
    let error = m.finish().expect_err("a voltage into a current");
    assert!(matches!(error, BuildError::Nature { .. }));
    let text = error.to_string();
    assert!(
        text.contains("pin `inp` of `M.tia` is a current, net `v` a voltage; drive it through"),
        "{text}"
    );
}

#[test]
fn a_window_larger_than_its_frame_is_refused() {
    let window = |height, width, kernel, stride, padding| {
        let mut design = Design::new("store");
        let mut m = design.module("frame");
        let store = FrameStore::window(height, width, kernel, stride, padding);
        m.instance("store", Element::Store(store)).add();
        m.finish().unwrap_err()
    };
    for refused in
        [window(4, 4, 7, 1, 1), window(4, 2, 3, 1, 0), window(4, 4, 3, 0, 1), window(4, 4, 0, 1, 0)]
    {
        assert!(refused.to_string().contains("has no place in its frame"), "{refused}");
    }
    // One that fits goes on to the next mistake: its pins are open.
    assert!(matches!(window(4, 4, 6, 1, 1), BuildError::OpenPin { .. }));
}
