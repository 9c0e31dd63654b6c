//! What `#[tia]` says.

use super::{check, expand};
use crate::attribute::{Model, no_fields, rules_and_expansions};
use crate::keys::{Key, Keys, optional, required};
use crate::quantity::Quantity;
use crate::units::Dimension;
use syn::{ItemStruct, Type};

/// A transimpedance amplifier.
pub(crate) struct Tia {
    pub(crate) r_f: Quantity,
    pub(crate) c_f: Option<Quantity>,
    pub(crate) v_ref: Quantity,
    pub(crate) op_amp: Type,
    /// The range of input currents that the output must hold.
    pub(crate) i_in: Option<(Quantity, Quantity)>,
}

impl Model for Tia {
    const ATTRIBUTE: &'static str = "tia";
    const KEYS: &'static [Key] = &[
        required("r_f", "r_f = 10 kohm"),
        required("v_ref", "v_ref = 0.9 V"),
        required("opamp", "opamp = Ota"),
        optional("c_f", "c_f = 1 pF"),
        optional("i_in", "i_in = -50 uA ..= 50 uA"),
    ];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        no_fields(keys.cx, Self::ATTRIBUTE, item, &["r_f"]);
        let r_f = keys.quantity("r_f", Dimension::Resistance);
        let c_f = keys.quantity("c_f", Dimension::Capacitance);
        let v_ref = keys.quantity("v_ref", Dimension::Voltage);
        let op_amp = keys.part("opamp");
        let i_in = keys.range("i_in", Dimension::Current);
        Some(Self { r_f: r_f?, c_f, v_ref: v_ref?, op_amp: op_amp?, i_in })
    }

    rules_and_expansions!();
}
