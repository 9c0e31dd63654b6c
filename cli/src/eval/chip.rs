//! One chip in the evaluator.

use super::images::Labelled;
use super::score::Score;
use crate::Result;
use crate::setup::Setup;
use crate::spread::variation;
use memloom::device::Variation;
use memloom_flow::Lowered;
use memloom_flow::class;
use memloom_flow::diagnosis::{LayerError, diagnose};
use memloom_flow::{Compiled, Many};
use memloom_sim::chip::{Chip, Converter, DeviceSpread, NonIdealities};
use memloom_sim::native::Options;
use std::ops::Range;

/// The chip of `seed` as `setup` says, for the circuit of `job`.
///
/// Converters at the input cover the voltages that a wordline may take, those at the output the readout's swing.
///
/// # Errors
/// If a value of the setup makes no sense.
pub(crate) fn chip(job: &Lowered, setup: &Setup, seed: u64) -> Result<Chip> {
    let technology = &job.plan.technology;
    let (v_ref, v_read) = (job.circuit.v_ref(), technology.cell.spec.v_read);
    let converter = |bits: Option<u32>, range| bits.map(|bits| Converter { bits, range });
    let variation = variation(technology.cell.spec.device.spec(), &setup.spread, &setup.cycle_spread)?;
    let spec = NonIdealities {
        seed,
        devices: (variation != Variation::default()).then_some(DeviceSpread { variation, cycle: 0 }),
        dac: converter(setup.dac_bits, (v_ref - v_read, v_ref + v_read)),
        adc: converter(setup.adc_bits, technology.readout.spec.op_amp.spec.swing),
        ..setup.chip.clone()
    };
    Ok(Chip::new(spec)?)
}

/// Scores a range of the images, of `classes` classes.
pub(crate) fn score(
    many: &Many<'_>,
    images: &Labelled,
    range: Range<usize>,
    classes: usize,
) -> Result<Score> {
    let logits = many.logits(&images.inputs, range.clone())?;
    let mut score = Score::new(classes);
    for (at, logits) in range.zip(&logits) {
        score.count(images.labels[at], class(logits), images.reference[at]);
    }
    Ok(score)
}

/// Where the chip loses accuracy, on the first `count` images, in double precision.
pub(crate) fn layers(job: &Lowered, chip: &Chip, images: &Labelled, count: usize) -> Result<Vec<LayerError>> {
    let options = Options { watch_cells: true, ..Options::default() };
    let compiled = Compiled::on_chip(job, chip, &options)?;
    let inputs = &images.inputs[..count.min(images.inputs.len())];
    let batch = compiled.run(inputs.len(), |k| &inputs[k])?;
    diagnose(job, inputs, |input| compiled.nets(input), &batch.blocks)
}
