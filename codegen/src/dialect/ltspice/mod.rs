//! LTspice: SPICE cards, leaf models as subcircuits of B sources with `if(..)` for a choice.

mod keywords;

use super::spice::{Cards, Spelling, twins};
use super::{Dialect, Syntax};
use crate::error::Error;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::{Design, FrameStore};

/// The LTspice dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ltspice;

const SPELLING: Spelling = Spelling { source: ("", ""), parameter: ("{", "}"), calls_if: true, params: "" };

impl Dialect for Ltspice {
    fn name(&self) -> &'static str {
        "ltspice"
    }

    fn extension(&self) -> &'static str {
        "cir"
    }

    fn names(&self) -> NameRules {
        NameRules::new(true, keywords::RESERVED, keywords::RESERVED_PARAMS)
    }

    fn syntax(&self) -> &dyn Syntax {
        &Cards { quotes: ("{", "}"), params: "" }
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
