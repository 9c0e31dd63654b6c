//! One deck per leaf model type: what an engineer runs first to see that a model does what its card says.

use super::wave::{pulses, selects};
use super::{Circuit, Deck, deck};
use crate::dialect::{Analysis, Drive, Source, TestBench, Tolerance};
use crate::error::Error;
use crate::foreign::write_leaves;
use crate::model::{own, verilog_a_of};
use crate::name::bit;
use crate::netlist::Netlist;
use crate::store::{self, SAMPLE_HOLD, SWITCH};
use crate::text::Text;
use memloom_ir::{Behaviour, Body, Cell, Design, FrameStore, OpAmp, Value};

/// A runnable deck for every leaf model type of `design`; those of frame memories if it has any.
///
/// What has a foreign cell for its body is measured in that cell; a memristor that does has no deck.
///
/// - cell: a read at `v_read`, a write pulse at the upper voltage of its model's sweep for an eighth of its period, a
///   read. Its current is `v(sense) g_max 1e3`.
/// - op-amp: a follower that slews by half the swing, then is driven beyond both rails.
/// - activation: a DC sweep over -8 to 8 units about the middle of the swing, 0.1 unit a step.
/// - multiplier: a DC grid of -2 to 2 units by -2 to 2 units, 0.5 unit a step, `b` innermost.
/// - sample-and-hold, switch, and a frame memory of 3x3 under a 3x3 window with padding 1, written and read.
///
/// # Errors
/// [`Error::Refused`] for what the dialect cannot say.
pub fn leaf_decks(
    dialect: &dyn TestBench,
    design: &Design,
    circuit: Circuit<'_>,
) -> Result<Vec<Deck>, Error> {
    let netlist = Netlist::new(dialect, design)?;
    let mut scenes: Vec<Scene> = Vec::new();
    scenes.extend(own(design, design.cells.iter()).map(|(_, name, cell)| memristor(name, cell)));
    scenes.extend(
        design
            .op_amps
            .iter()
            .map(|(_, name, amp)| Scene { pins: vec!["inp", "inn", "out"], ..op_amp(name, amp) }),
    );
    scenes.extend(design.behaviours.iter().map(|(_, name, b)| {
        let scene = match b.function.inputs().len() {
            2 => multiplier(name, b),
            _ => activation(name, b),
        };
        Scene { pins: [b.function.inputs(), &["out", "v_ref"]].concat(), ..scene }
    }));
    if !netlist.stores.is_empty() {
        scenes.extend([sample_hold(), switch(), frame()]);
    }
    scenes.iter().map(|scene| scene.deck(dialect, &netlist, circuit)).collect()
}

/// What a source does, owned.
enum Play {
    Constant(f64),
    Points(Vec<f64>),
    Wave(Vec<(f64, f64)>),
}

/// A leaf under test.
struct Scene {
    name: String,
    about: &'static str,
    master: String,
    nodes: Vec<String>,
    /// Names of the model's pins, in the order of `nodes`, where it may have a body.
    pins: Vec<&'static str>,
    /// Resistors between a node and ground, ohm.
    loads: Vec<(&'static str, f64)>,
    sources: Vec<(String, Play)>,
    analysis: Analysis,
    outputs: Vec<String>,
    store: Option<FrameStore>,
}

impl Scene {
    fn new(master: &str, about: &'static str, nodes: &[&str], outputs: &[&str], analysis: Analysis) -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            name: format!("leaf_{master}"),
            about,
            master: master.to_owned(),
            nodes: owned(nodes),
            pins: Vec::new(),
            loads: Vec::new(),
            sources: Vec::new(),
            analysis,
            outputs: owned(outputs),
            store: None,
        }
    }

    fn source(mut self, node: &str, play: Play) -> Self {
        self.sources.push((node.to_owned(), play));
        self
    }

    fn deck(
        &self,
        dialect: &dyn TestBench,
        netlist: &Netlist<'_>,
        circuit: Circuit<'_>,
    ) -> Result<Deck, Error> {
        let design = netlist.before;
        let title = format!("{}: {} of {}", design.name, self.about, self.master);
        let mut deck = deck(
            dialect,
            &self.name,
            &title,
            self.analysis,
            Tolerance::Exact,
            self.outputs.clone(),
            |text| {
                match circuit {
                    Circuit::Files(paths) => text.lines(&dialect.syntax().includes(paths)?)?,
                    Circuit::Embedded => write_leaves(dialect, text, design, &netlist.stores, "")?,
                }
                self.write(dialect, text, design)
            },
        )?;
        if dialect.takes_verilog_a() && matches!(circuit, Circuit::Embedded) {
            deck.files = verilog_a_of(design, !netlist.stores.is_empty())?;
        }
        Ok(deck)
    }

