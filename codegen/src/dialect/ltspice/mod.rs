//! LTspice: SPICE cards, leaf models as subcircuits of B sources with `if(..)` for a choice.

mod keywords;

use super::spice::{Cards, Spelling, Spice, twins};
use crate::error::Error;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::Design;

/// The LTspice dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ltspice;

const SPELLING: Spelling = Spelling { source: ("", ""), parameter: ("{", "}"), calls_if: true, params: "" };

impl Spice for Ltspice {
    fn name(&self) -> &'static str {
        "ltspice"
    }

    fn extension(&self) -> &'static str {
        "cir"
    }

    fn names(&self) -> NameRules {
        NameRules {
            folds_case: true,
            reserved: keywords::RESERVED,
            reserved_params: keywords::RESERVED_PARAMS,
        }
    }

    fn cards(&self) -> Cards {
        Cards { quotes: ("{", "}"), params: "" }
    }

    fn models(&self, design: &Design, has_store: bool, _verilog_a: &'static str) -> Result<Lines, Error> {
        Ok(SPELLING.of(&twins(design, has_store)?))
    }
}
