//! What `#[opamp]` says.

use super::{check, expand};
use crate::attribute::{Model, no_fields, rules_and_expansions};
use crate::body::Body;
use crate::keys::{Key, Keys, optional, required};
use crate::quantity::Quantity;
use crate::units::Dimension;
use syn::ItemStruct;

/// An op-amp model.
pub(crate) struct Opamp {
    pub(crate) gain: Quantity,
    pub(crate) gbw: Quantity,
    pub(crate) slew: Quantity,
    pub(crate) swing: (Quantity, Quantity),
    pub(crate) offset: Option<Quantity>,
    pub(crate) c_in: Option<Quantity>,
    pub(crate) noise_density: Option<Quantity>,
    pub(crate) flicker_corner: Option<Quantity>,
    /// What is left of the offset, and how long that takes.
    pub(crate) auto_zero: Option<Quantity>,
    pub(crate) auto_zero_time: Option<Quantity>,
    pub(crate) body: Body,
}

impl Model for Opamp {
    const ATTRIBUTE: &'static str = "opamp";
    const KEYS: &'static [Key] = &[
        required("gain", "gain = 10_000"),
        required("gbw", "gbw = 10 MHz"),
        required("slew", "slew = 10 V/us"),
        required("swing", "swing = 0.1 V ..= 1.7 V"),
        optional("offset", "offset = 0 V"),
        optional("c_in", "c_in = 1 pF"),
        optional("noise_density", "noise_density = 10 nV"),
        optional("flicker_corner", "flicker_corner = 100 kHz"),
        optional("auto_zero", "auto_zero = 20 uV"),
        optional("auto_zero_time", "auto_zero_time = 5 us"),
        optional("supplies", "supplies(vdd, vss)"),
        optional("subcircuit", "subcircuit = OtaCell"),
    ];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        no_fields(keys.cx, Self::ATTRIBUTE, item, &[]);
        let gain = keys.quantity("gain", Dimension::Number);
        let gbw = keys.quantity("gbw", Dimension::Frequency);
        let slew = keys.quantity("slew", Dimension::SlewRate);
        let swing = keys.range("swing", Dimension::Voltage);
        let offset = keys.quantity("offset", Dimension::Voltage);
        let c_in = keys.quantity("c_in", Dimension::Capacitance);
        let noise_density = keys.quantity("noise_density", Dimension::Voltage);
        let flicker_corner = keys.quantity("flicker_corner", Dimension::Frequency);
        let auto_zero = keys.quantity("auto_zero", Dimension::Voltage);
        let auto_zero_time = keys.quantity("auto_zero_time", Dimension::Time);
        let body = Body::parse(keys);
        Some(Self {
            gain: gain?,
            gbw: gbw?,
            slew: slew?,
            swing: swing?,
            offset,
            c_in,
            noise_density,
            flicker_corner,
            auto_zero,
            auto_zero_time,
            body,
        })
    }

    rules_and_expansions!();
}