    fn write(&self, dialect: &dyn TestBench, text: &mut Text<'_>, design: &Design) -> Result<(), Error> {
        if let Some(frame) = &self.store {
            store::write(dialect, text, frame, &self.master)?;
        }
        self.call(dialect, text, design)?;
        for (node, ohm) in &self.loads {
            dialect.syntax().resistor(
                text,
                &format!("ml_load_{node}"),
                &[node, "0"],
                &Value::Number(*ohm),
            )?;
        }
        for (node, play) in &self.sources {
            let source = Source { name: &format!("ml_in_{node}"), node, current: false };
            let drive = match play {
                Play::Constant(value) => Drive::Constant(*value),
                Play::Points(values) => Drive::Indexed(values),
                Play::Wave(points) => Drive::Wave(points),
            };
            dialect.source(text, source, drive)?;
        }
        Ok(())
    }
}

impl Scene {
    /// The leaf with its supply pins on their rails, or the foreign cell that is its body.
    fn call(&self, dialect: &dyn TestBench, text: &mut Text<'_>, design: &Design) -> Result<(), Error> {
        let mut nodes: Vec<&str> = self.nodes.iter().map(String::as_str).collect();
        let plain = Body::default();
        let body = design.bodies.get(&self.master).unwrap_or(&plain);
        for supply in &body.supplies {
            let volts = design.supplies.find(&supply.rail).map_or(0.0, |rail| design.supplies[rail].volts);
            let source =
                Source { name: &format!("ml_supply_{}", supply.pin), node: &supply.pin, current: false };
            dialect.source(text, source, Drive::Constant(volts))?;
            nodes.push(&supply.pin);
        }
        let Some(cell) = &body.cell else {
            return dialect.syntax().call(text, "ml_dut", &nodes, &self.master, &[]);
        };
        let supplies = body.supplies.iter().map(|supply| supply.pin.as_str());
        let pins: Vec<&str> = self.pins.iter().copied().chain(supplies).collect();
        let at = |name: &str| pins.iter().position(|pin| pin.eq_ignore_ascii_case(name));
        let nodes: Vec<&str> =
            cell.pins.iter().filter_map(|pin| nodes.get(at(&pin.name)?).copied()).collect();
        let args: Vec<(&str, f64)> = body.args.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        dialect.syntax().foreign(text, cell.kind, "ml_dut", &nodes, &cell.name, &args)
    }
}

fn memristor(name: &str, cell: &Cell) -> Scene {
    let sweep = cell.device.sweep();
    let unit = sweep.period / 4.0;
    let levels = [(unit, 0.0), (unit, cell.v_read), (unit, 0.0), (0.5 * unit, sweep.up), (unit, cell.v_read)];
    let analysis = Analysis::Transient { stop: 4.5 * unit, step: unit / 1000.0 };
    let mut scene =
        Scene::new(name, "read, write pulse, read", &["drive", "sense"], &["drive", "sense"], analysis)
            .source("drive", Play::Wave(pulses(&levels, unit / 50.0)));
    scene.loads.push(("sense", 1e-3 / cell.g_max));
    scene
}

fn op_amp(name: &str, amp: &OpAmp) -> Scene {
    let range = amp.swing.1 - amp.swing.0;
    let unit = 2.0 * range / amp.slew + 10.0 / amp.gbw;
    let at = |part: f64| amp.swing.0 + part * range;
    let levels = [(unit, at(0.25)), (unit, at(0.75)), (unit, at(1.25)), (unit, at(-0.25)), (unit, at(0.5))];
    let analysis = Analysis::Transient { stop: 5.0 * unit, step: unit / 2000.0 };
    Scene::new(name, "follower with slew and rails", &["inp", "out", "out"], &["inp", "out"], analysis)
        .source("inp", Play::Wave(pulses(&levels, unit / 400.0)))
}

