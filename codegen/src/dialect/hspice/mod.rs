//! HSPICE: SPICE cards with quoted parameters, leaf models in Verilog-A.

mod keywords;

use super::spice::Cards;
use super::{Dialect, Syntax};
use crate::error::Error;
use crate::model::model_lines;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::{Design, FrameStore};

/// The HSPICE dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hspice;

impl Dialect for Hspice {
    fn name(&self) -> &'static str {
        "hspice"
    }

    fn extension(&self) -> &'static str {
        "sp"
    }

    fn names(&self) -> NameRules {
        NameRules::new(true, keywords::RESERVED, keywords::RESERVED_PARAMS)
    }

    fn syntax(&self) -> &dyn Syntax {
        &Cards { quotes: ("'", "'"), params: "" }
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        model_lines("hspice/models.j2", design, !stores.is_empty(), verilog_a)
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}
