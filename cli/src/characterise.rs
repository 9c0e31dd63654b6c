//! `memloom characterise`.

use crate::args::CharacteriseArgs;
use crate::report::{json as in_json, print, print_json};
use crate::{Result, progress};
use memloom_codegen::visible;
use memloom_flow::output::{Form, Mark, Target};
use memloom_silicon::characterise::Characterise;
use memloom_sky130::{CORNERS, Condition, DECKS, Measured, TEMPERATURES};
use rayon::prelude::*;
use std::time::Duration;

const MARK: Mark = Mark::new(Form::Json, Measured::GENERATOR);

/// Measures the sky130 cells in ngspice, and writes what was measured if it is told where.
pub(crate) fn run(args: &CharacteriseArgs, json: bool) -> Result<()> {
    let cells = or_all(&args.cells, &DECKS.map(|(cell, _)| cell));
    let corners = or_all(&args.corners, &CORNERS);
    let temperatures = if args.celsius.is_empty() { TEMPERATURES.to_vec() } else { args.celsius.clone() };
    let target = args.out.as_ref().map(|out| Target::new(out, MARK, args.replace.force)).transpose()?;
    let bench = Characterise::new(Duration::from_secs(args.timeout))?;
    let (simulator, models) = bench.versions()?;
    let counter = progress::counter("measuring corners");
    let places: Vec<_> = corners.iter().flat_map(|c| temperatures.iter().map(move |t| (c, *t))).collect();
    // Each takes a process and the memory of all models, 125 MB.
    let measured = places.par_iter().map(|(corner, celsius)| {
        let condition = bench.condition(corner, *celsius, &cells)?;
        counter.inc(1);
        Ok::<_, memloom_silicon::characterise::CharacteriseError>(condition)
    });
    let conditions = measured.collect::<std::result::Result<Vec<Condition>, _>>()?;
    counter.finish_and_clear();
    let generator = Measured::GENERATOR.into();
    let measured = Measured { generator, command: command(args), simulator, models, conditions };
    if let Some(target) = &target {
        target.write(in_json(&measured)?.as_bytes())?;
    }
    if json {
        return print_json(&measured);
    }
    print(&table(&measured, &cells))?;
    match &args.out {
        Some(out) => print(&format!("wrote {}\n", visible(&out.display().to_string()))),
        None => Ok(()),
    }
}

fn or_all<'a>(given: &'a [String], all: &[&'a str]) -> Vec<&'a str> {
    if given.is_empty() { all.to_vec() } else { given.iter().map(String::as_str).collect() }
}

/// What measures the same again; where it was written to is no part of it.
fn command(args: &CharacteriseArgs) -> String {
    let list = |flag: &str, values: &[String]| match values {
        [] => String::new(),
        values => format!(" --{flag} {}", values.join(",")),
    };
    let celsius: Vec<String> = args.celsius.iter().map(f64::to_string).collect();
    format!(
        "memloom characterise{}{}{}",
        list("cells", &args.cells),
        list("corners", &args.corners),
        list("celsius", &celsius)
    )
}

/// Each value in the first condition, and its least and largest of all.
fn table(measured: &Measured, cells: &[&str]) -> String {
    let Some(first) = measured.conditions.first() else { return String::new() };
    let mut text = format!(
        "{}, {}, {} conditions\n{:<32} {:>12} {:>12} {:>12}\n",
        measured.simulator,
        measured.models,
        measured.conditions.len(),
        "SI units",
        format!("{} {} C", first.corner, first.celsius),
        "least",
        "largest"
    );
    for (cell, values) in cells.iter().filter_map(|cell| Some((*cell, first.cells.get(*cell)?))) {
        for (name, value) in values {
            let Some((low, high)) = measured.range(cell, name) else { continue };
            let name = format!("{cell}.{name}");
            text += &format!("{name:<32} {value:>12.4e} {low:>12.4e} {high:>12.4e}\n");
        }
    }
    for condition in measured.conditions.iter().filter(|condition| !condition.unsolved.is_empty()) {
        let cells = condition.unsolved.join(", ");
        text += &format!("not solved in time at {} {} C: {cells}\n", condition.corner, condition.celsius);
    }
    text
}
