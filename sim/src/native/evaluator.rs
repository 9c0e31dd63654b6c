//! Evaluates a whole design, image by image.

use super::elaborate::{Elaborated, NamedNet, elaborate};
use super::options::Setting;
use super::physics::BOLTZMANN;
use super::plan::{Plan, plan};
use super::state::{Layout, Machine, State, Windows};
use super::{Error, Options, Tally};
use crate::chip::{Chip, Converter};
use indexmap::IndexMap;
use memloom_ir::Design;
use rayon::prelude::*;

/// Images that one thread evaluates side by side, so that layers of one tick fill the lanes too.
const IMAGES: usize = 8;
/// Values that one thread holds at most, unless a single image has more.
const VALUES: usize = 1 << 25;

/// Values of a bus over time: `width x ticks`, wire by wire; volts or amperes.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    width: usize,
    ticks: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A bus of `width` wires; `values` has all ticks of wire 0, then of wire 1.
    ///
    /// # Panics
    /// If the number of values is not a multiple of `width`, or zero.
    pub fn new(width: usize, values: Vec<f64>) -> Self {
        assert!(
            width > 0 && !values.is_empty() && values.len().is_multiple_of(width),
            "as many ticks for each wire"
        );
        Self { width, ticks: values.len() / width, values }
    }

    pub(super) fn map(&mut self, f: impl Fn(f64) -> f64) {
        self.values.iter_mut().for_each(|value| *value = f(*value));
    }

    /// Number of wires.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of ticks.
    pub fn ticks(&self) -> usize {
        self.ticks
    }

    /// All ticks of wire 0, then of wire 1, and so on.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The ticks of one wire.
    pub fn wire(&self, wire: usize) -> &[f64] {
        &self.values[wire * self.ticks..][..self.ticks]
    }

    /// The wires at one tick.
    pub fn tick(&self, tick: usize) -> Vec<f64> {
        (0..self.width).map(|wire| self.wire(wire)[tick]).collect()
    }
}

/// Values by name of port or net.
pub type Signals = IndexMap<String, Matrix>;

/// Values of one evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The voltage output ports of the top.
    pub outputs: Signals,
    /// What each block of the top met on the way.
    pub blocks: IndexMap<String, Tally>,
}

/// Values of many evaluations.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The voltage output ports of the top, image by image.
    pub outputs: Vec<Signals>,
    /// What each block of the top met over all images.
    pub blocks: IndexMap<String, Tally>,
}

/// A design, compiled.
pub struct Evaluator<'d> {
    pub(super) circuit: Elaborated<'d>,
    pub(super) plan: Plan,
    windows: Windows,
    pub(super) chip: Option<Chip>,
    /// Deviation of what a sample-and-hold holds, if there is noise by physics, volts.
    pub(super) hold: Option<f64>,
}

impl<'d> Evaluator<'d> {
    /// Compiles the top of `design`, each module once and modules side by side.
    ///
    /// # Errors
    /// If the design has no top, or its circuit is not feed-forward or has no unique operating point.
    pub fn new(design: &'d Design, options: &Options) -> Result<Self, Error> {
        Self::with_setting(design, Setting::new(options, None))
    }

    /// As [`Evaluator::new`], for the parts of one chip: what the chip says of gain and rails goes before `options`.
    ///
    /// # Errors
    /// As [`Evaluator::new`].
    pub fn on_chip(design: &'d Design, chip: &Chip, options: &Options) -> Result<Self, Error> {
        Self::with_setting(design, Setting::new(options, Some(chip)))
    }

    fn with_setting(design: &'d Design, setting: Setting<'_>) -> Result<Self, Error> {
        let circuit = elaborate(design)?;
        // A chip that is trimmed already stays as it is.
        let fresh = setting.chip.filter(|chip| chip.trimmed().is_empty());
        let trim = fresh.and_then(|chip| Some((chip, chip.spec().trim?)));
        let trimmed = trim.map(|trim| super::trim::trim(design, &circuit, setting, trim)).transpose()?;
        let chip = match trimmed {
            Some(cells) => setting.chip.map(|chip| chip.clone().with(cells)),
            None => setting.chip.cloned(),
        };
        let plan = plan(design, &circuit, Setting { chip: chip.as_ref(), ..setting })?;
        let windows = Windows::new(&circuit);
        let hold = chip.as_ref().and_then(|chip| hold(chip, design));
        Ok(Self { circuit, plan, windows, chip, hold })
    }

    /// The chip that it was compiled for, with what its offsets were trimmed with.
    pub fn chip(&self) -> Option<&Chip> {
        self.chip.as_ref()
    }

