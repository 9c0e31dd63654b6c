//! The top module: layers, frame memories, and how they are wired.

use super::elementwise::{add, scale};
use super::kit::Kit;
use super::layer::Layer;
use super::reading::{memory, suffix};
use super::weights::{Mean, Weights};
use super::{LowerError, text_name};
use crate::graph::Shape;
use crate::plan::{LayerPlan, Plan, Signal};
use crate::stage::{Stage, StageId, StageKind};
use memloom_ir::{Design, Element, FrameStore, Id, Module, ModuleBuilder, Nature, Net, Origin};
use std::collections::HashMap;

/// A stage's output in the circuit.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// The stage.
    pub stage: StageId,
    /// The layer's name in the network.
    pub name: String,
    /// Its module; the input has none.
    pub module: Option<Id<Module>>,
    /// The net of the top module that carries it, a wire a channel.
    pub net: String,
    /// How its values are drawn.
    pub signal: Signal,
    /// Its shape; a pixel a tick.
    pub shape: Shape,
}

/// A tile that does not compensate what its wires and amplifiers lose.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// The tile's module.
    pub tile: String,
    /// What the weight or output that is furthest off lacks, of a full one.
    pub lack: f64,
}

/// A network as a circuit.
#[derive(Debug, Clone)]
pub struct Circuit {
    /// The circuit; its top has ports `image`, the select lines of the frame memories, and `logits`.
    pub design: Design,
    /// One entry per stage, in order.
    pub tensors: Vec<Tensor>,
    /// The tiles that lose what could not be compensated.
    pub unmet: Vec<Unmet>,
}

impl Circuit {
    /// Builds `plan` for `stages`.
    ///
    /// # Errors
    /// See [`LowerError`].
    pub fn new(name: &str, stages: &[Stage], plan: &Plan) -> Result<Self, LowerError> {
        let mut design = Design::new(name);
        let mut kit = Kit::new(&mut design, plan)?;
        let modules: Vec<Option<Id<Module>>> = (0..stages.len())
            .map(|at| layer_module(&mut design, &mut kit, stages, plan, at))
            .collect::<Result<_, _>>()?;
        let top = Top::build(&mut design, &kit, stages, &modules)?;
        design.top = Some(top);
        let tensor = |(at, stage): (usize, &Stage)| Tensor {
            stage: StageId(at),
            name: stage.name.clone(),
            module: modules[at],
            net: net_name(stages, at),
            signal: plan.layers[at].output,
            shape: stage.out_shape,
        };
        let tensors = stages.iter().enumerate().map(tensor).collect();
        Ok(Self { design, tensors, unmet: kit.unmet })
    }

    /// Voltage of the reference rail.
    pub fn v_ref(&self) -> f64 {
        let rail = self.design.supplies.find("v_ref").expect("every circuit has one");
        self.design.supplies[rail].volts
    }
}

/// The net of the top module that carries a stage's output.
fn net_name(stages: &[Stage], at: usize) -> String {
    match stages[at].kind {
        StageKind::Input => "image".into(),
        _ if at + 1 == stages.len() => "logits".into(),
        _ => format!("{}_y", text_name(&stages[at].name)),
    }
}

fn layer_module(
    design: &mut Design,
    kit: &mut Kit,
    stages: &[Stage],
    plan: &Plan,
    at: usize,
) -> Result<Option<Id<Module>>, LowerError> {
    let (stage, layer) = (&stages[at], &plan.layers[at]);
    let inputs: Vec<Signal> = stage.inputs.iter().map(|i| plan.layers[i.index()].output).collect();
    let matrix = |weights, activation| (weights, activation);
    let module = match &stage.kind {
        StageKind::Input => return Ok(None),
        StageKind::Matrix(m) => build_matrix(design, kit, layer, inputs[0], matrix(m, m.activation))?,
        StageKind::Pool => {
            let mean = Mean { pixels: stage.in_shapes[0].plane() };
            build_matrix(design, kit, layer, inputs[0], (&mean, None))?
        }
        StageKind::Add => add(design, kit, layer, [inputs[0], inputs[1]], stage.out_shape)?,
        StageKind::Scale => scale(design, kit, layer, [inputs[0], inputs[1]], stage.out_shape)?,
    };
    Ok(Some(module))
}

fn build_matrix<W: Weights>(
    design: &mut Design,
    kit: &mut Kit,
    plan: &LayerPlan,
    input: Signal,
    (weights, activation): (&W, Option<crate::graph::Act>),
) -> Result<Id<Module>, LowerError> {
    let matrix = plan.matrix.as_ref().expect("the plan of a matrix");
    Layer { plan, matrix, input, activation, weights }.build(design, kit)
}