fn activation(name: &str, behaviour: &Behaviour) -> Scene {
    let mid = 0.5 * (behaviour.swing.0 + behaviour.swing.1);
    let volts: Vec<f64> = (-80..=80).map(|k| mid + behaviour.unit * f64::from(k) / 10.0).collect();
    let analysis = Analysis::Points(volts.len());
    Scene::new(name, "DC sweep", &["inp", "out", "mid"], &["inp", "out"], analysis)
        .source("inp", Play::Points(volts))
        .source("mid", Play::Constant(mid))
}

fn multiplier(name: &str, behaviour: &Behaviour) -> Scene {
    let mid = 0.5 * (behaviour.swing.0 + behaviour.swing.1);
    let volts = |k: i32| mid + behaviour.unit * f64::from(k) / 2.0;
    let grid: Vec<(f64, f64)> = (-4..=4).flat_map(|a| (-4..=4).map(move |b| (volts(a), volts(b)))).collect();
    let (a, b): (Vec<f64>, Vec<f64>) = grid.into_iter().unzip();
    let analysis = Analysis::Points(a.len());
    Scene::new(name, "DC grid", &["a", "b", "out", "mid"], &["a", "b", "out"], analysis)
        .source("a", Play::Points(a))
        .source("b", Play::Points(b))
        .source("mid", Play::Constant(mid))
}

/// Length of a tick of the frame memory decks, seconds.
const TICK: f64 = 1e-6;

fn sample_hold() -> Scene {
    let analysis = Analysis::Transient { stop: 6.0 * TICK, step: TICK / 50.0 };
    let inputs: Vec<(f64, f64)> = (1..=6).map(|tick| (TICK, 0.2 * f64::from(tick))).collect();
    let select = |high: &[u32]| Play::Wave(selects(6, TICK, |tick| high.contains(&tick)));
    Scene::new(
        SAMPLE_HOLD,
        "track and hold",
        &["inp", "out", "row", "col"],
        &["inp", "row", "col", "out"],
        analysis,
    )
    .source("inp", Play::Wave(pulses(&inputs, TICK / 20.0)))
    .source("row", select(&[1, 2, 4]))
    .source("col", select(&[1, 3, 4]))
}

fn switch() -> Scene {
    let analysis = Analysis::Transient { stop: 2.0 * TICK, step: TICK / 50.0 };
    let mut scene = Scene::new(SWITCH, "closing switch", &["p", "n", "sel"], &["p", "n", "sel"], analysis)
        .source("p", Play::Constant(1.0))
        .source("sel", Play::Wave(pulses(&[(TICK, 0.0), (TICK, 1.0)], TICK / 20.0)));
    scene.loads.push(("n", 1e3));
    scene
}

/// Voltage written to each pixel of the frame memory's deck.
fn pixel_volts(pixel: u32) -> f64 {
    0.1 + 0.1 * f64::from(pixel)
}

fn frame() -> Scene {
    let frame = FrameStore::window(3, 3, 3, 1, 1);
    let (writes, reads) = (frame.write_ticks(), frame.read_ticks());
    let ticks = writes + reads;
    let bus = |name: &str, width| (0..width).map(|b| bit(name, width, b)).collect::<Vec<_>>();
    let analysis = Analysis::Transient { stop: f64::from(ticks) * TICK, step: TICK / 25.0 };
    let mut scene = Scene::new("ml_dut_store", "write a 3x3 frame, read its windows", &[], &[], analysis);
    let inputs = (0..writes).map(|pixel| (TICK, pixel_volts(pixel))).collect::<Vec<_>>();
    scene = scene.source("inp", Play::Wave(pulses(&inputs, TICK / 20.0))).source("mid", Play::Constant(0.05));
    let mut nodes = vec![vec!["inp".to_owned()], bus("tap", frame.taps())];
    scene.outputs = nodes[1].clone();
    for (name, lines, first, every, of) in [
        ("wr_row", frame.height, 0, frame.width, writes),
        ("wr_col", frame.width, 0, 1, writes),
        ("rd_row", frame.out_height(), writes, frame.out_width(), reads),
        ("rd_col", frame.out_width(), writes, 1, reads),
    ] {
        let names = bus(name, lines);
        for (line, node) in names.iter().enumerate() {
            let high = |tick: u32| {
                (first..first + of).contains(&tick) && (tick - first) / every % lines == line as u32
            };
            scene = scene.source(node, Play::Wave(selects(ticks, TICK, high)));
        }
        nodes.push(names);
    }
    nodes.push(vec!["mid".to_owned()]);
    Scene { nodes: nodes.concat(), store: Some(frame), ..scene }
}