    /// Evaluates one image. `inputs` gives every voltage and current input port of the top by name, `width x ticks`:
    /// the ticks of the frame memory that it feeds, in raster order, or one tick for a value that is held.
    ///
    /// # Errors
    /// If an input is missing, unknown, of a wrong width or not finite, or nets that meet differ in ticks.
    pub fn run(&self, inputs: &Signals) -> Result<Run, Error> {
        let mut seen = None;
        let blocks = self.evaluate(
            0,
            std::slice::from_ref(inputs),
            &mut State::default(),
            |machine, state, image| {
                seen = Some(self.outputs(machine, state, image));
            },
        )?;
        Ok(Run { outputs: seen.unwrap_or_default(), blocks: self.named(&blocks) })
    }

    /// As [`Evaluator::run`], with the values of every voltage net outside the modules that have no frame memory,
    /// by hierarchical name (`stem.x`); a port of the top is a net too.
    ///
    /// # Errors
    /// As [`Evaluator::run`].
    pub fn run_with_nets(&self, inputs: &Signals) -> Result<(Run, Signals), Error> {
        self.run_numbered(0, inputs)
    }

    /// As [`Evaluator::run_with_nets`], for image number `image`, which its noise goes by.
    ///
    /// # Errors
    /// As [`Evaluator::run`].
    pub fn run_numbered(&self, image: usize, inputs: &Signals) -> Result<(Run, Signals), Error> {
        let mut seen = None;
        let blocks = self.evaluate(
            image,
            std::slice::from_ref(inputs),
            &mut State::default(),
            |machine, state, image| {
                let outputs = self.outputs(machine, state, image);
                seen = Some((outputs, signals(&self.circuit.nets, machine, state, image)));
            },
        )?;
        let (outputs, nets) = seen.unwrap_or_default();
        Ok((Run { outputs, blocks: self.named(&blocks) }, nets))
    }

    /// Evaluates images `0 .. count`, of which `image` gives the inputs, on all threads. Memory is bounded by the
    /// number of threads, and no result depends on it.
    ///
    /// # Errors
    /// As [`Evaluator::run`]; the first image's.
    pub fn run_batch(&self, count: usize, image: impl Fn(usize) -> Signals + Sync) -> Result<Batch, Error> {
        let together = match count {
            0 => 1,
            _ => (VALUES / self.layout(&image(0))?.len.max(1)).clamp(1, IMAGES),
        };
        let chunks: Vec<_> =
            (0..count).step_by(together).map(|first| first..count.min(first + together)).collect();
        let evaluate = |state: &mut State, chunk: &std::ops::Range<usize>| {
            let inputs: Vec<_> = chunk.clone().map(&image).collect();
            let mut outputs = Vec::with_capacity(inputs.len());
            let blocks = self.evaluate(chunk.start, &inputs, state, |machine, state, image| {
                outputs.push(self.outputs(machine, state, image));
            })?;
            Ok((outputs, blocks))
        };
        let done: Vec<Result<_, Error>> = chunks.par_iter().map_init(State::default, evaluate).collect();
        let mut outputs = Vec::with_capacity(count);
        let mut tallies = vec![Tally::default(); self.plan.blocks.len()];
        for chunk in done {
            let (of_chunk, blocks) = chunk?;
            outputs.extend(of_chunk);
            tallies.iter_mut().zip(&blocks).for_each(|(tally, of_chunk)| tally.add(of_chunk));
        }
        Ok(Batch { outputs, blocks: self.named(&tallies) })
    }

    /// Multiply-adds of one image whose input ports have the ticks of `inputs`.
    ///
    /// # Errors
    /// As [`Evaluator::run`].
    pub fn multiply_adds(&self, inputs: &Signals) -> Result<u64, Error> {
        let layout = self.layout(inputs)?;
        let of_step = |step: &super::plan::Step| {
            let ticks = step.outputs.first().map_or(1, |wire| layout.ticks(*wire));
            (self.plan.programs[step.program as usize].multiply_adds() * ticks) as u64
        };
        Ok(self.plan.steps.iter().map(of_step).sum())
    }

    /// The converter that drives an input wire; currents have none.
    pub(super) fn dac(&self, wire: u32) -> Option<Converter> {
        let current = self.circuit.injected.iter().any(|(_, source)| *source == wire);
        self.chip.as_ref().and_then(|chip| chip.spec().dac).filter(|_| !current)
    }

    /// The converter at each output.
    pub(super) fn adc(&self) -> Option<Converter> {
        self.chip.as_ref().and_then(|chip| chip.spec().adc)
    }

    fn outputs(&self, machine: &Machine<'_>, state: &State, image: usize) -> Signals {
        let mut outputs = signals(&self.circuit.outputs, machine, state, image);
        if let Some(adc) = self.adc() {
            outputs.values_mut().for_each(|port| port.map(|volts| adc.convert(volts)));
        }
        outputs
    }

