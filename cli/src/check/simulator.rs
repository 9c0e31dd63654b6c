//! The simulator that a check runs in.

use crate::Result;
use crate::args::{CheckArgs, Engine};
use memloom_codegen::{Cut, Dialect, Grain, Ngspice, TestBench, Vacask, write_design};
use memloom_flow::Lowered;
use memloom_network::lower::{Tensor, text_name};
use memloom_sim::external::{self, Limits, OpenVaf, Solved, Solver};
use std::path::Path;
use std::time::Duration;

/// A simulator that works in a folder.
pub(super) struct Simulator<'a> {
    engine: Box<dyn external::Engine + Sync>,
    dialect: &'static dyn TestBench,
    folder: &'a Path,
    limits: Limits,
    keep: bool,
}

impl<'a> Simulator<'a> {
    pub(super) fn find(args: &CheckArgs, folder: &'a Path) -> Result<Self> {
        let limits = Limits { time: Duration::from_secs(args.timeout), ..Limits::default() };
        let (engine, dialect): (Box<dyn external::Engine + Sync>, &'static dyn TestBench) = match args.engine
        {
            Engine::Ngspice => (Box::new(external::Ngspice::find()?), &Ngspice),
            Engine::Vacask => {
                let compiler = OpenVaf::find(folder.join("osdi"))?;
                (Box::new(external::Vacask::find()?.compiling(compiler)), &Vacask)
            }
        };
        Ok(Self { engine, dialect, folder, limits, keep: args.keep.is_some() })
    }

    pub(super) fn name(&self) -> &'static str {
        self.engine.name()
    }

    pub(super) fn version(&self) -> Result<String> {
        Ok(self.engine.version()?)
    }

    /// Beside decks that are kept, the netlists that a build would write.
    pub(super) fn netlists(&self, job: &Lowered) -> Result<()> {
        if self.keep {
            write_design(&job.circuit.design, &[self.dialect as &dyn Dialect], self.folder, &|_| {})?;
        }
        Ok(())
    }

    /// The outputs of one layer's circuit for each of `vectors`.
    pub(super) fn solve(&self, job: &Lowered, layer: &Tensor, vectors: &[Vec<f64>]) -> Result<Solved> {
        let fail = |e: &dyn std::fmt::Display| format!("layer `{}`: {e}", layer.name);
        let module = layer.module.expect("layers with a module only");
        let cut = Cut::new(&job.circuit.design, module, Grain::default()).map_err(|e| fail(&e))?;
        let folder = self.folder.join(text_name(&layer.name));
        let Self { engine, dialect, limits, keep, .. } = self;
        let solver = Solver { engine: engine.as_ref(), dialect: *dialect, limits, keep: *keep };
        Ok(solver.solve(&cut, vectors, &folder).map_err(|e| fail(&e))?)
    }
}
