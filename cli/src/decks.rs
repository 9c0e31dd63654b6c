//! Test benches: a runnable deck per layer and per cell.

use crate::circuit::{Compiled, layer_inputs};
use crate::job::Job;
use crate::{Result, progress};
use memloom::ir::{Id, Module};
use memloom_codegen::{Circuit, Deck, Dialect, TestBench, WrittenFile, dc_deck, leaf_decks, write_text};
use memloom_network::images::Image;
use memloom_network::lower::Tensor;
use memloom_sim::native::{Options, Signals};
use rayon::prelude::*;
use std::path::Path;

/// Pixels at which a layer's deck drives it.
const PIXELS: usize = 3;

/// Writes `testbench/<dialect>/<layer>.<ext>` and one deck per leaf model below `out`, for those of `dialects` whose
/// simulator is known. The layers' inputs are their activations on variants of the built-in test pattern.
pub(crate) fn write(job: &Job, dialects: &[&dyn Dialect], out: &Path) -> Result<Vec<WrittenFile>> {
    let benches: Vec<&dyn TestBench> = dialects.iter().filter_map(|dialect| dialect.test_bench()).collect();
    if benches.is_empty() {
        return Ok(Vec::new());
    }
    let settings = &job.source.network.settings;
    let options = Options::default();
    let compiled = Compiled::new(job, &options)?;
    let pictures = Image::test_pattern(settings.input).variants();
    let nets = pictures[..PIXELS].iter().map(|image| compiled.nets(&image.normalised(settings)?));
    let nets = nets.collect::<Result<Vec<_>>>()?;
    let layers: Vec<&Tensor> = job.circuit.tensors.iter().filter(|t| t.module.is_some()).collect();
    let tasks: Vec<_> = benches.iter().flat_map(|d| layers.iter().map(move |layer| (*d, *layer))).collect();
    let bar = progress::bar(tasks.len() as u64, "writing test benches");
    let one = |(dialect, layer): &(&dyn TestBench, &Tensor)| -> Result<WrittenFile> {
        let vectors = vectors(job, layer, &nets, PIXELS)?;
        let module = layer.module.expect("layers with a module only");
        let included = section_files(job, *dialect, module, "../..");
        let deck = dc_deck(*dialect, &job.circuit.design, module, &vectors, Circuit::Files(&included))?;
        let file = save(*dialect, out, &deck)?;
        bar.inc(1);
        Ok(file)
    };
    let mut files = tasks.par_iter().map(one).collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    for dialect in benches {
        let cells = [format!("../../spice/{}/cells.{}", dialect.name(), dialect.extension())];
        for deck in leaf_decks(dialect, &job.circuit.design, Circuit::Files(&cells))? {
            files.push(save(dialect, out, &deck)?);
        }
    }
    Ok(files)
}

/// The netlist files that hold what `module` needs, as seen from a deck; `root` is the build's folder seen from there.
pub(crate) fn section_files(job: &Job, dialect: &dyn Dialect, module: Id<Module>, root: &str) -> Vec<String> {
    let section = &job.circuit.design.modules[module].section;
    let file = |section: &str| format!("{root}/spice/{}/{section}.{}", dialect.name(), dialect.extension());
    vec![file("cells"), file(section)]
}

/// Input vectors of a layer: its activations at `count` places, spread over the images of `nets` and their pixels.
pub(crate) fn vectors(job: &Job, layer: &Tensor, nets: &[Signals], count: usize) -> Result<Vec<Vec<f64>>> {
    let ticks = layer.shape.plane();
    let vector = |k: usize| {
        // Corners and the middle: places spread evenly, from the first pixel to the last.
        let tick = if count > 1 { k * (ticks - 1) / (count - 1) } else { ticks / 2 };
        layer_inputs(job, &layer.name, &nets[k % nets.len()], tick)
    };
    let mut vectors = (0..count).map(vector).collect::<Result<Vec<_>>>()?;
    vectors.dedup();
    Ok(vectors)
}

fn save(dialect: &dyn Dialect, out: &Path, deck: &Deck) -> Result<WrittenFile> {
    Ok(write_text(out, &format!("testbench/{}/{}", dialect.name(), deck.name), &deck.text)?)
}