    /// Seed of the noise at run time, if there is any.
    pub(super) fn noise(&self) -> Option<u64> {
        let spec = self.chip.as_ref()?.spec();
        spec.is_noisy().then_some(spec.seed)
    }

    /// Evaluates a few images side by side, from number `first` on, then calls `see` for each.
    fn evaluate(
        &self,
        first: usize,
        images: &[Signals],
        state: &mut State,
        mut see: impl FnMut(&Machine<'_>, &State, usize),
    ) -> Result<Vec<Tally>, Error> {
        let ticks = self.ticks(&images[0])?;
        let layout = Layout::new(&self.circuit, &self.plan, &ticks, self.hold)?;
        state.reset(&layout, images.len(), first);
        for (index, inputs) in images.iter().enumerate() {
            if index > 0 && self.ticks(inputs)? != ticks {
                let what = format!("has other ticks in image {index}; give all images the same");
                return Err(Error::Input { port: self.circuit.inputs[0].name.clone(), what });
            }
            for port in &self.circuit.inputs {
                let matrix = &inputs[port.name.as_str()];
                for (bit, wire) in port.wires.iter().enumerate() {
                    let row = state.row(&layout, *wire, index);
                    row.copy_from_slice(matrix.wire(bit));
                    if let Some(dac) = self.dac(*wire) {
                        row.iter_mut().for_each(|volts| *volts = dac.convert(*volts));
                    }
                }
            }
        }
        let mut tallies = vec![Tally::default(); self.plan.blocks.len()];
        let machine = Machine {
            circuit: &self.circuit,
            plan: &self.plan,
            windows: &self.windows,
            layout: &layout,
            noise: self.noise(),
            hold: self.hold,
        };
        state.run(&machine, &mut tallies);
        for (tally, block) in tallies.iter().zip(&self.plan.blocks) {
            tally.check().map_err(|e| Error::Within { block: block.clone(), error: Box::new(e) })?;
        }
        (0..images.len()).for_each(|image| see(&machine, state, image));
        Ok(tallies)
    }

    fn layout(&self, inputs: &Signals) -> Result<Layout, Error> {
        Layout::new(&self.circuit, &self.plan, &self.ticks(inputs)?, self.hold)
    }

    /// Ticks of each input wire; checks that `inputs` gives every port its values and nothing else.
    pub(super) fn ticks(&self, inputs: &Signals) -> Result<Vec<u32>, Error> {
        let fault = |port: &str, what: String| Err(Error::Input { port: port.into(), what });
        let known = |name: &String| self.circuit.inputs.iter().any(|port| port.name == *name);
        if let Some(name) = inputs.keys().find(|name| !known(name)) {
            return fault(name, "the top has no such input port; leave it out".into());
        }
        let mut ticks = Vec::new();
        for port in &self.circuit.inputs {
            let Some(matrix) = inputs.get(&port.name) else {
                return fault(&port.name, "has no values; give `width x ticks` of them".into());
            };
            if matrix.width() != port.wires.len() {
                let what = format!("{} wires; give {}", matrix.width(), port.wires.len());
                return fault(&port.name, what);
            }
            if let Some(value) = matrix.values().iter().find(|v| !v.is_finite()) {
                return fault(&port.name, format!("has a value {value}; give finite numbers"));
            }
            ticks.resize(ticks.len() + matrix.width(), matrix.ticks() as u32);
        }
        Ok(ticks)
    }

    fn named(&self, tallies: &[Tally]) -> IndexMap<String, Tally> {
        let mut named = IndexMap::with_capacity(tallies.len());
        for (name, tally) in self.plan.blocks.iter().zip(tallies) {
            named.entry(name.clone()).or_insert_with(Tally::default).add(tally);
        }
        named
    }
}

/// The noise of a held value, volts: `sqrt(k T / C)` of the sample-and-hold's capacitor, whatever its switch.
fn hold(chip: &Chip, design: &Design) -> Option<f64> {
    let kelvin = chip.spec().kelvin();
    chip.spec().is_thermal().then(|| (BOLTZMANN * kelvin / design.sample_hold.c_hold).sqrt())
}

/// Values of those `nets` that have one on every wire.
fn signals(nets: &[NamedNet], machine: &Machine<'_>, state: &State, image: usize) -> Signals {
    let mut signals = Signals::new();
    for net in nets {
        let ticks: Vec<_> = net.wires.iter().map(|wire| machine.layout.ticks(*wire)).collect();
        // A free node inside a group has no row.
        if ticks.contains(&0) {
            continue;
        }
        let longest = ticks.iter().copied().max().unwrap_or(1);
        let value =
            |wire: &u32| (0..longest).map(|t| state.value(machine, *wire, image, t)).collect::<Vec<_>>();
        let values: Vec<f64> = net.wires.iter().flat_map(value).collect();
        signals.insert(net.name.clone(), Matrix::new(net.wires.len(), values));
    }
    signals
}
