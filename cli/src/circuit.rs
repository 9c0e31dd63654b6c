//! A job's circuit in the native evaluator: images in, logits and layer activations out.

use crate::Result;
use crate::job::Job;
use indexmap::IndexMap;
use memloom::ir::{Direction, Id, Instance, Nature, Slice};
use memloom_sim::chip::Chip;
use memloom_sim::native::{Batch, Batched, Evaluator, Matrix, Options, Signals};
use std::ops::Range;

/// A compiled circuit.
pub(crate) struct Compiled<'a> {
    job: &'a Job,
    evaluator: Evaluator<'a>,
}

impl<'a> Compiled<'a> {
    /// Compiles the job's circuit.
    pub(crate) fn new(job: &'a Job, options: &Options) -> Result<Self> {
        Ok(Self { job, evaluator: Evaluator::new(&job.circuit.design, options)? })
    }

    /// Compiles the job's circuit as made on a chip.
    pub(crate) fn on_chip(job: &'a Job, chip: &Chip, options: &Options) -> Result<Self> {
        Ok(Self { job, evaluator: Evaluator::on_chip(&job.circuit.design, chip, options)? })
    }

    /// Prepares for many images of the size of `like`, in single precision.
    pub(crate) fn many(&self, like: &[f64]) -> Result<Many<'_>> {
        Ok(Many { compiled: self, batched: self.evaluator.batched(&self.input(like))? })
    }

    /// Evaluates images `0 .. count`, each normalised, `[C][H][W]`.
    pub(crate) fn run<'i>(&self, count: usize, image: impl Fn(usize) -> &'i [f64] + Sync) -> Result<Batch> {
        Ok(self.evaluator.run_batch(count, |k| self.input(image(k)))?)
    }

    /// The logits of one evaluation, in the network's numbers.
    pub(crate) fn logits(&self, outputs: &Signals) -> Vec<f64> {
        let tensor = self.job.circuit.tensors.last().expect("a network has layers");
        let (v_ref, scale) = (self.job.circuit.v_ref(), tensor.signal.volts());
        outputs[&tensor.net].values().iter().map(|v| (v - v_ref) / scale).collect()
    }

    /// Every net of the top module on one image, volts.
    pub(crate) fn nets(&self, image: &[f64]) -> Result<Signals> {
        self.nets_of(0, image)
    }

    /// The same for the image of a number, by which its noise goes.
    pub(crate) fn nets_of(&self, number: usize, image: &[f64]) -> Result<Signals> {
        Ok(self.evaluator.run_numbered(number, &self.input(image))?.1)
    }

    fn input(&self, image: &[f64]) -> Signals {
        let tensor = &self.job.circuit.tensors[0];
        let (v_ref, scale) = (self.job.circuit.v_ref(), tensor.signal.volts());
        let volts = image.iter().map(|x| v_ref + scale * x).collect();
        IndexMap::from([(tensor.net.clone(), Matrix::new(tensor.shape.channels, volts))])
    }
}

/// A circuit prepared for many images.
pub(crate) struct Many<'c> {
    compiled: &'c Compiled<'c>,
    batched: Batched<'c, 'c>,
}

impl Many<'_> {
    /// The logits of the images of a range, in the network's numbers; images are normalised, `[C][H][W]`. Noise goes by
    /// an image's place among all.
    pub(crate) fn logits(&self, images: &[Vec<f64>], range: Range<usize>) -> Result<Vec<Vec<f64>>> {
        let outputs = self.batched.run(range, |k| self.compiled.input(&images[k]))?;
        Ok(outputs.iter().map(|outputs| self.compiled.logits(outputs)).collect())
    }
}

/// What drives the module of layer `name` at tick `tick` (or at its only one), in its input ports' order.
pub(crate) fn layer_inputs(job: &Job, name: &str, nets: &Signals, tick: usize) -> Result<Vec<f64>> {
    let design = &job.circuit.design;
    let top = &design.modules[design.top.expect("a circuit has a top")];
    let found = top.instances.find(&memloom_network::lower::text_name(name));
    let instance: &Instance =
        &top.instances[found.ok_or_else(|| format!("layer `{name}` has no circuit"))?];
    let mut volts = Vec::new();
    for (pin, bits) in instance.element.pins(design).iter().zip(&instance.pins) {
        if pin.direction != Direction::Input || pin.nature == Some(Nature::Select) {
            continue;
        }
        for slice in bits {
            match slice {
                Slice::Supply(supply) => volts.push(design.supplies[*supply].volts),
                Slice::Net { net, start, len } => {
                    volts.extend(wires(top, nets, *net, *start..*start + *len, tick))
                }
            }
        }
    }
    Ok(volts)
}

fn wires<'a>(
    top: &memloom::ir::Module,
    nets: &'a Signals,
    net: Id<memloom::ir::Net>,
    range: std::ops::Range<u32>,
    tick: usize,
) -> impl Iterator<Item = f64> + 'a {
    let matrix = &nets[top.nets.name(net)];
    // A net of one tick is held while others tick on.
    range.map(move |wire| matrix.wire(wire as usize)[tick.min(matrix.ticks() - 1)])
}
