//! Solves a module piece by piece, see [`Cut`]: each piece at many vectors, pieces side by side.

use super::check::simulate;
use super::{Engine, Error, Limits, absent_is_fine};
use memloom_codegen::{Circuit, Cut, Piece, TestBench, dc_deck};
use rayon::prelude::*;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

/// Vectors of one deck. More would cost less, as a circuit is ordered once a deck, but leave cores idle; the number does not
/// depend on them, so that digits do not.
const TOGETHER: usize = 256;

/// A simulator, and where it works.
#[derive(Clone, Copy)]
pub struct Solver<'a> {
    /// The simulator.
    pub engine: &'a (dyn Engine + Sync),
    /// Its language.
    pub dialect: &'a dyn TestBench,
    /// What a deck may cost.
    pub limits: &'a Limits,
    /// Whether decks and what the simulator made of them stay.
    pub keep: bool,
}

/// What a module gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// Volts, `[vector][output]`.
    pub outputs: Vec<Vec<f64>>,
    /// How many decks were run.
    pub decks: usize,
    /// How long the simulator ran, all decks together.
    pub time: Duration,
    /// The largest resident memory that it was seen with, bytes.
    pub peak_rss: Option<u64>,
}

impl Solver<'_> {
    /// The outputs of the module that was `cut`, at each of `vectors`: the wires of its inputs in port order. Each deck is run
    /// in a folder of its own in `folder`, which is made where it is not there.
    ///
    /// # Errors
    /// Those of making decks, of writing, and of [`Engine::run`].
    pub fn solve(&self, cut: &Cut<'_>, vectors: &[Vec<f64>], folder: &Path) -> Result<Solved, Error> {
        new_folder(folder)?;
        let count = vectors.len();
        let mut volts: Vec<Vec<f64>> = vec![Vec::new(); cut.wires()];
        for (at, wire) in cut.inputs().iter().enumerate() {
            volts[*wire] = vectors.iter().map(|vector| vector[at]).collect();
        }
        let mut solved = Solved { outputs: Vec::new(), decks: 0, time: Duration::ZERO, peak_rss: None };
        for (number, step) in cut.steps().iter().enumerate() {
            let decks: Vec<Task<'_>> = tasks(step, number, count).collect();
            let run = |task: &Task<'_>| self.run(cut, task, &volts, folder);
            let done = decks.par_iter().with_max_len(1).map(run).collect::<Result<Vec<_>, _>>()?;
            for (task, of_task) in decks.iter().zip(done) {
                // Chunks of a piece follow each other.
                for (at, wire) in task.piece.outputs.iter().enumerate() {
                    volts[*wire].extend(of_task.outputs.iter().map(|outputs| outputs[at]));
                }
                solved.decks += 1;
                solved.time += of_task.time;
                solved.peak_rss = solved.peak_rss.max(of_task.peak_rss);
            }
        }
        let outputs = |vector: usize| cut.outputs().iter().map(|(_, wire)| volts[*wire][vector]).collect();
        solved.outputs = (0..count).map(outputs).collect();
        Ok(solved)
    }

    fn run(
        &self,
        cut: &Cut<'_>,
        task: &Task<'_>,
        volts: &[Vec<f64>],
        folder: &Path,
    ) -> Result<Solved, Error> {
        let Task { piece, vectors, name } = task;
        let vector = |at: usize| piece.inputs.iter().map(|wire| volts[*wire][at]).collect();
        let vectors: Vec<Vec<f64>> = vectors.clone().map(vector).collect();
        let deck = dc_deck(self.dialect, cut.design(), piece.module, &vectors, Circuit::Embedded)
            .map_err(|error| Error::Generate { what: error.to_string() })?;
        let folder = folder.join(name);
        new_folder(&folder)?;
        let solved = simulate(self.engine, &deck, vectors.len(), &folder, self.limits)?;
        if !self.keep {
            let failed = |source| Error::Io { path: folder.clone(), source };
            fs::remove_dir_all(&folder).or_else(absent_is_fine).map_err(failed)?;
        }
        Ok(solved)
    }
}

/// A deck to be run.
struct Task<'a> {
    piece: &'a Piece,
    vectors: Range<usize>,
    /// Of its folder.
    name: String,
}

/// The decks of a step, piece by piece.
fn tasks(pieces: &[Piece], step: usize, vectors: usize) -> impl Iterator<Item = Task<'_>> {
    pieces.iter().enumerate().flat_map(move |(number, piece)| {
        (0..vectors).step_by(TOGETHER).map(move |first| Task {
            piece,
            vectors: first..vectors.min(first + TOGETHER),
            name: format!("step_{step}_piece_{number}_from_{first}"),
        })
    })
}

/// Makes a folder, but none above it: an interrupt may have removed that.
fn new_folder(path: &Path) -> Result<(), Error> {
    match fs::create_dir(path) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            Err(Error::Io { path: path.into(), source })
        }
        _ => Ok(()),
    }
}
