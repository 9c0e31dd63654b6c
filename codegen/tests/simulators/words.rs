//! Words that a simulator has a meaning for, as names: each is refused, or means nothing else.

use super::close;
use crate::common::run;
use memloom_codegen::{Circuit, TestBench, dc_deck, simulated};
use memloom_ir::{Design, Element, Id, Module, ModuleBuilder, Nature, Net, OpAmp, Supply, Value};
use std::collections::BTreeSet;

/// Functions, constants, keywords, commands, analyses, options and units of both simulators, and words of ours.
const WORDS: &str = "gnd null params temper hertz time temp dtemp tnom pi e c i v m r l kelvin echarge boltz planck yes no \
    true false abs max min exp log log10 ln sqrt pow pwr sgn floor ceil nint int sin cos tan sinh cosh tanh asin acos atan \
    atan2 asinh acosh atanh gauss agauss unif aunif limit u u2 uramp pwl poly not and or eq ne gt ge lt le mod div defined \
    var vec ddt idt table value vol cur gmin scale a b d g j k n p q s t w z ends subckt param model include lib end if else \
    op dc ac tran noise tf sens disto pz let set save write print all allv alli inf nan db mag ph real imag norm mean vector \
    unitvec length deriv integ cph rad ground vdd vss global options control endc alter default dowhile while foreach repeat \
    break quit run reset source plot echo rnd sunif random poisson exponential const none on off ic nodeset area meg mil \
    frequency freq branch load section endsection parameters embed sweep analysis clear abort rebuild elaborate postprocess \
    sum len string hb acxf dcxf dcinc rawfile reltol name type device instance circuit always return variable from to step \
    mode lin dec oct points stop start maxstep solution component node title exit read file spice verilog begin module";

fn words(dialect: &dyn TestBench) -> Vec<&'static str> {
    let words: BTreeSet<_> = WORDS.split_whitespace().collect();
    words.into_iter().filter(|word| dialect.names().check(word).is_ok()).collect()
}

fn resistor() -> Element {
    Element::Resistor(Value::Number(1e3))
}

/// A module of an input and an output.
fn module(
    design: &mut Design,
    name: &str,
    fill: impl FnOnce(&mut ModuleBuilder<'_>, Id<Net>, Id<Net>),
) -> Id<Module> {
    let mut m = design.module(name);
    let (x, y) = (m.input("in_x", Nature::Voltage, 1), m.output("out_y", Nature::Voltage, 1));
    fill(&mut m, x, y);
    m.finish().unwrap()
}

/// Every word as the name of a subcircuit, of an instance, of an inner net and of an output: three resistors in series, of
/// which the last is to ground.
fn circuits(words: &[&str]) -> Design {
    let mut design = Design::new("words");
    let zero = design.supplies.insert("rail_0", Supply { volts: 0.0 }).unwrap();
    let modules: Vec<_> = (words.iter().enumerate())
        .map(|(k, word)| {
            let inner = module(&mut design, word, |m, x, y| {
                let net = m.net(*word, Nature::Voltage, 1);
                m.instance("a_r", resistor()).net("p", x).net("n", net).add();
                m.instance("b_r", resistor()).net("p", net).net("n", y).add();
                m.instance("c_r", resistor()).net("p", y).supply("n", zero).add();
            });
            module(&mut design, &format!("outer_{k}"), |m, x, y| {
                m.instance(*word, Element::Module(inner)).net("in_x", x).net("out_y", y).add();
            })
        })
        .collect();
    let mut m = design.module("words_top");
    let x = m.input("in_x", Nature::Voltage, 1);
    for (k, (word, module)) in words.iter().zip(modules).enumerate() {
        let y = m.output(*word, Nature::Voltage, 1);
        m.instance(format!("part_{k}"), Element::Module(module)).net("in_x", x).net("out_y", y).add();
    }
    design.top = Some(m.finish().unwrap());
    design
}

/// Every word as the name of a model, and of an input.
fn models(words: &[&str]) -> Design {
    let mut design = Design::new("models");
    let mut inputs = Vec::new();
    for word in words {
        let amp = OpAmp { gain: 1e5, gbw: 1e7, slew: 1e7, swing: (-5.0, 5.0), ..OpAmp::PLAIN };
        inputs.push((*word, design.op_amps.insert(*word, amp).unwrap()));
    }
    let mut m = design.module("models_top");
    for (k, (word, amp)) in inputs.into_iter().enumerate() {
        let (x, y) = (m.input(word, Nature::Voltage, 1), m.output(format!("out_{k}"), Nature::Voltage, 1));
        m.instance(format!("amp_{k}"), Element::OpAmp(amp)).net("inp", x).net("inn", y).net("out", y).add();
    }
    design.top = Some(m.finish().unwrap());
    design
}

#[test]
fn a_word_is_refused_or_a_plain_name() {
    for dialect in simulated() {
        let words = words(dialect);
        assert!(words.len() > 150, "{} of {}", words.len(), dialect.name());
        let circuits = circuits(&words);
        let vectors = [vec![3.0], vec![1.5]];
        let deck = dc_deck(dialect, &circuits, circuits.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
        let raw = run(dialect, &deck);
        for word in &deck.outputs {
            close(raw.column(word)[0], 1.0, 1e-6, word);
            close(raw.column(word)[1], 0.5, 1e-6, word);
        }
        let models = models(&words);
        let vectors = [vec![1.0; words.len()], vec![2.0; words.len()]];
        let deck = dc_deck(dialect, &models, models.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
        let raw = run(dialect, &deck);
        for (word, output) in words.iter().zip(&deck.outputs) {
            close(raw.column(output)[1], 2.0, 1e-4, word);
        }
    }
}

/// The rail at 0 V is called `ground`, which starts a statement of VACASK.
#[test]
fn a_supply_of_a_reserved_name_is_printed_by_another() {
    let mut design = Design::new("grounded");
    let ground = design.supplies.insert("ground", Supply { volts: 0.0 }).unwrap();
    let top = module(&mut design, "Divider", |m, x, y| {
        m.instance("r_x", resistor()).net("p", x).net("n", y).add();
        m.instance("r_y", resistor()).net("p", y).supply("n", ground).add();
    });
    design.top = Some(top);
    for (dialect, name) in simulated().zip([" ground", " ml_ground"]) {
        let deck = dc_deck(dialect, &design, top, &[vec![1.0], vec![3.0]], Circuit::Embedded).unwrap();
        assert!(deck.text.contains(name), "{}", deck.text);
        let raw = run(dialect, &deck);
        close(raw.column("out_y")[0], 0.5, 1e-9, dialect.name());
        close(raw.column("out_y")[1], 1.5, 1e-9, dialect.name());
    }
}

/// What ends a simulator by a fault, or is read as something else.
#[test]
fn words_that_mean_something_else_are_refused() {
    let benches: Vec<_> = simulated().collect();
    for (dialect, word) in
        [(0, "temper"), (0, "Time"), (0, "not"), (0, "table"), (1, "inf"), (1, "ground"), (1, "load")]
    {
        let refused = benches[dialect].names().check(word).unwrap_err();
        assert!(refused.contains("is a reserved word"), "{refused}");
    }
}
