//! Pages: a template and its values, escaped as HTML.

use crate::Result;
use memloom_codegen::visible;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter};

/// A page's text. Every string of `values` is escaped, its control characters shown; only a [`picture`] stands as it is.
pub(crate) fn render(name: &str, template: &str, values: Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Names come from files of strangers.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => escape_formatter(out, state, &Value::from(visible(text))),
        _ => escape_formatter(out, state, value),
    });
    Ok(environment.render_named_str(name, template, values)?)
}

/// The source of a page's template.
pub(crate) fn template(name: &str) -> Result<&'static str> {
    Ok(memloom_templates::source(name).ok_or_else(|| format!("there is no template `{name}`"))?)
}

/// An SVG of our own drawing, whose texts are escaped already.
pub(crate) fn picture(svg: &str) -> Value {
    Value::from_safe_string(svg.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    #[test]
    fn text_is_escaped_and_shown_and_pictures_stand() {
        let name = "a</script><img src=x onerror=\"y\">\u{202e}\0\u{85}&'";
        let page = render(
            "page.html",
            "<p title=\"{{ name }}\">{{ svg }}",
            context! { name, svg => picture("<svg/>") },
        );
        let shown =
            "a&lt;&#x2f;script&gt;&lt;img src=x onerror=&quot;y&quot;&gt;\\u{202e}\\u{0}\\u{85}&amp;&#x27;";
        assert_eq!(page.unwrap(), format!("<p title=\"{shown}\"><svg/>"));
    }
}
