//! `docs/guide.md` says what the compiler and the programs say.

use std::error::Error;
use std::path::Path;
use std::process::Command;

const GUIDE: &str = include_str!("../../docs/guide.md");
const PROGRAM: &str = include_str!("../own_activation.rs");
const SOURCES: [&str; 3] = [include_str!("../guide_first.rs"), PROGRAM, include_str!("../perceptron.rs")];

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

/// What an example prints.
fn output(example: &str) -> Result<String, Box<dyn Error>> {
    let cargo = ["run", "--quiet", "--package", "memloom-examples", "--example", example];
    let output = Command::new(env!("CARGO")).args(cargo).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn every_block_of_code_is_compiled() {
    let blocks = blocks("rust");
    assert_eq!(blocks.len(), 7);
    for (line, code) in blocks {
        assert!(SOURCES.iter().any(|source| source.contains(&code)), "guide.md:{line} is in no example");
    }
}

#[test]
fn the_second_program_is_whole() {
    let (start, end) = (PROGRAM.find("use memloom::erc;"), PROGRAM.find("#[test]"));
    let whole = &PROGRAM[start.expect("the first line")..end.expect("the tests")];
    let parts: Vec<String> = blocks("rust")[1..6].iter().map(|(_, code)| code.clone()).collect();
    assert_eq!(parts.join("\n\n"), whole.trim_end());
}

/// The finding is compared where it is found, in `own_activation.rs`.
#[test]
fn every_output_is_a_real_one() -> Result<(), Box<dyn Error>> {
    let mut real = compiler_messages()?;
    real.push(output("guide_first")?);
    let has_ngspice = memloom_sim::external::Ngspice::find().is_ok();
    if has_ngspice {
        real.push(output("own_activation")?);
    }
    let texts: Vec<_> = blocks("text").into_iter().filter(|(_, text)| !text.contains("[ML")).collect();
    assert_eq!(texts.len(), 5);
    for (line, text) in texts {
        let ran = has_ngspice || !text.contains("ngspice");
        let is_real = real.iter().any(|output| output.contains(&text));
        assert!(is_real || !ran, "guide.md:{line} is no output of today:\n{text}");
    }
    Ok(())
}
