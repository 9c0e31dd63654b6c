//! All the way from a network to its circuit's text and values.

use super::recipe::Recipe;
use memloom::erc;
use memloom::ir::Parasitics;
use memloom::technology::TechnologySpec;
use memloom::units::Ohms;
use memloom_codegen::{DIALECTS, write_netlist};
use memloom_network::graph::Graph;
use memloom_network::lower::{Circuit, LowerError};
use memloom_network::plan::plan;
use memloom_network::stage::{Stage, stages};
use memloom_network::{Ranges, Reference, technologies};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};

/// Difference from the reference, over a layer's largest value, that conductances of single precision may make where
/// large terms cancel, or an activation leaves a little of a large sum. Wires that are crossed make one of about 1.
const LAYER: f64 = 1e-4;
/// The same of the logits.
const LOGITS: f64 = 1e-5;
/// Images that a network is judged by.
const IMAGES: usize = 2;

/// A network and its circuit.
pub(crate) struct Made {
    pub(crate) graph: Graph,
    pub(crate) stages: Vec<Stage>,
    pub(crate) ranges: Ranges,
    pub(crate) circuit: Circuit,
    pub(crate) images: Vec<Vec<f64>>,
    /// As which the circuit computes what the network does.
    pub(crate) options: Options,
    /// Whether wires have a resistance.
    wired: bool,
}

/// Largest differences from the reference, over the largest value.
pub(crate) struct Errors {
    /// Of any layer, in double precision.
    pub(crate) layer: f64,
    /// Of the logits, in double precision.
    pub(crate) double: f64,
    /// Of the logits, in single precision.
    pub(crate) single: f64,
}

/// What becomes of a network.
pub(crate) enum Verdict {
    Built(Errors),
    Refused { kind: String },
}

/// Why there is no circuit.
pub(crate) enum Unmade {
    /// A reason that a user can do something about.
    Refused { kind: String, text: String },
    /// A mistake of ours.
    Broken(String),
}

/// Builds a recipe.
pub(crate) fn make(recipe: &Recipe) -> Result<Made, Unmade> {
    let graph = recipe.graph().map_err(refused)?;
    let mut technology = technologies::all().swap_remove(0);
    (technology.tile, technology.signed) = (recipe.tile, recipe.scheme);
    technology.parasitics = Parasitics::wires(Ohms::new(recipe.r_wire));
    make_graph(graph, recipe.images(IMAGES), &technology, recipe.compensated)
}

/// Builds a graph in a technology, scaled by images.
pub(crate) fn make_graph(
    graph: Graph,
    images: Vec<Vec<f64>>,
    technology: &TechnologySpec,
    compensated: bool,
) -> Result<Made, Unmade> {
    let stages = stages(&graph).map_err(refused)?;
    let ranges = Ranges::measure(&graph, &stages, &images, "made-up images").map_err(refused)?;
    let mut plan = plan(&stages, &ranges, technology).map_err(refused)?;
    plan.compensate = compensated;
    let circuit = match Circuit::new("network", &stages, &plan) {
        Ok(circuit) => circuit,
        Err(LowerError::Build(error)) => return Err(Unmade::Broken(format!("modules do not fit: {error}"))),
        Err(error) => return Err(refused(error)),
    };
    let options = match compensated {
        true => Options { ignore_rails: true, offset: Some(0.0), ..Options::default() },
        false => Options::ideal(),
    };
    let wired = technology.parasitics.has_lines();
    Ok(Made { graph, stages, ranges, circuit, images, options, wired })
}

fn refused(error: impl std::error::Error) -> Unmade {
    let (text, debug) = (error.to_string(), format!("{error:?}"));
    let kind = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
    Unmade::Refused { kind, text }
}

/// Builds, checks, prints and evaluates a recipe; what is wrong is an error.
pub(crate) fn judge(recipe: &Recipe) -> Result<Verdict, String> {
    match make(recipe) {
        Ok(made) => made.judge().map(Verdict::Built),
        // A reason, then what to do about it.
        Err(Unmade::Refused { kind, text }) if text.contains("; ") => Ok(Verdict::Refused { kind }),
        Err(Unmade::Refused { text, .. }) => Err(format!("it is not said what to do: {text}")),
        Err(Unmade::Broken(text)) => Err(text),
    }
}

