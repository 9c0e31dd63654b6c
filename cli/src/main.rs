//! The `memloom` command.
// What is printed goes through `report`, which shows control characters.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod account;
mod args;
mod build;
mod calibrate;
mod characterise;
mod check;
mod compare;
mod decks;
mod eval;
mod fit;
mod html;
mod job;
mod layout;
mod lvs;
mod manifest;
mod page;
mod plan;
mod preface;
mod program;
mod progress;
mod quantity;
mod reading;
mod report;
mod run;
mod saturation;
mod setup;
mod spread;
mod sweep;
mod technologies;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

pub(crate) use memloom_flow::Result;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if let Some(threads) = cli.global.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
        if let Err(error) = pool {
            return fail(&error);
        }
    }
    if let Err(error) = memloom_flow::interrupt::install() {
        return fail(&*error);
    }
    let json = cli.global.json;
    let done = match cli.command.unwrap_or_else(default_command) {
        Command::Build(args) => build::run(&args, json),
        Command::Plan(args) => plan::run(&args, json),
        Command::Run(args) => run::run(&args, json),
        Command::Check(args) => check::run(&args, json),
        Command::Eval(args) => eval::run(&args, json),
        Command::Sweep(args) => sweep::run(&args, json),
        Command::Calibrate(args) => calibrate::run(&args, json),
        Command::Fit(args) => fit::run(&args, json),
        Command::Program(args) => program::run(&args, json),
        Command::Layout(args) => layout::run(&args, json),
        Command::Lvs(args) => lvs::run(&args, json),
        Command::Characterise(args) => characterise::run(&args, json),
        Command::Technologies => technologies::run(json),
    };
    memloom_flow::interrupt::settle();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &(dyn std::error::Error + Send + Sync)) -> ExitCode {
    report::say(&format!("error: {error}"));
    ExitCode::FAILURE
}

/// What clap says: help and version as it prints them, an error without the control characters of what was given.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    report::say_lines(error.render().to_string().trim_end());
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// What is done without a command: as `memloom build`, its variables included.
fn default_command() -> Command {
    Cli::parse_from(["memloom", "build"]).command.expect("a command was given")
}
