//! Every rule has a design that trips it and one that does not: rules on voltages, supplies, names and use; levels.

mod lines;
mod process;
mod supplies;
mod voltages;

use memloom::blocks;
use memloom::erc::{self, Config, Finding, Level};
use memloom::ir::{
    Cell, Crossbar, Design, Direction, Element, ModuleBuilder, Nature, OpAmp, Origin, Slice, Supply, Value,
};
use memloom::technology::{Named, TiaSpec};

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|f| f.rule.code).collect()
}

/// A design of one module.
fn one(build: impl FnOnce(&mut ModuleBuilder<'_>)) -> Design {
    let mut design = Design::new("test");
    let mut m = design.module("Top");
    build(&mut m);
    design.top = Some(m.finish().unwrap());
    design
}

fn resistor(ohms: f64) -> Element {
    Element::Resistor(Value::Number(ohms))
}

fn bit(net: memloom::ir::Id<memloom::ir::Net>, start: u32) -> Vec<Slice> {
    vec![Slice::Net { net, start, len: 1 }]
}

const AMP: OpAmp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };

/// A crossbar of two rows and one column about 0.9 V, its inputs `range` volts, read by a TIA of `r_f` ohm.
struct Layer {
    g: [f32; 2],
    levels: Option<u32>,
    r_wire: f64,
    r_f: f64,
    range: Option<(f64, f64)>,
}

impl Default for Layer {
    fn default() -> Self {
        Self { g: [1e-5, 1e-4], levels: None, r_wire: 0.0, r_f: 1e4, range: Some((0.8, 1.0)) }
    }
}

impl Layer {
    fn design(&self) -> Design {
        let mut design = Design::new("test");
        let cell = Cell { levels: self.levels, ..Cell::new(1e-6, 1e-4, 0.2) };
        let cell = blocks::cell(&mut design, &Named::new("HfO2", cell)).unwrap();
        let spec =
            TiaSpec { r_f: self.r_f, c_f: 1e-12, v_ref: 0.9, i_in: None, op_amp: Named::new("Ota", AMP) };
        let tia = blocks::tia(&mut design, &Named::new("Readout", spec), Origin::Library).unwrap();
        let mut m = design.module("Layer");
        let x = m.input("x", Nature::Voltage, 2);
        let y = m.output("y", Nature::Voltage, 1);
        let i = m.net("i", Nature::Current, 1);
        let array = Crossbar::new(2, 1, cell, self.r_wire, self.g.to_vec());
        m.instance("xbar", Element::Crossbar(array)).net("row", x).net("col", i).add();
        m.instance("tia", Element::Module(tia)).array(1).net("inp", i).net("out", y).add();
        let layer = m.finish().unwrap();
        let mut m = design.module("Net");
        let x = m.input("x", Nature::Voltage, 2);
        if let Some((low, high)) = self.range {
            m.range(m.all(x), low, high);
        }
        let y = m.output("y", Nature::Voltage, 1);
        m.instance("first", Element::Module(layer)).net("x", x).net("y", y).add();
        design.top = Some(m.finish().unwrap());
        design
    }

    fn findings(&self) -> Vec<Finding> {
        erc::check(&self.design())
    }
}

#[test]
fn ml007_floating() {
    let island = |join: bool| {
        one(|m| {
            let x = m.input("x", Nature::Voltage, 1);
            let island = m.net("island", Nature::Voltage, 2);
            let capacitor = Element::Capacitor(Value::Number(1e-12));
            m.instance("c", capacitor).net("p", x).pin("n", bit(island, 0)).add();
            m.instance("r", resistor(1e3)).pin("p", bit(island, 0)).pin("n", bit(island, 1)).add();
            let y = m.output("y", Nature::Voltage, 1);
            m.instance("end_r", resistor(1e3))
                .net("p", if join { x } else { y })
                .pin("n", bit(island, 1))
                .add();
            if join {
                m.instance("out", resistor(1e3)).net("p", x).net("n", y).add();
            }
        })
    };
    assert_eq!(erc::check(&island(true)), vec![]);
    // A port holds what hangs on it: whoever instantiates the module may drive it.
    assert_eq!(erc::check(&island(false)), vec![]);

    let design = one(|m| {
        let x = m.input("x", Nature::Voltage, 1);
        let island = m.net("island", Nature::Voltage, 2);
        m.instance("c", Element::Capacitor(Value::Number(1e-12))).net("p", x).pin("n", bit(island, 0)).add();
        for name in ["a", "b"] {
            m.instance(name, resistor(1e3)).pin("p", bit(island, 0)).pin("n", bit(island, 1)).add();
        }
    });
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML007"]);
    assert_eq!((findings[0].path.as_str(), findings[0].level), ("Top.island[0]", Level::Error));
}

