//! What lines and cells have besides the cells: one table for the flags of every command and for sweeps.

use crate::quantity::{Range, limits};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use memloom_flow::Wires;

/// One of them.
#[derive(Debug)]
pub(crate) struct Wire {
    /// Its name; with `-` for `_` its flag.
    pub(crate) name: &'static str,
    /// What it is, a sentence.
    pub(crate) about: &'static str,
    pub(crate) range: &'static Range,
    pub(crate) set: fn(&mut Wires, f64),
}

macro_rules! table {
    ($($constant:ident $field:ident $range:ident $about:literal;)*) => {
        $(pub(crate) static $constant: Wire = Wire {
            name: stringify!($field),
            about: $about,
            range: &limits::$range,
            set: |wires, value| wires.$field = Some(value),
        };)*
        /// All of them, in the order of the help.
        static ALL: &[&Wire] = &[$(&$constant),*];
    };
}

table! {
    R_WIRE r_wire R_WIRE "Resistance of a wire segment between neighbouring cells";
    R_WORDLINE r_wordline R_WIRE "The same of wordlines alone";
    R_BITLINE r_bitline R_WIRE "The same of bitlines alone";
    R_DRIVER r_driver R_END "Source resistance of each wordline's driver";
    R_SENSE r_sense R_END "Terminal resistance at each bitline's end";
    R_CONTACT r_contact R_END "Contact resistance of each cell";
    C_WIRE c_wire C_LINE "Capacitance to ground of each line at each cell";
    C_CELL c_cell C_LINE "Capacitance of each cell";
}

/// Flags that stand in the place of what a technology declares.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WiresArgs(pub(crate) Wires);

impl FromArgMatches for WiresArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for wire in ALL {
            if let Some(value) = matches.get_one::<f64>(wire.name) {
                (wire.set)(&mut self.0, *value);
            }
        }
        Ok(())
    }
}

impl Args for WiresArgs {
    fn augment_args(command: Command) -> Command {
        let flag = |wire: &&'static Wire| {
            let range = wire.range;
            Arg::new(wire.name)
                .long(wire.name.replace('_', "-"))
                .value_name(range.placeholder())
                .value_parser(move |text: &str| range.read(text))
                .allow_hyphen_values(true)
                .help(range.help(&format!("{}, instead of the technology's", wire.about)))
                .help_heading("Technology")
        };
        command.args(ALL.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
