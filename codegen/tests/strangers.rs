//! What a stranger wrote (the name of a file, a docstring) is text for people in every file that is written, and no
//! simulator runs any of it.

mod common;

use common::{command, small};
use memloom_codegen::{
    Circuit, DIALECTS, Dialect, Error, Head, TestBench, Text, dc_deck, leaf_decks, simulated, visible,
    write_design,
};
use memloom_ir::{Design, Id, Module};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// What a run of strange text would leave behind in the working folder.
const CANARY: &str = "canary";
/// What somebody may take for the end of a line.
const LINE_ENDS: [&str; 9] = ["\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\\\n"];

/// A name that wants to run something in that dialect's simulator, by that end of a line.
fn hostile(dialect: &dyn Dialect, end: &str) -> String {
    let commands = match dialect.name() {
        "ngspice" => ".control|shell touch canary|.endc|*",
        _ => "control|  postprocess(\"/usr/bin/touch\", \"canary\")|endc|//",
    };
    let controls: String =
        (1..0x20_u8).chain([0x7f]).map(char::from).filter(|c| !"\n\r".contains(*c)).collect();
    let commands = commands.replace('|', end);
    format!("net{end}{commands} $ ; + */ </script>'\"` {controls}\u{200f}\u{202e}\u{feff} \\")
}

/// The small design under a name, which is also its modules' docstring.
fn named(name: &str) -> Design {
    let mut design = small(0.0);
    design.name = name.to_owned();
    let modules: Vec<Id<Module>> = design.modules.iter().map(|(id, ..)| id).collect();
    modules.into_iter().for_each(|id| design.modules[id].doc = name.to_owned());
    design
}

/// The canary is not there after a run of the deck in `dir`; gives what the simulator said.
fn runs_nothing(dialect: &dyn TestBench, deck: &Path, dir: &Path) -> String {
    let output = command(dialect, deck, dir).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let text = fs::read_to_string(deck).unwrap();
    assert!(!dir.join(CANARY).exists(), "{} ran what its comments say:\n{said}\n{text}", deck.display());
    said
}

#[test]
fn without_the_escape_the_commands_would_run() {
    for (dialect, comment) in simulated().zip(["*", "//"]) {
        let dir = tempfile::tempdir().unwrap();
        write_design(&small(0.0), &[dialect], dir.path(), &|_| ()).unwrap();
        let top = dir.path().join(format!("spice/{}/top.{}", dialect.name(), dialect.extension()));
        let text = fs::read_to_string(&top).unwrap();
        fs::write(&top, format!("{comment} {}\n{text}", hostile(dialect, "\n"))).unwrap();
        command(dialect, &top, dir.path()).output().unwrap();
        assert!(dir.path().join(CANARY).exists(), "{}: the test finds nothing", dialect.name());
    }
}

#[test]
fn decks_of_a_hostile_name_run_as_any() {
    for dialect in simulated() {
        // One folder, so that models are compiled once.
        let dir = tempfile::tempdir().unwrap();
        for end in LINE_ENDS {
            let design = named(&hostile(dialect, end));
            let vectors = [vec![0.9, 0.95, 0.85, 1.0]];
            let deck = dc_deck(dialect, &design, design.top.unwrap(), &vectors, Circuit::Embedded).unwrap();
            let path = dir.path().join(&deck.name);
            match path.exists() {
                true => fs::write(&path, &deck.text).unwrap(),
                false => drop(deck.write_to(dir.path()).unwrap()),
            }
            let said = runs_nothing(dialect, &path, dir.path());
            let raw = dir.path().join(deck.raw);
            assert!(raw.is_file(), "{}: it runs all the same:\n{said}", dialect.name());
            fs::remove_file(raw).unwrap();
        }
    }
}

#[test]
fn files_of_a_hostile_name_are_included_as_any() {
    for dialect in simulated() {
        let dir = tempfile::tempdir().unwrap();
        let design = named(&hostile(dialect, "\n"));
        for file in write_design(&design, &[dialect], dir.path(), &|_| ()).unwrap() {
            let text = fs::read_to_string(dir.path().join(&file.path)).unwrap();
            assert!(text.lines().all(|line| visible(line) == line), "{}:\n{text}", file.path);
        }
        let include = |section: &str| format!("spice/{}/{section}.{}", dialect.name(), dialect.extension());
        let deck = |section: &str| {
            let included = [include(section)];
            let top = design.top.unwrap();
            dc_deck(dialect, &design, top, &[vec![0.9; 4]], Circuit::Files(&included)).unwrap()
        };
        for section in ["top", "cells"] {
            let deck = deck(section).write_to(dir.path()).unwrap();
            // `cells` alone lacks the modules: the simulator says so, and runs no comment.
            runs_nothing(dialect, &deck, dir.path());
            // Nor as a deck of its own, without a block of commands.
            runs_nothing(dialect, &dir.path().join(include(section)), dir.path());
        }
        let cells = [include("cells")];
        for deck in leaf_decks(dialect, &design, Circuit::Files(&cells)).unwrap().iter().take(2) {
            let path = deck.write_to(dir.path()).unwrap();
            runs_nothing(dialect, &path, dir.path());
        }
    }
}

/// A deck without its comments.
fn cards(dialect: &dyn Dialect, text: &str) -> Vec<String> {
    let comment = if dialect.name() == "ngspice" { "*" } else { "//" };
    text.lines().filter(|line| !line.starts_with(comment)).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_name_gives_the_same_cards(name in any::<String>(), end in 0..LINE_ENDS.len()) {
        for dialect in simulated() {
            let name = format!("{name}{}", hostile(dialect, LINE_ENDS[end]));
            let lines = |design: &Design| {
                let top = design.top.unwrap();
                dc_deck(dialect, design, top, &[vec![0.9; 4]], Circuit::Embedded).unwrap().text
            };
            let (plain, strange) = (lines(&named("plain")), lines(&named(&name)));
            prop_assert_eq!(cards(dialect, &plain), cards(dialect, &strange));
            prop_assert_eq!(plain.lines().count(), strange.lines().count());
            prop_assert!(strange.lines().all(|line| visible(line) == line));
        }
    }
}

/// A dialect's methods are public: whatever they are given, they refuse what is no name or path.
#[test]
fn what_is_no_name_or_path_is_refused() {
    let unplaceable = |done: Result<(), Error>| matches!(done, Err(Error::Unplaceable { .. }));
    for dialect in DIALECTS {
        let mut out = Vec::new();
        let mut text = Text::new(&mut out, dialect.syntax().wrap());
        let (bad, good) = ("x\n.control\nshell touch canary\n.endc", "x");
        for (name, node, master, arg) in [
            (bad, good, good, good),
            (good, bad, good, good),
            (good, good, bad, good),
            (good, good, good, bad),
        ] {
            assert!(unplaceable(dialect.syntax().call(&mut text, name, &[node, "0"], master, &[(arg, 1.0)])));
        }
        let head = Head { name: bad, doc: "", pins: &[], params: &[] };
        assert!(unplaceable(dialect.syntax().begin(&mut text, &head)));
        assert!(unplaceable(dialect.syntax().buffer(&mut text, good, bad, good)));
        for path in ["a\"\n.control\nshell touch canary\n.endc", "`touch canary`", "$HOME/a", ""] {
            assert!(unplaceable(dialect.syntax().includes(&[path.to_owned()]).map(|_| ())), "{path}");
        }
    }
}
