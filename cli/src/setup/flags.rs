//! The parameters as flags: `--r-wire 1 --levels 64`.

use super::{PARAMETERS, Setup};
use crate::Result;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use memloom::device::Dimension::{self, Frequency, Number, Resistance, Voltage};
use memloom_sim::chip::{Levels, NonIdealities, ProgrammingError};

/// Parameters that were given, in the order of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetupArgs {
    pub(crate) pairs: Vec<(String, String)>,
}

/// A flag that stands for values of several parameters, any of which can be given another value beside it.
struct Kind {
    name: &'static str,
    chip: fn() -> NonIdealities,
    help: &'static str,
}

/// What a chip is like that was measured somewhere.
const KINDS: [Kind; 2] = [
    Kind {
        name: "realistic",
        chip: NonIdealities::realistic,
        help: "A realistic chip: tiles of 128x128, wires of 1 ohm, 64 levels, 1 % programming error, 0.1 % stuck cells, \
               compensated by their complementary cells where these can, op-amps of gain 1,000, 3 mV of offset before it is \
               trimmed and 10 nV per root hertz, flicker noise a day after that, 1 % of mismatch of resistors and of \
               activation circuits. Other flags come before it",
    },
    Kind {
        name: "realistic_array",
        chip: NonIdealities::realistic_array,
        help: "A realistic array only: what `--realistic` has of cells and wires, read by op-amps of gain 10,000 and nothing \
               else wrong with them",
    },
];

/// The values of `chip` that parameters set, as text.
fn values(chip: &NonIdealities) -> Vec<(&'static str, String)> {
    let none = NonIdealities::default();
    let mut values = vec![
        ("tile", "128x128".to_owned()),
        ("r_wire", Resistance.show(NonIdealities::REALISTIC_WIRE)),
        ("repair", if chip.repair { "on" } else { "off" }.to_owned()),
    ];
    let mut given = |name, dimension: Dimension, value: Option<f64>| {
        values.extend(value.map(|value| (name, dimension.show(value))));
    };
    let levels = match &chip.levels {
        Some(Levels::Uniform { count }) => Some(f64::from(*count)),
        _ => None,
    };
    let error = match &chip.programming_error {
        Some(ProgrammingError::Relative { sigma }) => Some(*sigma),
        _ => None,
    };
    let faults = chip.faults.stuck_at_g_min + chip.faults.stuck_at_g_max;
    given("levels", Number, levels);
    given("program_error", Number, error);
    given("stuck", Number, Some(faults));
    given("gain", Number, chip.gain);
    let other = |value: f64, usual: f64| (value != usual).then_some(value);
    given("offset", Voltage, other(chip.offset_sigma, none.offset_sigma));
    given("noise_density", Voltage, chip.noise_density);
    given("flicker_corner", Frequency, chip.flicker.corner);
    given("cell_flicker", Number, chip.flicker.cell);
    given("resistor_error", Number, other(chip.resistor_sigma, none.resistor_sigma));
    given("block_gain", Number, other(chip.block_gain_sigma, none.block_gain_sigma));
    given("block_offset", Voltage, other(chip.block_offset_sigma, none.block_offset_sigma));
    values.extend(chip.trim.map(|_| ("trim", "on".to_owned())));
    values
}

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
        let values: Vec<_> = kinds.flat_map(|kind| values(&(kind.chip)())).collect();
        for parameter in PARAMETERS {
            let usual = values.iter().find(|(name, _)| *name == parameter.name);
            let given = matches.get_one::<String>(parameter.name).map(String::as_str);
            if let Some(text) = given.or(usual.map(|(_, text)| text.as_str())) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_of_a_kind_sets_all_that_its_chip_has() {
        for kind in &KINDS {
            let chip = (kind.chip)();
            let pairs = values(&chip).into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
            let setup = SetupArgs { pairs }.setup().unwrap();
            assert_eq!(setup.chip, chip, "{}", kind.name);
            assert_eq!(setup.tile, Some((128, 128)));
        }
    }
}
