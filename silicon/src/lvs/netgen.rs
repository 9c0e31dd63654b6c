//! netgen. It ends with code 0 whatever it finds, and says "match uniquely" beside pins and properties that differ: its
//! report is read.

use super::klayout::absolute;
use super::{Lvs, LvsError, tail};
use memloom_sim::external::{Job, Scratch};
use std::fs;
use std::path::Path;

/// Its last words on what is alike.
const ALIKE: &str = "Circuits match uniquely.";
/// What it says of single parts that are not.
const UNLIKE: [&str; 4] = ["mismatch", "property error", "no matching", "do not match"];
/// Most lines that are told.
const TOLD: usize = 20;

impl Lvs {
    /// Compares subcircuit `top` of `netlist` with that of `reference`. Gives what differs.
    pub(super) fn netgen(
        &self,
        scratch: &Scratch,
        netlist: &Path,
        reference: &Path,
        top: &str,
    ) -> Result<Vec<String>, LvsError> {
        let report = scratch.path().join("report");
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| LvsError::Io { path, source }
        };
        let netlists = [netlist, reference].map(absolute);
        let [netlist, reference] = netlists;
        let script = script(&netlist?, &reference?, top, &report);
        let path = scratch.path().join("compare.tcl");
        fs::write(&path, script).map_err(io(&path))?;
        let _ = fs::remove_file(&report);
        let job = Job::new(&self.netgen).arg("-batch").arg("source").arg(&path);
        let output = job.run(scratch.path(), &self.limits)?;
        let text = fs::read(&report).unwrap_or_default();
        judge(&String::from_utf8_lossy(&text)).map_err(|what| LvsError::Void {
            tool: "netgen",
            subject: top.to_owned(),
            what,
            log: tail(&output.log()),
        })
    }
}

/// Compares by names and pins what is empty, and values to a millionth: netgen's own measure is a hundredth. A netlist
/// without resistors has none to be told so. Braces keep Tcl from reading anything into a path.
fn script(netlist: &Path, reference: &Path, top: &str, report: &Path) -> String {
    let [netlist, reference, report] = [netlist, reference, report].map(Path::display);
    format!(
        "netgen::model blackbox on
set a [netgen::readnet spice {{{netlist}}}]
set b [netgen::readnet spice {{{reference}}}]
foreach kind {{r c}} {{
    foreach file [list $a $b] {{
        catch {{netgen::property \"$kind $file\" tolerance {{value 1e-6}}}}
    }}
}}
netgen::lvs \"$a {top}\" \"$b {top}\" nosetup {{{report}}}
"
    )
}

/// What differs by a report.
///
/// # Errors
/// Why it is no report of a comparison.
fn judge(report: &str) -> Result<Vec<String>, &'static str> {
    let lines: Vec<&str> = report.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let Some(verdict) = lines.last() else { return Err("it wrote no report") };
    let has = |line: &str, words: &[&str]| {
        let line = line.to_lowercase();
        words.iter().any(|word| line.contains(word))
    };
    if has(report, &["cannot compare", "no cells in queue"]) || !report.contains("Number of devices:") {
        return Err("it compared nothing");
    }
    // The last table of pins is that of the top.
    let pins = report.rsplit("Subcircuit pins:").next().filter(|rest| rest.len() < report.len());
    let pairs = pins.into_iter().flat_map(str::lines).filter_map(|line| line.split_once('|'));
    let moved = pairs.filter_map(|(own, other)| {
        let (own, other) = (own.trim(), other.trim());
        let other_name = other.trim_end_matches("**Mismatch**").trim_end();
        let is_head = own.starts_with("Circuit 1:");
        (!is_head && !own.eq_ignore_ascii_case(other_name))
            .then(|| format!("pin {own} is pin {other_name} of the reference"))
    });
    let mut told: Vec<String> =
        lines.iter().filter(|line| has(line, &UNLIKE)).map(|line| (*line).to_owned()).collect();
    told.extend(moved);
    if *verdict != ALIKE && told.is_empty() {
        told.push((*verdict).to_owned());
    }
    if pins.is_none() && told.is_empty() {
        return Err("it compared no pins");
    }
    told.truncate(TOLD);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "Number of devices: 12 |Number of devices: 12\nNumber of nets: 7 |Number of nets: 7\n";
    const HEAD: &str = "Subcircuit pins:\nCircuit 1: a |Circuit 2: a\n---|---\n";

    fn report(pins: &str, verdict: &str) -> String {
        format!("{TABLE}Netlists match uniquely.\n{HEAD}{pins}Cell pin lists are equivalent.\n{verdict}\n")
    }

    #[test]
    fn only_a_report_that_ends_well_and_pairs_pins_by_name_is_clean() {
        assert_eq!(judge(&report("x |x\nY |y\n", ALIKE)), Ok(vec![]));
        let swapped = judge(&report("x |y **Mismatch**\n", ALIKE)).unwrap();
        assert!(swapped.iter().any(|told| told == "pin x is pin y of the reference"), "{swapped:?}");
        let quiet = judge(&report("x |y\n", ALIKE)).unwrap();
        assert_eq!(quiet, ["pin x is pin y of the reference"]);
        assert_eq!(judge(&report("x |x\n", "Result unknown.")).unwrap(), ["Result unknown."]);
    }

    #[test]
    fn property_errors_count_beside_a_match() {
        let said = format!("There were property errors.\n{ALIKE}");
        assert_eq!(judge(&report("x |x\n", &said)).unwrap(), ["There were property errors."]);
    }

    #[test]
    fn nothing_compared_is_no_match() {
        assert_eq!(judge(""), Err("it wrote no report"));
        assert_eq!(judge(&format!("Cannot compare\n{ALIKE}\n")), Err("it compared nothing"));
        assert_eq!(judge(ALIKE), Err("it compared nothing"));
        assert_eq!(judge(&format!("{TABLE}{ALIKE}\n")), Err("it compared no pins"));
    }
}
