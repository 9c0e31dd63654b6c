//! The ngspice driver.
//!
//! ngspice ends with code 0 after a singular matrix, a bad element line or an unknown vector, so its output is judged
//! instead (measured with ngspice 39): a healthy run prints nothing on standard error but progress.

use super::process::{Job, Output};
use super::{Deck, Engine, Error, Limits, Program, Run};
use std::path::{Path, PathBuf};

/// The ngspice simulator.
#[derive(Debug, Clone)]
pub struct Ngspice {
    program: PathBuf,
}

impl Ngspice {
    /// Finds it; see [`Program::find`].
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn find() -> Result<Self, Error> {
        Program::Ngspice.find().map(Self::at)
    }

    /// The program at `path`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { program: path.into() }
    }
}

impl Engine for Ngspice {
    fn name(&self) -> &'static str {
        "ngspice"
    }

    fn version(&self) -> Result<String, Error> {
        Program::Ngspice.version(&self.program)
    }

    /// A deck with a `.control` block must `write` its results to files named in it, and `quit`. A deck without one
    /// is run in batch mode, and its results go to the deck's name with `.raw` for its extension.
    fn run(&self, deck: &Path, limits: &Limits) -> Result<Run, Error> {
        let deck = Deck::open(self.name(), deck)?;
        // Without `-n` a user's own `.spiceinit` could change the tolerances.
        let mut job = Job::new(&self.program).arg("-n").arg("-b");
        let rawfiles = match control(&deck.text) {
            Some(commands) => written(&deck, &commands)?,
            None => {
                let raw = deck.path.with_extension("raw");
                job = job.arg("-r").arg(&raw);
                vec![raw.to_string_lossy().into_owned()]
            }
        };
        deck.run(&job.arg(&deck.path), limits, &rawfiles, reason_to_distrust)
    }
}

/// The commands of the deck's `.control` blocks, if it has any.
fn control(deck: &str) -> Option<Vec<&str>> {
    let is = |line: &str, card: &str| line.trim().eq_ignore_ascii_case(card);
    let (mut commands, mut inside) = (None, false);
    for line in deck.lines() {
        if is(line, ".control") {
            inside = true;
            commands.get_or_insert_with(Vec::new);
        } else if is(line, ".endc") {
            inside = false;
        } else if inside {
            commands.get_or_insert_with(Vec::new).push(line.trim());
        }
    }
    commands
}

/// The rawfiles that `commands` write, each once.
fn written(deck: &Deck, commands: &[&str]) -> Result<Vec<String>, Error> {
    let words = |line: &&str| line.split_whitespace().map(String::from).collect::<Vec<_>>();
    let commands: Vec<_> = commands.iter().map(words).collect();
    let name = |words: &Vec<String>| words.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
    if !commands.iter().any(|words| name(words) == "quit") {
        return Err(
            deck.lacks("its `.control` block does not end with `quit`; add it, or ngspice reports failure")
        );
    }
    let mut files: Vec<String> = Vec::new();
    for words in commands.iter().filter(|words| name(words) == "write") {
        let Some(file) = words.get(1) else {
            return Err(deck.lacks("a `write` names no file; give it one, like `write op.raw all`"));
        };
        let file = file.trim_matches('"');
        if !files.iter().any(|known| known == file) {
            files.push(file.into());
        }
    }
    if files.is_empty() {
        return Err(deck.lacks("its `.control` block writes no results; add `write op.raw all` or the like"));
    }
    Ok(files)
}

/// The line of the output that shows that the run is no good, if there is one.
fn reason_to_distrust(output: &Output) -> Option<String> {
    let stderr = lines(&output.stderr).find(|line| !is_harmless(line));
    let stdout = || lines(&output.stdout).find(|line| is_complaint(line));
    if let Some(line) = stderr.or_else(stdout) {
        return Some(line.into());
    }
    (!output.status.success()).then(|| format!("it ended with {}", output.status))
}

/// Progress lines end in carriage returns.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).map(str::trim)
}

/// Whether a line of standard error is known to say nothing of the result. The steps of the search for an operating
/// point are: whichever of them fail, ngspice goes on until a Newton iteration on the circuit itself meets the
/// tolerances, or says in other words that none did. Its last resort, `Transient op`, is not: it stops at whatever
/// a floating node holds.
fn is_harmless(line: &str) -> bool {
    const STEPS: [&str; 12] = [
        "Note: Starting dynamic gmin stepping",
        "Note: Starting true gmin stepping",
        "Note: Starting source stepping",
        "Note: One successful gmin step",
        "Note: One successful source step",
        "Note: Dynamic gmin stepping completed",
        "Note: True gmin stepping completed",
        "Note: Source stepping completed",
        "Warning: Further gmin increment",
        "Warning: Last gmin step failed",
        "Warning: Dynamic gmin stepping failed",
        "Warning: True gmin stepping failed",
    ];
    if line.is_empty() {
        return true;
    }
    // `Reference value` is the time or swept value that the analysis has come to. The other two lead a step's line.
    for prefix in ["Trying gmin =", "Supplies reduced to", "Reference value :"] {
        if let Some(rest) = line.strip_prefix(prefix) {
            return is_harmless(rest.trim_start().trim_start_matches(|c: char| is_in_number(c)).trim_start());
        }
    }
    STEPS.iter().any(|step| line.eq_ignore_ascii_case(step))
}

fn is_in_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E' | '%')
}

/// Whether a line of standard output is a complaint. Most of that stream is results, with names of the user's own.
fn is_complaint(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let of_user = line.starts_with("circuit:") || is_table_row(&line);
    let starts = |word: &str| {
        line.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    let complains = ["error", "warning", "fatal"].into_iter().any(starts)
        || ["singular matrix", "aborted", "failed", "out of interval"]
            .into_iter()
            .any(|words| line.contains(words));
    complains && !of_user
}

/// A row of a table of results: a name and a number.
fn is_table_row(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(name), Some(value), None) = (words.next(), words.next(), words.next()) else { return false };
    !name.ends_with(':') && value.parse::<f64>().is_ok()
}
