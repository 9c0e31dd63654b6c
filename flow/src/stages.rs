//! From a network to its circuit: read, plan, lower.

use crate::finding::{Finding, RuleErrors};
use crate::layers::by_layer;
use crate::source::{Reading, Source};
use crate::{Compiled, Result, Wires};
use memloom_codegen::{Dialect, reserved, simulated};
use memloom_ir::technology::{SignScheme, TechnologySpec};
use memloom_ir::{CellNetlist, erc};
use memloom_network::Ranges;
use memloom_network::lower::{Circuit, Tensor};
use memloom_network::plan::{Plan, plan};
use memloom_sim::native::{Options, Signals};
use std::path::Path;
use std::sync::Arc;

/// A network and the ranges of its values.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The network.
    pub source: Arc<Source>,
    /// How large each stage's values get.
    pub ranges: Ranges,
}

impl Flow {
    /// The network that comes with memloom: MobileNetV3 Small on CIFAR-10.
    ///
    /// # Errors
    /// If there is less memory than it takes.
    pub fn embedded() -> Result<Self> {
        Self::open(None, &Reading::default())
    }

    /// The network of the weights file `model`, with the settings and ranges that stand in it and beside it.
    ///
    /// # Errors
    /// As [`Source::read`] and [`Source::ranges`].
    pub fn read(model: impl AsRef<Path>) -> Result<Self> {
        Self::open(Some(model.as_ref()), &Reading::default())
    }

    /// The network of the weights file `model`, or the embedded one, with settings of the caller's.
    ///
    /// # Errors
    /// As [`Source::read`] and [`Source::ranges`].
    pub fn open(model: Option<&Path>, reading: &Reading) -> Result<Self> {
        let source = Source::read(model, reading)?;
        let ranges = source.ranges(reading.ranges.as_deref())?;
        Ok(Self { source: Arc::new(source), ranges })
    }

    /// How each layer is built in `technology`.
    ///
    /// # Errors
    /// If the technology cannot hold a layer; the message names it.
    pub fn plan(&self, technology: &TechnologySpec) -> Result<Planned> {
        let plan = plan(&self.source.stages, &self.ranges, technology)?;
        Ok(Planned { flow: self.clone(), plan, rules: standard_rules() })
    }
}

/// The electrical rules at their own levels, with the words that the simulators' netlist languages keep for themselves.
pub fn standard_rules() -> erc::Config {
    erc::Config::new().reserve(reserved(simulated().map(|bench| bench as &dyn Dialect)))
}

/// A network and how each of its layers is built.
#[derive(Debug, Clone)]
pub struct Planned {
    flow: Flow,
    /// How each layer is built.
    pub plan: Plan,
    rules: erc::Config,
}

impl Planned {
    /// With cells and feedback resistors chosen as if wires and op-amps lost nothing, unless `compensate`.
    #[must_use]
    pub fn compensated(mut self, compensate: bool) -> Self {
        self.plan.compensate = compensate;
        self
    }

    /// With electrical rules of the caller's; see [`standard_rules`].
    #[must_use]
    pub fn under(mut self, rules: erc::Config) -> Self {
        self.rules = rules;
        self
    }

    /// The circuit, checked.
    ///
    /// # Errors
    /// [`RuleErrors`] if it breaks an electrical rule.
    pub fn lower(self) -> Result<Lowered> {
        let Self { flow: Flow { source, ranges }, plan, rules } = self;
        let circuit = Circuit::new(&source.name, &source.stages, &plan)?;
        let found = erc::check_with(&circuit.design, &rules);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|f| f.level == erc::Level::Error);
        if !errors.is_empty() {
            return Err(RuleErrors { findings: by_layer(&errors, &source.stages) }.into());
        }
        let mut findings = by_layer(&warnings, &source.stages);
        findings.extend(Finding::uncompensated(&circuit));
        Ok(Lowered { source, ranges, plan, circuit, findings })
    }
}

/// A network and the circuit that computes it.
#[derive(Debug)]
pub struct Lowered {
    /// The network.
    pub source: Arc<Source>,
    /// How large its values get.
    pub ranges: Ranges,
    /// How each layer is built.
    pub plan: Plan,
    /// The circuit.
    pub circuit: Circuit,
    /// What looks unintended.
    pub findings: Vec<Finding>,
}

impl Lowered {
    /// What the net of `tensor` carries among `nets`, in the network's numbers.
    ///
    /// # Panics
    /// If its net is not among them.
    pub fn carried(&self, tensor: &Tensor, nets: &Signals) -> Vec<f64> {
        let (v_ref, scale) = (self.circuit.v_ref(), tensor.signal.volts());
        nets[&tensor.net].values().iter().map(|v| (v - v_ref) / scale).collect()
    }

    /// Compiles the circuit, as declared, for evaluation.
    ///
    /// # Errors
    /// If the circuit cannot be evaluated natively.
    pub fn compile(&self) -> Result<Compiled<'_>> {
        Compiled::new(self, &Options::default())
    }
}

/// What a technology is to be like, where it is not as declared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// Largest crossbar, wordlines by bitlines.
    pub tile: Option<(u32, u32)>,
    /// Sign scheme.
    pub scheme: Option<SignScheme>,
    /// What lines and cells have besides the cells.
    pub wires: Wires,
    /// What cells are in netlists and evaluations.
    pub cells: Option<CellNetlist>,
    /// Open-loop gain of the op-amps.
    pub gain: Option<f64>,
}

impl Changes {
    /// `technology` with these.
    pub fn to(self, mut technology: TechnologySpec) -> TechnologySpec {
        technology.tile = self.tile.unwrap_or(technology.tile);
        technology.signed = self.scheme.unwrap_or(technology.signed);
        self.wires.put(&mut technology.parasitics);
        let cell = &mut technology.cell.spec;
        cell.netlist = self.cells.unwrap_or(cell.netlist);
        let op_amp = &mut technology.readout.spec.op_amp.spec;
        op_amp.gain = self.gain.unwrap_or(op_amp.gain);
        technology
    }
}