#[test]
fn ml008_shorted_supplies() {
    let joined = |ohms: [f64; 2]| {
        one(|m| {
            let ground = blocks::supply(m.design(), "ground", 0.0).unwrap();
            let vdd = blocks::supply(m.design(), "vdd", 1.8).unwrap();
            let mid = m.output("mid", Nature::Voltage, 1);
            m.instance("up", resistor(ohms[0])).supply("p", vdd).net("n", mid).add();
            m.instance("down", resistor(ohms[1])).net("p", mid).supply("n", ground).add();
        })
    };
    assert_eq!(erc::check(&joined([1e3, 1e-6])), vec![]);
    let findings = erc::check(&joined([1e-6, 1e-6]));
    assert_eq!(codes(&findings), ["ML008"]);
    assert_eq!(findings[0].what, "joins the supplies `ground` and `vdd`");
    assert_eq!(findings[0].path, "Top.down");
}

#[test]
fn ml008_a_driven_supply() {
    let design = one(|m| {
        let x = m.input("x", Nature::Voltage, 1);
        let amp = m.design().op_amps.insert("Ota", AMP).unwrap();
        let vdd = blocks::supply(m.design(), "vdd", 1.8).unwrap();
        m.instance("amp", Element::OpAmp(amp)).net("inp", x).supply("inn", vdd).supply("out", vdd).add();
    });
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML008"]);
    assert_eq!(findings[0].what, "output `out` drives the supply `vdd`");
}

#[test]
fn ml009_between_levels_is_allowed_until_asked_for() {
    // Levels at 1, 34, 67 and 100 uS.
    let layer = Layer { g: [1e-5, 3.4e-5], levels: Some(4), ..Layer::default() };
    assert_eq!(layer.findings(), vec![]);
    let config = Config::new().warn("ML009").unwrap();
    let findings = erc::check_with(&layer.design(), &config);
    assert_eq!((codes(&findings), findings[0].level), (vec!["ML009"], Level::Warning));
    assert!(findings[0].what.starts_with("1 of 2 cells are between the 4 levels"), "{}", findings[0].what);
    let on = Layer { g: [1e-4, 6.7e-5], ..layer };
    assert_eq!(erc::check_with(&on.design(), &config), vec![]);
    let unquantised = Layer { levels: None, g: [1e-5, 3.3e-5], ..on };
    assert_eq!(erc::check_with(&unquantised.design(), &config), vec![]);
}

#[test]
fn ml012_ir_drop() {
    // The column: 2 r g0 + r g1; each row: r g. With r = 100 ohm: 2e-3 + 1e-2 and 1e-2, 2.2 % in all.
    let layer = Layer { r_wire: 100.0, ..Layer::default() };
    assert_eq!(layer.findings(), vec![]);
    let mut config = Config::new();
    config.limits.ir_drop = 0.02;
    let findings = erc::check_with(&layer.design(), &config);
    assert_eq!(codes(&findings), ["ML012"]);
    assert!(findings[0].what.contains("row 1 and column 0 lose 2.2 % of it"), "{}", findings[0].what);
    assert_eq!(codes(&Layer { r_wire: 1e3, ..Layer::default() }.findings()), ["ML012"]);
}

#[test]
fn ml013_names_that_no_netlist_takes() {
    let named = |name: &str| {
        one(|m| {
            let x = m.input(name, Nature::Voltage, 1);
            let y = m.output("y", Nature::Voltage, 1);
            m.instance("r", resistor(1e3)).net("p", x).net("n", y).add();
        })
    };
    for bad in ["3x", "a.b", "x[1]", "", "ä", "ml_x"] {
        assert_eq!(codes(&erc::check(&named(bad))), ["ML013"], "{bad}");
    }
    for good in ["x", "_x", "X_3"] {
        assert_eq!(erc::check(&named(good)), vec![]);
    }
    assert_eq!(erc::check(&named("a.b"))[0].what, "`a.b` has the character `.`");
}

