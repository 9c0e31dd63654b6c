//! "Did you mean": the known name nearest to a misspelled one.

/// The name in `known` within two edits of `given`, one edit for short names. Case decides between equals only.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = if given.chars().count() <= 3 { 1 } else { 2 };
    let folded = |name: &str| distance(&given.to_lowercase(), &name.to_lowercase());
    known
        .into_iter()
        .filter(|name| folded(name) <= allowed)
        .min_by_key(|name| (folded(name), distance(given, name)))
}

/// The names in backticks, joined by commas.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

/// Levenshtein distance, by rows of the edit table.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_and_nothing_far() {
        assert_eq!(nearest("g_mim", ["g_min", "g_max"]), Some("g_min"));
        assert_eq!(nearest("Kohm", ["kohm", "Mohm"]), Some("kohm"));
        assert_eq!(nearest("Mhz", ["mHz", "MHz"]), Some("MHz"));
        assert_eq!(nearest("volts", ["V", "A"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
