//! `memloom layout`.

use crate::Result;
use crate::args::LayoutArgs;
use crate::job;
use crate::manifest::listed;
use crate::report::{print, thousands};
use memloom_codegen::visible;
use memloom_flow::output::{Kind, MANIFEST, Staging};
use memloom_silicon::process::SKY130;
use memloom_silicon::{Handover, write_handover};
use serde::Serialize;

/// What the manifest says besides the files.
#[derive(Serialize)]
struct Content<'a> {
    /// The network and the hash of its weights.
    model: &'a str,
    model_sha256: &'a str,
    technology: &'a str,
    /// What it is, and what not.
    status: &'static str,
    #[serde(flatten)]
    handover: &'a Handover,
}

/// Of a manifest's `status`.
const STATUS: &str = "array macros to be checked by `memloom lvs`; black boxes are empty; not signed off: no full rule deck, no pads, no extraction, no foundry model of the memristor";

/// Writes CDL, layouts and the programming map of a network.
pub(crate) fn run(args: &LayoutArgs, json: bool) -> Result<()> {
    let staging = Staging::new(&args.out, Kind::Layout)?;
    let job = job::prepare(args.model.model.as_deref(), &args.model.settings, &args.technology)?;
    let handover = write_handover(&job.circuit.design, &SKY130, staging.path())?;
    let content = Content {
        model: &job.source.name,
        model_sha256: &job.source.hash,
        technology: &job.plan.technology.name,
        status: STATUS,
        handover: &handover,
    };
    let text = staging.finish(&content, &listed(&handover.files))?;
    if json {
        return print(&text);
    }
    print(&summary(&handover, &visible(&args.out.display().to_string())))
}

fn summary(handover: &Handover, out: &str) -> String {
    let Handover { process, arrays, black_boxes, subcircuits, files } = handover;
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let mut text = format!(
        "{} arrays on {process}, {} subcircuits of modules\nnot drawn, empty in the netlist (black boxes):\n",
        arrays.len(),
        thousands(subcircuits.len() as u64),
    );
    for found in black_boxes {
        text += &format!(
            "  {:<24} {} pins, {}\n",
            found.name,
            found.pins,
            found.what.trim_start_matches("black box: ")
        );
    }
    text + &format!(
        "wrote {} bytes in {} files to {out}, {MANIFEST} lists them; `memloom lvs {out}` compares layouts and netlists\n",
        thousands(bytes),
        files.len()
    )
}
