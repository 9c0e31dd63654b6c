//! The rawfile reader: both forms, every flag, and bytes that are no rawfile.

use memloom_sim::external::raw::{self, Plot, RawError, Values, parse};
use proptest::prelude::*;

/// A rawfile of one plot: `header` lines, then the data.
fn file(flags: &str, points: usize, variables: &[&str], data: &[u8]) -> Vec<u8> {
    let mut text = format!("Title: t\nDate: today\nPlotname: DC transfer characteristic\nFlags: {flags}\n");
    text += &format!("No. Variables: {}\nNo. Points: {points}        \nVariables:\n", variables.len());
    for (index, variable) in variables.iter().enumerate() {
        text += &format!("\t{index}\t{variable}\n");
    }
    [text.as_bytes(), data].concat()
}

fn binary(numbers: &[f64]) -> Vec<u8> {
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
    b"Binary:\n".iter().copied().chain(bytes).collect()
}

fn reals(plot: &Plot) -> Vec<&[f64]> {
    plot.vectors.iter().map(|vector| plot.real(&vector.name).unwrap()).collect()
}

#[test]
fn binary_points_become_columns_bit_for_bit() {
    let numbers = [0.0, 1.0 / 3.0, 1.0, f64::MIN_POSITIVE, 2.0, -7.1e300];
    let plots =
        parse(&file("real", 3, &["v(v-sweep)\tvoltage", "v(Out)\tvoltage"], &binary(&numbers))).unwrap();
    assert_eq!(plots.len(), 1);
    assert_eq!((plots[0].name.as_str(), plots[0].points), ("DC transfer characteristic", 3));
    assert_eq!(reals(&plots[0]), [[0.0, 1.0, 2.0], [1.0 / 3.0, f64::MIN_POSITIVE, -7.1e300]]);
    assert_eq!(plots[0].voltage("out").unwrap(), plots[0].real("V(OUT)").unwrap());
}

#[test]
fn names_differ_by_case_only_when_the_file_has_both() {
    let plots = parse(&file("real", 1, &["out\tnotype", "Out\tnotype"], &binary(&[1.0, 2.0]))).unwrap();
    assert_eq!(plots[0].voltage("Out").unwrap(), [2.0]);
    assert_eq!(plots[0].voltage("OUT").unwrap(), [1.0]);
}

#[test]
fn complex_numbers_in_both_forms() {
    let variables = ["frequency\tfrequency grid=3", "v(out)\tvoltage"];
    let text = b"Values:\n 0\t1e0,0\n\t0.5,-0.25\n\n 1\t1e1,0.0\n\t-1.5e-3,2\n\n";
    let in_text = parse(&file("complex", 2, &variables, text)).unwrap();
    let numbers = [1.0, 0.0, 0.5, -0.25, 10.0, 0.0, -1.5e-3, 2.0];
    let in_binary = parse(&file("complex", 2, &variables, &binary(&numbers))).unwrap();
    assert_eq!(in_text, in_binary);
    assert_eq!(
        in_text[0].vector("v(out)").unwrap().values,
        Values::Complex(vec![[0.5, -0.25], [-1.5e-3, 2.0]])
    );
    assert!(matches!(in_text[0].real("v(out)"), Err(RawError::Complex { .. })));
}

#[test]
fn an_unpadded_vector_ends_early() {
    let variables = ["a\tnotype", "b\tnotype dims=2", "c\tnotype dims=3,1"];
    let numbers = binary(&[0.0, 10.0, 20.0, 1.0, 11.0, 21.0, 2.0, 22.0]);
    let plots = parse(&file("real unpadded", 3, &variables, &numbers)).unwrap();
    assert_eq!(reals(&plots[0]), [&[0.0, 1.0, 2.0][..], &[10.0, 11.0], &[20.0, 21.0, 22.0]]);
    let padded = [0.0, 10.0, 20.0, 1.0, 11.0, 21.0, 2.0, 12.0, 22.0];
    let plots = parse(&file("real padded", 3, &variables, &binary(&padded))).unwrap();
    assert_eq!(plots[0].real("b").unwrap(), [10.0, 11.0, 12.0]);
}

#[test]
fn plots_follow_each_other() {
    let one = file("real", 1, &["a\tnotype"], &binary(&[1.0]));
    let two = file("real", 1, &["a\tnotype"], b"Values:\n 0\t2\n\n");
    let plots = parse(&[one.clone(), two, one].concat()).unwrap();
    assert_eq!(plots.iter().map(|plot| plot.real("a").unwrap()[0]).collect::<Vec<_>>(), [1.0, 2.0, 1.0]);
}

#[test]
fn an_unknown_vector_lists_those_there_are() {
    let plots = parse(&file("real", 1, &["v(a)\tvoltage"], &binary(&[1.0]))).unwrap();
    let error = plots[0].voltage("nosuch").unwrap_err().to_string();
    assert_eq!(error, "no vector `nosuch` in plot `DC transfer characteristic`; it has `v(a)`");
}

