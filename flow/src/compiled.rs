//! A circuit in the native evaluator: images in, logits and layer activations out.

use crate::Lowered;
use crate::Result;
use indexmap::IndexMap;
use memloom_ir::{Direction, Id, Instance, Nature, Slice};
use memloom_sim::chip::Chip;
use memloom_sim::native::{Batch, Batched, Evaluator, Matrix, Options, Signals, Tally};
use std::ops::Range;

/// A compiled circuit.
pub struct Compiled<'a> {
    job: &'a Lowered,
    evaluator: Evaluator<'a>,
}

impl<'a> Compiled<'a> {
    /// Compiles the job's circuit.
    pub fn new(job: &'a Lowered, options: &Options) -> Result<Self> {
        Ok(Self { job, evaluator: Evaluator::new(&job.circuit.design, options)? })
    }

    /// Compiles the job's circuit as made on a chip.
    pub fn on_chip(job: &'a Lowered, chip: &Chip, options: &Options) -> Result<Self> {
        Ok(Self { job, evaluator: Evaluator::on_chip(&job.circuit.design, chip, options)? })
    }

    /// The chip that it was compiled for, if it was for one, with the cells that its offsets were trimmed with: compiled
    /// again, it is not trimmed again.
    pub fn chip(&self) -> Option<&Chip> {
        self.evaluator.chip()
    }

    /// Prepares for many images of the size of `like`, in single precision.
    pub fn many(&self, like: &[f64]) -> Result<Many<'_>> {
        Ok(Many { compiled: self, batched: self.evaluator.batched(&self.input(like))? })
    }

    /// Evaluates images `0 .. count`, each normalised, `[C][H][W]`.
    pub fn run<'i>(&self, count: usize, image: impl Fn(usize) -> &'i [f64] + Sync) -> Result<Batch> {
        Ok(self.evaluator.run_batch(count, |k| self.input(image(k)))?)
    }

    /// The logits of `images` (each normalised, `[C][H][W]`), in the network's numbers, `[image][class]`; in double precision.
    ///
    /// # Errors
    /// If an image has another size than the network's.
    pub fn logits(&self, images: &[Vec<f64>]) -> Result<Vec<Vec<f64>>> {
        let batch = self.run(images.len(), |k| &images[k])?;
        Ok(batch.outputs.iter().map(|outputs| self.decode(outputs)).collect())
    }

    /// The logits of one evaluation's outputs, in the network's numbers.
    pub fn decode(&self, outputs: &Signals) -> Vec<f64> {
        let logits = self.job.circuit.tensors.last().expect("a network has layers");
        self.job.carried(logits, outputs)
    }

    /// Every net of the top module on one image, volts.
    pub fn nets(&self, image: &[f64]) -> Result<Signals> {
        Ok(self.watched(0, image)?.1)
    }

    /// As [`Compiled::nets`], of the image of a number, by which its noise goes, with what each block met on the way.
    pub fn watched(&self, number: usize, image: &[f64]) -> Result<(IndexMap<String, Tally>, Signals)> {
        let (run, nets) = self.evaluator.run_numbered(number, &self.input(image))?;
        Ok((run.blocks, nets))
    }

    fn input(&self, image: &[f64]) -> Signals {
        let tensor = &self.job.circuit.tensors[0];
        let (v_ref, scale) = (self.job.circuit.v_ref(), tensor.signal.volts());
        let volts = image.iter().map(|x| v_ref + scale * x).collect();
        IndexMap::from([(tensor.net.clone(), Matrix::new(tensor.shape.channels, volts))])
    }
}

/// A circuit prepared for many images.
pub struct Many<'c> {
    compiled: &'c Compiled<'c>,
    batched: Batched<'c, 'c>,
}

impl Many<'_> {
    /// The logits of the images of a range, in the network's numbers; images are normalised, `[C][H][W]`. Noise goes by
    /// an image's place among all.
    pub fn logits(&self, images: &[Vec<f64>], range: Range<usize>) -> Result<Vec<Vec<f64>>> {
        let outputs = self.batched.run(range, |k| self.compiled.input(&images[k]))?;
        Ok(outputs.iter().map(|outputs| self.compiled.decode(outputs)).collect())
    }
}

/// What drives the module of layer `name` at tick `tick` (or at its only one), in its input ports' order.
pub fn layer_inputs(job: &Lowered, name: &str, nets: &Signals, tick: usize) -> Result<Vec<f64>> {
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
    top: &memloom_ir::Module,
    nets: &'a Signals,
    net: Id<memloom_ir::Net>,
    range: std::ops::Range<u32>,
    tick: usize,
) -> impl Iterator<Item = f64> + 'a {
    let matrix = &nets[top.nets.name(net)];
    // A net of one tick is held while others tick on.
    range.map(move |wire| matrix.wire(wire as usize)[tick.min(matrix.ticks() - 1)])
}
