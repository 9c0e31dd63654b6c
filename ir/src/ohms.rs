//! The resistance that stands for a stored conductance.
//!
//! A conductance is stored as an `f32`, the nearest to what was asked for; a netlist's cell is a resistor. Of the
//! resistances whose reciprocal is that `f32`, the one with the fewest digits is taken: 16 kohm for what was stored as
//! 62.50000297 uS. Printers print it, and evaluators evaluate its reciprocal: what is evaluated is what is printed.

/// The resistance of a cell that is stored as `g` siemens, ohm: of those whose reciprocal rounds to `g`, the one with the
/// fewest decimal digits, and of these the nearest to `1/g`.
///
/// ```
/// # use memloom_ir::resistance;
/// assert_eq!(resistance(1.0 / 16e3), 16e3);
/// assert_eq!(resistance(3.0e-5), 33333.334);
/// ```
pub fn resistance(g: f32) -> f64 {
    let exact = 1.0 / f64::from(g);
    if !(1.0..POWERS[15]).contains(&exact) {
        return (1..=17).map(|digits| written(exact, digits)).find(|r| stands_for(*r, g)).unwrap_or(exact);
    }
    let before_point = POWERS.partition_point(|power| *power <= exact) as i32;
    let of_digits = |digits: i32| Some(rounded(exact, digits - before_point)).filter(|r| stands_for(*r, g));
    // An `f32` has seven digits and a bit: fewer are a number that somebody chose.
    let few = of_digits(6).and_then(|_| (1..=6).find_map(of_digits));
    // Most have eight, which is found without a loop.
    few.or_else(|| of_digits(7))
        .or_else(|| of_digits(8))
        .or_else(|| (9..=17).find_map(of_digits))
        .unwrap_or(exact)
}

/// The conductance of that resistance, siemens: `g` but for half a unit in its last place, and 0 for 0.
pub fn siemens(g: f32) -> f64 {
    1.0 / resistance(g)
}

fn stands_for(ohm: f64, g: f32) -> bool {
    (1.0 / ohm) as f32 == g
}

/// `x` with so many decimals; with fewer than none, to tens and so on.
fn rounded(x: f64, decimals: i32) -> f64 {
    let power = POWERS[decimals.unsigned_abs() as usize];
    // All that is asked for fits; a cast is a fraction of the time of `round`.
    let whole = |x: f64| (x + 0.5) as i64 as f64;
    if decimals >= 0 { whole(x * power) / power } else { whole(x / power) * power }
}

/// `x` with so many digits, by way of its text.
fn written(x: f64, digits: usize) -> f64 {
    format!("{:.*e}", digits - 1, x).parse().unwrap_or(x)
}

/// Powers of ten that an `f64` holds exactly, so that a division by one rounds once.
const POWERS: [f64; 17] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16];

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits of the shortest text of `x`.
    fn digits(x: f64) -> usize {
        format!("{x:e}").split('e').next().unwrap().chars().filter(char::is_ascii_digit).count()
    }

    #[test]
    fn resistances_that_people_choose_come_back() {
        for ohm in [1.0, 100.0, 1e3, 1e4, 2e4, 16e3, 47e3, 1e5, 123_456.0, 1e6, 2.5e6, 999_999.0, 1e12] {
            assert_eq!(resistance((1.0 / ohm) as f32), ohm);
            assert_eq!(siemens((1.0 / ohm) as f32), 1.0 / ohm);
        }
        assert_eq!(siemens(0.0), 0.0);
        assert_eq!(siemens(0.0), 0.0);
    }

    /// Every conductance comes back, by a text of nine digits at most, and the two ways to it agree.
    #[test]
    fn every_conductance_comes_back() {
        for bits in (1..0x7f80_0000_u32).step_by(40_009) {
            let g = f32::from_bits(bits);
            let ohm = resistance(g);
            assert_eq!((1.0 / ohm) as f32, g, "{g:e}");
            if g.is_normal() {
                assert!(digits(ohm) <= 9, "{g:e}: {ohm:e}");
                let by_text = (1..=17).map(|d| written(1.0 / f64::from(g), d)).find(|r| stands_for(*r, g));
                assert_eq!(Some(ohm), by_text, "{g:e}");
            }
            assert_eq!(siemens(g) as f32, g);
        }
    }
}
