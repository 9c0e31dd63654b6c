//! VACASK's leaf models: what it loads, and a model line for every leaf type of a design.

use crate::error::Error;
use crate::model::{leaves, verilog_a_names};
use crate::template::{Values, render, values};
use crate::text::Lines;
use memloom_ir::Design;

/// The loads and model lines of `design`, and of frame memories if it `has_store`.
pub(super) fn models(design: &Design, has_store: bool, verilog_a: &'static str) -> Result<Lines, Error> {
    let models: Vec<Values> = leaves(design, has_store)?
        .into_iter()
        .map(|leaf| values! { name => leaf.name, module => leaf.module, params => leaf.params })
        .collect();
    render("vacask/models.j2", values! { files => verilog_a_names(design, has_store), models, verilog_a })
}
