//! `memloom build`.

use crate::account::Accounts;
use crate::args::BuildArgs;
use crate::compare::{Comparison, compare};
use crate::job;
use crate::manifest::{Manifest, listed};
use crate::page::page;
use crate::preface::Preface;
use crate::reading::Reading;
use crate::report::{self, print, thousands};
use crate::{Result, decks, progress};
use memloom_codegen::{Dialect, WrittenFile, visible, write_design, write_text};
use memloom_flow::output::{Kind, MANIFEST, Staging};
use memloom_flow::{BUILT_IN, Lowered};
use memloom_network::images::Image;
use memloom_sim::native::Options;
use std::time::Instant;

/// Builds a network's circuit into a folder, and checks it on the test pattern.
pub(crate) fn run(args: &BuildArgs, json: bool) -> Result<()> {
    let start = Instant::now();
    // Before any work: an output that cannot be is found out at once.
    let staging = Staging::new(&args.out, Kind::Build)?;
    let job = job::prepare(args.model.model.as_deref(), &args.model.settings, &args.technology)?;
    let parts = Accounts::of(&job);
    let reading = Reading::of(&job.plan.technology.cell.spec, args.reads, args.read_time);
    if !json {
        let heading = heading(&job, &parts) + &reading.text();
        print(&(Preface::of(&job.source, &job.ranges, None).text() + &heading))?;
    }
    let mut files = write(&job, &args.dialects(), &staging)?;
    let check = check(&job)?;
    files.push(write_text(staging.path(), "report.html", &page(&job, &parts, &reading, &check)?)?);
    let manifest = Manifest::new(&job, parts, reading, check);
    let text = staging.finish(&manifest, &listed(&files))?;
    if json {
        return print(&text);
    }
    let bytes: u64 = files.iter().map(|f| f.bytes).sum();
    let (out, count) = (args.out.display().to_string(), files.len());
    let out = visible(&out);
    print(&format!(
        "wrote {} bytes in {count} files to {out}, {MANIFEST} lists them\n{}took {:.1} s\n",
        thousands(bytes),
        manifest.check.text(),
        start.elapsed().as_secs_f64()
    ))
}

fn write(job: &Lowered, dialects: &[&dyn Dialect], staging: &Staging) -> Result<Vec<WrittenFile>> {
    let bar = progress::counter("writing netlists");
    let mut files = write_design(&job.circuit.design, dialects, staging.path(), &|_| bar.inc(1))?;
    bar.finish_and_clear();
    files.extend(decks::write(job, dialects, staging.path())?);
    Ok(files)
}

/// The circuit beside the reference on the built-in pattern: with op-amps that never meet a rail, and as declared.
fn check(job: &Lowered) -> Result<Comparison> {
    let image = Image::test_pattern(job.source.network.settings.input);
    compare(
        job,
        "built-in test pattern",
        &[image],
        &[
            ("without rails", Options { ignore_rails: true, ..Options::default() }),
            ("as declared", Options::default()),
        ],
    )
}

fn heading(job: &Lowered, parts: &Accounts) -> String {
    let settings = &job.source.network.settings;
    let technology = &job.plan.technology;
    let total = &parts.total;
    let mut text = format!(
        "{}: {} on {}, {} classes\ntechnology {}, {}, tiles of {} x {}; units from {}\n\n{}\n",
        visible(&job.source.name),
        settings.arch,
        settings.input,
        settings.classes.len(),
        technology.name,
        technology.signed.name(),
        technology.tile.0,
        technology.tile.1,
        visible(&calibration(job)),
        report::layers(parts)
    );
    let partner = parts.partner_cells(job);
    text += &format!(
        "{} memristors in {} tiles ({} of them partners of weights too small for one cell)\n",
        thousands(total.memristors),
        thousands(total.crossbars),
        thousands(partner)
    );
    text += &format!("{} op-amps:", thousands(total.op_amps));
    for role in parts.amplifiers.iter().filter(|r| r.op_amps > 0) {
        text += &format!(" {} {},", thousands(role.count), role.block);
    }
    text.pop();
    text += &format!(
        "\n  {} of the op-amps invert a signal for its second rail\n{} activation and multiplier cells, {} \
         sample-and-hold cells\n",
        thousands(parts.inverters),
        thousands(total.behaviours),
        thousands(total.holds)
    );
    text
}

pub(crate) fn calibration(job: &Lowered) -> String {
    let ranges = &job.ranges;
    let advice = match ranges.source.as_str() {
        BUILT_IN => format!(" (for units that fit your data: `{}`)", job.source.calibrate_line(None)),
        _ => String::new(),
    };
    format!("{} images of {}{advice}", ranges.images, ranges.source)
}
