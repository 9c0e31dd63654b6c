//! How much of each net is signal and how much is error.

use super::Error;
use super::batched::reference;
use super::evaluator::{Evaluator, Signals};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::ops::Range;

/// Signal and error of a net over some images, in square volts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fidelity {
    /// Sum of the squares of what the net should carry, as a deviation from the reference rail.
    pub signal: f64,
    /// Sum of the squares of how far it is from that.
    pub error: f64,
    /// Values summed up.
    pub values: u64,
}

impl Fidelity {
    /// Signal-to-error ratio, decibels: infinite for a net without error, `NaN` for one that carries nothing at all.
    pub fn decibels(&self) -> f64 {
        10.0 * (self.signal / self.error).log10()
    }

    fn add(&mut self, other: &Self) {
        self.signal += other.signal;
        self.error += other.error;
        self.values += other.values;
    }
}

impl Evaluator<'_> {
    /// Compares every net that `wanted` names with what it should carry, over `images`, of which `image` gives the
    /// inputs. `wanted` gives a net's voltages by hierarchical name, `width x ticks`, as
    /// [`Evaluator::run_with_nets`] does: those of a digital reference, or of an evaluator of ideal parts. Evaluates in
    /// double precision, on all threads; nets come in the order in which `wanted` gives them for the first image.
    ///
    /// # Errors
    /// As [`Evaluator::run`], and if `wanted` names a net that the circuit has not, or with another width or other
    /// ticks; whatever `wanted` returns.
    pub fn fidelity(
        &self,
        images: Range<usize>,
        image: impl Fn(usize) -> Signals + Sync,
        wanted: impl Fn(usize) -> Result<Signals, Error> + Sync,
    ) -> Result<IndexMap<String, Fidelity>, Error> {
        let rest = reference(self);
        let of_image = |k: usize| {
            let (_, nets) = self.run_numbered(k, &image(k))?;
            let compare = |(name, wanted): (String, super::Matrix)| {
                let fault = |what: &str| Error::Input { port: name.clone(), what: what.into() };
                let found =
                    nets.get(&name).ok_or_else(|| fault("the circuit has no such net; leave it out"))?;
                if (found.width(), found.ticks()) != (wanted.width(), wanted.ticks()) {
                    return Err(fault("has another width or other ticks; give the net's"));
                }
                let mut fidelity = Fidelity { values: wanted.values().len() as u64, ..Fidelity::default() };
                for (found, wanted) in found.values().iter().zip(wanted.values()) {
                    fidelity.signal += (wanted - rest).powi(2);
                    fidelity.error += (found - wanted).powi(2);
                }
                Ok((name, fidelity))
            };
            wanted(k)?.into_iter().map(compare).collect::<Result<Vec<_>, Error>>()
        };
        let done: Vec<Result<_, Error>> = images.into_par_iter().map(of_image).collect();
        let mut nets: IndexMap<String, Fidelity> = IndexMap::new();
        for of_image in done {
            of_image?.into_iter().for_each(|(name, fidelity)| nets.entry(name).or_default().add(&fidelity));
        }
        Ok(nets)
    }
}
