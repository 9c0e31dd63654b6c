//! The embedded templates. They only place text: names, numbers and order are settled before, and what others wrote
//! is checked or escaped (see [`Values`]).

mod values;

pub(crate) use values::{Place, Placed, Values, place, values};

use crate::dialect::DIALECTS;
use crate::error::Error;
use crate::text::Lines;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use std::sync::LazyLock;

/// Name and source of a template.
pub(crate) type Template = (&'static str, &'static str);

/// Templates by their paths below `templates/`.
macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/", $name)))),*]
    };
}
pub(crate) use templates;

/// What several dialects place. A dialect has others of its own.
const SHARED: &[Template] = templates![
    "ngspice/transient.j2",
    "ngspice/op_amp.j2",
    "ngspice/activation.j2",
    "ngspice/multiplier.j2",
    "ngspice/own.j2",
    "ngspice/store.j2",
    "ngspice/devices/asu.j2",
    "ngspice/devices/base.j2",
    "ngspice/devices/hp.j2",
    "ngspice/devices/jart.j2",
    "ngspice/devices/mms.j2",
    "ngspice/devices/nonlinear.j2",
    "ngspice/devices/simmons.j2",
    "ngspice/devices/smooth.j2",
    "ngspice/devices/stanford.j2",
    "ngspice/devices/team.j2",
    "ngspice/devices/vteam.j2",
    "ngspice/devices/yakopcic.j2",
    "verilog_a/devices/asu.j2",
    "verilog_a/devices/base.j2",
    "verilog_a/devices/hp.j2",
    "verilog_a/devices/jart.j2",
    "verilog_a/devices/mms.j2",
    "verilog_a/devices/nonlinear.j2",
    "verilog_a/devices/simmons.j2",
    "verilog_a/devices/smooth.j2",
    "verilog_a/devices/stanford.j2",
    "verilog_a/devices/team.j2",
    "verilog_a/devices/vteam.j2",
    "verilog_a/devices/yakopcic.j2",
    "verilog_a/op_amp.j2",
    "verilog_a/activation.j2",
    "verilog_a/multiplier.j2",
    "verilog_a/own.j2",
    "verilog_a/sample_hold.j2",
    "verilog_a/switch.j2",
];

/// Every template.
fn all() -> impl Iterator<Item = &'static Template> {
    SHARED.iter().chain(DIALECTS.iter().flat_map(|dialect| dialect.templates()))
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the default delimiters differ from each other"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    for (name, source) in all() {
        environment.add_template(name, source).expect("a unit test parses every template");
    }
    environment
});

/// Renders the template called `name`.
///
/// # Errors
/// [`Error::Template`] if `values` lacks something that it places.
pub(crate) fn render(name: &str, values: Values) -> Result<Lines, Error> {
    ENVIRONMENT
        .get_template(name)
        .and_then(|template| template.render(minijinja::Value::from(values)))
        .map(Lines::rendered)
        .map_err(|source| Error::Template { name: name.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        for (name, source) in all() {
            Environment::new().template_from_str(source).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(source.ends_with('\n'), "{name}");
        }
    }

    #[test]
    fn a_missing_value_is_an_error() {
        assert!(render("ngspice/control.j2", Values::default()).is_err());
    }
}
