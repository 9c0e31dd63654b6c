//! `memloom lvs`.

use crate::Result;
use crate::args::LvsArgs;
use crate::report::{print, print_json, thousands};
use memloom_flow::output::MANIFEST;
use memloom_silicon::ArrayLayout;
use memloom_silicon::lvs::{ArrayReport, Lvs, NETGEN_MOST, Report};
use memloom_silicon::process::SKY130;
use serde::Deserialize;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// What is read of a hand-over's manifest.
#[derive(Deserialize)]
struct Handover {
    process: String,
    arrays: Vec<ArrayLayout>,
    subcircuits: Vec<(String, usize)>,
}

/// Compares a hand-over with itself, and with a netlist; what differs is an error.
pub(crate) fn run(args: &LvsArgs, json: bool) -> Result<()> {
    let handover = read(&args.folder)?;
    let chosen = chosen(&handover.arrays, &args.arrays)?;
    let lvs = Lvs::new(Duration::from_secs(args.timeout))?;
    let arrays = lvs.arrays(&args.folder, &SKY130, &chosen)?;
    // The map is that of the whole design, whichever arrays are looked at.
    let (map, map_lines) = Lvs::map(&args.folder, &SKY130, &handover.arrays)?;
    let network = lvs.network(&args.folder, &handover.subcircuits, args.netlist.as_deref())?;
    let report = Report { arrays, map, map_lines, network };
    if json {
        print_json(&report)?;
    } else {
        print(&text(&report))?;
    }
    match report.is_clean() {
        true => Ok(()),
        false => Err(format!("`{}` is not what the circuit says; see above", args.folder.display()).into()),
    }
}

fn read(folder: &Path) -> Result<Handover> {
    let path = folder.join(MANIFEST);
    let shown = path.display();
    let text = fs::read_to_string(&path)
        .map_err(|e| format!("`{shown}`: {e}; give a folder that `memloom layout` wrote"))?;
    let found: Handover = serde_json::from_str(&text)
        .map_err(|e| format!("`{shown}`: {e}; write the hand-over anew with `memloom layout`"))?;
    match found.process == SKY130.name {
        true => Ok(found),
        false => {
            Err(format!("`{shown}`: process `{}` is not known; write the hand-over anew", found.process)
                .into())
        }
    }
}

/// The arrays to look at.
fn chosen(all: &[ArrayLayout], names: &[String]) -> Result<Vec<ArrayLayout>> {
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let find = |name: &String| {
        let found = all.iter().find(|array| array.name.eq_ignore_ascii_case(name));
        found.cloned().ok_or_else(|| {
            format!("there is no array `{name}`; its folder `gds` has one file for each").into()
        })
    };
    names.iter().map(find).collect()
}

fn text(report: &Report) -> String {
    let Report { arrays, map, map_lines, network } = report;
    let devices: usize = arrays.iter().map(|array| array.devices).sum();
    let netgen = arrays.iter().filter(|array| array.netgen.is_some()).count();
    let sum = |of: fn(&ArrayReport) -> f64| arrays.iter().map(of).sum::<f64>();
    let mut text = format!(
        "{} arrays, {} memristors: KLayout extracted them in {:.1} s of processor time and compared them in {:.1} s; netgen compared {netgen}, those of at most {NETGEN_MOST} cross-points\n",
        arrays.len(),
        thousands(devices as u64),
        sum(|array| array.extract_s),
        sum(|array| array.compare_s),
    );
    text += &format!(
        "{} addresses of the programming map, {} subcircuits\n",
        thousands(*map_lines),
        thousands(network.subcircuits as u64)
    );
    for array in arrays.iter().filter(|array| !array.is_clean()) {
        text += &list(&format!("{}: KLayout", array.name), &array.klayout);
        text += &list(&format!("{}: netgen", array.name), array.netgen.as_deref().unwrap_or_default());
        text += &list(&format!("{}: addresses", array.name), &array.addresses);
        for broken in &array.rules {
            let at = broken.places.first().map(|(x, y)| format!(", first at ({x}, {y}) nm"));
            text += &format!(
                "{}: rule {} broken {} times{}\n",
                array.name,
                broken.rule,
                broken.count,
                at.unwrap_or_default()
            );
        }
    }
    text += &list("programming map", map);
    text += &list("subcircuits", &network.pins);
    if let Some((klayout, netgen)) = &network.compared {
        text += &list("netlist: KLayout", klayout);
        text += &list("netlist: netgen", netgen);
    }
    if report.is_clean() {
        text += "layouts, netlists and addresses agree\n";
    }
    text
}

fn list(what: &str, found: &[String]) -> String {
    found.iter().map(|line| format!("{what}: {}\n", memloom_codegen::visible(line))).collect()
}
