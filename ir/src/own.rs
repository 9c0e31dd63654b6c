//! A behavioural block that a user wrote: bodies in the languages that print it, a function for the native evaluator.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A user's own behavioural block: `#[activation(own, verilog_a = "..", spice = "..", native = path)]`.
///
/// Ports are the inputs, `out` and `v_ref`; parameters `unit_in`, `unit_out`, `low` and `high`. Bodies are printed
/// verbatim between a head that declares those and a tail.
#[derive(Clone, Copy)]
pub struct Own {
    /// Name of the declaration.
    pub name: &'static str,
    /// `own_` and the name in lower case: file and module in text.
    pub text_name: &'static str,
    /// Input ports, one or two.
    pub inputs: &'static [&'static str],
    /// Statements of an `analog` block.
    pub verilog_a: Option<&'static str>,
    /// Lines of a `.subckt`.
    pub spice: Option<&'static str>,
    /// `f(x, y)`, in units; a block of one input leaves `y` alone.
    pub native: Option<fn([f64; 2]) -> f64>,
}

impl Own {
    /// All that tells two declarations apart. The function is not: its address may differ between uses.
    fn key(&self) -> (&str, &[&str], Option<&str>, Option<&str>, bool) {
        (self.name, self.inputs, self.verilog_a, self.spice, self.native.is_some())
    }
}

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Own {}

impl Hash for Own {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Own({})", self.name)
    }
}