#[test]
fn ml014_a_module_that_nothing_uses() {
    let mut design = Layer::default().design();
    design.top = design.modules.find("Layer");
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML014"]);
    assert_eq!((findings[0].path.as_str(), findings[0].level), ("Net", Level::Warning));
    design.top = None;
    assert_eq!(erc::check(&design), vec![]);
}

#[test]
fn ml015_a_supply_that_nothing_is_wired_to() {
    let mut design = Layer::default().design();
    assert_eq!(erc::check(&design), vec![]);
    design.supplies.insert("bulk", Supply { volts: 0.0 }).unwrap();
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML015"]);
    assert_eq!((findings[0].path.as_str(), findings[0].level), ("test.bulk", Level::Warning));
    let config = Config::new().allow("ML015").unwrap();
    assert_eq!(erc::check_with(&design, &config), vec![]);
}

#[test]
fn ml001_an_open_op_amp_input() {
    let follower = |connected: bool| {
        one(|m| {
            let x = m.input("x", Nature::Voltage, 1);
            let y = m.output("y", Nature::Voltage, 1);
            m.instance("r", resistor(1e3)).net("p", x).net("n", y).add();
            let amp = m.design().op_amps.insert("Ota", AMP).unwrap();
            let open = if connected { x } else { m.net("open", Nature::Voltage, 1) };
            let z = m.output("z", Nature::Voltage, 1);
            m.instance("amp", Element::OpAmp(amp)).net("inp", open).net("inn", z).net("out", z).add();
        })
    };
    assert_eq!(erc::check(&follower(true)), vec![]);
    assert_eq!(codes(&erc::check(&follower(false))), ["ML001", "ML003"]);
}

#[test]
fn ml016_reserved_words() {
    let named = |name: &str| {
        one(|m| {
            let x = m.port("x", Direction::Input, Nature::Voltage, 1);
            let y = m.output("y", Nature::Voltage, 1);
            m.instance(name, resistor(1e3)).net("p", x).net("n", y).add();
        })
    };
    let config = Config::new().reserve([("vacask", ["sweep"].as_slice())]);
    let findings = erc::check_with(&named("Sweep"), &config);
    assert_eq!((codes(&findings), findings[0].level), (vec!["ML016"], Level::Warning));
    assert_eq!(findings[0].what, "`Sweep` is a reserved word of vacask");
    assert_eq!(erc::check_with(&named("sweeps"), &config), vec![]);
}

#[test]
fn ml018_values_of_parts() {
    let with = |ohms: f64| {
        one(|m| {
            let x = m.input("x", Nature::Voltage, 1);
            let y = m.output("y", Nature::Voltage, 1);
            m.instance("r", resistor(ohms)).net("p", x).net("n", y).add();
        })
    };
    assert_eq!(erc::check(&with(1e3)), vec![]);
    for ohms in [-1e3, 0.0, f64::NAN, f64::INFINITY] {
        let findings = erc::check(&with(ohms));
        assert!(codes(&findings).contains(&"ML018"), "{ohms}: {findings:?}");
        assert_eq!(findings[0].level, Level::Error);
    }
    let by_param = |default: f64, arg: Option<f64>| {
        let mut design = with(1e3);
        let mut m = design.module("Inner");
        m.param("r", default);
        let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
        let part = Element::Resistor(Value::Param("r".into()));
        m.instance("r", part).net("p", x).net("n", y).add();
        let inner = m.finish().unwrap();
        let mut m = design.module("Outer");
        let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
        let inner = m.instance("inner", Element::Module(inner)).net("x", x).net("y", y);
        match arg {
            Some(ohms) => inner.arg("r", [ohms]).add(),
            None => inner.add(),
        };
        design.top = Some(m.finish().unwrap());
        codes(&erc::check(&design)).contains(&"ML018")
    };
    assert!(
        !by_param(1e3, None)
            && by_param(-1e3, None)
            && by_param(1e3, Some(-5.0))
            && !by_param(0.0, Some(5.0))
    );
}

