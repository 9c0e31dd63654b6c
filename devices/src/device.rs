//! Any one of the models.

use crate::error::Error;
use crate::{Asu, Hp, Jart, Mms, Model, Nonlinear, Simmons, Spec, Stanford, Team, Vteam, Yakopcic};
use std::ops::Deref;

macro_rules! devices {
    ($($name:ident),* $(,)?) => {
        /// A memristor: one of the models with its parameters. Dereferences to [`Model`].
        #[derive(Debug, Clone, Copy, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        // A design has a handful of cell types.
        #[allow(clippy::large_enum_variant)]
        pub enum Device {
            $(#[doc = concat!("See [`crate::", stringify!($name), "`].")] $name($name)),*
        }

        impl Device {
            /// What models there are.
            pub const SPECS: &[&Spec] = &[$(&$name::SPEC),*];
        }

        impl Deref for Device {
            type Target = dyn Model;

            fn deref(&self) -> &Self::Target {
                match self {
                    $(Self::$name(model) => model),*
                }
            }
        }

        $(impl From<$name> for Device {
            fn from(model: $name) -> Self {
                Self::$name(model)
            }
        })*
    };
}

// The first is the default.
devices![Vteam, Team, Hp, Nonlinear, Yakopcic, Simmons, Stanford, Asu, Mms, Jart];

impl Device {
    /// The model called `model` with its published set `set`, or the first of them, with some parameters set to values of
    /// their own, SI.
    ///
    /// # Errors
    /// Names that are not there, values out of range or in contradiction.
    pub fn named(model: &str, set: Option<&str>, own: &[(&str, f64)]) -> Result<Self, Error> {
        let spec = Spec::find(model)?;
        let set = match set {
            Some(name) => spec.set(name)?,
            None => &spec.sets[0],
        };
        set.device.with(own)
    }

    /// This device with some parameters set to other values, SI.
    ///
    /// # Errors
    /// Names that are not there, values out of range or in contradiction.
    pub fn with(&self, own: &[(&str, f64)]) -> Result<Self, Error> {
        let mut values = self.values();
        for (name, value) in own {
            values[self.spec().parameter(name)?] = *value;
        }
        let device = self.with_values(&values);
        device.validate().map(|()| device)
    }

    /// The same dynamics between the conductances `g_min` and `g_max`, siemens, if the model has two resistances.
    pub fn stretched(self, g_min: f64, g_max: f64) -> Self {
        self.spanning(g_min, g_max).unwrap_or(self)
    }

    /// Value of the parameter called `name`, SI.
    ///
    /// # Errors
    /// [`Error::Parameter`].
    pub fn get(&self, name: &str) -> Result<f64, Error> {
        Ok(self.values()[self.spec().parameter(name)?])
    }

    /// Checks that every parameter is in its range and that they agree.
    ///
    /// # Errors
    /// [`Error::Range`], [`Error::Contradiction`].
    pub fn validate(&self) -> Result<(), Error> {
        let spec = self.spec();
        for (parameter, value) in spec.parameters.iter().zip(self.values()) {
            if !parameter.allows(value) {
                let (model, name, range) = (spec.name, parameter.name, parameter.range());
                return Err(Error::Range { model, name, value, range });
            }
        }
        self.check().map_err(|what| Error::Contradiction { model: spec.name, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_is_valid_and_named_once() {
        for spec in Device::SPECS {
            let twice = |name| spec.sets.iter().filter(|set| set.name == name).count() > 1;
            assert!(!spec.sets.is_empty() && !spec.states.is_empty(), "{}", spec.name);
            for set in spec.sets {
                assert!(!twice(set.name), "{} {}", spec.name, set.name);
                set.device.validate().unwrap_or_else(|e| panic!("{} {}: {e}", spec.name, set.name));
                assert_eq!(set.device.spec().name, spec.name);
                assert_eq!(set.device.initial().len(), spec.states.len());
                assert_eq!(set.device.bounds().len(), spec.states.len());
                for ((low, high), x) in set.device.bounds().into_iter().zip(set.device.initial()) {
                    assert!((low..=high).contains(&x), "{} {}", spec.name, set.name);
                }
            }
        }
    }

    #[test]
    fn values_go_in_and_out_in_the_table_s_order() {
        for set in Device::SPECS.iter().flat_map(|spec| spec.sets) {
            let values = set.device.values();
            assert_eq!(set.device.with_values(&values), set.device);
            let halved: Vec<f64> = values.iter().map(|value| value / 2.0).collect();
            assert_eq!(set.device.with_values(&halved).values(), halved);
        }
    }

    #[test]
    fn mistakes_name_what_there_is() {
        let text = |result: Result<Device, Error>| result.expect_err("a mistake").to_string();
        assert!(text(Device::named("vtaem", None, &[])).contains("`vteam`"));
        assert!(text(Device::named("vteam", Some("magik"), &[])).contains("`magic`"));
        assert!(text(Device::named("vteam", None, &[("k", 1.0)])).contains("`k_off`"));
        assert!(text(Device::named("vteam", None, &[("v_on", 1.0)])).contains("out of range"));
        assert!(text(Device::named("vteam", None, &[("v_on", f64::NAN)])).contains("out of range"));
        let swapped = [("r_on", 1e6), ("r_off", 1e3)];
        assert!(text(Device::named("vteam", None, &swapped)).contains("contradict"));
    }
}
