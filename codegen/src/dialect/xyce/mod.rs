//! Xyce: SPICE cards with `PARAMS:`, leaf models as subcircuits of B sources whose expressions stand in braces.

mod keywords;

use super::spice::{Cards, Spelling, Spice, twins};
use crate::error::Error;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::Design;

/// The Xyce dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Xyce;

const PARAMS: &str = "PARAMS:";
/// Braces do not nest.
const SPELLING: Spelling =
    Spelling { source: ("{", "}"), parameter: ("(", ")"), calls_if: false, params: PARAMS };

impl Spice for Xyce {
    fn name(&self) -> &'static str {
        "xyce"
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
        Cards { quotes: ("{", "}"), params: PARAMS }
    }

    fn models(&self, design: &Design, has_store: bool, _verilog_a: &'static str) -> Result<Lines, Error> {
        Ok(SPELLING.of(&twins(design, has_store)?))
    }
}
