//! Quantities: one type per dimension, an SI number inside, so that ohms never pass for volts.
//!
//! A declaration writes `10 kohm`; Rust code writes `Ohms::new(10e3)`. Attributes take either.
//!
//! ```
//! use memloom_ir::units::{Ohms, Siemens};
//! const R_OFF: Ohms = Ohms::new(1e6);
//! assert_eq!(R_OFF.recip(), Siemens::new(1e-6));
//! ```

macro_rules! quantities {
    ($($name:ident $unit:literal $what:literal;)*) => {$(
        #[doc = concat!($what, ", ", $unit, ".")]
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, serde::Serialize)]
        pub struct $name(f64);

        impl $name {
            #[doc = concat!("`value` ", $unit, ".")]
            pub const fn new(value: f64) -> Self {
                Self(value)
            }

            #[doc = concat!("The number of ", $unit, ".")]
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!("{} ", $unit), self.0)
            }
        }
    )*};
}

quantities! {
    Volts "V" "A voltage";
    Amperes "A" "A current";
    Ohms "ohm" "A resistance";
    Siemens "S" "A conductance";
    Farads "F" "A capacitance";
    Hertz "Hz" "A frequency";
    Seconds "s" "A time";
    VoltsPerSecond "V/s" "A slew rate";
    Metres "m" "A length";
    MetresPerSecond "m/s" "A speed";
    PerSecond "1/s" "A rate";
    PerVolt "1/V" "An inverse voltage";
    SquareMetresPerVoltSecond "m2/V/s" "A mobility";
    Kelvins "K" "A temperature";
    JoulesPerKelvin "J/K" "A heat capacity";
    KelvinsPerWatt "K/W" "A thermal resistance";
    Electronvolts "eV" "An energy";
    VoltsPerMetre "V/m" "A field";
    OhmMetres "ohm.m" "A resistivity";
    PerCubicMetre "1/m3" "A density";
    SquareMetres "m2" "An area";
    AmperesPerSquareMetreKelvin "A/m2/K2" "A Richardson constant";
    PerKelvin "1/K" "A temperature coefficient";
}

impl Ohms {
    /// The conductance of this resistance.
    pub const fn recip(self) -> Siemens {
        Siemens(1.0 / self.0)
    }
}

impl Siemens {
    /// The resistance of this conductance.
    pub const fn recip(self) -> Ohms {
        Ohms(1.0 / self.0)
    }
}
