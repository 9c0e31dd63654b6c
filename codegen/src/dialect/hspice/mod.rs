//! HSPICE: SPICE cards with quoted parameters, leaf models in Verilog-A.

mod keywords;

use super::spice::{Cards, Spice};
use crate::error::Error;
use crate::model::model_lines;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::Design;

/// The HSPICE dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hspice;

impl Spice for Hspice {
    fn name(&self) -> &'static str {
        "hspice"
    }

    fn extension(&self) -> &'static str {
        "sp"
    }

    fn names(&self) -> NameRules {
        NameRules {
            folds_case: true,
            reserved: keywords::RESERVED,
            reserved_params: keywords::RESERVED_PARAMS,
        }
    }

    fn cards(&self) -> Cards {
        Cards { quotes: ("'", "'"), params: "" }
    }

    fn models(&self, design: &Design, has_store: bool, verilog_a: &'static str) -> Result<Lines, Error> {
        model_lines("hspice/models.j2", design, has_store, verilog_a)
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}
