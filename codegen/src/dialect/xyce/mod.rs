//! Xyce: SPICE cards with `PARAMS:`, leaf models as subcircuits of B sources whose expressions stand in braces.

mod keywords;

use super::spice::{Cards, Spelling, twins};
use super::{Dialect, Syntax};
use crate::error::Error;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::{Design, FrameStore};

/// The Xyce dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Xyce;

const PARAMS: &str = "PARAMS:";
/// Braces do not nest.
const SPELLING: Spelling =
    Spelling { source: ("{", "}"), parameter: ("(", ")"), calls_if: false, params: PARAMS };

impl Dialect for Xyce {
    fn name(&self) -> &'static str {
        "xyce"
    }

    fn extension(&self) -> &'static str {
        "cir"
    }

    fn names(&self) -> NameRules {
        NameRules::new(true, keywords::RESERVED, keywords::RESERVED_PARAMS)
    }

    fn syntax(&self) -> &dyn Syntax {
        &Cards { quotes: ("{", "}"), params: PARAMS }
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        _verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        Ok(SPELLING.of(&twins(design, !stores.is_empty())?))
    }
}
