use super::*;

fn set(pairs: &[(&str, &str)]) -> Result<Setup, String> {
    let mut setup = Setup::default();
    pairs.iter().try_for_each(|(name, text)| setup.set(name, text)).map_err(|e| e.to_string())?;
    Ok(setup)
}

#[test]
fn values_are_read_as_people_write_them() {
    let setup = set(&[("tile", "64"), ("program_error", "3%"), ("gain", "ideal"), ("stuck", "1%")]).unwrap();
    assert_eq!(setup.tile, Some((64, 64)));
    assert_eq!(setup.chip.programming_error, Some(ProgrammingError::Relative { sigma: 0.03 }));
    assert_eq!(setup.chip.gain, Some(f64::INFINITY));
    assert_eq!(setup.chip.faults.stuck_at_g_max, 0.005);
}

#[test]
fn quantities_have_units() {
    let with = [("offset", "100 µV"), ("r_wire", "2.5Ω"), ("drift_time", "1 day"), ("temperature", "-40C")];
    let plain = [("offset", "1e-4"), ("r_wire", "2.5"), ("drift_time", "86400"), ("temperature", "-40")];
    assert_eq!(set(&with).unwrap(), set(&plain).unwrap());
}

#[test]
fn the_parts_of_a_law_come_in_any_order() {
    let one = set(&[("drift_time", "1e4"), ("drift_nu", "0.05")]).unwrap();
    assert_eq!(one, set(&[("drift_nu", "0.05"), ("drift_time", "1e4")]).unwrap());
    let warm = set(&[("temperature", "85"), ("temperature_coefficient", "1e-3")]).unwrap();
    assert_eq!(warm, set(&[("temperature_coefficient", "1e-3"), ("temperature", "85")]).unwrap());
}

#[test]
fn mistakes_say_what_to_write() {
    for (name, text, said) in [
        ("program_eror", "1%", "there is no parameter `program_eror`; the parameters are `tile`"),
        (
            "program_error",
            "much",
            "`program_error=much`: `much` is not a plain number; write `0` to `10`, such as `3%`",
        ),
        (
            "program_error",
            "-1%",
            "`-1%` is below `0`; a standard deviation has no sign; write a share such as `3%`",
        ),
        ("program_error", "1e308", "is above `10`"),
        ("offset", "3ohm", "not a voltage but a resistance"),
        ("temperature", "-300", "below absolute zero"),
        ("gain", "inf", "or `ideal`"),
        ("levels", "6.4", "whole number"),
        ("rails", "yes", "write `on` or `off`"),
        ("tile", "0x4", "`0` is below `1`; a crossbar has a line"),
        ("scheme", "offset", "`dual_rail`"),
        ("cells", "memristor", "`resistor` or `device`"),
        ("drift_time", "0.1", "`0.1` is below `1s`"),
    ] {
        let error = set(&[(name, text)]).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}
