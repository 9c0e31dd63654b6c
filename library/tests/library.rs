//! Libraries as files, and what is said of a declaration that differs from its file.

use memloom_library::{About, Contents, Kind, Language, Mistake, Wanted};
use proptest::prelude::*;
use std::fs;

const OTA: &str = ".lib tt\n.include \"core.sp\"\n.endl\n.lib ff\n.endl\n.model nch nmos\n";
const CORE: &str = ".subckt ota inp inn out VDD vss w=1u l=1u\n.ends\n";

/// What is said of `change`, made to the declaration that fits.
fn said(change: impl FnOnce(&mut Wanted<'_>)) -> Vec<(About, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ota.lib"), OTA).expect("a file");
    fs::write(folder.path().join("core.sp"), CORE).expect("a file");
    let path = folder.path().join("ota.lib");
    let mut wanted = Wanted {
        path: &path,
        shown: "ota.lib",
        language: Language::Spice,
        section: Some("tt"),
        kind: Kind::Subckt,
        name: "ota",
        pins: vec!["vdd", "vss", "inp", "inn", "out"],
        params: vec!["w"],
    };
    change(&mut wanted);
    let mistakes = wanted.check().map_or_else(|mistakes| mistakes, |_| Vec::new());
    mistakes.into_iter().map(|Mistake { about, message }| (about, message)).collect()
}

fn one(about: About, message: &str) -> Vec<(About, String)> {
    vec![(about, message.into())]
}

#[test]
fn what_fits_is_found_through_the_files_that_are_included() {
    assert_eq!(said(|_| {}), []);
    let nch =
        |wanted: &mut Wanted<'_>| (wanted.section, wanted.kind, wanted.name) = (None, Kind::Mosfet, "nch");
    assert_eq!(said(nch), []);
}

#[test]
fn each_difference_is_told_with_what_to_write() {
    assert_eq!(
        said(|w| w.section = Some("tf")),
        one(About::Section, "`ota.lib` has no section `tf`; did you mean `tt`?")
    );
    assert_eq!(
        said(|w| w.section = None),
        one(About::Name, "`ota` stands in section `tt` of `ota.lib`; write `library = \"tt\"`")
    );
    assert_eq!(
        said(|w| w.name = "otta"),
        one(About::Name, "`ota.lib` has no `.subckt otta`; did you mean `ota`?")
    );
    assert_eq!(
        said(|w| w.pins.truncate(4)),
        one(About::Pins, "`ota` of `ota.lib` has 5 pins, 4 are declared; add `out` to `ports` or `supplies`")
    );
    assert_eq!(
        said(|w| w.pins[4] = "ou"),
        one(About::Pin(4), "`ota` of `ota.lib` has no pin `ou`; did you mean `out`?")
    );
    assert_eq!(
        said(|w| w.params.push("gain")),
        one(About::Param(1), "`ota` of `ota.lib` has no parameter `gain`; its parameters are `w`, `l`")
    );
}

#[test]
fn a_file_that_includes_itself_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("loop.sp");
    fs::write(&path, ".include loop.sp\n").expect("a file");
    let error = Contents::read(&path, Language::Spice).expect_err("an endless file").to_string();
    assert!(error.contains("16 files deep"), "{error}");
}

proptest! {
    #[test]
    fn no_text_panics(text in "(?s).{0,300}") {
        for language in [Language::Spice, Language::Spectre, Language::Vacask] {
            let _ = Contents::parse(&text, language);
        }
    }

    #[test]
    fn a_subcircuit_is_read_as_it_was_written(
        pins in prop::collection::vec("[a-z][a-z0-9_]{0,6}", 1..20),
        params in prop::collection::vec("[a-z][a-z0-9_]{0,6}", 0..6),
        width in 10usize..60,
    ) {
        let mut text = String::from(".subckt x");
        let mut column = text.len();
        for word in pins.iter().cloned().chain(params.iter().map(|p| format!("{p}=1.5u"))) {
            if column > width {
                text += "\n+";
                column = 1;
            }
            column += 1 + word.len();
            text = text + " " + &word;
        }
        let contents = Contents::parse(&(text + "\n.ends\n"), Language::Spice);
        prop_assert_eq!((&contents.cells[0].pins, &contents.cells[0].params), (&pins, &params));
    }
}
