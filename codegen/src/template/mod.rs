//! The embedded templates. They only place text: names, numbers and order are settled before, and what others wrote
//! is checked or escaped (see [`Values`]).

mod values;

pub(crate) use values::{Place, Placed, Values, place, values};

use crate::error::Error;
use crate::text::Lines;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use std::sync::LazyLock;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the default delimiters differ from each other"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    for (name, source) in memloom_templates::all() {
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
        for (name, source) in memloom_templates::all() {
            Environment::new().template_from_str(source).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(source.ends_with('\n'), "{name}");
        }
    }

    #[test]
    fn a_missing_value_is_an_error() {
        assert!(render("ngspice/control.j2", Values::default()).is_err());
    }
}
