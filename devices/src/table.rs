//! The table of a model: one list gives the struct, its constants, its [`Spec`](crate::Spec) and its values.

/// Declares a model's struct from its tables.
///
/// ```text
/// model! {
///     /// Doc of the struct.
///     pub struct Vteam = "vteam": "one line";
///     source: "papers with the equations";
///     licence: "terms";
///     states { x "": "what it is"; y "V" settles: "what it is, no memory"; }
///     parameters {
///         name: Dimension, low..=high, "what it does";
///         choice: Number, 0.0..=1.0, ["word", "other"], "what it chooses";
///     }
///     sets {
///         MAGIC "magic" "where published" { name: 1.0, choice: 0.0 }
///         OTHER "other" "where published" { name: 2.0, ..Self::MAGIC }
///     }
/// }
/// ```
macro_rules! model {
    (
        $(#[$doc:meta])*
        pub struct $type:ident = $model:literal: $title:literal;
        source: $source:literal;
        licence: $licence:literal;
        states { $($state:ident $unit:literal $($settles:ident)?: $state_about:literal;)* }
        parameters { $($name:ident: $dimension:ident, $low:literal..=$high:literal,
            $([$($word:literal),*],)? $about:literal;)* }
        sets { $($constant:ident $set:literal $set_source:literal { $($values:tt)* })* }
    ) => {
        $(#[$doc])*
        ///
        /// Parameters in SI units, energies in electronvolts.
        #[derive(Debug, Clone, Copy, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $type {
            $(#[doc = concat!($about, "; `", stringify!($low), "` to `", stringify!($high), "`.")]
            pub $name: f64,)*
        }

        impl $type {
            $(#[doc = concat!("Set `", $set, "`: ", $set_source, ".")]
            pub const $constant: Self = Self { $($values)* };)*

            /// The model's tables.
            pub const SPEC: $crate::Spec = $crate::Spec {
                name: $model,
                type_name: stringify!($type),
                title: $title,
                source: $source,
                licence: $licence,
                parameters: &[$($crate::Parameter {
                    name: stringify!($name),
                    dimension: $crate::Dimension::$dimension,
                    low: $low,
                    high: $high,
                    words: &[$($($word),*)?],
                    about: $about,
                }),*],
                sets: &[$($crate::Set {
                    name: $set,
                    constant: stringify!($constant),
                    source: $set_source,
                    device: $crate::Device::$type(Self::$constant),
                }),*],
                states: &[$($crate::State {
                    name: stringify!($state),
                    unit: $unit,
                    about: $state_about,
                    settles: !concat!("" $(, stringify!($settles))?).is_empty(),
                }),*],
            };
        }

        impl $crate::Parameters for $type {
            fn spec(&self) -> &'static $crate::Spec {
                const { &$type::SPEC }
            }

            fn values(&self) -> Vec<f64> {
                vec![$(self.$name),*]
            }

            fn with_values(&self, values: &[f64]) -> $crate::Device {
                let mut values = values.iter().copied();
                $crate::Device::$type(Self { $($name: values.next().unwrap_or(self.$name)),* })
            }
        }
    };
}

pub(crate) use model;