impl Made {
    /// Checks, prints and evaluates it.
    pub(crate) fn judge(&self) -> Result<Errors, String> {
        let findings = erc::check(&self.circuit.design);
        if let Some(error) = findings.iter().find(|finding| finding.level == erc::Level::Error) {
            return Err(error.to_string());
        }
        for &dialect in DIALECTS {
            let text = write_netlist(dialect, &self.circuit.design, "verilog_a/", &mut std::io::sink());
            text.map_err(|error| error.to_string())?;
        }
        let errors = self.errors()?;
        let Errors { layer, double, single } = errors;
        if layer > LAYER || double > LOGITS || single > LOGITS {
            return Err(format!(
                "the circuit is off by {layer:.1e} in a layer, {double:.1e} and in single precision {single:.1e} in the logits"
            ));
        }
        Ok(errors)
    }

    /// Voltages of image `k`.
    pub(crate) fn signals(&self, k: usize) -> Signals {
        let first = &self.circuit.tensors[0];
        let (v_ref, scale) = (self.circuit.v_ref(), first.signal.volts());
        let volts = self.images[k].iter().map(|x| v_ref + scale * x).collect();
        Signals::from_iter([(first.net.clone(), Matrix::new(first.shape.channels, volts))])
    }

    /// Every net of each image in double precision, and the outputs in single.
    fn evaluated(&self) -> Result<(Vec<Signals>, Vec<Signals>), String> {
        let evaluator = Evaluator::new(&self.circuit.design, &self.options).map_err(|e| e.to_string())?;
        let nets = |k| evaluator.run_with_nets(&self.signals(k)).map(|(_, nets)| nets);
        let double = (0..self.images.len()).map(nets).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
        let batched = evaluator.batched(&self.signals(0)).map_err(|e| e.to_string())?;
        let single = batched.run(0..self.images.len(), |k| self.signals(k)).map_err(|e| e.to_string())?;
        Ok((double, single))
    }

    /// The largest differences from the reference: of each layer in double precision, of the logits in single.
    fn errors(&self) -> Result<Errors, String> {
        let (double, single) = self.evaluated()?;
        let mut errors = Errors { layer: 0.0, double: 0.0, single: 0.0 };
        for (k, image) in self.images.iter().enumerate() {
            let trace = Reference::new(&self.graph).trace(image);
            for at in 0..self.stages.len() {
                let wanted = &trace[self.stages[at].out_node.index()];
                errors.layer = errors.layer.max(self.difference(at, wanted, &double[k])?);
            }
            let (last, wanted) = (self.stages.len() - 1, trace.last().expect("logits"));
            errors.double = errors.double.max(self.difference(last, wanted, &double[k])?);
            errors.single = errors.single.max(self.difference(last, wanted, &single[k])?);
        }
        // Wires lose what nothing can compensate, through cells that are absent.
        Ok(if self.wired { Errors { layer: 0.0, double: 0.0, single: 0.0 } } else { errors })
    }

    /// How far the output of stage `at` is off, over the largest value that it takes.
    fn difference(&self, at: usize, wanted: &[f64], nets: &Signals) -> Result<f64, String> {
        let tensor = &self.circuit.tensors[at];
        let values = nets[&tensor.net].values();
        if values.len() != wanted.len() {
            return Err(format!("{} has {} values of {}", tensor.name, values.len(), wanted.len()));
        }
        let value = |volts: &f64| (volts - self.circuit.v_ref()) / tensor.signal.volts();
        let worst = values.iter().map(value).zip(wanted).map(|(a, b)| (a - b).abs());
        // `f64::max` would hide a NaN.
        let worst = worst.fold(0.0, |worst: f64, x| if x.is_nan() || x > worst { x } else { worst });
        let of_largest = worst / self.ranges.get(&tensor.name).expect("a range for each stage").out;
        if of_largest.is_nan() { Err(format!("{} is not a number", tensor.name)) } else { Ok(of_largest) }
    }
}
