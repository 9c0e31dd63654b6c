//! The class that logits stand for.

/// The index of the largest logit, the first one of equals.
pub fn class(logits: &[f64]) -> usize {
    let best = logits
        .iter()
        .enumerate()
        .fold((0, f64::MIN), |best, (k, x)| if *x > best.1 { (k, *x) } else { best });
    best.0
}

#[cfg(test)]
mod tests {
    use super::class;

    #[test]
    fn it_is_the_first_of_the_largest() {
        assert_eq!(class(&[1.0, 3.0, 3.0, -2.0]), 1);
        assert_eq!(class(&[-5.0, -1.0]), 1);
    }
}
