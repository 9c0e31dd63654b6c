//! Compiles Verilog-A with OpenVAF-Reloaded.

use super::process::{Job, Output};
use super::{Error, Limits, Program, Scratch};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The Verilog-A compiler, and where it keeps what it compiled.
#[derive(Debug, Clone)]
pub struct OpenVaf {
    program: PathBuf,
    version: String,
    cache: PathBuf,
}

impl OpenVaf {
    /// Finds it (see [`Program::find`]); compiled models are kept in the directory `cache`.
    ///
    /// # Errors
    /// When it is missing or reports no version, or the directory cannot be made.
    pub fn find(cache: impl Into<PathBuf>) -> Result<Self, Error> {
        let program = Program::OpenVaf.find()?;
        let version = Program::OpenVaf.version(&program)?;
        let cache = cache.into();
        match fs::create_dir(&cache) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(&cache, error)),
            _ => {}
        }
        Ok(Self { program, version, cache })
    }

    /// Its version, as it reports it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Compiles `source` and gives back the OSDI library: `<cache>/<hash>.osdi`, where the hash is of the compiler's
    /// version and of the source with its includes and macros expanded. A source compiled before is not compiled
    /// again.
    ///
    /// # Errors
    /// [`Error::Compile`] on any error or warning, and when the compiler cannot be run or a file not written.
    pub fn compile(&self, source: &Path) -> Result<PathBuf, Error> {
        let source = source.canonicalize().map_err(|error| failed(source, error))?;
        let cache = self.cache.canonicalize().map_err(|error| failed(&self.cache, error))?;
        let library = cache.join(format!("{}.osdi", self.hash(&source, &cache)?));
        if library.exists() {
            return Ok(library);
        }
        // An interrupted compilation leaves no library that looks whole, and two at once do not meet.
        let unfinished = Scratch::new_in(&cache).map_err(|error| failed(&cache, error))?;
        let output = unfinished.path().join("model.osdi");
        // A library for any CPU of the kind gives the same digits on all of them.
        let job = Job::new(&self.program).arg("--target_cpu").arg("generic").arg("-E").arg("warnings");
        run(&job.arg("-o").arg(&output).arg(&source), &source, &cache)?;
        fs::rename(&output, &library).map_err(|error| failed(&output, error))?;
        Ok(library)
    }

    /// SHA-256 of the compiler's version and the expanded source, in hexadecimal.
    fn hash(&self, source: &Path, directory: &Path) -> Result<String, Error> {
        let expanded = run(&Job::new(&self.program).arg("--print-expansion").arg(source), source, directory)?;
        let digest = Sha256::new().chain_update(&self.version).chain_update(&expanded.stdout).finalize();
        Ok(memloom_codegen::hex(digest))
    }
}

/// Runs the compiler and takes a warning for an error: `-E` does so only for those that have a name.
fn run(job: &Job, source: &Path, directory: &Path) -> Result<Output, Error> {
    let output = job.run(directory, &Limits::default())?;
    let warned = |text: &str| text.contains("warning[") || text.contains("warning:");
    if !output.status.success() || warned(&plain(&output.stderr)) {
        return Err(Error::Compile { source_file: source.into(), log: plain(&output.log()) });
    }
    Ok(output)
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.into(), source }
}

/// `text` without the colours, which the compiler sends to files too: escape sequences `ESC [ .. m`.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default();
    parts.fold(first.to_owned(), |kept, part| kept + part.split_once('m').map_or("", |(_, rest)| rest))
}
