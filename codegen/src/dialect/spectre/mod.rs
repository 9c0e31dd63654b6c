//! Spectre: its own netlist syntax, leaf models in Verilog-A by `ahdl_include`.

mod keywords;

use super::spectre_like::Masters;
use super::{Dialect, Syntax};
use crate::error::Error;
use crate::model::model_lines;
use crate::name::NameRules;
use crate::text::Lines;
use memloom_ir::{Design, FrameStore, Language};

/// The Spectre dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spectre;

impl Dialect for Spectre {
    fn name(&self) -> &'static str {
        "spectre"
    }

    fn extension(&self) -> &'static str {
        "scs"
    }

    fn names(&self) -> NameRules {
        NameRules::new(false, keywords::RESERVED, keywords::RESERVED_PARAMS)
    }

    fn syntax(&self) -> &dyn Syntax {
        &Masters {
            cell: ") resistor r=",
            cell_capacitor: ") capacitor c=",
            resistor: "resistor r=",
            capacitor: "capacitor c=",
            voltage: "vsource dc=",
            current: "isource dc=",
            buffer: "vcvs gain=1",
            names_its_end: true,
        }
    }

    /// A file is read as SPICE until it says otherwise.
    fn language(&self) -> Option<&'static str> {
        Some("simulator lang=spectre")
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        model_lines("spectre/models.j2", design, !stores.is_empty(), verilog_a)
    }

    /// It reads files of SPICE cards too, once told.
    fn reads(&self) -> &'static [Language] {
        &[Language::Spectre, Language::Spice]
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}
