//! What a template may be given: nothing but words that cannot become more than that.

use crate::number::Number;
use crate::text::{Comment, IncludePath, Name, Word};
use memloom_ir::functions::{Activation, Voice};
use minijinja::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A value for a template. Only [`Place`] makes it, so that a stranger's string is a [`Comment`], a [`Name`] or an
/// [`IncludePath`] before it is placed.
#[derive(Debug, Clone)]
pub(crate) struct Placed(Value);

impl Placed {
    /// A word of several parts.
    pub(crate) fn word(word: impl Word) -> Self {
        let mut text = Vec::new();
        word.put(&mut text);
        Self(String::from_utf8_lossy(&text).into_owned().into())
    }

    /// Lines of the program's author, moved as they are to a place four spaces in.
    pub(crate) fn body(text: &'static str) -> Self {
        const BLANKS: [char; 2] = [' ', '\t'];
        let lines: Vec<&str> = text.trim_matches('\n').trim_end().lines().collect();
        let filled = lines.iter().filter(|line| !line.trim().is_empty());
        let least = filled.map(|line| line.len() - line.trim_start_matches(BLANKS).len()).min().unwrap_or(0);
        let moved = lines.iter().map(|line| match line.get(least..).map(str::trim_end) {
            Some("") | None => String::new(),
            Some(rest) => format!("    {rest}"),
        });
        Self(moved.collect::<Vec<_>>().join("\n").into())
    }

    /// The formula of an activation function: text of the program itself.
    pub(crate) fn formula(activation: Activation, voice: Voice) -> Self {
        Self(activation.text(voice).into())
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What may be placed: the program's own text, checked and escaped words, numbers, and collections of them.
pub(crate) trait Place {
    fn place(self) -> Placed;
}

/// `value` as a value for a template.
pub(crate) fn place(value: impl Place) -> Placed {
    value.place()
}

macro_rules! as_text {
    ($($word:ty),*) => {$(
        impl Place for $word {
            fn place(self) -> Placed {
                Placed(self.to_string().into())
            }
        }
    )*};
}

as_text!(Comment, Name<'_>, IncludePath<'_>, Number);

macro_rules! as_value {
    ($($word:ty),*) => {$(
        impl Place for $word {
            fn place(self) -> Placed {
                Placed(self.into())
            }
        }
    )*};
}

as_value!(&'static str, bool, usize);

impl Place for Placed {
    fn place(self) -> Placed {
        self
    }
}

impl<T: Place> Place for Option<T> {
    fn place(self) -> Placed {
        Placed(self.map_or_else(|| Value::from(()), |value| value.place().0))
    }
}

impl<T: Place> Place for Vec<T> {
    fn place(self) -> Placed {
        Placed(self.into_iter().map(|value| value.place().0).collect())
    }
}

impl Place for Values {
    fn place(self) -> Placed {
        Placed(self.0.into())
    }
}

/// The values of a template by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(BTreeMap<&'static str, Value>);

impl Values {
    /// With `value` as `name`.
    pub(crate) fn with(mut self, name: &'static str, value: impl Place) -> Self {
        self.0.insert(name, value.place().0);
        self
    }
}

impl<T: Place> FromIterator<(&'static str, T)> for Values {
    fn from_iter<I: IntoIterator<Item = (&'static str, T)>>(all: I) -> Self {
        all.into_iter().fold(Self::default(), |values, (name, value)| values.with(name, value))
    }
}

impl From<Values> for Value {
    fn from(values: Values) -> Self {
        values.0.into()
    }
}

/// [`Values`] by name: `values! { name, title => Comment::new(title), ..more }`.
macro_rules! values {
    ($($name:ident $(=> $value:expr)?),* $(,)?) => { $crate::template::values!(@add $crate::template::Values::default(); $($name $(=> $value)?),*) };
    ($($name:ident $(=> $value:expr)?,)* ..$more:expr) => { $crate::template::values!(@add $more; $($name $(=> $value)?),*) };
    (@add $values:expr; $($name:ident $(=> $value:expr)?),*) => {
        $values $(.with(stringify!($name), $crate::template::values!(@value $name $($value)?)))*
    };
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
}
pub(crate) use values;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_keeps_its_own_steps() {
        let moved = |text| Placed::body(text).to_string();
        assert_eq!(moved("V(out) <+ x;"), "    V(out) <+ x;");
        assert_eq!(moved("\n  if (a)\n    b;\n\n  c;  \n"), "    if (a)\n      b;\n\n    c;");
        assert_eq!(moved("a;\n  b;"), "    a;\n      b;");
    }
}
