//! The VACASK driver.

use super::process::{Job, Output};
use super::{Deck, Engine, Error, Limits, OpenVaf, Program, Run, absent_is_fine};
use std::fs;
use std::path::{Path, PathBuf};

/// The VACASK simulator.
#[derive(Debug, Clone)]
pub struct Vacask {
    program: PathBuf,
    compiler: Option<OpenVaf>,
}

impl Vacask {
    /// Finds it; see [`Program::find`].
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn find() -> Result<Self, Error> {
        Program::Vacask.find().map(Self::at)
    }

    /// The program at `path`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { program: path.into(), compiler: None }
    }

    /// Has the Verilog-A files that a deck loads compiled by `compiler`, so that a warning in one of them is an error.
    /// VACASK's own compilation keeps warnings to itself, so without a compiler a deck that loads such files is
    /// refused.
    pub fn compiling(self, compiler: OpenVaf) -> Self {
        Self { compiler: Some(compiler), ..self }
    }

    /// Puts the library of each Verilog-A file that `deck` or a file that it includes loads into the working folder.
    /// There VACASK puts its own, and takes one that is newer than its source as it is.
    fn compile_loads(&self, deck: &Deck) -> Result<(), Error> {
        let mut sources = Vec::new();
        find_loads(&deck.path, &mut Vec::new(), &mut sources);
        for source in sources {
            let Some(compiler) = &self.compiler else {
                return Err(
                    deck.lacks("it loads Verilog-A; give the VACASK driver a compiler by `compiling`")
                );
            };
            let library = deck.directory.join(source.with_extension("osdi").file_name().unwrap_or_default());
            let failed = |source| Error::Io { path: library.clone(), source };
            let compiled = compiler.compile(&source)?;
            // Removed first, as it may be read-only; copied and not linked, to be newer than the source.
            fs::remove_file(&library).or_else(absent_is_fine).map_err(failed)?;
            fs::copy(compiled, &library).map_err(failed)?;
        }
        Ok(())
    }
}

impl Engine for Vacask {
    fn name(&self) -> &'static str {
        "vacask"
    }

    fn version(&self) -> Result<String, Error> {
        Program::Vacask.version(&self.program)
    }

    /// The deck must say `abort always`: without it VACASK ends with code 0 after a failed analysis. The results of
    /// `analysis x op` are in `x.raw`.
    fn run(&self, deck: &Path, limits: &Limits) -> Result<Run, Error> {
        let deck = Deck::open(self.name(), deck)?;
        let rawfiles = analyses(&deck)?;
        self.compile_loads(&deck)?;
        let job = Job::new(&self.program).arg("-qp").arg(&deck.path);
        deck.run(&job, limits, &rawfiles, reason_to_distrust)
    }
}

/// Collects the Verilog-A files that `file`, or a file that it includes, loads; paths are relative to the file that
/// names them. A file that is not there is left for VACASK to report.
fn find_loads(file: &Path, seen: &mut Vec<PathBuf>, sources: &mut Vec<PathBuf>) {
    let Ok(file) = file.canonicalize() else { return };
    if seen.contains(&file) {
        return;
    }
    let text = fs::read_to_string(&file).unwrap_or_default();
    let beside = |name: &str| file.parent().unwrap_or(Path::new(".")).join(name);
    seen.push(file.clone());
    for line in text.lines() {
        if let Some(source) =
            quoted(line, "load").map(beside).filter(|path| path.extension() == Some("va".as_ref()))
        {
            if source.exists() && !sources.contains(&source) {
                sources.push(source);
            }
        } else if let Some(included) = quoted(line, "include") {
            find_loads(&beside(included), seen, sources);
        }
    }
}

/// The file in a line `keyword "file"`.
fn quoted<'a>(line: &'a str, keyword: &str) -> Option<&'a str> {
    line.trim().strip_prefix(keyword)?.trim_start().strip_prefix('"')?.split('"').next()
}

/// The rawfile of each analysis of the deck.
fn analyses(deck: &Deck) -> Result<Vec<String>, Error> {
    let mut files = Vec::new();
    let (mut inside, mut aborts) = (false, false);
    for line in deck.text.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            ["control", ..] => inside = true,
            ["endc", ..] => inside = false,
            ["abort", "always", ..] if inside => aborts = true,
            ["analysis", name, ..] if inside => files.push(format!("{name}.raw")),
            _ => {}
        }
    }
    if !aborts {
        return Err(
            deck.lacks("its control block does not say `abort always`; add it, or failures go unseen")
        );
    }
    if files.is_empty() {
        return Err(deck.lacks("its control block runs no analysis; add `analysis op1 op` or the like"));
    }
    Ok(files)
}

/// The line of the output that shows that the run is no good, if there is one. With `-qp` a healthy run prints its
/// banner, which ends with the CPUs it uses, and what models print.
fn reason_to_distrust(output: &Output) -> Option<String> {
    let stdout = output.stdout.split_once("OpenBLAS CPUs:").and_then(|(_, rest)| rest.split_once('\n'));
    let said = stdout.map_or(output.stdout.as_str(), |(_, rest)| rest).lines().chain(output.stderr.lines());
    // The cause comes first, then which analysis it stopped.
    if let Some(line) = said.map(str::trim).find(|line| !line.is_empty() && !is_of_model(line)) {
        return Some(line.into());
    }
    (!output.status.success()).then(|| format!("it ended with {}", output.status))
}

/// Whether a Verilog-A model printed the line by `$strobe`, `$display` or `$info`; a `$warning` or worse is no such.
fn is_of_model(line: &str) -> bool {
    line.starts_with("OSDI ") || line.starts_with("OSDI(info) ")
}
