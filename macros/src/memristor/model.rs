//! What `#[memristor]` says.

use super::device::DeviceModel;
use super::{check, expand};
use crate::attribute::{Model, no_fields, rules_and_expansions};
use crate::body::Body;
use crate::keys::{Key, Keys, optional, required};
use crate::quantity::Quantity;
use crate::units::Dimension;
use crate::whole::Whole;
use syn::ItemStruct;

/// A cell type.
pub(crate) struct Memristor {
    pub(crate) g_min: Quantity,
    pub(crate) g_max: Quantity,
    pub(crate) levels: Option<Whole>,
    pub(crate) v_read: Quantity,
    pub(crate) flicker: Option<Quantity>,
    pub(super) model: DeviceModel,
    /// Whether netlists write it as its device.
    pub(super) is_device: bool,
    /// What stands at each cross-point, if it is the user's.
    pub(super) body: Body,
}

impl Model for Memristor {
    const ATTRIBUTE: &'static str = "memristor";
    const KEYS: &'static [Key] = &[
        required("g_min", "g_min = 1 uS"),
        required("g_max", "g_max = 100 uS"),
        required("v_read", "v_read = 0.2 V"),
        optional("levels", "levels = 64"),
        optional("flicker", "flicker = 1e-6"),
        optional("model", "model = vteam"),
        optional("netlist", "netlist = device"),
        optional("subcircuit", "subcircuit = Cell1T1R"),
    ];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        no_fields(keys.cx, Self::ATTRIBUTE, item, &[]);
        let g_min = keys.quantity("g_min", Dimension::Conductance);
        let g_max = keys.quantity("g_max", Dimension::Conductance);
        let v_read = keys.quantity("v_read", Dimension::Voltage);
        let flicker = keys.quantity("flicker", Dimension::Number);
        let levels = keys.parsed("levels", "a whole number; write `levels = 64`");
        let model = DeviceModel::parse(keys);
        let is_device =
            keys.has("netlist") && keys.choice("netlist", &[("resistor", false), ("device", true)])?;
        let body = Body::parse(keys);
        Some(Self {
            g_min: g_min?,
            g_max: g_max?,
            levels,
            v_read: v_read?,
            flicker,
            model: model?,
            is_device,
            body,
        })
    }

    rules_and_expansions!();
}
