//! Names in text: what a dialect takes, and what becomes of a bus.

use memloom_ir::{Design, Id, Module, Net, Slice, Supply};
use std::borrow::Cow;

/// Prefix of every name that memloom makes up; no user's name may start with it.
pub const PRIVATE: &str = "ml_";

/// What a dialect takes for a name.
#[derive(Debug, Clone, Copy)]
pub struct NameRules {
    /// Whether `Out` and `out` are one name.
    pub folds_case: bool,
    /// Words that mean something else wherever they stand, in lower case.
    pub reserved: &'static [&'static str],
    /// Words that mean something else in an expression, where a parameter may stand, in lower case.
    pub reserved_params: &'static [&'static str],
}

impl NameRules {
    pub(crate) fn new(
        folds_case: bool,
        reserved: &'static [&'static str],
        reserved_params: &'static [&'static str],
    ) -> Self {
        Self { folds_case, reserved, reserved_params }
    }

    /// The form in which two clashing names are equal.
    pub fn key<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if self.folds_case && name.bytes().any(|b| b.is_ascii_uppercase()) {
            return name.to_ascii_lowercase().into();
        }
        name.into()
    }

    /// Whether `name` means something else to the dialect.
    pub fn is_reserved(&self, name: &str) -> bool {
        self.reserved.contains(&name.to_ascii_lowercase().as_str())
    }

    /// Whether a user's `name` can stand in text verbatim.
    ///
    /// # Errors
    /// What is wrong with it and what to write instead.
    pub fn check(&self, name: &str) -> Result<(), String> {
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts_well || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(format!(
                "`{name}` is not a plain name; use letters, digits and `_`, and no digit first"
            ));
        }
        let lower = name.to_ascii_lowercase();
        if lower.starts_with(PRIVATE) {
            return Err(format!(
                "`{name}` starts with `{PRIVATE}`, which generated names do; choose another name"
            ));
        }
        if self.is_reserved(&lower) {
            return Err(format!("`{name}` is a reserved word; choose another name, such as `{name}_1`"));
        }
        Ok(())
    }

    /// Whether a user's `name` can stand as a parameter, verbatim.
    ///
    /// # Errors
    /// What is wrong with it and what to write instead.
    pub fn check_param(&self, name: &str) -> Result<(), String> {
        self.check(name)?;
        if self.reserved_params.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!(
                "`{name}` has a meaning in expressions; choose another name, such as `{name}_1`"
            ));
        }
        Ok(())
    }
}

/// The name of wire `bit` of a bus: `x` for a single wire, else `x_0`, `x_1`, ..
pub fn bit(name: &str, width: u32, bit: u32) -> String {
    if width == 1 { name.to_owned() } else { format!("{name}_{bit}") }
}

/// The name of copy `copy` of an instance: plain, or with an index if it was declared as an array.
pub fn copy(name: &str, is_array: bool, copy: u32) -> String {
    if is_array { format!("{name}_{copy}") } else { name.to_owned() }
}

/// The node names of a module: one per wire, and one per supply of the design.
#[derive(Debug)]
pub(crate) struct NodeNames {
    wires: Vec<Vec<String>>,
    supplies: Vec<String>,
}

impl NodeNames {
    pub(crate) fn new(design: &Design, module: &Module) -> Self {
        let wires = |name: &str, net: &Net| (0..net.width).map(|b| bit(name, net.width, b)).collect();
        Self {
            wires: module.nets.iter().map(|(_, name, net)| wires(name, net)).collect(),
            supplies: design.supplies.names().map(str::to_owned).collect(),
        }
    }

    pub(crate) fn net(&self, net: Id<Net>) -> &[String] {
        &self.wires[net.index()]
    }

    pub(crate) fn supply(&self, supply: Id<Supply>) -> &str {
        &self.supplies[supply.index()]
    }

    /// Appends the names of wires `start .. start + len` of joined slices to `nodes`.
    pub(crate) fn push<'n>(&'n self, nodes: &mut Vec<&'n str>, bits: &[Slice], start: u32, len: u32) {
        for slice in crate::wires::part(bits, start, len) {
            match slice {
                Slice::Supply(id) => nodes.push(self.supply(id)),
                Slice::Net { net, start, len } => {
                    let range = start as usize..(start + len) as usize;
                    nodes.extend(self.net(net)[range].iter().map(String::as_str));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPICE: NameRules = NameRules { folds_case: true, reserved: &["gnd"], reserved_params: &["pi"] };

    #[test]
    fn names_a_dialect_refuses() {
        for bad in ["", "3x", "a.b", "a-b", "x[1]", "ä", "gnd", "GND", "ml_x", "ML_x"] {
            assert!(SPICE.check(bad).is_err(), "{bad}");
        }
        for good in ["x", "_x", "Weights", "x_0", "m"] {
            assert_eq!(SPICE.check(good), Ok(()));
        }
        assert!(
            SPICE.check("pi").is_ok()
                && SPICE.check_param("Pi").is_err()
                && SPICE.check_param("gnd").is_err()
        );
    }

    #[test]
    fn a_bus_of_one_wire_has_no_index() {
        assert_eq!(bit("x", 1, 0), "x");
        assert_eq!(bit("x", 2, 1), "x_1");
        assert_eq!(copy("tia", true, 0), "tia_0");
        assert_eq!(copy("tia", false, 0), "tia");
    }
}
