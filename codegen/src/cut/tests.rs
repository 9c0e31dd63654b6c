use super::*;
use memloom_ir::{Body, Foreign, Kind, ModuleBuilder, OpAmp, Slice, Supply, Value};

const FINE: Grain = Grain { whole: 0, joined: 0, piece: 1 };

/// Followers before and behind a divider, then a follower of the first one's output.
fn chain(body: Option<Foreign>) -> (Design, Id<Module>) {
    let mut design = Design::new("chain");
    design.supplies.insert("v_ref", Supply { volts: 0.9 }).unwrap();
    let amp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
    let amp = design.op_amps.insert("ota", amp).unwrap();
    if let Some(cell) = body {
        design.bodies.insert("ota".into(), Body { cell: Some(cell), ..Body::default() });
    }
    let v_ref = design.supplies.find("v_ref").unwrap();
    let mut m = design.module("chain");
    let x = m.input("x", Nature::Voltage, 1);
    let y = m.output("y", Nature::Voltage, 2);
    let [a, b] = ["a", "b"].map(|name| m.net(name, Nature::Voltage, 1));
    let bit = |start| vec![Slice::Net { net: y, start, len: 1 }];
    let follower = |m: &mut ModuleBuilder<'_>, name: &str, inp, out: Vec<Slice>| {
        let instance = m.instance(name, Element::OpAmp(amp)).net("inp", inp);
        instance.pin("inn", out.clone()).pin("out", out).add();
    };
    let a_wire = m.all(a);
    follower(&mut m, "first", x, a_wire);
    let resistor = || Element::Resistor(Value::Number(1e4));
    m.instance("upper", resistor()).net("p", a).net("n", b).add();
    m.instance("lower", resistor()).net("p", b).supply("n", v_ref).add();
    follower(&mut m, "behind", b, bit(0));
    follower(&mut m, "beside", a, bit(1));
    let top = m.finish().unwrap();
    (design, top)
}

/// The instances of each piece, step by step.
fn steps(cut: &Cut<'_>) -> Vec<Vec<Vec<String>>> {
    let names = |piece: &Piece| {
        let instances = &cut.design().modules[piece.module].instances;
        instances.names().map(str::to_owned).collect::<Vec<_>>()
    };
    cut.steps().iter().map(|step| step.iter().map(names).collect()).collect()
}

#[test]
fn what_acts_on_each_other_stays_together() {
    let (design, module) = chain(None);
    let cut = Cut::new(&design, module, FINE).unwrap();
    let wanted = [vec![vec!["first"]], vec![vec!["upper", "lower"], vec!["beside"]], vec![vec!["behind"]]];
    assert_eq!(steps(&cut), wanted);
    // The divider's middle is no ideal source, but nobody draws a current from it.
    let wires = |step: usize, piece: usize| {
        let Piece { inputs, outputs, .. } = &cut.steps()[step][piece];
        (inputs.clone(), outputs.clone())
    };
    assert_eq!((cut.wires(), cut.inputs()), (5, &[0][..]));
    assert_eq!(
        [wires(0, 0), wires(1, 0), wires(2, 0)],
        [(vec![0], vec![3]), (vec![3], vec![4]), (vec![4], vec![1])]
    );
    assert_eq!(cut.outputs(), [("y_0".to_owned(), 1), ("y_1".to_owned(), 2)]);
}

#[test]
fn small_groups_are_joined_and_share_pieces() {
    let (design, module) = chain(None);
    let at = |joined, piece| steps(&Cut::new(&design, module, Grain { whole: 0, joined, piece }).unwrap());
    assert_eq!(at(0, 3), [vec![vec!["first"]], vec![vec!["upper", "lower", "beside"]], vec![vec!["behind"]]]);
    assert_eq!(at(3, 1), [vec![vec!["first", "upper", "lower"]], vec![vec!["behind"], vec!["beside"]]]);
    assert_eq!(at(5, 1), [vec![vec!["first", "upper", "lower", "behind", "beside"]]]);
    let whole = Cut::new(&design, module, Grain::default()).unwrap();
    assert_eq!(whole.steps(), [vec![Piece { module, inputs: vec![0], outputs: vec![1, 2] }]]);
}

#[test]
fn what_is_in_a_file_of_the_users_is_not_cut_off() {
    let (pins, params, libraries) = (Vec::new(), Vec::new(), Vec::new());
    let cell = Foreign { name: "two_stage".into(), kind: Kind::Subckt, pins, params, libraries };
    let (design, module) = chain(Some(cell));
    let cut = Cut::new(&design, module, FINE).unwrap();
    assert_eq!(cut.steps().iter().map(Vec::len).sum::<usize>(), 1, "{:?}", steps(&cut));
}
