//! VACASK: its own netlist syntax, leaf models in Verilog-A, compiled by OpenVAF.

mod bench;
mod keywords;

use super::spectre_like::Masters;
use super::{Dialect, Syntax, TestBench};
use crate::error::Error;
use crate::model::model_lines;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::{Design, FrameStore, Language};

/// The VACASK dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vacask;

impl Dialect for Vacask {
    fn name(&self) -> &'static str {
        "vacask"
    }

    fn extension(&self) -> &'static str {
        "sim"
    }

    fn names(&self) -> NameRules {
        NameRules::new(false, keywords::RESERVED, keywords::RESERVED_PARAMS)
    }

    fn syntax(&self) -> &dyn Syntax {
        &Masters {
            cell: ") ml_r r=",
            cell_capacitor: ") ml_c c=",
            resistor: "ml_r r=",
            capacitor: "ml_c c=",
            voltage: "ml_v dc=",
            current: "ml_i dc=",
            buffer: "ml_e gain=1",
            names_its_end: false,
        }
    }

    fn test_bench(&self) -> Option<&dyn TestBench> {
        Some(self)
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        model_lines("vacask/models.j2", design, !stores.is_empty(), verilog_a)
    }

    fn reads(&self) -> &'static [Language] {
        &[Language::Vacask]
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}
