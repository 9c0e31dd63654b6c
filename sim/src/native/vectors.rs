//! Evaluates one combinational module over many input vectors.

use super::kernel::{FEW, LANES, Slots, Tally, value};
use super::program::Program;
use super::{Error, Options};
use memloom_ir::{Design, Id, Module};
use rayon::prelude::*;

/// Evaluates `module`, which holds no frame memory, at each of `vectors`.
///
/// A vector gives the wires of the voltage and current input ports in port order, volts and amperes. Each result
/// gives the wires of the voltage output ports in port order, volts.
///
/// # Errors
/// If the module cannot be compiled, see [`Program::compile`], or a vector has a wrong length or a value that is
/// not finite.
pub fn evaluate_module(
    design: &Design,
    module: Id<Module>,
    options: &Options,
    vectors: &[Vec<f64>],
) -> Result<Vec<Vec<f64>>, Error> {
    Program::compile(design, module, options)?.run(vectors)
}

impl Program {
    /// Output values of each input vector. The result does not depend on the number of threads.
    ///
    /// # Errors
    /// If a vector has a wrong length or a value that is not finite.
    pub fn run(&self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Error> {
        Ok(self.run_tallied(vectors)?.0)
    }

    /// As [`Program::run`], with what clipped on the way.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn run_tallied(&self, vectors: &[Vec<f64>]) -> Result<(Vec<Vec<f64>>, Tally), Error> {
        self.check(vectors)?;
        let blocks = vectors.par_chunks(LANES);
        let done: Vec<_> = blocks
            .map_init(Scratch::default, |scratch, block| match block.len() {
                0..=FEW => self.block(&mut scratch.few, block),
                _ => self.block(&mut scratch.full, block),
            })
            .collect();
        let mut tally = Tally::default();
        done.iter().for_each(|(_, of_block)| tally.add(of_block));
        tally.check()?;
        Ok((done.into_iter().flat_map(|(outputs, _)| outputs).collect(), tally))
    }

    fn check(&self, vectors: &[Vec<f64>]) -> Result<(), Error> {
        let fault = |index: usize, what: String| Err(Error::Input { port: format!("vector {index}"), what });
        for (index, vector) in vectors.iter().enumerate() {
            if vector.len() != self.input_count() {
                let what =
                    format!("{} values; give {}, one per input wire", vector.len(), self.input_count());
                return fault(index, what);
            }
            if let Some(at) = vector.iter().position(|v| !v.is_finite()) {
                return fault(index, format!("value {at} is {}; give a finite number", vector[at]));
            }
        }
        Ok(())
    }

    fn block<const L: usize>(&self, slots: &mut Slots<L>, vectors: &[Vec<f64>]) -> (Vec<Vec<f64>>, Tally) {
        slots.resize(self.slot_count(), [0.0; L]);
        // Idle lanes repeat the last vector.
        let vector = |lane: usize| &vectors[lane.min(vectors.len() - 1)];
        for (input, slot) in slots[..self.input_count()].iter_mut().enumerate() {
            *slot = std::array::from_fn(|lane| vector(lane)[input]);
        }
        let tally = self.run_block(slots, vectors.len(), None);
        let outputs = |lane| self.outputs.iter().map(|operand| value(operand, slots, lane)).collect();
        ((0..vectors.len()).map(outputs).collect(), tally)
    }
}

/// Slots of a thread, kept from block to block.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) full: Slots<LANES>,
    pub(super) few: Slots<FEW>,
}
