//! The `memloom` command.
fn main() {}
