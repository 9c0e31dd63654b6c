//! Parts of statements that a printer hands to a dialect.

/// The fixed text around a crossbar cell: `<name><i>_<j><nodes>p n<value>R`, or a device's model in place of `R`.
#[derive(Debug, Clone, Copy)]
pub struct CellSyntax {
    /// Before the name.
    pub name: &'static str,
    /// Between name and nodes.
    pub nodes: &'static str,
    /// Between nodes and value.
    pub value: &'static str,
    /// Between a device's model and its arguments, if anything.
    pub args: &'static str,
}

/// The head of a subcircuit.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Name.
    pub name: &'a str,
    /// What the comment above it says, or nothing.
    pub doc: &'a str,
    /// Pins in order.
    pub pins: &'a [&'a str],
    /// Parameters and defaults.
    pub params: &'a [(&'a str, f64)],
}