/// The top module under construction.
struct Top<'a, 'd> {
    m: ModuleBuilder<'d>,
    kit: &'a Kit,
    stages: &'a [Stage],
    /// Net of each stage's output.
    outputs: Vec<Id<Net>>,
    /// Write selects of each stage's frame.
    writes: HashMap<usize, [Id<Net>; 2]>,
    /// Taps of the frame memories that exist.
    stores: HashMap<(usize, FrameStore), Id<Net>>,
}

impl<'a, 'd> Top<'a, 'd> {
    fn build(
        design: &'d mut Design,
        kit: &'a Kit,
        stages: &'a [Stage],
        modules: &[Option<Id<Module>>],
    ) -> Result<Id<Module>, LowerError> {
        let mut m = design.module("top");
        m.origin(Origin::Library).section("top").doc("the whole network");
        let mut top =
            Self { m, kit, stages, outputs: Vec::new(), writes: HashMap::new(), stores: HashMap::new() };
        for (at, stage) in stages.iter().enumerate() {
            let (name, width) = (net_name(stages, at), stage.out_shape.channels as u32);
            let net = match name.as_str() {
                "image" => top.m.input(name, Nature::Voltage, width),
                "logits" => top.m.output(name, Nature::Voltage, width),
                _ => top.m.net(name, Nature::Voltage, width),
            };
            top.outputs.push(net);
            if let Some(module) = modules[at] {
                top.layer(stage, module, net);
            }
        }
        Ok(top.m.finish()?)
    }

    fn layer(&mut self, stage: &Stage, module: Id<Module>, y: Id<Net>) {
        let origin = Origin::layer(&stage.name);
        let inputs: Vec<Id<Net>> = (0..stage.inputs.len()).map(|k| self.taps(stage, k)).collect();
        let names: &[&str] = if inputs.len() == 2 { &["a", "b"] } else { &["x"] };
        let mut instance = self.m.instance(text_name(&stage.name), Element::Module(module)).origin(origin);
        for (name, net) in names.iter().zip(inputs) {
            instance = instance.net(*name, net);
        }
        instance.net("y", y).add();
    }

    /// The net that carries input `k` of `stage`, window by window.
    fn taps(&mut self, stage: &Stage, k: usize) -> Id<Net> {
        let source = stage.inputs[k].index();
        let Some(store) = memory(stage, k) else { return self.outputs[source] };
        match self.stores.get(&(source, store)) {
            Some(taps) => *taps,
            None => self.store(source, store, stage.in_shapes[k].channels as u32),
        }
    }

    /// Adds a frame memory for the output of stage `source`.
    fn store(&mut self, source: usize, store: FrameStore, channels: u32) -> Id<Net> {
        let name = text_name(&self.stages[source].name);
        let [wr_row, wr_col] = self.write_selects(source, &name, store);
        let name = format!("{name}_{}", suffix(&store));
        let taps = self.m.net(format!("{name}_tap"), Nature::Voltage, channels * store.taps());
        let reads = (!store.is_whole()).then(|| {
            [
                self.m.input(format!("{name}_rd_row"), Nature::Select, store.out_height()),
                self.m.input(format!("{name}_rd_col"), Nature::Select, store.out_width()),
            ]
        });
        let instance = self.m.instance(format!("{name}_store"), Element::Store(store)).array(channels);
        let instance = instance.origin(Origin::layer(&self.stages[source].name));
        let instance = instance.net("inp", self.outputs[source]).net("tap", taps);
        let mut instance =
            instance.net("wr_row", wr_row).net("wr_col", wr_col).supply("v_ref", self.kit.v_ref);
        if let Some([row, col]) = reads {
            instance = instance.net("rd_row", row).net("rd_col", col);
        }
        instance.add();
        self.stores.insert((source, store), taps);
        taps
    }

    /// The select lines that write a stage's frame: all its memories are written at once.
    fn write_selects(&mut self, source: usize, name: &str, store: FrameStore) -> [Id<Net>; 2] {
        if let Some(nets) = self.writes.get(&source) {
            return *nets;
        }
        let nets = [
            self.m.input(format!("{name}_wr_row"), Nature::Select, store.height),
            self.m.input(format!("{name}_wr_col"), Nature::Select, store.width),
        ];
        self.writes.insert(source, nets);
        nets
    }
}
