//! Numbers in text.

use std::fmt;
use std::io::{self, Write};

/// Displays an `f64` as the shortest decimal text that reads back the same, in exponent form.
///
/// There is never an SI suffix: `1M` is a milliohm to SPICE and a megohm to Spectre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_assert!(self.0.is_finite(), "validated before printing");
        write!(f, "{:e}", self.0)
    }
}

/// The text of `x`; see [`Number`].
pub fn number(x: f64) -> String {
    Number(x).to_string()
}

/// The resistance that stands for a cell of `g` siemens: `1/g` in `f64`, so that `1/R` rounds back to the same `f32`.
pub fn resistance(g: f32) -> f64 {
    1.0 / f64::from(g)
}

/// Writes `x` into `out` without allocating.
pub(crate) fn write_number(out: &mut impl Write, x: f64) -> io::Result<()> {
    write!(out, "{}", Number(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prints_exponents_and_no_suffix() {
        assert_eq!(number(1e6), "1e6");
        assert_eq!(number(0.9), "9e-1");
        assert_eq!(number(-2.5e-9), "-2.5e-9");
        assert_eq!(number(0.0), "0e0");
    }

    proptest! {
        #[test]
        fn every_number_reads_back_the_same(bits in any::<u64>()) {
            let x = f64::from_bits(bits);
            prop_assume!(x.is_finite());
            let text = number(x);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits);
            prop_assert!(text.contains('e') && !text.ends_with(char::is_alphabetic));
        }

        #[test]
        fn a_conductance_survives_as_a_resistor(bits in 1u32..0x7f80_0000) {
            let g = f32::from_bits(bits);
            let r: f64 = number(resistance(g)).parse().unwrap();
            prop_assert_eq!((1.0 / r) as f32, g);
        }
    }
}
