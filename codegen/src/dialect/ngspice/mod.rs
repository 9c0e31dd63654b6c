//! ngspice: SPICE cards, leaf models as subcircuits of B sources.

mod bench;
mod keywords;

use super::spice::{Cards, twins};
use super::{Dialect, Syntax, TestBench};
use crate::error::Error;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::{Design, FrameStore};

/// The ngspice dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ngspice;

impl Dialect for Ngspice {
    fn name(&self) -> &'static str {
        "ngspice"
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

    /// `N_GLOBAL_NODES` of ngspice 39: at 1005 it exits.
    fn max_pins(&self) -> Option<u32> {
        Some(1004)
    }

    fn test_bench(&self) -> Option<&dyn TestBench> {
        Some(self)
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        _verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        twins(design, !stores.is_empty())
    }
}