#[test]
fn what_is_wrong_is_said() {
    let one = ["a\tnotype"];
    let said = |bytes: Vec<u8>| parse(&bytes).unwrap_err().to_string();
    for (bytes, part) in [
        (vec![], "the file is empty"),
        (b"\0\0\0\0".to_vec(), "is no header line"),
        (b"Title: x\n".to_vec(), "the header ends before"),
        (b"Title: x\nColour: red\n".to_vec(), "unknown header key `Colour`"),
        (file("real odd", 1, &one, &binary(&[1.0])), "unknown flag `odd`"),
        (file("padded", 1, &one, &binary(&[1.0])), "neither `real` nor `complex`"),
        (file("real", 2, &one, &binary(&[1.0])), "end after 8 of 16 bytes"),
        (file("real", 0, &one, &binary(&[1.0])), "is no header line"),
        (file("real", usize::MAX, &one, &binary(&[1.0])), "end after 8 of"),
        (file("real", usize::MAX, &[], &binary(&[])), "no variable of plot"),
        (file("real", usize::MAX, &["a\tnotype dims=0"], &binary(&[])), "end after 0 of"),
        (file("real unpadded", usize::MAX, &["a\tnotype dims=1"], &binary(&[1.0])), "no variable of plot"),
        (file("real", 1, &["a\tnotype dims=4294967296,4294967296"], &binary(&[1.0])), "are too large"),
        (file("real", 1, &["a b\tnotype"], &binary(&[1.0])), "`notype` follows the type"),
        (file("real", 1, &["a"], &binary(&[1.0])), "is no variable"),
        (file("real", 1, &one, b"Values:\n 1\t1.0\n"), "where point 0 was expected"),
        (file("real", 1, &one, b"Values:\n 0\tx1.0\n"), "`x1.0` is no number"),
        (file("complex", 1, &one, b"Values:\n 0\t1.0\n"), "`1.0` is no number"),
    ] {
        let error = said(bytes);
        assert!(error.contains(part), "{error:?} lacks {part:?}");
    }
}

#[test]
fn a_header_without_its_lines_names_the_line() {
    let whole = String::from_utf8(file("real", 1, &["a\tnotype"], b"Values:\n 0\t1.0\n")).unwrap();
    for key in ["Flags", "No. Variables", "No. Points"] {
        let lines: String =
            whole.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();
        let error = parse(lines.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(key), "{error:?} lacks {key:?}");
    }
}

fn number() -> impl Strategy<Value = f64> {
    prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL
}

proptest! {
    /// What is written comes back the same, whatever the shape.
    #[test]
    fn round_trip(columns in 1..5_usize, numbers in prop::collection::vec(number(), 1..60), in_text: bool) {
        let points = numbers.len() / columns;
        prop_assume!(points > 0);
        let names: Vec<_> = (0..columns).map(|column| format!("v(n{column})\tvoltage")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let rows: Vec<_> = numbers.chunks_exact(columns).collect();
        let data = if in_text {
            let row = |(point, row): (usize, &&[f64])| {
                row.iter().fold(format!(" {point}"), |text, number| format!("{text}\t{number:e}\n"))
            };
            format!("Values:\n{}", rows.iter().enumerate().map(row).collect::<String>()).into_bytes()
        } else {
            binary(&numbers[..points * columns])
        };
        let plots = parse(&file("real", points, &names, &data)).unwrap();
        for column in 0..columns {
            let wanted: Vec<_> = rows.iter().map(|row| row[column]).collect();
            prop_assert_eq!(plots[0].voltage(&format!("n{column}")).unwrap(), &wanted[..]);
        }
    }

    /// A file with bytes changed, cut out or doubled is read or refused; the reader never panics, and never takes
    /// more numbers than there are bytes for.
    #[test]
    fn mutated_files_never_panic(
        complex: bool,
        in_text: bool,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..8),
    ) {
        let variables = ["v(a)\tvoltage", "b\tnotype dims=2"];
        let flags = if complex { "complex unpadded" } else { "real padded" };
        let data: &[u8] = match (in_text, complex) {
            (true, true) => b"Values:\n 0\t1,2\n\t3,4\n\n 1\t1,2\n\t3,4\n\n",
            (true, false) => b"Values:\n 0\t1\n\t3\n\n 1\t1\n\t3\n\n",
            (false, _) => &binary(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0][..if complex { 8 } else { 4 }]),
        };
        let mut bytes = file(flags, 2, &variables, data);
        parse(&bytes).unwrap();
        for (index, edit, byte) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => bytes.insert(at, b'0' + byte % 10),
                _ => bytes.extend_from_within(at..),
            }
        }
        if let Ok(plots) = parse(&bytes) {
            let numbers: usize = plots.iter().flat_map(|plot| &plot.vectors).map(|vector| vector.values.len()).sum();
            prop_assert!(numbers <= bytes.len());
        }
    }

    /// So are bytes of any kind.
    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}

/// A file of that header whose numbers are a hole.
fn with_hole(points: usize) -> tempfile::NamedTempFile {
    let mut header = file("real", points, &["a\tvoltage", "b\tvoltage"], b"Binary:\n");
    let written = tempfile::NamedTempFile::new().unwrap();
    let length = header.len() + points * 16;
    std::io::Write::write_all(&mut written.as_file(), &std::mem::take(&mut header)).unwrap();
    written.as_file().set_len(length as u64).unwrap();
    written
}

#[test]
fn what_is_read_is_bounded_by_what_the_header_announces() {
    let whole = raw::read(with_hole(1000).path()).unwrap();
    assert_eq!(reals(&whole[0]), [[0.0; 1000], [0.0; 1000]]);
    // 2 GB, refused before a number is read.
    let said = raw::read(with_hole(1 << 27).path()).unwrap_err();
    assert!(matches!(said, RawError::TooLarge { numbers: 0x1000_0000, .. }), "{said}");
    assert!(raw::read("/dev/zero".as_ref()).unwrap_err().to_string().contains("no file"));
}

#[test]
fn lines_and_words_without_end_are_refused() {
    let header = parse(&[b"Title: ".as_slice(), &[b'x'; 100_000]].concat()).unwrap_err().to_string();
    assert!(header.contains("a line of the header has more than"), "{header}");
    let word = [b"Values:\n0 ".as_slice(), &[b'1'; 100_000]].concat();
    assert!(parse(&file("real", 1, &["a\tvoltage"], &word)).is_err());
}
