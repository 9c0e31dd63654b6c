use memloom_fit::{LEAST_ROWS, Measurement};

/// A measured curve.
pub fn csv(bytes: &[u8]) -> bool {
    let Ok(data) = Measurement::parse(bytes) else { return false };
    assert!(data.len() >= LEAST_ROWS);
    let again = Measurement::new(&data.time, &data.volts, &data.current);
    assert_eq!(again.expect("what was read is sound"), data);
    true
}
