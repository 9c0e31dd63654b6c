//! Whole images through a simulator, layer by layer: what drives a layer is what the simulator itself made of the layers
//! before. Frame memories are copies, as at DC.

use crate::{Lowered, Result, layer_inputs};
use memloom_ir::{Element, FrameStore, Instance, Module, Slice};
use memloom_network::lower::Tensor;
use memloom_sim::external::check::{Difference, compare};
use memloom_sim::native::{Matrix, Options, Program, Signals};

/// Images on their way through a circuit.
pub struct Whole<'a> {
    job: &'a Lowered,
    top: &'a Module,
    /// Per image, the nets of the top: as the evaluator has them on its own.
    native: Vec<Signals>,
    /// As the simulator has them so far.
    simulated: Vec<Signals>,
}

/// How far a layer's outputs in the simulator are from the evaluator's.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Where the evaluator gets the simulator's inputs: what this layer adds.
    pub own: Difference,
    /// Where it gets the image: what has come together so far.
    pub whole: Difference,
}

impl<'a> Whole<'a> {
    /// Images of which the evaluator made the nets `native`, as [`crate::Compiled::nets`] has them, at the input.
    ///
    /// # Errors
    /// If a frame memory is wired otherwise than networks are.
    pub fn new(job: &'a Lowered, native: Vec<Signals>) -> Result<Self> {
        let design = &job.circuit.design;
        let top = &design.modules[design.top.ok_or("a circuit has a top")?];
        let input = &job.circuit.tensors[0].net;
        let image = |nets: &Signals| Signals::from([(input.clone(), nets[input].clone())]);
        let simulated = native.iter().map(image).collect();
        let mut whole = Self { job, top, native, simulated };
        whole.hold(input)?;
        Ok(whole)
    }

    /// The layers in the order in which they are to be solved.
    pub fn layers(&self) -> impl Iterator<Item = &'a Tensor> + use<'a> {
        self.job.circuit.tensors.iter().filter(|tensor| tensor.module.is_some())
    }

    /// What drives `layer`, pixel by pixel, image by image, volts; the layers before it are known.
    ///
    /// # Errors
    /// If the layer has no circuit.
    pub fn vectors(&self, layer: &Tensor) -> Result<Vec<Vec<f64>>> {
        let pixels = layer.shape.plane();
        let of_image = |nets| (0..pixels).map(move |tick| layer_inputs(self.job, &layer.name, nets, tick));
        self.simulated.iter().flat_map(of_image).collect()
    }

    /// Goes on with `outputs`, volts, `[image and pixel][channel]`, as those of `layer`, which `vectors` drove.
    ///
    /// # Errors
    /// If there are others than the layer has, or the evaluator cannot compute them.
    pub fn take(&mut self, layer: &Tensor, vectors: &[Vec<f64>], outputs: &[Vec<f64>]) -> Result<Compared> {
        let (pixels, channels) = (layer.shape.plane(), layer.shape.channels);
        if outputs.len() != pixels * self.native.len() || outputs.iter().any(|row| row.len() != channels) {
            let (layer, images) = (&layer.name, self.native.len());
            return Err(format!("layer `{layer}` has {channels} outputs at {pixels} pixels of {images} images, other ones were computed").into());
        }
        let module = layer.module.ok_or_else(|| format!("layer `{}` has no circuit", layer.name))?;
        let program = Program::compile(&self.job.circuit.design, module, &Options::default())?;
        let names: Vec<String> = (0..channels).map(|channel| format!("{}[{channel}]", layer.net)).collect();
        let own = compare(&names, &program.run(vectors)?, outputs)?;
        let native = self.native.iter().flat_map(|nets| (0..pixels).map(|tick| nets[&layer.net].tick(tick)));
        let whole = compare(&names, &native.collect::<Vec<_>>(), outputs)?;
        for (nets, rows) in self.simulated.iter_mut().zip(outputs.chunks(pixels)) {
            let values = (0..channels).flat_map(|channel| rows.iter().map(move |row| row[channel]));
            nets.insert(layer.net.clone(), Matrix::new(channels, values.collect()));
        }
        self.hold(&layer.net)?;
        Ok(Compared { own, whole })
    }

    /// The logits of each image in the network's numbers: the simulator's, once all layers are known, and the evaluator's.
    pub fn logits(&self) -> Vec<[Vec<f64>; 2]> {
        let last = self.job.circuit.tensors.last().expect("a network has layers");
        let both = self.simulated.iter().zip(&self.native);
        both.map(|(simulated, native)| [simulated, native].map(|nets| self.job.carried(last, nets))).collect()
    }

    /// Shows what the net called `net` carries through the frame memories behind it.
    fn hold(&mut self, net: &str) -> Result<()> {
        for (_, name, instance) in self.top.instances.iter() {
            let Element::Store(store) = instance.element else { continue };
            let Some([inp, tap]) = frame(self.top, instance) else {
                return Err(format!("frame memory `{name}` is not wired net by net").into());
            };
            if inp != net {
                continue;
            }
            let design = &self.job.circuit.design;
            let padding = match instance.pins.last().and_then(|bits| bits.first()) {
                Some(Slice::Supply(rail)) => design.supplies[*rail].volts,
                _ => self.job.circuit.v_ref(),
            };
            for nets in &mut self.simulated {
                let shown = shown(&store, &nets[net], padding);
                nets.insert(tap.to_owned(), shown);
            }
        }
        Ok(())
    }
}

/// The nets that a frame memory for all channels reads and shows.
fn frame<'a>(top: &'a Module, store: &Instance) -> Option<[&'a str; 2]> {
    let net = |pin: usize| match store.pins.get(pin)?.as_slice() {
        [Slice::Net { net, start: 0, len }] if *len == top.nets[*net].width => Some(top.nets.name(*net)),
        _ => None,
    };
    Some([net(0)?, net(1)?])
}

/// The taps of a frame memory of the channels of `frame`, read tick by read tick.
fn shown(store: &FrameStore, frame: &Matrix, padding: f64) -> Matrix {
    let (taps, ticks) = (store.taps(), store.read_ticks());
    let mut values = Vec::with_capacity(frame.width() * (taps * ticks) as usize);
    for channel in 0..frame.width() {
        let pixels = frame.wire(channel);
        for tap in 0..taps {
            let pixel = |tick| store.pixel(tick, tap).map_or(padding, |pixel| pixels[pixel as usize]);
            values.extend((0..ticks).map(pixel));
        }
    }
    Matrix::new(frame.width() * taps as usize, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_its_pixels_and_the_reference_around_them() {
        let frame = Matrix::new(2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        let taps = shown(&FrameStore::window(2, 2, 3, 1, 1), &frame, 0.9);
        assert_eq!((taps.width(), taps.ticks()), (18, 4));
        // The middle tap is the frame; the one before it in the row is its left neighbour.
        assert_eq!(taps.wire(4), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(taps.wire(9 + 3), [0.9, 5.0, 0.9, 7.0]);
        let whole = shown(&FrameStore::whole(2, 2), &frame, 0.9);
        assert_eq!((whole.width(), whole.ticks(), whole.wire(5)), (8, 1, &[6.0][..]));
    }
}
