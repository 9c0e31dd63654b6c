//! Every layer of a network in real simulators, at voltages that occur in it.

use super::judge::Made;
use memloom::ir::{Design, Direction, Id, Module, Nature, Slice};
use memloom_codegen::{Circuit, TestBench, dc_deck};
use memloom_network::lower::{Tensor, text_name};
use memloom_sim::external::check::{compare, outputs};
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Vacask};
use memloom_sim::native::{Evaluator, Options, Signals, evaluate_module};
use tempfile::TempDir;

/// Volts that a simulator may be off: activations are solved to a tolerance there.
const VOLTS: f64 = 1e-5;

/// Both simulators, with the models that they have compiled so far.
pub(crate) struct Simulators {
    dir: TempDir,
    ngspice: Ngspice,
    vacask: Vacask,
}

impl Simulators {
    pub(crate) fn find() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let compiler = OpenVaf::find(dir.path().join("osdi")).unwrap();
        let (ngspice, vacask) = (Ngspice::find().unwrap(), Vacask::find().unwrap().compiling(compiler));
        Self { dir, ngspice, vacask }
    }

    /// Compares the outputs of the layers that are wanted, as declared, with what both simulators compute; the count
    /// of layers.
    pub(crate) fn agree(&self, made: &Made, wanted: impl Fn(usize) -> bool) -> Result<usize, String> {
        let evaluator = Evaluator::new(&made.circuit.design, &Options::default()).unwrap();
        let nets = evaluator.run_with_nets(&made.signals(0)).unwrap().1;
        let tensors = made.circuit.tensors.iter().enumerate().filter(|(at, _)| wanted(*at));
        let mut layers = 0;
        for (tensor, module) in tensors.filter_map(|(_, tensor)| Some((tensor, tensor.module?))) {
            let vectors = vectors(made, tensor, &nets);
            self.layer(&made.circuit.design, module, &vectors)
                .map_err(|what| format!("{}: {what}", tensor.name))?;
            layers += 1;
        }
        Ok(layers)
    }

    fn layer(&self, design: &Design, module: Id<Module>, vectors: &[Vec<f64>]) -> Result<(), String> {
        let native = evaluate_module(design, module, &Options::default(), vectors).unwrap();
        let engines: [(&dyn TestBench, &dyn Engine); 2] =
            [(&memloom_codegen::Ngspice, &self.ngspice), (&memloom_codegen::Vacask, &self.vacask)];
        for (dialect, engine) in engines {
            let deck = dc_deck(dialect, design, module, vectors, Circuit::Embedded).unwrap();
            let simulated = outputs(engine, &deck, vectors.len(), self.dir.path(), &Limits::default());
            let difference = compare(&deck.outputs, &native, &simulated.map_err(|e| e.to_string())?).unwrap();
            if difference.absolute > VOLTS {
                return Err(format!("{}: {difference}", engine.name()));
            }
        }
        Ok(())
    }
}

/// A layer's inputs at its first and its last pixel.
fn vectors(made: &Made, layer: &Tensor, nets: &Signals) -> Vec<Vec<f64>> {
    let last = layer.shape.plane() - 1;
    let mut vectors: Vec<_> = [0, last].iter().map(|tick| inputs(made, layer, nets, *tick)).collect();
    vectors.dedup();
    vectors
}

/// What drives a layer's voltage inputs at a tick, in the order of its ports.
fn inputs(made: &Made, layer: &Tensor, nets: &Signals, tick: usize) -> Vec<f64> {
    let design = &made.circuit.design;
    let top: &Module = &design.modules[design.top.expect("a circuit has a top")];
    let instance = &top.instances[top.instances.find(&text_name(&layer.name)).expect("a layer in the top")];
    let pins = instance.element.pins(design);
    let inputs = pins
        .iter()
        .zip(&instance.pins)
        .filter(|(pin, _)| pin.direction == Direction::Input && pin.nature == Some(Nature::Voltage));
    let wire = |net: Id<memloom::ir::Net>, wire: u32| {
        let matrix = &nets[top.nets.name(net)];
        // A net of one tick is held while others tick on.
        matrix.wire(wire as usize)[tick.min(matrix.ticks() - 1)]
    };
    let volts = |slice: &Slice| match *slice {
        Slice::Supply(supply) => vec![design.supplies[supply].volts],
        Slice::Net { net, start, len } => (start..start + len).map(|at| wire(net, at)).collect(),
    };
    inputs.flat_map(|(_, bits)| bits).flat_map(volts).collect()
}
