//! Numbers in text.

use std::fmt;

/// Displays an `f64` as the shortest decimal text that reads back the same: plain, or with an exponent where that is
/// shorter.
///
/// There is never an SI suffix: `1M` is a milliohm to SPICE and a megohm to Spectre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(LONGEST);
        put(&mut text, self.0);
        f.write_str(std::str::from_utf8(&text).expect("digits are ASCII"))
    }
}

/// The text of `x`; see [`Number`].
pub fn number(x: f64) -> String {
    Number(x).to_string()
}

/// Longest text of an `f64`: a sign, 17 digits, a point, `e-308`.
const LONGEST: usize = 24;

/// Appends the text of `x` without an allocation of its own.
pub(crate) fn put(out: &mut Vec<u8>, x: f64) {
    debug_assert!(x.is_finite(), "validated before printing");
    if x.is_sign_negative() {
        out.push(b'-');
    }
    let (x, mut buffer) = (x.abs(), zmij::Buffer::new());
    let text = buffer.format_finite(x);
    // What most numbers are: plain, and few zeros at the end.
    if (1.0..1e15).contains(&x) {
        let plain = text.strip_suffix(".0").unwrap_or(text);
        if !plain.ends_with("000") {
            return out.extend_from_slice(plain.as_bytes());
        }
    }
    Decimal::of(text).put(out);
}

/// A number that is not negative as `0.DIGITS` times a power of ten; the first and the last digit are not 0.
struct Decimal {
    digits: [u8; 20],
    count: usize,
    /// Where the point stands behind the first digit's front: 1 in `1.5`, 0 in `0.5`, -1 in `0.05`.
    point: i32,
}

impl Decimal {
    /// Of a text with digits, perhaps a point, and perhaps an exponent.
    fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let whole = mantissa.find('.').unwrap_or(mantissa.len());
        let mut decimal = Self { digits: [0; 20], count: 0, point: 0 };
        let (mut zeros, mut leading) = (0, 0);
        for digit in mantissa.bytes().filter(|b| *b != b'.') {
            match digit {
                b'0' if decimal.count == 0 => leading += 1,
                // Zeros count where another digit follows.
                b'0' => zeros += 1,
                other => {
                    decimal.digits[decimal.count..decimal.count + zeros].fill(b'0');
                    decimal.count += zeros;
                    decimal.digits[decimal.count] = other;
                    (decimal.count, zeros) = (decimal.count + 1, 0);
                }
            }
        }
        let exponent: i32 = exponent.parse().unwrap_or_default();
        decimal.point = if decimal.count == 0 { 1 } else { whole as i32 - leading + exponent };
        decimal
    }

    fn put(&self, out: &mut Vec<u8>) {
        let digits = &self.digits[..self.count];
        let (count, point) = (self.count as i32, self.point);
        // Lengths without the digits: a point and zeros; a point and an exponent.
        let plain = if point <= 0 { 2 - point } else { i32::from(count > point) + (point - count).max(0) };
        let power = point - 1;
        let of_power = if power.abs() < 10 {
            1
        } else if power.abs() < 100 {
            2
        } else {
            3
        };
        if plain <= i32::from(count > 1) + 1 + i32::from(power < 0) + of_power {
            return Self::plain(digits, point, out);
        }
        out.push(digits[0]);
        if count > 1 {
            out.push(b'.');
            out.extend_from_slice(&digits[1..]);
        }
        out.push(b'e');
        if power < 0 {
            out.push(b'-');
        }
        let power = power.unsigned_abs();
        [100, 10, 1]
            .iter()
            .filter(|unit| power >= **unit)
            .for_each(|unit| out.push(b'0' + (power / unit % 10) as u8));
        if power == 0 {
            out.push(b'0');
        }
    }

    fn plain(digits: &[u8], point: i32, out: &mut Vec<u8>) {
        let zeros = |n: i32| std::iter::repeat_n(b'0', n.max(0) as usize);
        if point <= 0 {
            out.extend_from_slice(b"0.");
            out.extend(zeros(-point));
            return out.extend_from_slice(digits);
        }
        let (whole, part) = digits.split_at(digits.len().min(point as usize));
        out.extend_from_slice(whole);
        out.extend(zeros(point - digits.len() as i32));
        if !part.is_empty() {
            out.push(b'.');
            out.extend_from_slice(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::resistance;
    use proptest::prelude::*;

    #[test]
    fn the_shorter_of_plain_and_exponent_and_no_suffix() {
        for (x, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.94, "0.94"),
            (0.05, "0.05"),
            (0.001, "1e-3"),
            (100.0, "100"),
            (1e3, "1e3"),
            (16e3, "16000"),
            (33333.333, "33333.333"),
            (1e6, "1e6"),
            (123e9, "1.23e11"),
            (-2.5e-9, "-2.5e-9"),
            (6.25e-5, "6.25e-5"),
            (1e22, "1e22"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            assert_eq!(number(x), text);
        }
        assert_eq!(resistance(1.0 / 16e3), 16e3);
    }

    proptest! {
        #[test]
        fn every_number_reads_back_the_same(bits in any::<u64>()) {
            let x = f64::from_bits(bits);
            prop_assume!(x.is_finite());
            let text = number(x);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits);
            let rust = format!("{x:e}");
            prop_assert!(text.len() <= rust.len() && text.len() <= LONGEST);
            prop_assert!(text.bytes().all(|b| b.is_ascii_digit() || b"+-.e".contains(&b)));
        }

        #[test]
        fn numbers_of_few_digits_read_back_the_same(n in 0u32..100_000, power in -12i32..12) {
            let x: f64 = format!("{n}e{power}").parse().unwrap();
            let text = number(x);
            prop_assert_eq!(text.parse::<f64>().unwrap(), x);
            let (exponent, plain) = (format!("{x:e}"), x.to_string());
            prop_assert!(text.len() <= exponent.len().min(plain.len()));
        }

        #[test]
        fn a_conductance_survives_as_a_resistor(bits in 1u32..0x7f80_0000) {
            let g = f32::from_bits(bits);
            let r: f64 = number(resistance(g)).parse().unwrap();
            prop_assert_eq!((1.0 / r) as f32, g);
        }
    }
}
