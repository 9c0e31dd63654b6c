//! What a function's file says, and a function with its parameter settled.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// All that is known of a function of one variable, `f(x)`, both in units.
#[derive(Debug)]
pub struct Definition {
    /// Name, as in `#[activation(name, ..)]` and in text.
    pub name: &'static str,
    /// The formula, for people.
    pub formula: &'static str,
    /// A number that a declaration may set, such as the slope of leaky ReLU.
    pub parameter: Option<Parameter>,
    /// The exact value at `x`; the second number is the parameter, 0 without one.
    pub exact: fn(f64, f64) -> f64,
    /// Whether `f(a x) = a f(x)` for every `a > 0`, so that a circuit of it serves every unit.
    pub homogeneous: bool,
    /// Where it turns from falling to rising or back, ascending; between two of them it is monotone.
    pub turns: &'static [f64],
    /// The formula as SPICE and Verilog-A both read it, with `{x}` and `{p}` for variable and parameter.
    pub text: &'static str,
    /// Largest difference between the text's value and the exact one: rounding, unless the languages lack a function.
    pub text_error: f64,
    /// How a vector kernel computes it; without it the exact value is taken lane by lane.
    pub gate: Option<Gate>,
}

/// A number that a declaration may set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Name, as in `#[activation(leaky_relu, slope = 0.1, ..)]`.
    pub name: &'static str,
    /// Value if it is not set.
    pub default: f64,
    /// Least and greatest value for which the file's data hold.
    pub range: (f64, f64),
}

/// `clamp(x + shift, low, high) / divisor`, and `x` times that if it is `gated`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// Added to `x`.
    pub shift: f32,
    /// Lower end.
    pub low: f32,
    /// Upper end.
    pub high: f32,
    /// What the whole is divided by.
    pub divisor: f64,
    /// Whether `x` is multiplied by the clamped sum.
    pub gated: bool,
}

/// How a language writes the variable and the parameter of a function.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    /// The variable.
    pub x: &'static str,
    /// What stands before and after a parameter's name.
    pub parameter: (&'static str, &'static str),
}

/// A function with its parameter settled.
#[derive(Clone, Copy)]
pub struct Activation {
    definition: &'static Definition,
    parameter: f64,
}

/// A parameter outside the range that a function's data hold for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfRange {
    /// The function.
    pub function: &'static str,
    /// The parameter.
    pub parameter: &'static str,
    /// Least and greatest value; both zero if the function has no parameter.
    pub range: (f64, f64),
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, parameter, range: (low, high) } = self;
        if parameter.is_empty() {
            return write!(f, "`{function}` has no parameter; leave it out");
        }
        write!(f, "`{parameter}` of `{function}` lies between {low} and {high}; write a value inside")
    }
}

impl std::error::Error for OutOfRange {}

impl Activation {
    /// The function of `definition`, its parameter at the default.
    pub const fn of(definition: &'static Definition) -> Self {
        let parameter = match definition.parameter {
            Some(parameter) => parameter.default,
            None => 0.0,
        };
        Self { definition, parameter }
    }

    /// The function called `name`, if there is one.
    pub fn find(name: &str) -> Option<Self> {
        crate::ALL.iter().copied().find(|f| f.name() == name)
    }

    /// The function with another parameter.
    ///
    /// # Errors
    /// If it has none, or not of this value.
    pub const fn with(self, value: f64) -> Result<Self, OutOfRange> {
        let function = self.definition.name;
        match self.definition.parameter {
            None => Err(OutOfRange { function, parameter: "", range: (0.0, 0.0) }),
            Some(Parameter { range, .. }) if range.0 <= value && value <= range.1 => {
                Ok(Self { parameter: value, ..self })
            }
            Some(Parameter { name, range, .. }) => Err(OutOfRange { function, parameter: name, range }),
        }
    }

    /// What its file says.
    pub const fn definition(self) -> &'static Definition {
        self.definition
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.definition.name
    }

    /// Its parameter's name and value, if it has one.
    pub fn parameter(self) -> Option<(&'static str, f64)> {
        self.definition.parameter.map(|parameter| (parameter.name, self.parameter))
    }

    /// The exact value at `x`.
    pub fn at(self, x: f64) -> f64 {
        (self.definition.exact)(x, self.parameter)
    }

    /// Least and greatest value over `low ..= high`.
    pub fn range(self, low: f64, high: f64) -> (f64, f64) {
        let inside = self.definition.turns.iter().copied().filter(|turn| low < *turn && *turn < high);
        let values = inside.chain([low, high]).map(|x| self.at(x));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), y| (least.min(y), most.max(y)))
    }

    /// The formula as an expression of a circuit language.
    pub fn text(self, voice: Voice) -> String {
        let name = self.definition.parameter.map_or("", |parameter| parameter.name);
        let parameter = format!("{}{name}{}", voice.parameter.0, voice.parameter.1);
        // The parameter first: what is put in place of it may look like a variable, `{x}`, but not the other way.
        self.definition.text.replace("{p}", &parameter).replace("{x}", voice.x)
    }

    fn key(self) -> (&'static str, u64) {
        (self.name(), self.parameter.to_bits())
    }
}

impl PartialEq for Activation {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Activation {}

impl PartialOrd for Activation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Activation {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Activation {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Debug for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parameter() {
            Some((name, value)) => write!(f, "{}({name} = {value})", self.name()),
            None => f.write_str(self.name()),
        }
    }
}