#[test]
fn ml019_a_block_fed_back_onto_itself() {
    let relu = |design: &mut Design| {
        let relu = memloom::ir::Function::Activation(memloom::functions::RELU);
        let relu = memloom::ir::Behaviour { function: relu, unit: 0.1, swing: (0.0, 1.8) };
        design.behaviours.insert("Relu", relu).unwrap()
    };
    let looped = |back: bool| {
        let mut design = Design::new("test");
        let (relu, v_ref) = (relu(&mut design), blocks::supply(&mut design, "v_ref", 0.9).unwrap());
        let mut m = design.module("Pair");
        let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
        let mid = m.net("mid", Nature::Voltage, 1);
        m.instance("a", Element::Behaviour(relu)).net("inp", x).net("out", mid).supply("v_ref", v_ref).add();
        m.instance("b", Element::Behaviour(relu)).net("inp", mid).net("out", y).supply("v_ref", v_ref).add();
        let pair = m.finish().unwrap();
        let mut m = design.module("Top");
        let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
        m.instance("keep", resistor(1e3)).net("p", x).net("n", y).add();
        m.instance("pair", Element::Module(pair)).net("x", if back { y } else { x }).net("y", y).add();
        design.top = Some(m.finish().unwrap());
        erc::check(&design)
    };
    assert!(!codes(&looped(false)).contains(&"ML019"));
    let findings = looped(true);
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML019"], "Top.pair"));

    let mut design = Design::new("test");
    let (relu, v_ref) = (relu(&mut design), blocks::supply(&mut design, "v_ref", 0.9).unwrap());
    let mut m = design.module("Top");
    let y = m.output("y", Nature::Voltage, 2);
    m.instance("act", Element::Behaviour(relu))
        .array(2)
        .net("inp", y)
        .net("out", y)
        .supply("v_ref", v_ref)
        .add();
    design.top = Some(m.finish().unwrap());
    let findings = erc::check(&design);
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML019"], "Top.act"));
    assert!(findings[0].what.contains("`y[0]`"), "{}", findings[0].what);
}

#[test]
fn ml020_reading_beyond_the_threshold() {
    let design = |v_read: f64| {
        let mut design = one(|m| {
            let x = m.input("x", Nature::Voltage, 1);
            let y = m.output("y", Nature::Voltage, 1);
            m.instance("r", resistor(1e3)).net("p", x).net("n", y).add();
        });
        design.cells.insert("HfO2", Cell::new(1e-6, 1e-4, v_read)).unwrap();
        design
    };
    // MAGIC's VTEAM moves from 0.3 V on.
    assert_eq!(erc::check(&design(0.3)), vec![]);
    let findings = erc::check(&design(0.31));
    assert_eq!((codes(&findings), findings[0].path.as_str()), (vec!["ML020"], "test.HfO2"));
    assert_eq!(findings[0].what, "read at 0.31 V, and `vteam` moves from 0.3000 V on");
}

#[test]
fn paths_go_from_the_top_and_count_places() {
    let mut design = one(|m| {
        let x = m.input("x", Nature::Voltage, 1);
        let open = m.net("open", Nature::Voltage, 1);
        m.instance("r", resistor(1e3)).net("p", x).net("n", open).add();
    });
    let inner = design.top.unwrap();
    let mut m = design.module("Pair");
    let x = m.input("x", Nature::Voltage, 1);
    m.instance("both", Element::Module(inner)).array(2).net("x", x).add();
    let pair = m.finish().unwrap();
    let mut m = design.module("Whole");
    let x = m.input("x", Nature::Voltage, 1);
    for name in ["left", "right"] {
        m.instance(name, Element::Module(pair)).net("x", x).add();
    }
    design.top = Some(m.finish().unwrap());
    let findings = erc::check(&design);
    assert_eq!(codes(&findings), ["ML003"]);
    assert_eq!((findings[0].path.as_str(), findings[0].places), ("Whole.left.both[0].open", 4));
    let text = findings[0].to_string();
    assert!(
        text.starts_with("warning[ML003] `Whole.left.both[0].open` (the first of 4 such places): a"),
        "{text}"
    );
}

#[test]
fn levels_can_be_set_by_code() {
    let design = Layer { r_f: 1e5, ..Layer::default() }.design();
    let level = |config: Config| erc::check_with(&design, &config).first().map(|f| f.level);
    assert_eq!(level(Config::new()), Some(Level::Error));
    assert_eq!(level(Config::new().warn("ML011").unwrap()), Some(Level::Warning));
    assert_eq!(level(Config::new().allow("ml011").unwrap()), None);
    assert_eq!(level(Config::new().allow("ML011").unwrap().deny("ML011").unwrap()), Some(Level::Error));
    let error = Config::new().allow("ML999").unwrap_err().to_string();
    assert!(error.starts_with("there is no rule `ML999`; choose one of `ML001`, `ML002`"), "{error}");
}
