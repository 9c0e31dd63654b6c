//! The files of a sweep.

use super::plot::{self, Plot, slug};
use super::{inside, page, table};
use crate::Result;
use crate::args::SweepArgs;
use memloom_flow::output::{Form, Mark, Target, distinct};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How a page is known again.
const PAGE: Mark = Mark::new(Form::Html, "memloom sweep");

/// Where a sweep's files go, settled before the work.
pub(super) struct Outputs {
    table: Target,
    page: Target,
    /// In the order of the plots; the last may have none.
    plots: Vec<Target>,
    pub(super) journal: PathBuf,
}

impl Outputs {
    /// The table, and beside it the page, the plots and the journal, by its name with other endings.
    pub(super) fn new(args: &SweepArgs) -> Result<Self> {
        let out = &args.out;
        if out.extension().is_some_and(|e| e == "html" || e == "journal") {
            let what = format!("`{}` is to be a Parquet file; give it the ending `.parquet`", out.display());
            return Err(what.into());
        }
        let journal = out.with_extension("journal");
        memloom_flow::journal::settle(&journal)?;
        let target = |path: &Path, mark| Target::new(path, mark, args.replace.force);
        let curves = page::titles(&args.vary);
        let titles = curves.iter().map(String::as_str).chain(inside::TITLES).enumerate();
        let plots = titles
            .map(|(k, title)| target(&beside(out, &format!("_{}_{}.svg", k + 1, slug(title))), plot::MARK));
        let outputs = Self {
            table: target(out, table::MARK)?,
            page: target(&page_beside(out), PAGE)?,
            plots: plots.collect::<Result<_>>()?,
            journal,
        };
        distinct([&outputs.table, &outputs.page].into_iter().chain(&outputs.plots))?;
        Ok(outputs)
    }

    /// Writes the plots, the page, then the table, each whole or not at all, then drops the journal.
    pub(super) fn write<'a>(
        &self,
        table: &[u8],
        page: &str,
        plots: impl Iterator<Item = &'a Plot>,
    ) -> Result<()> {
        for (target, plot) in self.plots.iter().zip(plots) {
            target.write(plot.svg.as_bytes())?;
        }
        self.page.write(page.as_bytes())?;
        self.table.write(table)?;
        Ok(std::fs::remove_file(&self.journal).map_err(|e| format!("`{}`: {e}", self.journal.display()))?)
    }
}

/// The page beside the table at `out`.
pub(super) fn page_beside(out: &Path) -> PathBuf {
    out.with_extension("html")
}

/// The path beside `out` of its name without ending, and `end`.
fn beside(out: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(out.file_stem().unwrap_or_default());
    name.push(end);
    out.with_file_name(name)
}
