//! The parameters as flags: `--r-wire 1 --levels 64`.

use super::{PARAMETERS, Setup};
use crate::Result;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

/// Parameters that were given, in the order of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetupArgs {
    pub(crate) pairs: Vec<(String, String)>,
}

/// A flag that stands for values of several parameters, any of which can be given another value beside it.
struct Kind {
    name: &'static str,
    /// What it has besides [`ARRAY`].
    amplifiers: &'static [(&'static str, &'static str)],
    help: &'static str,
}

/// Cells and wires of either kind.
const ARRAY: [(&str, &str); 6] = [
    ("tile", "128x128"),
    ("r_wire", "1"),
    ("levels", "64"),
    ("program_error", "1%"),
    ("stuck", "0.1%"),
    ("repair", "on"),
];

/// What a chip is like that was measured somewhere; where the values are from: docs/accuracy.md.
const KINDS: [Kind; 2] = [
    Kind {
        name: "realistic",
        amplifiers: &[
            ("gain", "1000"),
            ("offset", "3mV"),
            ("trim", "on"),
            ("noise_density", "10nV"),
            ("flicker_corner", "100kHz"),
            ("cell_flicker", "1e-6"),
            ("resistor_error", "1%"),
            ("block_gain", "1%"),
            ("block_offset", "1mV"),
        ],
        help: "A realistic chip: tiles of 128x128, wires of 1 ohm, 64 levels, 1 % programming error, 0.1 % stuck cells, \
               compensated by their complementary cells where these can, op-amps of gain 1,000, 3 mV of offset before it is \
               trimmed and 10 nV per root hertz, flicker noise a day after that, 1 % of mismatch of resistors and of activation circuits. Other flags come \
               before it",
    },
    Kind {
        name: "realistic_array",
        amplifiers: &[("gain", "10000")],
        help: "A realistic array only: what `--realistic` has of cells and wires, read by op-amps of gain 10,000 and nothing \
               else wrong with them",
    },
];

impl SetupArgs {
    /// The setup.
    ///
    /// # Errors
    /// If a value makes no sense.
    pub(crate) fn setup(&self) -> Result<Setup> {
        let mut setup = Setup::default();
        for (name, text) in &self.pairs {
            let parameter = PARAMETERS.iter().find(|p| p.name == name).expect("a flag is a parameter");
            parameter.set(&mut setup, text).map_err(|what| format!("--{}={text}: {what}", flag(name)))?;
        }
        Ok(setup)
    }
}

fn flag(name: &str) -> String {
    name.replace('_', "-")
}

impl FromArgMatches for SetupArgs {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        let kinds = KINDS.iter().filter(|kind| matches.get_flag(kind.name));
        let values: Vec<_> = kinds.flat_map(|kind| ARRAY.iter().chain(kind.amplifiers)).collect();
        for parameter in PARAMETERS {
            let usual = values.iter().find(|(name, _)| *name == parameter.name);
            let given = matches.get_one::<String>(parameter.name).map(String::as_str);
            if let Some(text) = given.or(usual.map(|(_, text)| *text)) {
                self.pairs.push((parameter.name.into(), text.into()));
            }
        }
        Ok(())
    }
}

impl Args for SetupArgs {
    fn augment_args(command: Command) -> Command {
        let heading =
            "Chip (quantities with units, such as `100uV`, or in SI units; shares such as `3%` or `0.03`)";
        let kinds = KINDS.iter().map(|kind| {
            let others = KINDS.iter().map(|kind| kind.name).filter(|name| *name != kind.name);
            let arg = Arg::new(kind.name).long(flag(kind.name)).action(clap::ArgAction::SetTrue);
            arg.help(kind.help).conflicts_with_all(others)
        });
        let flags = PARAMETERS.iter().map(|p| {
            Arg::new(p.name)
                .long(flag(p.name))
                .value_name(p.placeholder())
                .help(p.help())
                .allow_hyphen_values(true)
        });
        command.args(flags.chain(kinds).map(|arg| arg.help_heading(heading)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
