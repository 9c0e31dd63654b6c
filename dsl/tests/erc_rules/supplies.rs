//! Supply pins, and what transistors conduct.

use super::{AMP, codes, one};
use memloom::blocks;
use memloom::erc::{self, Level};
use memloom::ir::{Design, Element, Nature};
use memloom::technology::Named;

/// A follower whose op-amp has supply pins on the rails `vdd` and `vss`.
fn supplied(rails: &[(&str, f64)]) -> Design {
    let mut design = Design::new("test");
    for (name, volts) in rails {
        blocks::supply(&mut design, name, *volts).unwrap();
    }
    let body = memloom::parts::supplied(&[("VCC", "vdd"), ("vss", "vss")]);
    let amp = blocks::op_amp(&mut design, &Named::new("Ota", AMP).with_body(body)).unwrap();
    let mut m = design.module("Top");
    let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
    m.instance("amp", Element::OpAmp(amp)).net("inp", x).net("inn", y).net("out", y).add();
    design.top = Some(m.finish().unwrap());
    design
}

#[test]
fn ml017_a_supply_pin_without_a_rail() {
    assert_eq!(erc::check(&supplied(&[("vdd", 1.8), ("vss", 0.0)])), vec![]);
    let findings = erc::check(&supplied(&[("vss", 0.0)]));
    assert_eq!((codes(&findings), findings[0].level), (vec!["ML017"], Level::Error));
    assert_eq!(findings[0].path, "Top.amp");
    assert_eq!(findings[0].what, "there is no rail for supply pin `VCC` (`vdd`)");
    let findings = erc::check(&supplied(&[]));
    assert_eq!(findings[0].what, "there is no rail for supply pin `VCC` (`vdd`), supply pin `vss`");
}

#[test]
fn ml007_transistors_conduct_between_drain_and_source() {
    use memloom::block::Block;
    use memloom::prelude::{Amperes, CurrentSource, Metres, Model, Mosfet};
    let design = |gate_alone: bool| {
        one(|m| {
            let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
            let inner = m.net("inner", Nature::Voltage, 1);
            let mosfet = Mosfet::new(Model::spice("nch", "nch.sp"), Metres::new(1e-6), Metres::new(1e-6));
            let (drain, gate) = if gate_alone { (y, inner) } else { (inner, x) };
            let part = mosfet.part(m.design()).unwrap();
            let mut fet =
                m.instance("m", part.element).net("d", drain).net("g", gate).net("s", y).net("b", y);
            for (name, value) in part.args {
                fet = fet.arg(name, [value]);
            }
            fet.add();
            let tail = CurrentSource(Amperes::new(1e-6)).part(m.design()).unwrap();
            m.instance("i", tail.element).net("p", inner).net("n", x).add();
        })
    };
    assert_eq!(erc::check(&design(false)), vec![]);
    // A gate conducts nothing, nor does a current source.
    assert_eq!(codes(&erc::check(&design(true))), ["ML007"]);
}
