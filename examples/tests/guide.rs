//! `docs/guide.md` says what the compiler and the programs say.

use std::error::Error;
use std::path::Path;

const GUIDE: &str = include_str!("../../docs/guide.md");
const PROGRAM: &str = include_str!("../own_activation.rs");
const SOURCES: [&str; 4] = [
    include_str!("../guide_first.rs"),
    PROGRAM,
    include_str!("../perceptron.rs"),
    include_str!("../cell_1t1r.rs"),
];

/// The blocks of the guide in a language, with the line each starts at.
fn blocks(language: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut lines = GUIDE.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(found) = line.strip_prefix("```").filter(|l| !l.is_empty()) else { continue };
        let body: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        if found == language {
            blocks.push((at + 1, body.join("\n")));
        }
    }
    blocks
}

/// What the compiler says in the UI tests.
fn compiler_messages() -> Result<Vec<String>, Box<dyn Error>> {
    let mut messages = Vec::new();
    for folder in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../dsl/tests/ui"))? {
        for file in std::fs::read_dir(folder?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|e| e == "stderr") {
                messages.push(std::fs::read_to_string(path)?);
            }
        }
    }
    Ok(messages)
}

#[test]
fn every_block_of_code_is_compiled() {
    let blocks = blocks("rust");
    assert_eq!(blocks.len(), 10);
    for (line, code) in blocks {
        assert!(SOURCES.iter().any(|source| source.contains(&code)), "guide.md:{line} is in no example");
    }
}

#[test]
fn the_second_program_is_whole() {
    let (start, end) = (PROGRAM.find("use anyhow::Context;"), PROGRAM.find("#[test]"));
    let whole = &PROGRAM[start.expect("the first line")..end.expect("the tests")];
    let parts: Vec<String> = blocks("rust")[1..6].iter().map(|(_, code)| code.clone()).collect();
    assert_eq!(parts.join("\n\n"), whole.trim_end());
}

/// What programs print is compared where it is made, by a test of `guide_first.rs` and two of `own_activation.rs`.
#[test]
fn every_output_is_a_real_one() -> Result<(), Box<dyn Error>> {
    let messages = compiler_messages()?;
    let (from_compiler, printed): (Vec<_>, Vec<_>) = blocks("text")
        .into_iter()
        .partition(|(_, text)| text.starts_with("error: ") || text.starts_with("error[E"));
    assert_eq!((from_compiler.len(), printed.len()), (4, 3));
    for (line, text) in from_compiler {
        assert!(
            messages.iter().any(|m| m.contains(&text)),
            "guide.md:{line} is no message of today:\n{text}"
        );
    }
    for (source, tests) in [(include_str!("../guide_first.rs"), 1), (PROGRAM, 2)] {
        assert_eq!(source.matches("include_str!(\"../docs/guide.md\").contains(&text)").count(), tests);
    }
    Ok(())
}
